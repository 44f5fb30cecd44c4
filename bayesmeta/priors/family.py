"""A family of distributions, and its members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.priors.context import Context
from bayesmeta.priors.traits import Bell, Functions, Graph, Kind, Support, Tail

type Argument = FloatArray | float | Density | tuple[FloatArray | float | Density, ...]
_LOG_ZERO = -1e6  # stands for log(0) where a limit is wanted
_LOG_2 = float(np.log(2))


def as_given(**parameters: Argument) -> Mapping[str, Argument]:
    """Return the parameters as they are: most families have one form."""
    return parameters


def _no_complaint(**_: Argument) -> str:
    return ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """A family of distributions.

    Parameters
    ----------
    name
        As priors write it.
    kinds
        What each parameter is.
    forms
        The sets of parameters that state a member, such as alpha, beta or mu, sigma.
    suits
        The parameters of a model it may be a prior of: "tau", "mu" (which stands for slopes and
        all that has a sign), "share" (what lies between 0 and 1), "correlation" (between -1 and 1).
    functions
        The family in functions of its canonical parameters; they broadcast over x and over
        arrays of parameters. A density without total mass has no cdf.
    canonical
        From the parameters as given to those the functions take.
    support, tail
        Of one member, from its canonical parameters.
    proper
        Whether the density integrates, and is normalised.
    contextual
        Whether the density looks at the data's standard errors.
    defaults
        Values of parameters that may be left out.
    complaint
        What is wrong with the parameters as given, together; empty if nothing is.
    graph
        What PyMC lacks of the family; None where it has all under the same name.
    bell
        The member as a `Bell`, from its parameters as given; None where it is none.
    level
        Whether the density is the same all over its support, so that any power of it is itself.
    """

    name: str
    kinds: Mapping[str, Kind]
    forms: tuple[tuple[str, ...], ...]
    suits: frozenset[str]
    functions: Functions
    support: Callable[..., Support]
    tail: Callable[..., Tail]
    canonical: Callable[..., Mapping[str, Argument]] = as_given
    proper: bool = True
    contextual: bool = False
    defaults: Mapping[str, float] = field(default_factory=dict)
    complaint: Callable[..., str] = _no_complaint
    graph: Graph | None = None
    bell: Callable[..., Bell] | None = None
    level: bool = False

    def arguments(
        self, context: Context | None, parameters: Mapping[str, Argument]
    ) -> Mapping[str, Argument | Context]:
        """Return what the functions take by keyword."""
        if not self.contextual:
            return self.canonical(**{**self.defaults, **parameters})
        if context is None:
            raise PriorError(f"{self.name} looks at the standard errors; it needs a context.")
        return {"context": context}

    def log_density(
        self, x: ArrayLike, context: Context | None = None, /, **parameters: Argument
    ) -> FloatArray:
        """Return the log density at x, with all constants where the family is proper."""
        return Density(self, parameters, context=context).log_density(x)

    def cdf(
        self, x: ArrayLike, context: Context | None = None, /, **parameters: Argument
    ) -> FloatArray:
        """Return the probability up to x."""
        return Density(self, parameters, context=context).cdf(x)

    def quantile(
        self, p: ArrayLike, context: Context | None = None, /, **parameters: Argument
    ) -> FloatArray:
        """Return the value below which lies the probability p."""
        return Density(self, parameters, context=context).quantile(p)


@dataclass(frozen=True, eq=False)
class Density:
    """One member of a family, or a batch of members: parameters may be arrays.

    Parameters
    ----------
    family
        The family.
    parameters
        Numbers, or arrays that broadcast against x; further members where the family is
        made of others.
    on
        ``"tau2"`` where the density is on the variance; x is always on the scale of tau.
    context
        What data-dependent families look at.
    """

    family: Family
    parameters: Mapping[str, Argument]
    on: str = "tau"
    context: Context | None = None

    def log_density(self, x: ArrayLike) -> FloatArray:
        """Return the log density at x; -inf outside the support."""
        value = np.asarray(x, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.log_density_both(value, np.log(value))

    def log_density_at_log(self, log_x: ArrayLike) -> FloatArray:
        """Return the log density of x at exp(log_x), which may over- or underflow."""
        logarithm = np.asarray(log_x, dtype=np.float64)
        with np.errstate(over="ignore", under="ignore"):
            return self.log_density_both(np.exp(logarithm), logarithm)

    def log_density_both(self, x: FloatArray, log_x: FloatArray) -> FloatArray:
        """Return the log density at x, whose log is given too: either may over- or underflow."""
        # At 0, at infinity and for infinite ratios the limits are right and the flags are noise.
        with np.errstate(all="ignore"):
            if self.on == "tau":
                return self._call(self.family.functions.log_density, x, log_x)
            return self._log_density_of_root(x, log_x)

    def _log_density_of_root(self, x: FloatArray, log_x: FloatArray) -> FloatArray:
        # At tau = 0 the log of the Jacobian may meet a density of +inf: go close instead.
        at_zero = log_x == -np.inf
        near = np.where(at_zero, _LOG_ZERO, log_x)
        inside = self._call(self.family.functions.log_density, _squared(x), 2 * near)
        value = inside + _LOG_2 + near
        value = np.where(at_zero & (np.abs(value) > -_LOG_ZERO / 2), value * np.inf, value)
        return np.where((x < 0) | (log_x == np.inf), -np.inf, value)

    def log_density_of_log(self, log_x: ArrayLike) -> FloatArray:
        """Return the log density of log(x) at log_x, however far from 0 that is.

        It is that of x plus log(x), without the sum where that would cancel: in the tails of a
        density of log(x) that falls as a power.
        """
        logarithm = np.asarray(log_x, dtype=np.float64)
        with np.errstate(all="ignore"):
            if self.on == "tau":
                return self._of_log(logarithm)
            return self._of_log(2 * logarithm) + _LOG_2

    def _of_log(self, log_x: FloatArray) -> FloatArray:
        functions = self.family.functions
        if functions.of_log is not None:
            return self._call(functions.of_log, log_x)
        return self._call(functions.log_density, np.exp(log_x), log_x) + log_x

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Return the probability up to x."""
        with np.errstate(all="ignore"):
            return self._call(self.family.functions.cdf, self._inside(x))

    def survival(self, x: ArrayLike) -> FloatArray:
        """Return the probability beyond x, exact where it is tiny."""
        with np.errstate(all="ignore"):
            return self._call(self.family.functions.survival, self._inside(x))

    def quantile(self, p: ArrayLike) -> FloatArray:
        """Return the value below which lies the probability p."""
        with np.errstate(all="ignore"):
            value = self._call(self.family.functions.quantile, np.asarray(p, dtype=np.float64))
            return value if self.on == "tau" else np.sqrt(value)

    def support(self) -> Support:
        """Return the bounds of the support."""
        if self.family.contextual:
            return self.family.support()
        lower, upper = self.family.support(**self.family_parameters())
        return (
            (lower, upper) if self.on == "tau" else (float(np.sqrt(lower)), float(np.sqrt(upper)))
        )

    def tail(self) -> Tail:
        """Return how the density falls at infinity."""
        if self.family.contextual:
            return self.family.tail(context=self.context)
        tail = self.family.tail(**self.family_parameters())
        return tail if self.on == "tau" else tail.of_root()

    def _inside(self, x: ArrayLike) -> FloatArray:
        value = np.asarray(x, dtype=np.float64)
        return value if self.on == "tau" else _squared(value)

    def family_parameters(self) -> Mapping[str, Argument | Context]:
        """Return what the family's functions take by keyword."""
        return self.family.arguments(self.context, self.parameters)

    def _call(self, function: Callable[..., FloatArray], *points: FloatArray) -> FloatArray:
        return np.asarray(function(*points, **self.family_parameters()), dtype=np.float64)


def _squared(x: FloatArray) -> FloatArray:
    """Return the square with the sign of x, so that what is below 0 stays outside."""
    return x * np.abs(x)
