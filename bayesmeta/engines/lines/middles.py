"""About where a distribution lies, before it is known: a middle and a scale to tabulate it from."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray

_QUARTILE = 0.6744897501960817
_LEAST = 1e-300


class Rough(NamedTuple):
    """What one study says of its effect, about: an estimate with a variance."""

    estimate: float
    variance: float


def middle_of(place: FloatArray, weight: FloatArray, variance: FloatArray) -> tuple[float, float]:
    """Return a middle and a scale of points spread by a variance.

    Examples
    --------
    >>> middle_of(np.array([0.0, 1.0, 2.0]), np.full(3, 1 / 3), np.array([9.0]))[0]
    1.0
    """
    order = np.argsort(place)
    levels = np.searchsorted(np.cumsum(weight[order]), [0.25, 0.5, 0.75])
    low, middle, high = place[order][np.minimum(levels, place.size - 1)].tolist()
    spread = (high - low) / (2 * _QUARTILE)
    return middle, float(np.sqrt(spread**2 + variance.sum()))


def between(
    own: Rough, place: FloatArray, weight: FloatArray, variance: float
) -> tuple[float, float]:
    """Return a middle and a scale of a study effect, between its estimate and its centre.

    Parameters
    ----------
    place, weight
        Of the centre, shape (point,).
    variance
        How far study effects lie from their centres.

    Examples
    --------
    >>> between(Rough(2.0, 1.0), np.zeros(1), np.ones(1), 1.0)[0]
    1.0
    """
    centre, spread = weight @ place, variance + _LEAST
    left = own.variance / (own.variance + spread)
    scale = np.sqrt(left * spread + _LEAST)
    wide = np.sqrt(scale**2 + left**2 * (weight @ (place - centre) ** 2))
    return float(own.estimate + left * (centre - own.estimate)), float(wide)
