"""Lattices in several dimensions, seen along a line, as one lattice on that line for each node.

What a node's points say along a line is a sum of sincs, one around each point, whose spectra end
at pi / step: its values a step apart say all of it. They are some hundred, where points are many
thousand.
"""

from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.errors import PosteriorError

_ROOM = 2
"""Steps before the first point and after the last."""
_AT = 1e-12
"""Steps from a lattice's place that a point is away at least: on it, one cannot be divided by 0."""
_BLOCK = 2**16
"""Pairs of a place and a point that are looked at at once."""


@dataclass(frozen=True, eq=False)
class Lined:
    """Some nodes' lattices on a line.

    Parameters
    ----------
    location, node
        Of the line's points, shape (line point,).
    parts
        Of each node: which points it has, and how far these are from its first place, in steps.
    counts
        How many places each node has, shape (node with points,).
    """

    location: FloatArray
    node: IntArray
    parts: tuple[tuple[IntArray, FloatArray], ...]
    counts: IntArray

    def weights(self, weight: FloatArray) -> FloatArray:
        """Return the line's weights, (line point, column), from points' (point, column)."""
        parts = zip(self.parts, self.counts.tolist(), strict=True)
        return np.concatenate([_sincs(count, at, weight[point]) for (point, at), count in parts])


def lined(point: IntArray, place: FloatArray, node: IntArray, step: FloatArray) -> Lined:
    """Return the lattices of some points as lattices on the line.

    Parameters
    ----------
    point
        Which of the points, all those of a node or none; node by node.
    place, node
        Of all points, shape (point,).
    step
        Of every node's sincs, shape (node,).

    Raises
    ------
    PosteriorError
        If points of a node stand behind those of a later one: they would be taken for its own.

    Examples
    --------
    Sixteen points, four by four, and the same seen along a line:

    >>> place = np.add.outer(np.arange(4.0), 0.25 * np.arange(4)).ravel()
    >>> line = lined(np.arange(16), place, np.zeros(16, dtype=int), np.ones(1))
    >>> line.location.tolist()
    [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    """
    if (np.diff(node[point]) < 0).any():
        raise PosteriorError("The points of a lattice do not stand node by node.")
    used, first = np.unique(node[point], return_index=True)
    groups = np.split(point, first[1:])
    parts, locations = [], []
    for each, own in zip(used, groups, strict=True):
        start = place[own].min() - _ROOM * step[each]
        at = (place[own] - start) / step[each]
        count = int(np.ceil(at.max())) + _ROOM + 1
        parts.append((own, at))
        locations.append(start + step[each] * np.arange(count))
    counts = np.array([each.size for each in locations], dtype=np.intp)
    return Lined(np.concatenate(locations), np.repeat(used, counts), tuple(parts), counts)


def _sincs(count: int, at: FloatArray, weight: FloatArray) -> FloatArray:
    """Return sums of sincs around points, at whole places from 0, shape (place, column)."""
    nearest = np.rint(at)
    away = at - nearest
    away = np.where(np.abs(away) < _AT, _AT, away)
    # sin(pi (place - at)) is that of each point, up to its sign.
    height = np.where(nearest % 2, 1.0, -1.0) * np.sin(np.pi * away) / np.pi
    places, found = np.arange(count)[:, np.newaxis], np.zeros((count, weight.shape[1]))
    size = max(1, _BLOCK // count)
    for start in range(0, at.size, size):
        part = slice(start, start + size)
        apart = (places - nearest[part]) - away[part]
        found += np.divide(1.0, apart, out=apart) @ (height[part, np.newaxis] * weight[part])
    return found * np.where(places % 2, -1.0, 1.0)
