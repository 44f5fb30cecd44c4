"""Invert a distribution function that has no closed quantile."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError

_LARGEST = np.asarray(np.finfo(np.float64).max)


def invert(
    cdf: Callable[[FloatArray], FloatArray], p: FloatArray, *, positive: bool = False
) -> FloatArray:
    """Return the smallest double at which the cdf reaches p.

    Doubles are bisected in their own order, one bit of the answer a step, so that neither the
    scale nor the shape of the distribution matters.

    Parameters
    ----------
    cdf
        Takes an array of the shape that cdf(p) has.
    p
        Probabilities; they broadcast against the distribution's parameters.
    positive
        Whether nothing lies below 0.

    Returns
    -------
    array
        Infinity where the largest double does not reach p.

    Raises
    ------
    PriorError
        If the cdf is not a number.
    """
    shape = np.broadcast_shapes(np.shape(p), np.shape(cdf(p)))
    upper = np.full(shape, _rank(_LARGEST))
    lower = np.zeros_like(upper) if positive else -upper
    for _ in range(65):
        middle = (lower >> 1) + (upper >> 1) + (lower & upper & 1)
        reached = cdf(_double(middle)) >= p
        lower, upper = np.where(reached, lower, middle + 1), np.where(reached, middle, upper)
        lower = np.minimum(lower, upper)
    found = _double(upper)
    at_found = cdf(found)
    if np.any(np.isnan(at_found)):
        raise PriorError(
            "The distribution function of a prior is not a number there; its parameters are too "
            "large or too small to compute with."
        )
    return np.where(at_found >= p, found, np.inf)


def _rank(x: FloatArray) -> NDArray[np.int64]:
    """Return where non-negative doubles stand among the doubles."""
    return np.asarray(x, dtype=np.float64).view(np.int64)


def _double(rank: NDArray[np.int64]) -> FloatArray:
    return np.copysign(np.abs(rank).view(np.float64), rank)
