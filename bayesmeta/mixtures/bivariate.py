"""How probable it is that two normal quantities are both below 0."""

import numpy as np
from scipy.special import ndtr, owens_t

from bayesmeta.arrays import FloatArray

_TINY = 1e-300


def both_below(location: FloatArray, covariance: FloatArray) -> FloatArray:
    """Return P(X < 0 and Y < 0) of bivariate normal pairs, shape (...,).

    Parameters
    ----------
    location
        Their means, shape (..., 2).
    covariance
        Shape (..., 2, 2), both variances above 0.

    References
    ----------
    Owen DB (1956). Tables for computing bivariate normal probabilities. Ann Math Stat
    27:1075-1090, equations 2.1 and 3.1.

    Examples
    --------
    At the means a correlation of one half gives a third:

    >>> pair = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> float(both_below(np.zeros(2), pair).round(12))
    0.333333333333
    """
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    correlation = np.clip(covariance[..., 0, 1] / (sd[..., 0] * sd[..., 1]), -1.0, 1.0)
    points = -location / sd
    points = np.where(points == 0, _TINY, points)
    h, k = points[..., 0], points[..., 1]
    left = np.sqrt((1 - correlation) * (1 + correlation))
    lost = owens_t(h, _slope(k - correlation * h, h * left))
    lost = lost + owens_t(k, _slope(h - correlation * k, k * left))
    apart = np.where(np.sign(h) != np.sign(k), 0.5, 0.0)
    found = 0.5 * (ndtr(h) + ndtr(k)) - lost - apart
    return np.asarray(np.clip(found, 0.0, 1.0))


def _slope(rise: FloatArray, run: FloatArray) -> FloatArray:
    """Return rise / run, infinite over 0; 0 where both are 0: the pair is one quantity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(np.asarray(rise / run), nan=0.0, posinf=np.inf, neginf=-np.inf)
