"""A mixture of very many normals as one of some hundreds."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.mixtures import NormalMixture

_LOCATION, _SCALE = 0.1, 0.03
"""Components are merged within so many scales of location, and such a share of scale."""


def condensed(mixture: NormalMixture, *, many: int) -> NormalMixture:
    """Return a batch of mixtures, shape (m,), with near components merged.

    A merged component has the weight, mean and variance of what it stands for, by both rules
    apart, so that means and SDs stay. What is lost of the distribution function is of third order
    in the widths: about 1e-6.

    Parameters
    ----------
    many
        Mixtures of at most so many components stay as they are.
    """
    if mixture.weight.shape[-1] <= many:
        return mixture
    fine = _side(mixture.weight, mixture)
    if mixture.coarse_weight is None:
        return NormalMixture(*fine)
    coarse = _side(mixture.coarse_weight, mixture)
    nothing, no_other = np.zeros_like(coarse[0]), np.zeros_like(fine[0])
    return NormalMixture(
        np.concatenate([fine[0], nothing], axis=1), np.concatenate([fine[1], coarse[1]], axis=1),
        np.concatenate([fine[2], coarse[2]], axis=1), np.concatenate([no_other, coarse[0]], axis=1),
    )  # fmt: skip


def shed(mixture: NormalMixture) -> NormalMixture:
    """Return the mixture, by the rule alone, without components that have no weight in it."""
    weight, location, scale = np.broadcast_arrays(mixture.weight, mixture.location, mixture.scale)
    used = (weight != 0).reshape(-1, weight.shape[-1]).any(axis=0)
    # Four times as fast as the mask for an index.
    return NormalMixture(*(np.compress(used, part, axis=-1) for part in (weight, location, scale)))


def _side(weight: FloatArray, mixture: NormalMixture) -> FloatArray:
    """Return weights, locations and scales merged by one rule, shape (3, m, component).

    A row's last component stands for those it has not, with no weight.
    """
    every = np.broadcast_to(weight, mixture.location.shape)
    rows = [_merged(*row) for row in zip(every, mixture.location, mixture.scale, strict=True)]
    found = np.empty((3, len(rows), max(row.shape[1] for row in rows)))
    for place, row in enumerate(rows):
        found[:, place] = row[:, -1:]
        found[0, place] = 0.0
        found[:, place, : row.shape[1]] = row
    return found


def _merged(weight: FloatArray, location: FloatArray, scale: FloatArray) -> FloatArray:
    """Return weights, locations and scales of the merged components, shape (3, component)."""
    used = weight > 0
    weight, location, scale = (np.compress(used, part) for part in (weight, location, scale))
    level = np.floor(np.log(scale / scale.min()) / _SCALE).astype(np.intp)
    width = _LOCATION * scale.min() * np.exp(_SCALE * level)
    place = np.floor((location - location.min()) / width).astype(np.intp)
    cell = level * (place.max() + 1) + place
    sums = [
        np.bincount(cell, part)
        for part in (weight, weight * location, weight * (scale**2 + location**2))
    ]
    total, first, second = (part[sums[0] > 0] for part in sums)
    mean = first / total
    return np.stack([total, mean, np.sqrt(second / total - mean**2)])
