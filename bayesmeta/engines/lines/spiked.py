"""The posterior of a coefficient that may be none at all: a spike beside what it would be."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.lines.band import Centres, density_at
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.tabulating import INTERPOLATED, tabulated
from bayesmeta.sinc import SincDensity

_NARROW, _SMOOTH, _WIDE, _ASIDE = 2.0, 5.0, 3.0, 0.123
"""Of a coefficient that is none, in its standard deviation: steps below are of it, the variance of
the normal that stands for it in squares, the scale and the place of its coordinate."""


def spiked(points: Points, spike: float, times: float) -> SincDensity:
    """Return the posterior of a multiple of the last coefficient, a batch of one.

    Parameters
    ----------
    spike
        Standard deviation of none, which is the step of the points where it is none.
    times
        The multiple.
    """
    narrow, place = abs(times) * spike, times * points.location[:, -1]
    step = abs(times) * np.sqrt(points.covariance[:, -1, -1])[points.node]
    spread = np.where(step < _NARROW * narrow, _SMOOTH * narrow**2, 0.0)

    def densities(x: FloatArray) -> FloatArray:
        return density_at(x, Centres(place, step, spread, points.both))

    # Not around 0 itself: no point stands where a logarithm is none.
    return tabulated(densities, _ASIDE * narrow, _WIDE * narrow, floor=INTERPOLATED)
