"""A change between two durations: a mixture of normals with an atom at no change."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.condensing import shed
from bayesmeta.mixtures import NormalMixture

_NOTHING = 1e-12
"""A change whose SD is this small, relative to the largest, is no change."""


@dataclass(frozen=True, eq=False)
class Change:
    """The posterior of a change.

    Parameters
    ----------
    same
        Probability of no change at all: the constant shape, and steps elsewhere.
    moving
        The change where there is one; None where there is none for sure.
    coarse_same
        The same probability by the coarser rule.

    Examples
    --------
    >>> normal = NormalMixture(np.ones(1), np.array([-1.0]), np.array([1.0]))
    >>> change = Change(0.2, normal, 0.2)
    >>> round(change.below(), 4), change.quantile(np.array([0.7, 0.8])).round(4).tolist()
    (0.6731, [0.0, 0.0])
    """

    same: float
    moving: NormalMixture | None
    coarse_same: float

    def upto(self, points: FloatArray) -> FloatArray:
        """Return the probabilities that there is a change, and that it is below points, (q,)."""
        if self.moving is None:
            return np.zeros(points.shape)
        return (1 - self.same) * self.moving.cdf(points)

    def below(self) -> float:
        """Return the probability of a change below zero."""
        return self._below

    @cached_property
    def _below(self) -> float:
        return float(self.upto(np.zeros(1))[0])

    def above(self) -> float:
        """Return the probability of a change above zero."""
        return 1 - self.same - self.below()

    def mean(self) -> float:
        """Return the mean."""
        return 0.0 if self.moving is None else (1 - self.same) * float(self.moving.mean())

    def sd(self) -> float:
        """Return the standard deviation."""
        if self.moving is None:
            return 0.0
        square = float(self.moving.mean()) ** 2 + float(self.moving.sd()) ** 2
        return float(np.sqrt((1 - self.same) * square - self.mean() ** 2))

    def quantile(self, p: FloatArray) -> FloatArray:
        """Return quantiles: zero for those that fall on the atom."""
        if self.moving is None:
            return np.zeros(p.shape)
        below, share = self.below(), 1 - self.same
        within = np.where(p < below, p, p - self.same) / share
        found = shed(self.moving).quantile(np.clip(within, 1e-300, 1 - 1e-16))
        return np.where((p >= below) & (p <= below + self.same), 0.0, found)

    def coarse(self) -> "Change":
        """Return the change by the coarser rule; the difference is the error."""
        return self._coarse

    @cached_property
    def _coarse(self) -> "Change":
        moving = None if self.moving is None else self.moving.coarse()
        return Change(self.coarse_same, moving, self.coarse_same)


def split(
    weight: FloatArray, coarse_weight: FloatArray, mean: FloatArray, sd: FloatArray
) -> Change:
    """Return a mixture, some of whose components are points at zero; arrays of shape (node,)."""
    still = sd <= _NOTHING * sd.max(initial=0.0)
    if still.all():
        return Change(1.0, None, 1.0)
    same, coarse_same = float(weight[still].sum()), float(coarse_weight[still].sum())
    moving = NormalMixture(
        weight[~still] / (1 - same), mean[~still], sd[~still],
        coarse_weight[~still] / (1 - coarse_same),
    )  # fmt: skip
    return Change(same, moving, coarse_same)
