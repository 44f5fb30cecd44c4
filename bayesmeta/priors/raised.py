"""A prior density raised to a power, for whoever scales what a prior says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.family import Density
from bayesmeta.priors.traits import Support


@dataclass(frozen=True, eq=False)
class Raised:
    """The density to a power, without the constant that would make its mass one.

    Its quantiles are those of the density itself: places to begin to look at.

    Parameters
    ----------
    base
        The density.
    power
        Above 0.

    Examples
    --------
    >>> from bayesmeta.priors import density
    >>> from bayesmeta.spec import parse_prior
    >>> one = density(parse_prior("HalfNormal(sigma=1)"))
    >>> Raised(one, 2.0).log_density(0.0) == 2 * one.log_density(0.0)
    np.True_
    """

    base: Density
    power: float

    def log_density(self, x: ArrayLike) -> FloatArray:
        """Return the power times the log density at x."""
        return np.asarray(self.power * self.base.log_density(x))

    def log_density_both(self, x: FloatArray, log_x: FloatArray) -> FloatArray:
        """Return the same at x, whose log is given too."""
        return np.asarray(self.power * self.base.log_density_both(x, log_x))

    def log_density_at_log(self, log_x: ArrayLike) -> FloatArray:
        """Return the same at exp(log_x)."""
        return np.asarray(self.power * self.base.log_density_at_log(log_x))

    def log_density_of_log(self, log_x: ArrayLike) -> FloatArray:
        """Return the same with the slope of the exponential: as a density of log(x)."""
        both = self.power * self.base.log_density_of_log(log_x)
        return np.asarray(both + (1 - self.power) * np.asarray(log_x))

    def quantile(self, p: ArrayLike) -> FloatArray:
        """Return the quantiles of the density itself."""
        return self.base.quantile(p)

    def support(self) -> Support:
        """Return the bounds of the support."""
        return self.base.support()


def raised(density: Density, power: float) -> Density | Raised:
    """Return a density to a power; at 1 as it is."""
    return density if power == 1 else Raised(density, power)
