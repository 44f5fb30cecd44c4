"""The posterior at given tau as normals that meet one open study after the other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.gaps.items import Items
from bayesmeta.duration_response.gaps.normals import Meeting, Normals, merged_by
from bayesmeta.duration_response.gaps.rows import FAINT, OpenRow

_ALIKE = 0.33
"""Standard deviations are alike within so much of a cell's width, in logs."""


class TooManyError(Exception):
    """More normals than can be held."""


class Labelled(NamedTuple):
    """Normals, shape (node,), and which item each belongs to, in the order of the items."""

    item: IntArray
    normals: Normals

    def cumulants(self, combinations: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return third and fourth cumulants of combinations, under all of an item's normals.

        Parameters
        ----------
        combinations
            Of the coefficients, shape (combination, coefficient).

        Returns
        -------
        array, array
            Shape (item, combination).
        """
        item, (log_mass, mean, covariance) = self
        starts = np.flatnonzero(np.diff(item, prepend=-1))
        share = np.exp(log_mass - np.maximum.reduceat(log_mass, starts)[item])
        share = (share / np.add.reduceat(share, starts)[item])[:, np.newaxis]
        place = mean @ combinations.T
        squares = combinations[:, :, np.newaxis] * combinations[:, np.newaxis]
        own = covariance.reshape(item.size, -1) @ squares.reshape(len(squares), -1).T
        away = place - np.add.reduceat(share * place, starts)[item]
        # Products, as powers beyond the second are slow.
        square = away * away
        variance, third, fourth = (
            np.add.reduceat(share * part, starts)
            for part in (
                square + own, away * (square + 3 * own), square * (square + 6 * own) + 3 * own * own
            )
        )  # fmt: skip
        return third, fourth - 3 * variance * variance


def followed(
    items: Items, rows: Sequence[OpenRow], *, width: float, most: float = np.inf
) -> Labelled:
    """Return normals whose mixtures are the items' posteriors.

    Given everybody's weeks all is normal: each study multiplies the normals by its nodes. After
    each, faint ones are left out and near ones are merged.

    Parameters
    ----------
    width
        Of the cells in which normals are near, as in `_thinned`; 0 to merge none, and be exact
        but for what is left out.
    most
        Normals that a study may make of those before.

    Raises
    ------
    TooManyError
        If there are more.
    """
    found = Labelled(np.arange(items.tau.size), items.reference)
    for row in rows:
        if found.item.size * row.nodes > most:
            raise TooManyError
        tau, curve = items.tau[found.item], items.curve[found.item]
        item, normals = _met(found.item, row.met(found.normals, tau=tau, curve=curve), row)
        normals = row.unsaid(normals, tau=items.tau[item], curve=items.curve[item])
        found = _thinned(Labelled(item, normals), width)
    return found


def ways(items: Items, rows: Sequence[OpenRow]) -> int:
    """Return about how many normals there are if none are merged: products over the studies."""
    count = np.ones(items.tau.size)
    for row in rows:
        count *= row.plausible(items.reference, tau=items.tau, curve=items.curve).sum(axis=1)
    return int(count.sum())


def _met(item: IntArray, met: Meeting, row: OpenRow) -> Labelled:
    """Return the normals after a study: those that matter, all if the reference is not bare."""
    if row.weak.any():
        chosen = np.isfinite(met.log_mass)
    else:
        starts = np.flatnonzero(np.diff(item, prepend=-1))
        top = np.maximum.reduceat(met.log_mass.max(axis=1), starts)
        chosen = met.log_mass > top[item][:, np.newaxis] + np.log(FAINT)
    normal, node = np.nonzero(chosen)
    return Labelled(item[normal], met.chosen(normal, node))


def _numbered(item: IntArray, columns: Sequence[FloatArray]) -> IntArray:
    """Return the places of rows of whole numbers among the different ones, in their order."""
    cell, most = item, int(item.max()) + 1
    for column in columns:
        part = (column - column.min()).astype(np.intp)
        count = int(part.max()) + 1
        if most * count > np.iinfo(np.intp).max:
            cell = np.unique(cell, return_inverse=True)[1]
            most = int(cell.max()) + 1
        cell, most = cell * count + part, most * count
    return np.unique(cell, return_inverse=True)[1]


def _thinned(found: Labelled, width: float) -> Labelled:
    """Return fewer normals: faint ones left out, those in one cell merged.

    In the axes of the item's largest normal, a cell's normals have about the same standard
    deviations, and means within a cube of so many of them. What is merged keeps its mass, mean
    and covariance.
    """
    item, normals = found
    starts = np.flatnonzero(np.diff(item, prepend=-1))
    top = np.maximum.reduceat(normals.log_mass, starts)
    kept = np.flatnonzero(normals.log_mass > top[item] + np.log(FAINT))
    item, normals = item[kept], normals.take(kept)
    if width == 0:
        return Labelled(item, normals)
    largest = np.zeros(top.size, dtype=np.intp)
    at_top = np.flatnonzero(normals.log_mass == top[item])
    largest[item[at_top]] = at_top
    root = np.linalg.inv(np.linalg.cholesky(normals.covariance[largest]))
    root, away = root[item], normals.mean - normals.mean[largest][item]
    variance = ((root @ normals.covariance) * root).sum(axis=2)
    level = np.floor(0.5 * np.log(variance) / (_ALIKE * width))
    size = width * np.exp(_ALIKE * width * level)
    place = np.floor((root @ away[..., np.newaxis])[..., 0] / size)
    cell = _numbered(item, [*level.T, *place.T])
    owner = np.zeros(cell.max() + 1, dtype=np.intp)
    owner[cell] = item
    return Labelled(owner, merged_by(cell, normals))
