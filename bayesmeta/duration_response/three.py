"""A nearly normal distribution as three normals with its first four cumulants."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray

_LEAST, _MOST = 0.03, 0.95
_PEAKED, _FLAT = 0.322, 1.266
"""At which a symmetric distribution's sixth cumulant is zero, by the sign of its excess."""


class Three(NamedTuple):
    """Three normals of one variance; mean 0 and variance 1 together.

    Parameters
    ----------
    weight, place
        Shape (3, ...).
    scale
        Their standard deviation, shape (...).
    """

    weight: FloatArray
    place: FloatArray
    scale: FloatArray


def three(skewness: FloatArray, excess: FloatArray) -> Three:
    """Return three normals that have a skewness and an excess kurtosis.

    X = M + N, with N normal of variance 1 - v, and M at 0 and at two other places::

        E M = 0    E M**2 = v    E M**3 = skewness    E M**4 = 3 v**2 + excess

    The free v is the least that allows it, or keeps the fifth and sixth cumulants small: they
    are what is lost. Close to the bound excess >= skewness**2 - 2, where no v does, the
    excess is the least possible one.

    Parameters
    ----------
    skewness, excess
        Third and fourth cumulants, of one shape (...).

    Examples
    --------
    >>> found = three(np.array(0.3), np.array(0.2))
    >>> round(float((found.weight * found.place**3).sum()), 9)
    0.3
    """
    v = np.clip(_between(skewness, excess), _LEAST, _MOST)
    # The two other places are the roots of x**2 - total x + product, which is below 0.
    total = skewness / v
    product = np.minimum(total**2 - 3 * v - excess / v, -v)
    apart = np.sqrt(total**2 - 4 * product)
    high, low = (total + apart) / 2, (total - apart) / 2
    above, below = v / (high * apart), -v / (low * apart)
    return Three(
        np.stack([1 + v / product, above, below]), np.stack([np.zeros_like(high), high, low]),
        np.sqrt(1 - v),
    )  # fmt: skip


def _between(skewness: FloatArray, excess: FloatArray) -> FloatArray:
    """Return the variance between the three normals."""
    skewed, root = np.cbrt(skewness**2 / 2), np.sqrt(np.abs(excess))
    return np.where(excess < 0, skewed + _FLAT * root, np.maximum(skewed, _PEAKED * root))
