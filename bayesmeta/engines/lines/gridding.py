"""Grids that hold likelihoods: where each lives, how fine it has to be, which share one."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray

type Known = Callable[[FloatArray], FloatArray]
"""log L at points by rows."""

DROP = 100.0
"""A likelihood is known to where it is exp(-100) of its peak."""
_LEVEL = 1e-15
_FARTHEST = 60.0
_STEP, _SHARE = 0.28, 1 / 2.4
_COARSE, _ROUNDS, _FINE = 17, 12, 257
_NOTHING = 10 * DROP
_BESIDE = 8
"""Steps on either side of a kink in which bends are those of the kink."""
_APART = 1.5
"""Octaves between the steps of rows that share a grid."""


class Grids(NamedTuple):
    """Where each row's likelihood lives, each of shape (row,).

    Parameters
    ----------
    lower, upper
        Its ends.
    step
        How far apart points may be.
    flat_left, flat_right
        Whether it goes on at the height of its end.
    """

    lower: FloatArray
    upper: FloatArray
    step: FloatArray
    flat_left: FloatArray
    flat_right: FloatArray

    def together(self) -> list[IntArray]:
        """Return which rows share a grid: of about one step, as flat on each side."""
        octave = np.floor(np.log2(self.step / self.step.min()) / _APART)
        kinds = np.stack([octave, self.flat_left, self.flat_right], axis=-1)
        _, kind = np.unique(kinds, axis=0, return_inverse=True)
        kind = np.ravel(kind)
        return [np.flatnonzero(kind == each) for each in range(int(kind.max()) + 1)]


def grids(log_likelihood: Known, error: FloatArray, kinks: Sequence[float] = ()) -> Grids:
    """Return where likelihoods live, and how fine their grids have to be.

    Parameters
    ----------
    error
        About how wide each is, shape (row,).
    kinks
        Where they are not smooth; how sharply they bend there is not looked at.
    """
    lower, upper = _reached(log_likelihood, error.size)
    theta = lower + (upper - lower) * np.linspace(0.0, 1.0, _FINE)[:, np.newaxis]
    value = log_likelihood(theta)
    value = np.maximum(value, value.max(axis=0) - _NOTHING)
    floor = value.max(axis=0) - 0.9 * DROP
    left, right = value[0] > floor, value[-1] > floor
    last = _FINE - 1
    first = np.where(left, _level(value), 0)
    end = np.where(right, last - _level(value[::-1]), last)
    apart = (upper - lower) / last
    smooth = np.ones(value.shape, dtype=bool)
    for kink in kinks:
        smooth &= np.abs(theta - kink) > _BESIDE * apart
    step = np.minimum(_STEP, _SHARE * _widths(np.where(smooth, value, np.nan), apart, error))
    ends = (_picked(theta, first), _picked(theta, np.maximum(end, first + 1)))
    return Grids(*ends, step, left, right)


def _level(value: FloatArray) -> IntArray:
    """Return how many points from the first on have its height, less one."""
    apart = np.abs(value - value[0]) > _LEVEL * np.maximum(np.abs(value[0]), 1.0)
    first = np.where(apart.any(axis=0), apart.argmax(axis=0), len(value) // 2)
    return np.asarray(np.maximum(first - 1, 0))


def _reached(log_likelihood: Known, count: int) -> tuple[FloatArray, FloatArray]:
    """Return the ends of each row's grid, looking ever closer."""
    lower, upper = np.full(count, -_FARTHEST), np.full(count, _FARTHEST)
    share = np.linspace(0.0, 1.0, _COARSE)[:, np.newaxis]
    for _ in range(_ROUNDS):
        theta = lower + (upper - lower) * share
        value = log_likelihood(theta)
        near = value > value.max(axis=0) - DROP
        first = np.maximum(near.argmax(axis=0) - 1, 0)
        last = np.minimum(_COARSE - near[::-1].argmax(axis=0), _COARSE - 1)
        before = upper - lower
        lower, upper = _picked(theta, first), _picked(theta, last)
        if not np.any(upper - lower < before / 2):
            break
    return lower, upper


def _picked(values: FloatArray, at: IntArray) -> FloatArray:
    return np.asarray(np.take_along_axis(values, at[np.newaxis], axis=0)[0], dtype=np.float64)


def _widths(value: FloatArray, step: FloatArray, error: FloatArray) -> FloatArray:
    """Return the narrowest that each likelihood is: by its sharpest bend near its peak."""
    bend = -np.diff(value, 2, axis=0) / step**2
    near = (value[1:-1] > np.nanmax(value, axis=0) - 20.0) & ~np.isnan(bend)
    sharpest = np.where(near, bend, 0.0).max(axis=0)
    with np.errstate(divide="ignore"):
        narrow = np.where(sharpest > 0, 1 / np.sqrt(np.abs(sharpest)), np.inf)
    return np.asarray(np.minimum(error, narrow))
