"""Polynomials through equally spaced points: functions between the points of a grid."""

from typing import NamedTuple

import numpy as np
from scipy.special import comb

from bayesmeta.arrays import FloatArray, IntArray

POINTS = 10
"""Of the polynomial around a place."""
_PLACE = np.arange(POINTS)
_SIGN = (-1.0) ** _PLACE * comb(POINTS - 1, _PLACE)
_HIT = 1e-12


class Stencil(NamedTuple):
    """Which points a place looks at, and the weight of each.

    Parameters
    ----------
    start
        The first of the points, shape (...).
    weight
        Shape (POINTS, ...).
    """

    start: IntArray
    weight: FloatArray


def stencil(along: FloatArray, count: int) -> Stencil:
    """Return how values at steps 0 to count - 1 say the value at others between them.

    Examples
    --------
    >>> found = stencil(np.array([2.5]), 20)
    >>> ((found.start + np.arange(POINTS)[:, None]) ** 3 * found.weight).sum(axis=0).round(9)
    array([15.625])
    """
    start = np.clip(np.floor(along).astype(np.intp) - POINTS // 2 + 1, 0, count - POINTS)
    offset = along - start
    nearest = np.rint(offset)
    offset = np.where(np.abs(offset - nearest) < _HIT, nearest + _HIT, offset)
    weight = np.empty((POINTS, *along.shape))
    for place in range(POINTS):
        np.divide(_SIGN[place], offset - place, out=weight[place])
    weight /= weight.sum(axis=0)
    return Stencil(start, weight)
