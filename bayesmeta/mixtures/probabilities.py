"""Probabilities that rounding may have left a little outside 0 to 1."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError

TOLERANCE = 1e-6
"""What rounding may leave."""


def probability(value: FloatArray, *, tolerance: float = TOLERANCE) -> FloatArray:
    """Return probabilities within 0 to 1.

    Parameters
    ----------
    value
        As computed: outside by no more than the tolerance; NaN stays.

    Raises
    ------
    PosteriorError
        If a value is no probability.

    Examples
    --------
    >>> probability(np.array([0.5, 1 + 1e-12]))
    array([0.5, 1. ])
    """
    wrong = (value < -tolerance) | (value > 1 + tolerance)
    if np.any(wrong):
        raise PosteriorError(
            f"A probability came out as {value[wrong][0]:.6g}; the quadrature does not resolve "
            'this distribution. Give scales less extreme priors, or sample with engine="nuts".'
        )
    return np.asarray(np.minimum(np.maximum(value, 0.0), 1.0))
