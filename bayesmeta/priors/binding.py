"""From priors to members of their families."""

from collections.abc import Sequence
from numbers import Real

import numpy as np

from bayesmeta.priors.context import Context
from bayesmeta.priors.family import Argument, Density
from bayesmeta.priors.register import FAMILIES
from bayesmeta.priors.traits import Kind
from bayesmeta.spec import Prior, Value


def bind(prior: Prior, context: Context | None = None) -> Density:
    """Return the member of its family that a prior states, unchecked."""
    parameters = {name: _argument(value) for name, value in prior.parameters.items()}
    return Density(FAMILIES[prior.distribution], parameters, on=prior.on, context=context)


def _argument(value: Value) -> Argument:
    if isinstance(value, Prior):
        return bind(value)
    if isinstance(value, tuple):
        return tuple(bind(item) if isinstance(item, Prior) else item for item in value)
    return value


def stack(priors: Sequence[Prior], context: Context | None = None) -> Density:
    """Return priors of one structure as one member with parameters of shape (prior, 1)."""
    first = priors[0]
    parameters = {
        name: _stacked([prior.parameters[name] for prior in priors]) for name in first.parameters
    }
    return Density(FAMILIES[first.distribution], parameters, on=first.on, context=context)


def _stacked(values: Sequence[Value]) -> Argument:
    first = values[0]
    if isinstance(first, Prior):
        return stack([value for value in values if isinstance(value, Prior)])
    if isinstance(first, tuple):
        rows = [value for value in values if isinstance(value, tuple)]
        return tuple(_stacked(items) for items in zip(*rows, strict=True))  # type: ignore[misc]
    return np.asarray(values, dtype=np.float64)[:, np.newaxis]


def structure(prior: Prior) -> str:
    """Return what a prior is apart from its numbers: priors that share it share a graph.

    Examples
    --------
    >>> structure(Prior("HalfNormal", {"sigma": 5}))
    'HalfNormal(sigma)'
    """
    inside = ", ".join(f"{name}{_shape(value)}" for name, value in prior.parameters.items())
    return f"{prior.distribution}({inside})" + (" on tau2" if prior.on == "tau2" else "")


def unscaled(prior: Prior) -> str:
    """Return what a prior is apart from its place and scale: priors that share it share a tail.

    Examples
    --------
    >>> unscaled(Prior("StudentT", {"nu": 3, "mu": 1, "sigma": 5}))
    'StudentT(nu=3.0)'
    """
    kinds = FAMILIES[prior.distribution].kinds
    scales = [name for name in prior.parameters if kinds[name] in (Kind.SCALE, Kind.RATE)]
    # Two scales are a scale and a shape.
    moved = [name for name in prior.parameters if kinds[name] in (Kind.LOCATION, Kind.LOG_LOCATION)]
    left = [*moved, *(scales if len(scales) == 1 else [])]
    inside = ", ".join(f"{n}={value}" for n, value in prior.parameters.items() if n not in left)
    return f"{prior.distribution}({inside})" + (" on tau2" if prior.on == "tau2" else "")


def _shape(value: Value) -> str:
    if isinstance(value, Prior):
        return f"={structure(value)}"
    if isinstance(value, tuple):
        nested = [structure(item) for item in value if isinstance(item, Prior)]
        # A table whose points are all above 0 is read on the log scale.
        positive = all(isinstance(item, Real) and item > 0 for item in value[:1])
        return f"=[{', '.join(nested)}]" if nested else f"[{len(value)}{'+' * positive}]"
    # An infinite bound is no number but the absence of one.
    return f"={value}" if np.isinf(value) else ""
