"""Sums of very many normals at points, through few normals on grids.

A normal of variance v is one of a smaller variance V, spread by the rest v - V: summed over a grid
whose step is small beside both, the normals of V at its points say the same to 1e-9. V is taken
from a ladder, so that all normals of about one width meet on one grid, wherever they are.

References
----------
Greengard L, Lee JY (2004). Accelerating the nonuniform fast Fourier transform. SIAM Rev 46:443-454.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_LADDER, _LESS = 1.15, 1.4
"""Ratio of neighbouring variances V, and how many times V a normal's own variance is at least."""
_STEP = 0.52
"""Of a grid, in square roots of V: exp(-2 pi**2 (1 - 1 / _LESS) / _STEP**2) is 9e-10."""
_REACH = 10
"""Points of the grid, to each side, that a normal is spread over: 6.6 standard deviations or more,
where the sum has fallen by exp(-22)."""
_AWAY = np.arange(-_REACH, _REACH + 1, dtype=np.int32)
_KEPT, _PIECE = 12_000_000, 400_000
"""Most numbers of the spreading that are kept, and that are made at a time."""
_FARTHEST = 6.3
"""Where exp(-x**2) is nothing: 6e-18."""
_NOTHING = 1e-25
"""Weight of a normal, relative to the largest, that is left out."""


class _Grids(NamedTuple):
    """Where normals meet: a stretch of cells for each V that is used.

    Parameters
    ----------
    step
        Of its normals' grids, shape (normal,).
    rest
        What a normal's variance has beside V, shape (normal,).
    nearest, cell
        The grid's point next to a normal, in steps, and the cell that it is, shape (normal,).
    location, variance
        Of the cells, shape (cell,).
    """

    step: FloatArray
    rest: FloatArray
    nearest: IntArray
    cell: IntArray
    location: FloatArray
    variance: FloatArray


@dataclass(frozen=True, eq=False)
class Gathering:
    """Normals by place and variance, to be summed with any weights.

    Parameters
    ----------
    location, variance
        Shape (normal,); no variance is 0.
    """

    location: FloatArray
    variance: FloatArray

    def at(self, x: FloatArray, cells: FloatArray) -> FloatArray:
        """Return the sums at points, shape (point, column), for weights of cells (cell, column).

        Examples
        --------
        >>> normals = Gathering(np.array([0.0, 3.0]), np.array([1.0, 0.25]))
        >>> cells = normals.gathered(np.array([[0.5], [0.5]]))
        >>> normals.at(np.zeros(1), cells).round(8).tolist()
        [[0.19947115]]
        """
        return normals_at(x, self._grids.location, self._grids.variance, cells)

    def gathered(self, weight: FloatArray) -> FloatArray:
        """Return the weights of the cells' normals, (cell, column), from (normal, column)."""
        found = np.zeros((self._grids.location.size, weight.shape[1]))
        few = self.location.size * _AWAY.size <= _KEPT
        for part, spread in self._kept if few else self._spread():
            found += spread.T @ weight[part]
        return found

    @cached_property
    def _kept(self) -> list[tuple[slice, "csr_array"]]:
        return list(self._spread())

    def _spread(self) -> Iterator[tuple[slice, "csr_array"]]:
        """Yield what some normals give to the cells, shape (normal, cell)."""
        from scipy.sparse import csr_array

        grids, size = self._grids, _PIECE // _AWAY.size
        width = np.sqrt(2 * grids.rest)
        away = self.location - grids.step * grids.nearest
        for start in range(0, self.location.size, size):
            part = slice(start, start + size)
            value = np.multiply.outer(-grids.step[part] / width[part], _AWAY)
            value += (away[part] / width[part])[:, np.newaxis]
            value *= value
            np.exp(np.negative(value, out=value), out=value)
            value *= (grids.step[part] / (np.sqrt(np.pi) * width[part]))[:, np.newaxis]
            cell = grids.cell[part, np.newaxis] + _AWAY
            ends = np.arange(0, value.size + 1, _AWAY.size, dtype=np.int32)
            shape = (len(value), grids.location.size)
            yield part, csr_array((value.ravel(), cell.ravel(), ends), shape=shape)

    @cached_property
    def _grids(self) -> _Grids:
        rung = np.floor(np.log(self.variance / _LESS) / np.log(_LADDER))
        used, level = np.unique(rung, return_inverse=True)
        variance = _LADDER**used
        step = _STEP * np.sqrt(variance)
        nearest = np.rint(self.location / step[level]).astype(np.intp)
        first, last = np.full(used.size, np.iinfo(np.intp).max), np.full(used.size, -(2**62))
        np.minimum.at(first, level, nearest)
        np.maximum.at(last, level, nearest)
        size = last - first + _AWAY.size
        start = np.cumsum(size) - size
        own = np.repeat(np.arange(used.size), size)
        place = np.arange(own.size) - start[own] + first[own] - _REACH
        cell = start[level] + nearest - first[level] + _REACH
        rest = self.variance - variance[level]
        return _Grids(
            step[level], rest, nearest, cell.astype(np.int32), place * step[own], variance[own]
        )


def normals_at(
    x: FloatArray, location: FloatArray, variance: FloatArray, weight: FloatArray
) -> FloatArray:
    """Return sums of normals at points, shape (point, column), for weights (normal, column)."""
    order, found = np.argsort(x), np.zeros((weight.shape[1], x.size))
    largest = np.abs(weight).max(axis=1)
    some = np.flatnonzero(largest > _NOTHING * largest.max(initial=0.0))
    width = np.sqrt(2 * variance[some])
    scaled = weight[some].T / (np.sqrt(np.pi) * width)
    reach = _FARTHEST * width
    first, end = (np.searchsorted(x[order], location[some] + side * reach) for side in (-1, 1))
    starts = np.cumsum(end - first) - (end - first)
    for part in _parts(end - first):
        count = (end - first)[part]
        normal = np.repeat(np.arange(some.size)[part], count)
        at = order[np.arange(normal.size) + np.repeat((first - starts)[part] + starts[part][:1],
                                                      count)]  # fmt: skip
        value = np.exp(-(((x[at] - location[some[normal]]) / width[normal]) ** 2))
        for column, own in enumerate(scaled):
            found[column] += np.bincount(at, value * own[normal], minlength=x.size)
    return np.ascontiguousarray(found.T)


def _parts(count: IntArray) -> Iterator[slice]:
    """Yield stretches of normals that have few pairs with points in all."""
    ends = np.searchsorted(np.cumsum(count), np.arange(_PIECE, count.sum() + _PIECE, _PIECE))
    start = 0
    for end in [*np.minimum(ends + 1, count.size).tolist(), count.size]:
        if end > start:
            yield slice(start, end)
        start = max(start, end)
