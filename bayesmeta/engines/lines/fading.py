"""Weights that end lattices gently: ripples that are cut leave a half of one, which has mass."""

import numpy as np

from bayesmeta.arrays import FloatArray


def fading(count: int, room: int) -> FloatArray:
    """Return weights that rise to 1 over the first places and fall over the last, shape (count,).

    Ripples of two places that are multiplied by them still sum to nothing.

    Examples
    --------
    >>> fading(6, 2).round(3).tolist()
    [0.146, 0.854, 1.0, 1.0, 0.854, 0.146]
    """
    place = np.arange(count) + 0.5
    share = np.minimum(np.minimum(place, count - place) / room, 1.0)
    return np.asarray(np.sin(np.pi / 2 * share) ** 2)
