"""Affinities of pairs of densities on the line, whose bulks may be narrow and far apart."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.sinc import Path, Support

_STEP = 0.065
_REACH = 6.5
"""Points reach 330 of the widest scale, sinh(6.5), beyond the outermost centres."""
_LINE = Support(0.0, np.inf)  # a path needs one; only its line is walked

type LogDensity = Callable[[FloatArray], FloatArray]
"""Log density at points of shape (pair, point); of (1, point) where all pairs share them."""


class Affinity(NamedTuple):
    """Integrals of sqrt(p * q), with their errors, shape (pair,)."""

    value: FloatArray
    error: FloatArray


def affinity(
    log_p: LogDensity, log_q: LogDensity, bulks: tuple[FloatArray, FloatArray]
) -> Affinity:
    """Return the affinities of pairs of distributions.

    Parameters
    ----------
    log_p, log_q
        Log densities.
    bulks
        Centres and scales of all their bulks, each of shape (pair, bulk); an infinite scale is
        none.

    Examples
    --------
    >>> normal = lambda x: -0.5 * x**2 - 0.5 * np.log(2 * np.pi)
    >>> one = np.ones((1, 1))
    >>> affinity(normal, lambda x: normal(x - 2), (one, one)).value.round(6)
    array([0.606531])
    """
    path = Path(_LINE, *bulks)
    real = np.isfinite(path.scale)
    reach = np.sinh(_REACH) * np.where(real, path.scale, 0.0).max(axis=1)
    lowest = np.where(real, path.centre, np.inf).min(axis=1)
    highest = np.where(real, path.centre, -np.inf).max(axis=1)
    low, high = (path.walked(end[:, np.newaxis]) for end in (lowest - reach, highest + reach))
    count = 2 * int(np.ceil((high - low).max() / _STEP / 2)) + 1
    t = low + (high - low) * np.linspace(0, 1, count)
    x = path.line(t)
    log_step = path.log_stretch(t) + np.log((high - low) / (count - 1))
    terms = np.exp(0.5 * (log_p(x) + log_q(x)) + log_step)
    fine, coarse = terms.sum(axis=-1), 2 * terms[:, ::2].sum(axis=-1)
    return Affinity(fine, np.abs(fine - coarse) + terms[:, 0] + terms[:, -1])
