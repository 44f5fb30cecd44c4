"""The residual between-study SD, averaged over curves."""

from dataclasses import dataclass, replace

import numpy as np

from bayesmeta.engines.quadrature.problem import IntArray
from bayesmeta.measures.effects import FloatArray
from bayesmeta.sinc import SincDensity

_STEPS = 60


@dataclass(frozen=True, eq=False)
class AveragedTau:
    """A mixture of the distributions of tau under several curves.

    Parameters
    ----------
    part
        Tau under each curve, a batch of shape (curve,).
    weight, coarse_weight
        Their probabilities, shape (curve,).
    """

    part: SincDensity
    weight: FloatArray
    coarse_weight: FloatArray

    def mean(self) -> float:
        """Return the mean; infinite where it does not exist."""
        return float(self.weight @ self.part.mean())

    def square(self) -> float:
        """Return the mean of tau squared; infinite where it does not exist."""
        mean, sd = self.part.mean(), self.part.sd()
        return float(self.weight @ (mean**2 + sd**2))

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return the probability of at most x, shape (q,)."""
        return np.asarray(self.weight @ self.part.cdf(x))

    def quantile(self, p: FloatArray) -> FloatArray:
        """Return quantiles, shape (q,): by bisection between those of the curves."""
        each = self.part.quantile(p)[self.weight > 0]
        low, high = each.min(axis=0), each.max(axis=0)
        for _ in range(_STEPS):
            middle = (low + high) / 2
            below = self.cdf(middle) < p
            low, high = np.where(below, middle, low), np.where(below, high, middle)
            if np.all(high - low <= 1e-9 * high):
                break
        return (low + high) / 2

    def coarse(self) -> "AveragedTau":
        """Return the same by the coarser rules; the difference is the error."""
        return replace(self, part=self.part.coarse(), weight=self.coarse_weight)


def averaged(
    every: SincDensity, rows: IntArray, weights: tuple[FloatArray, FloatArray]
) -> AveragedTau:
    """Return tau averaged over some rows of a batch, by fine and coarse weights, (row,)."""
    part = replace(
        every,
        path=every.path.take(rows),
        first=every.first[rows],
        step=every.step[rows],
        log_weight=every.log_weight[rows],
    )
    return AveragedTau(part, *(weight / weight.sum() for weight in weights))
