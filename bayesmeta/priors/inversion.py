"""Invert a distribution function that has no closed quantile."""

from collections.abc import Callable

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PriorError
from bayesmeta.roots import smallest


def invert(
    cdf: Callable[[FloatArray], FloatArray], p: FloatArray, *, positive: bool = False
) -> FloatArray:
    """Return the smallest double at which the cdf reaches p.

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
    found = smallest(lambda x: cdf(x) >= p, shape, positive=positive)
    at_found = cdf(found)
    if np.any(np.isnan(at_found)):
        raise PriorError(
            "The distribution function of a prior is not a number there; its parameters are too "
            "large or too small to compute with."
        )
    return np.where(at_found >= p, found, np.inf)
