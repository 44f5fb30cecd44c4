"""Points of lattices in several dimensions, seen along a line, as few normals a node.

Every normal that is added to points later is wide beside a node's step. One of least such width
around each point is a normal a little narrower, spread by the rest over a grid on the line: the
node's grid has some hundred places where its points are many thousand, and says the same to 1e-9.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_LESS, _STEP = 1.4, 0.52
"""How many times the variance of the grid's normals that of the points' is; a grid's step in square
roots of the first: as `gathering`'s."""
_REACH = 8
"""Points of the grid, to each side, that a normal is spread over: 6.6 standard deviations."""
_AWAY = np.arange(-_REACH, _REACH + 1, dtype=np.int32)
_PIECE = 25_000
"""Points that are spread at a time."""


@dataclass(frozen=True, eq=False)
class Thickened:
    """Points as normals on a grid of each node.

    Parameters
    ----------
    place, node
        Of the points, shape (point,).
    variance
        Of the normals that are to be added to a node's points, the least, shape (node,).
    """

    place: FloatArray
    node: IntArray
    variance: FloatArray

    @cached_property
    def _step(self) -> FloatArray:
        return _STEP * np.sqrt(self.variance / _LESS)

    @cached_property
    def _nearest(self) -> IntArray:
        return np.rint(self.place / self._step[self.node]).astype(np.intp)

    @cached_property
    def _ends(self) -> tuple[IntArray, IntArray]:
        """The first place of each node's grid, and how many it has, shape (node,)."""
        first = np.full(self.variance.size, np.iinfo(np.intp).max)
        last = np.full(self.variance.size, np.iinfo(np.intp).min)
        np.minimum.at(first, self.node, self._nearest)
        np.maximum.at(last, self.node, self._nearest)
        some = last >= first
        first, last = np.where(some, first, 0), np.where(some, last, 0)
        return first - _REACH, np.where(some, last - first + _AWAY.size, 0)

    @cached_property
    def location(self) -> FloatArray:
        """Places of the grids, shape (place,)."""
        first, size = self._ends
        start = np.cumsum(size) - size
        own = self.nodes
        return (np.arange(own.size) - start[own] + first[own]) * self._step[own]

    @cached_property
    def nodes(self) -> IntArray:
        """The node of each place, shape (place,)."""
        return np.repeat(np.arange(self.variance.size), self._ends[1])

    @property
    def less(self) -> FloatArray:
        """What normals around places lack, beside those around points, shape (node,)."""
        return self.variance - self.variance / _LESS

    def weights(self, weight: FloatArray) -> FloatArray:
        """Return the places' weights, (place, column), from points' (point, column).

        Examples
        --------
        >>> found = Thickened(np.array([0.3]), np.zeros(1, dtype=int), np.ones(1))
        >>> weight = found.weights(np.ones((1, 1)))[:, 0]
        >>> normals = np.exp(-0.5 * found.location**2 / (1 - found.less[0]))
        >>> density = weight @ normals / np.sqrt(2 * np.pi * (1 - found.less[0]))
        >>> bool(abs(density * np.sqrt(2 * np.pi) * np.exp(0.045) - 1) < 1e-7)
        True
        """
        found = np.zeros((self.nodes.size, weight.shape[1]))
        for part, spread in self._spread():
            found += spread.T @ weight[part]
        return found

    def _spread(self) -> Iterator[tuple[slice, "csr_array"]]:
        """Yield what some points give to the places, shape (point, place)."""
        from scipy.sparse import csr_array

        first, size = self._ends
        offset = np.cumsum(size) - size - first
        for start in range(0, self.place.size, _PIECE):
            part = slice(start, start + _PIECE)
            node, nearest = self.node[part], self._nearest[part]
            step, width = self._step[node], np.sqrt(2 * self.less[node])
            away = (self.place[part] - step * nearest) / width
            value = np.multiply.outer(-step / width, _AWAY) + away[:, np.newaxis]
            value *= value
            np.exp(np.negative(value, out=value), out=value)
            value *= (step / (np.sqrt(np.pi) * width))[:, np.newaxis]
            place = (offset[node] + nearest).astype(np.int32)[:, np.newaxis] + _AWAY
            ends = np.arange(0, value.size + 1, _AWAY.size, dtype=np.int32)
            shape = (len(value), self.nodes.size)
            yield part, csr_array((value.ravel(), place.ravel(), ends), shape=shape)
