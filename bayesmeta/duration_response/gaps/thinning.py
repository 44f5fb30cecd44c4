"""The posterior at given tau as normals that meet one open study after the other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import IntArray
from bayesmeta.duration_response.gaps.items import Items
from bayesmeta.duration_response.gaps.normals import Normals
from bayesmeta.duration_response.gaps.rows import OpenRow

_FAINT = 1e-11
"""Normals of a smaller share of their item are left out."""


class Labelled(NamedTuple):
    """Normals, shape (node,), and which item each belongs to."""

    item: IntArray
    normals: Normals


def followed(items: Items, rows: Sequence[OpenRow], *, width: float) -> Labelled:
    """Return normals whose mixtures are the items' posteriors.

    Each study multiplies their number by its nodes; after each, near ones are merged.

    Parameters
    ----------
    width
        Of the cells in which normals are near, as in `_thinned`; 0 to merge none, and be exact.
    """
    found = Labelled(np.arange(items.tau.size), items.reference)
    for row in rows:
        tau, curve = items.tau[found.item], items.curve[found.item]
        met = row.met(found.normals.each(), tau=tau, curve=curve)
        found = _thinned(_flat(found.item, met), items.tau.size, width)
    for row in rows:
        tau, curve = items.tau[found.item], items.curve[found.item]
        found = _flat(found.item, row.unsaid(found.normals.each(), tau=tau, curve=curve))
    return found


def _flat(item: IntArray, normals: Normals) -> Labelled:
    """Return normals of shape (node, choice) as nodes."""
    size = normals.log_mass.shape[1]
    flat = (array.reshape(-1, *array.shape[2:]) for array in normals)
    return Labelled(np.repeat(item, size), Normals(*flat))


def _thinned(found: Labelled, count: int, width: float) -> Labelled:
    """Return fewer normals: faint ones left out, those in one cell merged.

    A cell is a cube in standard deviations of the item's largest normal, around its mean. What
    is merged keeps its mass, mean and covariance.
    """
    item, normals = found
    top = np.full(count, -np.inf)
    np.maximum.at(top, item, normals.log_mass)
    kept = np.flatnonzero(normals.log_mass > top[item] + np.log(_FAINT))
    item, normals = item[kept], normals.take(kept)
    if width == 0:
        return Labelled(item, normals)
    largest = np.zeros(count, dtype=np.intp)
    at_top = np.flatnonzero(normals.log_mass == top[item])
    largest[item[at_top]] = at_top
    root = np.linalg.inv(np.linalg.cholesky(normals.covariance[largest]))
    away = normals.mean - normals.mean[largest][item]
    place = np.floor((root[item] @ away[..., np.newaxis])[..., 0] / width)
    cells, cell = np.unique(np.column_stack([item, place]), axis=0, return_inverse=True)
    return Labelled(cells[:, 0].astype(np.intp), merged_by(cell.ravel(), normals))


def merged_by(cell: IntArray, normals: Normals) -> Normals:
    """Return the normals, shape (cell,), that have the mass, mean and covariance of a cell's."""
    level = np.full(int(cell.max()) + 1, -np.inf)
    np.maximum.at(level, cell, normals.log_mass)
    top = level[cell]
    share = np.exp(normals.log_mass - top)
    mean, count = normals.mean, normals.mean.shape[1]
    second = normals.covariance + mean[:, :, np.newaxis] * mean[:, np.newaxis]
    columns = np.column_stack([np.ones(len(mean)), mean, second.reshape(len(mean), -1)])
    sums = np.column_stack([np.bincount(cell, share * column) for column in columns.T])
    centre = sums[:, 1 : 1 + count] / sums[:, :1]
    square = (sums[:, 1 + count :] / sums[:, :1]).reshape(-1, count, count)
    within = square - centre[:, :, np.newaxis] * centre[:, np.newaxis]
    return Normals(np.log(sums[:, 0]) + level, centre, within)
