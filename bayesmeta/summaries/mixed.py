"""A quantity whose distribution is known exactly."""

from dataclasses import dataclass, field

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.mixtures import Distribution
from bayesmeta.summaries.quantity import Statistics, statistics_of


@dataclass(frozen=True, eq=False)
class Exact:
    """A quantity, or a batch, whose error is what halving the quadrature step changed."""

    distribution: Distribution
    _known: dict[tuple[float, bool], Statistics] = field(default_factory=dict, repr=False)

    def quantile(self, p: FloatArray) -> FloatArray:
        """Return quantiles; p of shape (q,) gives (..., q)."""
        return np.asarray(self.distribution.quantile(p))

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return probabilities of at most x; x of shape (q,) gives (..., q)."""
        return np.asarray(self.distribution.cdf(x))

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x; x of shape (q,) gives (..., q)."""
        return np.asarray(self.distribution.density(x))

    def cdf_error(self, x: FloatArray) -> FloatArray:
        """Return |fine - coarse| of `cdf`."""
        return np.abs(self.cdf(x) - self.distribution.coarse().cdf(x))

    def draw(self, size: int, seed: int) -> FloatArray:
        """Return independent draws, shape (..., size)."""
        return np.asarray(self.distribution.draw(size, seed))

    def statistics(self, level: float, *, shortest: bool = False) -> Statistics:
        """Return the five numbers, each of shape (...,)."""
        asked = (level, shortest)
        if asked not in self._known:
            self._known[asked] = _statistics(self.distribution, level=level, shortest=shortest)
        return self._known[asked]

    def errors(self, level: float, *, shortest: bool = False) -> Statistics:
        """Return |fine - coarse| of each of the five numbers; nan where it does not exist."""
        fine = self.statistics(level, shortest=shortest)
        coarse = _statistics(self.distribution.coarse(), level=level, shortest=shortest)
        with np.errstate(invalid="ignore"):  # inf - inf: a moment that does not exist
            return Statistics(*(np.abs(a - b) for a, b in zip(fine, coarse, strict=True)))

    def centre_error(self, centre: str) -> FloatArray:
        """Return |fine - coarse| of the ``"mean"`` or the ``"median"`` alone."""
        both = (self.distribution, self.distribution.coarse())
        with np.errstate(over="ignore", invalid="ignore"):
            fine, coarse = (getattr(distribution, centre)() for distribution in both)
            return np.asarray(np.abs(fine - coarse))


def _statistics(distribution: Distribution, *, level: float, shortest: bool) -> Statistics:
    # The sum for a moment that does not exist may overflow; it is said to be infinite anyway.
    with np.errstate(over="ignore", invalid="ignore"):
        return statistics_of(distribution, level=level, shortest=shortest)
