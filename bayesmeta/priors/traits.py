"""What families are described in: kinds of parameters, tails, functions, graphs."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray

type Support = tuple[float, float]
type Variable = Any  # a PyTensor variable, or a number in its place


class Kind(StrEnum):
    """What a parameter is: which values it may take, and what a change of unit does to it."""

    LOCATION = "a finite number"
    LOG_LOCATION = "a finite number, on the log scale"
    SCALE = "a finite number above 0"
    RATE = "a finite number above 0, per unit"
    SHAPE = "a finite number above 0, without unit"
    BOUND = "a number"
    WEIGHTS = "numbers above 0 that sum to 1"
    PRIOR = "a distribution"
    PRIORS = "a list of distributions"
    POINTS = "a list of at least 5 finite numbers"
    HEIGHTS = "a list of at least 5 finite numbers above 0"


class Tail(NamedTuple):
    """How a density falls at infinity: as x**-exponent * log(x)**-log_exponent."""

    exponent: float
    log_exponent: float = 0.0

    def integrable(self, power: float) -> bool:
        """Return whether x**power times the density has a finite integral at infinity."""
        excess = self.exponent - power - 1.0
        return excess > 0 or (excess == 0 and self.log_exponent > 1)

    def of_root(self) -> "Tail":
        """Return the tail of tau, for a density on tau**2: f(tau**2) * 2 * tau."""
        return Tail(2 * self.exponent - 1, self.log_exponent)


class Bell(NamedTuple):
    """A density of a coefficient that is normal given a precision of its own.

    Parameters
    ----------
    mean, sd
        Location and scale; a scale of infinity is flat, of density one.
    nu
        Degrees of freedom of the Student-t; infinity is the normal itself.
    """

    mean: float
    sd: float
    nu: float = np.inf

    @property
    def is_flat(self) -> bool:
        """Whether it has one density everywhere."""
        return bool(np.isinf(self.sd))

    @property
    def is_normal(self) -> bool:
        """Whether it is normal or flat."""
        return bool(np.isinf(self.nu))

    @property
    def precision(self) -> float:
        """One over the squared scale; 0 is flat."""
        return self.sd**-2

    @property
    def moments(self) -> float:
        """By how many powers it lightens the tail of a coefficient's posterior."""
        return 0.0 if self.is_flat else self.nu


SHORTEST_TABLE = 5

LIGHT = Tail(np.inf)


class Functions(NamedTuple):
    """A family in four functions of x (or p) and its canonical parameters, by keyword."""

    log_density: Callable[..., FloatArray]  # of x and log(x): either may over- or underflow
    cdf: Callable[..., FloatArray]
    survival: Callable[..., FloatArray]
    quantile: Callable[..., FloatArray]
    # Log density of log(x), at log(x); None: that of x plus log(x), whose sum then cancels nothing.
    of_log: Callable[..., FloatArray] | None = None


class Graph(NamedTuple):
    """What PyMC lacks of a family, in functions of its parameters as given, by keyword.

    Where ``numbers`` makes other numbers of the parameters (a spline's coefficients), the graph
    is a function of those, and of the parameters as given under the keyword ``given``.
    """

    log_density: Callable[..., Variable]  # of x, in PyTensor
    draws: Callable[..., Variable] | None = None  # of size too; None where PyMC has the family
    start: Callable[..., Variable] | None = None  # a point to start a chain from
    numbers: Callable[..., Mapping[str, FloatArray]] | None = None
    ends: Callable[..., tuple[Variable, Variable]] | None = None  # support; None: above 0
    restore: Callable[..., Any] | None = None  # the member, a `Density`, that has these numbers
