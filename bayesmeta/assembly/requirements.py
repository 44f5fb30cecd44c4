"""What effects have to be before a model is resolved on them."""

import numpy as np

from bayesmeta.assembly.parts import Parts
from bayesmeta.covariance import NO_LAYOUT, Covariance, Diagonal, Rows, Values
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter
from bayesmeta.priors import LARGEST, SMALLEST
from bayesmeta.spec import ModelSpec

_ROUNDING = 1e-9
_TRIED = 2.0
"""A standard deviation that parts are asked at."""


def require_sizes(effects: Effects) -> None:
    """Raise where the square of an estimate or a standard error would be no number."""
    for label, estimate, error in zip(
        effects.labels, effects.estimate, effects.standard_error, strict=True
    ):
        if not (SMALLEST <= error <= LARGEST and abs(estimate) <= LARGEST):
            raise StudiesError(
                f"{label}: the estimate is {estimate:g} with standard error {error:g}; numbers up "
                f"to {LARGEST:g}, and standard errors from {SMALLEST:g} on, are computed with. "
                "State the outcome in another unit."
            )


def require_own_errors(model: ModelSpec, parts: Parts, rows: Rows, fixed: Values) -> None:
    """Raise unless a sampling part leaves each row the variance that its standard error says.

    Who reads standard errors (typical variance and I-squared, classical rows, funnels, weights)
    need not ask the part then.

    Parameters
    ----------
    fixed
        Values of the parameters that are numbers.

    Raises
    ------
    ModelError
        Naming the part.
    """
    free = {item.name: inside(item) for item in parts.sampling.parameters(rows.layout)}
    variance = parts.sampling.covariance({**free, **parts.sampling.WORKING, **fixed}, rows).variance
    if not np.allclose(variance, rows.standard_error**2, rtol=_ROUNDING, atol=0.0):
        raise ModelError(
            f"The sampling {model.parts['sampling']!r} of model {model.name} gives rows other "
            "variances than their squared standard errors, which many tables are made of: a "
            "sampling part says how rows covary; what widens them is a heterogeneity."
        )


def require_spread(model: ModelSpec, parts: Parts) -> None:
    """Raise unless what a heterogeneity calls its standard deviation is that of study effects.

    Raises
    ------
    ModelError
        Naming the part.
    """
    part = parts.heterogeneity
    if part.SPREAD is None:
        return
    values = {item.name: inside(item) for item in part.parameters(NO_LAYOUT)}
    values[part.SPREAD] = _TRIED
    if not np.isclose(part.new_variance(values), _TRIED**2, rtol=_ROUNDING):
        raise ModelError(
            f"The heterogeneity {model.parts['heterogeneity']!r} of model {model.name} says that "
            f"{part.SPREAD} is the standard deviation of study effects, but at {_TRIED:g} their "
            f"variance is {part.new_variance(values):g}; its SPREAD is None then."
        )


def inside(item: Parameter) -> float:
    """Return a value that a parameter can have.

    Examples
    --------
    >>> from bayesmeta.parameters import POSITIVE, Role
    >>> inside(Parameter("tau", Role.HYPERPARAMETER, POSITIVE))
    1.0
    """
    low, high = item.support
    if np.isfinite(low) and np.isfinite(high):
        return (low + high) / 2
    return low + 1.0 if np.isfinite(low) else high - 1.0 if np.isfinite(high) else 0.0


def require_alone(model: ModelSpec, parts: Parts, covariance: Covariance) -> None:
    """Raise where rows that depend on each other have powers, or biases of their own.

    Parameters
    ----------
    covariance
        Of the estimates around their centres.

    Raises
    ------
    ModelError
        Naming the part that takes rows one by one.
    """
    powered = bool(parts.power.ROLES)
    if isinstance(covariance, Diagonal) or (parts.bias.CERTAIN and not powered):
        return
    slot = "power" if powered else "bias"
    raise ModelError(
        f"The {slot} {model.parts[slot]!r} of model {model.name} takes rows one by one, and these "
        f"depend on each other: its heterogeneity is {model.parts['heterogeneity']!r}, its "
        f"sampling {model.parts['sampling']!r}."
    )
