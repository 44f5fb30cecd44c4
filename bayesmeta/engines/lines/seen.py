"""Points of a posterior seen along a line, those of nodes of one spread on one lattice.

A study's effect needs of the coefficients where its centre lies, and of the hyperparameters how
effects spread around it: points that agree in both are one.
"""

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.lines.points import Points

_ROOM = 2
"""Steps before the first point and after the last."""
_NEAR = 1e-9
_LEAST = 1e-17
"""Weight, relative to the largest, below which the ends of a lattice say nothing."""


def seen(points: Points, row: FloatArray, spread: FloatArray) -> Points:
    """Return points of one coefficient, row @ coefficients, one lattice for each spread.

    Parameters
    ----------
    spread
        What the distribution of an effect around its centre is known by, shape (node, number).
    """
    place, step = points.location @ row, np.sqrt(row @ points.covariance @ row)
    order = np.argsort(points.node, kind="stable")
    used, start = np.unique(points.node[order], return_index=True)
    parts = dict(zip(used.tolist(), np.split(order, start[1:]), strict=True))
    _, group = np.unique(spread[used], axis=0, return_inverse=True)
    group = np.ravel(group)
    lattices = [_lattice(points, place, step, [(each, parts[each])
                for each in used[group == one].tolist()])
                for one in range(int(group.max()) + 1)]  # fmt: skip
    counts = [each[0].size for each in lattices]
    first = np.array([used[group == one][0] for one in range(len(lattices))])
    width = np.array([each[0][1] - each[0][0] for each in lattices])
    weight = np.concatenate([each[1] for each in lattices])
    weight /= weight.sum(axis=0)
    return Points(
        np.repeat(np.arange(len(lattices)), counts),
        np.concatenate([each[0] for each in lattices])[:, np.newaxis],
        weight[:, 0],
        weight[:, 1],
        {name: value[first] for name, value in points.values.items()},
        width[:, np.newaxis, np.newaxis] ** 2,
        np.ones((len(weight), 1)),
    )


def _lattice(
    points: Points, place: FloatArray, step: FloatArray, nodes: list[tuple[int, IntArray]]
) -> tuple[FloatArray, FloatArray]:
    """Return the places of some nodes' common lattice, and its weights, (place, 2)."""
    finest = min(step[node] for node, _ in nodes)
    first = min(place[own].min() - _ROOM * step[node] for node, own in nodes)
    last = max(place[own].max() + _ROOM * step[node] for node, own in nodes)
    at = first + finest * np.arange(int(np.ceil((last - first) / finest)) + 1)
    weight = np.zeros((at.size, 2))
    for node, own in nodes:
        room = _ROOM * step[node]
        some = slice(*np.searchsorted(at, [place[own].min() - room, place[own].max() + room]))
        sincs = _sincs(at[some] / step[node], place[own] / step[node])
        weight[some] += (finest / step[node]) * (sincs @ points.both[own])
    kept = np.flatnonzero(np.abs(weight[:, 0]) > _LEAST * weight[:, 0].max())
    chosen = slice(kept[0], kept[-1] + 1)
    return at[chosen], weight[chosen]


def _sincs(at: FloatArray, centre: FloatArray) -> FloatArray:
    """Return sincs around centres at places, both in steps, shape (place, centre)."""
    middle = np.round(centre.mean())
    at, centre = np.pi * (at - middle), np.pi * (centre - middle)
    away = np.subtract.outer(at, centre)
    near = np.abs(away) < _NEAR
    found = np.outer(np.sin(at), np.cos(centre)) - np.outer(np.cos(at), np.sin(centre))
    if near.any():
        away[near], found[near] = 1.0, 1.0
    found /= away
    return np.asarray(found)
