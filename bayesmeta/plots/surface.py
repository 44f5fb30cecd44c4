"""A surface of probabilities between the points at which it was computed."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from bayesmeta.arrays import FloatArray

FEWEST = 40
"""From so many points a side on, straight lines between them are seen as a curve."""
_CERTAIN = 1e-9


class Surface(NamedTuple):
    """Probabilities, shape (y, x), at scales of both axes."""

    x: FloatArray
    y: FloatArray
    p: FloatArray


def smooth(surface: Surface) -> Surface:
    """Return a surface at more points, where it has few.

    Normal quantiles of the probabilities go from point to point along cubics in the logarithms of
    both scales that rise and fall where the points do, and nowhere else (Fritsch and Carlson 1980,
    SIAM J Numer Anal 17:238-246).

    Parameters
    ----------
    surface
        Its scales rise, and are above 0.

    Examples
    --------
    >>> few = Surface(np.array([1.0, 4.0]), np.array([1.0, 9.0]), np.array([[0.5, 0.9]] * 2))
    >>> found = smooth(few)
    >>> found.p.shape, found.p[0, [0, -1]].round(3).tolist()
    ((40, 40), [0.5, 0.9])
    """
    if min(surface.p.shape) < 2 or min(surface.p.shape) >= FEWEST:  # noqa: PLR2004  (a line)
        return surface
    from scipy.interpolate import PchipInterpolator  # with much of SciPy behind it

    x, y = (np.geomspace(ends[0], ends[-1], max(FEWEST, ends.size)) for ends in surface[:2])
    quantile = ndtri(np.clip(surface.p, _CERTAIN, 1 - _CERTAIN))
    along = PchipInterpolator(np.log(surface.x), quantile, axis=1)(np.log(x))
    return Surface(x, y, ndtr(PchipInterpolator(np.log(surface.y), along, axis=0)(np.log(y))))
