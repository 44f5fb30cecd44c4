"""A scalar that follows from a model's parameters, said once, where its part stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Layout, Values
from bayesmeta.parameters import POSITIVE
from bayesmeta.sinc import IDENTITY, Transform


@dataclass(frozen=True, eq=False)
class Derived:
    """What follows from hyperparameters: an increasing function of one times a factor of others.

    One form serves draws, where the formula is enough, and the exact engine, which has the
    distribution of the one given the others, and so that of its multiples.

    Parameters
    ----------
    variable
        Its name, or the name of the vector it is an element of.
    of
        The hyperparameter, above 0, that it grows with.
    factor
        What that is multiplied by, above 0, from values of the others by name: arrays of nodes
        or of draws.
    transform
        The function of the product.
    over
        The hyperparameter that the factor divides by, where it does: near 0 of it there may be
        no mean.
    dim, label
        The dimension of the vector and its own place there; empty for a scalar.
    support
        The values it can take.
    unit_power
        What a change of the outcome's unit does to it.
    says
        What it is, in words, for a reader; without its unit.
    claim
        What it means to be above 1, where somebody asks how probable that is.

    Examples
    --------
    >>> ratio = Derived("ratio", "a", lambda values: 1 / values["b"])
    >>> float(ratio.value({"a": 6.0, "b": 3.0}))
    2.0
    """

    variable: str
    of: str
    factor: Callable[[Values], FloatArray | float]
    transform: Transform = IDENTITY
    over: str = ""
    dim: str = ""
    label: str = ""
    support: tuple[float, float] = POSITIVE
    unit_power: int = 0
    says: str = ""
    claim: str = ""

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"{self.variable}[{self.label}]" if self.dim else self.variable

    def is_free(self, fixed: Values) -> bool:
        """Return whether it can move where some hyperparameters are numbers."""
        needs = {name for name in (self.of, self.over) if name}
        return bool(needs - set(fixed)) and all(np.all(fixed.get(name, 1.0)) for name in needs)

    @property
    def is_fraction(self) -> bool:
        """Whether it is a share of something: a fraction in data, per cent in text."""
        return self.support == (0.0, 1.0)

    def value(self, values: Values) -> FloatArray:
        """Return it at values of all hyperparameters, arrays of one shape or numbers."""
        return self.transform.forward(np.asarray(values[self.of] * self.factor(values)))


@dataclass(frozen=True)
class Contrast:
    """A sum of coefficients, each with its weight, that has a name.

    Parameters
    ----------
    weights
        By coefficient.
    outcomes
        The outcomes whose units have to be one for it to mean something.
    says
        What it is, in words, for a reader; without its unit.
    """

    name: str
    weights: Mapping[str, float]
    outcomes: tuple[str, ...] = ()
    says: str = ""

    def row(self, coefficients: Sequence[str]) -> FloatArray:
        """Return the weights in the order of the coefficients."""
        return np.array([self.weights.get(name, 0.0) for name in coefficients])


@runtime_checkable
class _Derives(Protocol):
    def derived(self, layout: Layout) -> tuple[Derived, ...]: ...


@runtime_checkable
class _Contrasts(Protocol):
    def contrasts(self, coefficients: Sequence[str]) -> tuple[Contrast, ...]: ...


def derived_of(part: object, layout: Layout) -> tuple[Derived, ...]:
    """Return what a part says follows from its hyperparameters; nothing where it says nothing."""
    return part.derived(layout) if isinstance(part, _Derives) else ()


def contrasts_of(part: object, coefficients: Sequence[str]) -> tuple[Contrast, ...]:
    """Return what a part says follows from its coefficients; nothing where it says nothing."""
    return part.contrasts(coefficients) if isinstance(part, _Contrasts) else ()
