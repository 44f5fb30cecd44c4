"""The mixture that the exact engine stores, and the quantities that follow from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.covariance import Diagonal
from bayesmeta.measures.effects import FloatArray
from bayesmeta.mixtures import Distribution, NormalMixture
from bayesmeta.sinc import SincDensity, restored
from bayesmeta.summaries.contents import StudyData
from bayesmeta.summaries.quantity import Statistics, statistics_of

if TYPE_CHECKING:
    import xarray as xr

_BLOCK = 2_000_000
"""Most numbers of a batch held at once: study effects times nodes."""


@dataclass(frozen=True, eq=False)
class Exact:
    """A quantity, or a batch, whose error is what halving the quadrature step changed."""

    distribution: Distribution

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
        return _statistics(self.distribution, level=level, shortest=shortest)

    def errors(self, level: float, *, shortest: bool = False) -> Statistics:
        """Return |fine - coarse| of each of the five numbers; nan where it does not exist."""
        fine = self.statistics(level, shortest=shortest)
        coarse = _statistics(self.distribution.coarse(), level=level, shortest=shortest)
        with np.errstate(invalid="ignore"):  # inf - inf: a moment that does not exist
            return Statistics(*(np.abs(a - b) for a, b in zip(fine, coarse, strict=True)))


@dataclass(frozen=True, eq=False)
class Mixture:
    """The joint posterior of coefficients and tau as a finite mixture of normals.

    Parameters
    ----------
    weight, tau
        Shape (node,).
    mean
        Shape (node, coefficient).
    covariance
        Shape (node, coefficient, coefficient).
    coarse_weight
        Weights at twice the quadrature step, shape (node,); None where the mixture is exact.
    """

    weight: FloatArray
    tau: FloatArray
    mean: FloatArray
    covariance: FloatArray
    coarse_weight: FloatArray | None = None

    def combinations(self, rows: FloatArray, *, new_study: bool = False) -> Exact:
        """Return row @ coefficients for each row, with tau's spread around it for a new study."""
        variance = np.einsum("mp,npq,mq->mn", rows, self.covariance, rows, optimize=True)
        return self._normal(rows @ self.mean.T, variance + (self.tau**2 if new_study else 0.0))

    def combination(self, row: FloatArray, *, new_study: bool = False) -> Exact:
        """Return one linear combination of the coefficients."""
        variance = np.einsum("p,npq,q->n", row, self.covariance, row, optimize=True)
        return self._normal(self.mean @ row, variance + (self.tau**2 if new_study else 0.0))

    def study_effects(self, data: StudyData) -> Exact:
        """Return all study effects as one batch."""
        return self._normal(*self._conditionals(data))

    def study_effect(self, data: StudyData) -> Exact:
        """Return the effect of the one study that the data hold."""
        return self._normal(*(part[0] for part in self._conditionals(data)))

    def blocks(self, data: StudyData) -> Iterator[Exact]:
        """Yield the study effects in batches that fit into memory."""
        rows = max(1, _BLOCK // self.weight.size)
        for start in range(0, len(data.labels), rows):
            yield self.study_effects(data.take(slice(start, start + rows)))

    def _conditionals(self, data: StudyData) -> tuple[FloatArray, FloatArray]:
        """Return means and variances of the study effects at each node, (study, node).

        Given a node's coefficients b ~ Normal(m, C) and B = tau**2 / (tau**2 + s**2)::

            theta ~ Normal(x m + B (y - x m), B s**2 + (1 - B)**2 x C x')
        """
        error, estimate = data.standard_error[:, np.newaxis], data.estimate[:, np.newaxis]
        design, centre = data.design, data.design @ self.mean.T
        own = np.einsum("kp,npq,kq->kn", design, self.covariance, design, optimize=True)
        spread, sampling = Diagonal(self.tau**2), Diagonal(error**2)
        left = sampling.variance / sampling.plus(spread).variance
        known = spread.given(sampling, estimate=estimate, centre=centre)
        return np.asarray(known.mean), np.asarray(known.variance) + left**2 * own

    def _normal(self, mean: FloatArray, variance: FloatArray) -> Exact:
        return Exact(NormalMixture(self.weight, mean, np.sqrt(variance), self.coarse_weight))


def _statistics(distribution: Distribution, *, level: float, shortest: bool) -> Statistics:
    # The sum for a moment that does not exist may overflow; it is said to be infinite anyway.
    with np.errstate(over="ignore", invalid="ignore"):
        return statistics_of(distribution, level=level, shortest=shortest)


def mixture_of(group: "xr.Dataset") -> Mixture:
    """Return the mixture that a posterior stores."""
    weight = group[schema.WEIGHT].values
    tau = np.zeros(weight.size)
    if schema.HYPERPARAMETER in group:
        named = group[schema.HYPERPARAMETER].sel({schema.HYPERPARAMETER_NAME: schema.TAU})
        tau = named.to_numpy()
    found = Mixture(weight, tau, group[schema.MEAN].values, group[schema.COVARIANCE].values)
    if "coarse_weight" not in group:
        return found
    return replace(found, coarse_weight=group["coarse_weight"].values)


def tau_of(group: "xr.Dataset") -> SincDensity:
    """Return the distribution of tau that a posterior stores."""
    rule = group[schema.rule(schema.TAU)]
    numbers = dict(zip(rule.coords[schema.RULE].values, rule.values.tolist(), strict=True))
    return restored(group[schema.marginal(schema.TAU)].values, numbers)
