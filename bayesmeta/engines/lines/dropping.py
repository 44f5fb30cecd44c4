"""Points that a posterior does without."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray

_SHARE, _FEWEST, _MOST = 0.01, 1e-10, 1e-8
"""What points left out have in all, of the probability and of the coefficients' variances: a share
of what the sum is not known to, and bounds of that."""
_TINY = 1e-300


class Needed(NamedTuple):
    """Points that are left, and what the others had.

    Parameters
    ----------
    points
        Which are left, shape (point,).
    lost
        Of the probability and of the coefficients' variances, each beside its whole, the sum.
    """

    points: BoolArray
    lost: float


def needed(location: FloatArray, weight: FloatArray, error: float) -> Needed:
    """Return which points are left when those that say least are left out.

    What a point says is its probability, and its part of the coefficients' variances: where tails
    are heavy, points that have next to nothing of the one may have much of the other.

    Parameters
    ----------
    location
        Coefficients, shape (point, coefficient).
    weight
        Probabilities, shape (point,).
    error
        Of the log of their sum.

    Examples
    --------
    >>> places = np.array([[-1.0], [1.0], [2.0], [1e6]])
    >>> needed(places, np.array([1, 1, 1e-11, 1e-11]), 0.0).points.tolist()
    [True, True, False, True]
    """
    share = weight / weight.sum()
    away = (location - share @ location) ** 2
    said = share * (1 + (away / (share @ away + _TINY)).sum(axis=1))
    order = np.argsort(said)
    upto = np.cumsum(said[order])
    most = min(max(_SHARE * error, _FEWEST), _MOST)
    light = int(np.searchsorted(upto, most))
    found = np.ones(weight.shape, dtype=bool)
    found[order[:light]] = False
    return Needed(found, float(upto[light - 1]) if light else 0.0)
