"""The posterior of tau under several curves, from weights at milestones of one path."""

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.sinc import Path, SincDensity


def packed(log_weight: FloatArray, needed: BoolArray) -> FloatArray:
    """Return log weights, each curve's first node foremost."""
    first, size = needed.argmax(axis=1), needed.sum(axis=1)
    place = first[:, np.newaxis] + np.arange(max(1, int(size.max())))
    row = np.arange(len(needed))[:, np.newaxis]
    inside = np.arange(place.shape[1]) < size[:, np.newaxis]
    packed = log_weight[row, np.minimum(place, needed.shape[1] - 1)]
    return np.where(inside, packed, -np.inf)


def density_of(
    path: Path, t: tuple[FloatArray, float], log_weight: FloatArray, moments: int
) -> SincDensity:
    """Return tau's posterior under curves that walk one path.

    Parameters
    ----------
    t
        Of the first node of each curve, shape (curve,), and the step.
    log_weight
        Shape (curve, node), each curve's first node foremost.
    """
    first, step = t
    size = len(log_weight)
    own = Path(path.support, np.repeat(path.centre, size, axis=0),
               np.repeat(path.scale, size, axis=0))  # fmt: skip
    return SincDensity(own, first, np.full(size, step), log_weight, moments=moments)
