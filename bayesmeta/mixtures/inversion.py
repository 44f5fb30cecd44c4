"""Shortest intervals of whole batches of distributions, by their quantiles and densities."""

from typing import Protocol

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.roots import Bracket, solve

_SCAN = 193
_ROUNDS = 2
_STEEP = 700.0
"""Log densities are compared up to this difference: infinite ones too."""


def spaced(low: FloatArray, high: FloatArray, count: int) -> FloatArray:
    """Return equally spaced points from low to high, along a new last axis."""
    share = np.arange(count) / (count - 1)
    return np.asarray(low[..., np.newaxis] + (high - low)[..., np.newaxis] * share)


class Invertible(Protocol):
    """A batch of distributions; points have shape (..., q) for a batch of shape (...)."""

    def quantile(self, p: FloatArray | float) -> FloatArray:
        """Return the quantiles."""
        ...

    def log_density(self, x: FloatArray) -> FloatArray:
        """Return the log density."""
        ...


def shortest(distribution: Invertible, level: float) -> FloatArray:
    """Return the shortest interval that holds a probability, shape (..., 2).

    The width Q(p + level) - Q(p) is scanned over p, so that of several humps the right one is
    found; then p is solved for, at which the density is equal at both ends. Where the density
    is highest at an end of the support, the interval starts there.

    Parameters
    ----------
    distribution
        A batch of shape (...).
    level
        Probability inside, between 0 and 1.
    """

    def imbalance(p: FloatArray) -> FloatArray:
        lower, upper = _ends(distribution, p, level)
        difference = distribution.log_density(lower) - distribution.log_density(upper)
        return np.clip(difference, -_STEEP, _STEEP)

    share = solve(imbalance, _scanned(distribution, level), what="ends of shortest intervals")
    return np.concatenate(_ends(distribution, share, level), axis=-1)


def _ends(distribution: Invertible, p: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    return distribution.quantile(p), distribution.quantile(np.minimum(p + level, 1.0))


def _scanned(distribution: Invertible, level: float) -> Bracket:
    """Return a bracket of the lower tail probability that makes the interval shortest."""
    # Dense towards both ends: a skewed density may leave out next to nothing on one side.
    grid = (1 - level) * (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, _SCAN)))
    bracket = _narrowed(distribution, grid, level)
    for _ in range(_ROUNDS):
        inside = spaced(bracket.low[..., 0], bracket.high[..., 0], 9)
        bracket = _narrowed(distribution, inside, level)
    return bracket


def _narrowed(distribution: Invertible, grid: FloatArray, level: float) -> Bracket:
    lower, upper = _ends(distribution, grid, level)
    best = (upper - lower).argmin(axis=-1)[..., np.newaxis]
    grid = np.broadcast_to(grid, lower.shape)
    neighbours = (np.maximum(best - 1, 0), np.minimum(best + 1, grid.shape[-1] - 1))
    return Bracket(*(np.take_along_axis(grid, column, axis=-1) for column in neighbours))
