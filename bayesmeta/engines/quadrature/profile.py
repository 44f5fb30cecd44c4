"""The heights of an integrand at points of the line, and the peaks among them."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray

_NEGLIGIBLE = 42.0
"""Peaks that hold less than exp(-42) = 6e-19 of the mass are left out."""
_PROMINENT = 1.0
"""A peak of its own rises this far, in logs, above the lowest point on the way to a higher one."""
_MOST = 16


class Peaks(NamedTuple):
    """Peaks of some problems, each array of shape (peak,): where they stand, and how far they go.

    Parameters
    ----------
    row
        The problem.
    left, right
        The points next to each peak.
    lowest, highest
        The lowest points between it and its neighbours; the ends of the profile where it has none.
    """

    row: IntArray
    left: FloatArray
    right: FloatArray
    lowest: FloatArray
    highest: FloatArray


class Profile(NamedTuple):
    """Points of the line in order, with the log integrand there, each of shape (batch, point)."""

    line: FloatArray
    height: FloatArray

    @classmethod
    def of(cls, line: FloatArray, height: FloatArray) -> "Profile":
        """Return a profile of points in any order."""
        rows, order = np.arange(line.shape[0])[:, np.newaxis], line.argsort(axis=1)
        return cls(line[rows, order], height[rows, order])

    def peaks(self) -> Peaks:
        """Return the peaks of those problems that have more than one."""
        found = self._candidates()
        several = np.flatnonzero(found.sum(axis=1) > 1)
        rows = [self._prominent(row, np.flatnonzero(found[row])) for row in several.tolist()]
        joined = [np.concatenate(arrays) for arrays in zip(*rows, strict=True)] if rows else []
        if not joined:
            nothing = np.empty(0)
            return Peaks(np.empty(0, dtype=np.intp), nothing, nothing, nothing, nothing)
        return Peaks(joined[0].astype(np.intp), *joined[1:])

    def _candidates(self) -> BoolArray:
        """Return which points are higher than their neighbours, and hold mass that counts."""
        height, line = self.height, self.line
        rises = height[:, 1:] > height[:, :-1]
        found = np.ones(height.shape, dtype=bool)
        found[:, 1:] = rises
        found[:, :-1] &= ~rises
        if found.sum() == len(found):  # one each
            return found
        width = np.diff(line, axis=1)
        around = np.concatenate([width[:, :1], np.maximum(width[:, 1:], width[:, :-1]),
                                 width[:, -1:]], axis=1)  # fmt: skip
        with np.errstate(divide="ignore"):
            mass = height + np.log(around)
        return found & (mass > mass.max(axis=1, keepdims=True) - _NEGLIGIBLE)

    def _prominent(self, row: int, candidates: IntArray) -> Peaks:
        """Return one problem's peaks that stand apart; none if that is one alone."""
        line, height = self.line[row], self.height[row]
        kept: list[int] = []
        for peak in candidates[np.argsort(-height[candidates], kind="stable")].tolist():
            lows = [height[min(peak, other) : max(peak, other) + 1].min() for other in kept]
            if all(low < height[peak] - _PROMINENT for low in lows) and len(kept) < _MOST:
                kept.append(peak)
        if len(kept) < 2:  # noqa: PLR2004 - two peaks
            return Peaks(np.empty(0, dtype=np.intp), *(np.empty(0) for _ in range(4)))
        places = np.sort(kept)
        between = [
            one + int(height[one : other + 1].argmin()) for one, other in pairwise(places.tolist())
        ]
        last = line.size - 1
        return Peaks(
            np.full(places.size, row),
            line[np.maximum(places - 1, 0)],
            line[np.minimum(places + 1, last)],
            line[[0, *between]],
            line[[*between, last]],
        )
