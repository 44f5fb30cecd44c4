"""What is known on lattices along a line, spread by a mixture of normals at each node.

A normal that is wide beside a lattice's step is summed over its points, of lattices in several
dimensions over a grid of each node. Where it is narrow the lattice is refined first; lattices in
several dimensions are made such on the line before that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.gathering import Gathering
from bayesmeta.engines.lines.lining import Lined, lined
from bayesmeta.engines.lines.refining import SPREAD, Refined, refined
from bayesmeta.engines.lines.thickening import Thickened

WIDE = 1.5
"""Variance over squared step from which on the lattice's points say all of a normal."""
_ALIKE = 1e-4
"""Variances over squared steps below which normals are one: what they differ by is its square."""
_LEAST = 1e-20

type Sums = Callable[[FloatArray], FloatArray]
"""From x to sums there, shape (x, column)."""


class Normals(NamedTuple):
    """Mixtures of normals.

    Parameters
    ----------
    share, variance
        Shape (node, component).
    """

    share: FloatArray
    variance: FloatArray


class _Pairs(NamedTuple):
    """Points, each with the components that are added there, shape (pair,)."""

    point: IntArray
    component: IntArray


@dataclass(frozen=True, eq=False)
class Spreading:
    """Lattices and mixtures, to be summed with any weights of the points.

    Parameters
    ----------
    place, node
        Of the points, shape (point,).
    step
        Of a node's lattice along the line, shape (node,).
    normals
        What is added to the points.
    weight
        About how much each point matters, shape (point,).
    straight
        Whether each node's points are equally spaced along the line.
    """

    place: FloatArray
    node: IntArray
    step: FloatArray
    normals: Normals
    weight: FloatArray
    straight: bool

    def sums(self, weight: FloatArray) -> Sums:
        """Return the sums, for weights of points and components, (point, component, column).

        One component stands for all: its weights are multiplied by the shares.
        """
        parts = [part for part in (self._wide(weight), self._narrow(weight)) if part]

        def found(x: FloatArray) -> FloatArray:
            return np.asarray(sum((part(x) for part in parts), np.zeros((x.size, weight.shape[2]))))

        return found

    def _wide(self, weight: FloatArray) -> Sums | None:
        node, pairs, gathering = self._wide_known
        if not pairs.point.size:
            return None
        if self._thick is not None:
            columns = self._thick.weights(weight.reshape(len(weight), -1))
            weight = columns.reshape(-1, *weight.shape[1:])
        cells = gathering.gathered(self._weighed(weight, pairs, node))
        return lambda x: gathering.at(x, cells)

    def _narrow(self, weight: FloatArray) -> Sums | None:
        if not self._is_narrow.any():
            return None
        lattices, pairs, gathering = self._narrow_known
        flat = weight.reshape(len(weight), -1)
        columns = lattices.weights(flat if self._line is None else self._line.weights(flat))
        fine = columns.reshape(-1, *weight.shape[1:])
        cells = gathering.gathered(self._weighed(fine, pairs, lattices.node))
        return lambda x: gathering.at(x, cells)

    def _weighed(self, weight: FloatArray, pairs: _Pairs, node: IntArray) -> FloatArray:
        if weight.shape[1] > 1:
            return np.asarray(weight[pairs.point, pairs.component])
        share = self._merged.share[node[pairs.point], pairs.component]
        return np.asarray(weight[pairs.point, 0] * share[:, np.newaxis])

    @cached_property
    def _merged(self) -> Normals:
        """The normals, those that are as good as points one; of shares that say all by themselves.

        Where weights differ by component, there are no shares.
        """
        share, variance = self.normals
        small = variance < _ALIKE * self.step[:, np.newaxis] ** 2
        small &= small.sum(axis=1, keepdims=True) > 1
        if (share == 1).all() or not small.any():
            return self.normals
        rows, first = np.flatnonzero(small.any(axis=1)), small.argmax(axis=1)
        total = np.where(small, share, 0.0).sum(axis=1)[rows]
        mean = np.where(small, share * variance, 0.0).sum(axis=1)[rows]
        share, variance = np.where(small, 0.0, share), variance.copy()
        share[rows, first[rows]] = total
        variance[rows, first[rows]] = mean / np.where(total > 0, total, 1.0)
        return Normals(share, variance)

    @cached_property
    def _is_narrow(self) -> BoolArray:
        """Where a normal has to be refined, shape (node, component)."""
        narrow = self._merged.variance < WIDE * self.step[:, np.newaxis] ** 2
        there = np.bincount(self.node, minlength=len(narrow))[:, np.newaxis] > 0
        return np.asarray(narrow & there & (self._merged.share > 0))

    @cached_property
    def _wide_known(self) -> tuple[IntArray, _Pairs, Gathering]:
        """The node of each place, the pairs of places and wide normals, and these gathered."""
        place, node, weight, less = self.place, self.node, self.weight, 0 * self.step
        if self._thick is not None:
            place, node, less = self._thick.location, self._thick.nodes, self._thick.less
            weight = self._thick.weights(self.weight[:, np.newaxis])[:, 0]
        pairs = self._pairs(~self._is_narrow, node, weight)
        own = node[pairs.point]
        variance = self._merged.variance[own, pairs.component] - less[own]
        return node, pairs, Gathering(place[pairs.point], variance)

    @cached_property
    def _thick(self) -> Thickened | None:
        """The points as normals on a grid of each node; None where they are few already."""
        if self.straight:
            return None
        return Thickened(self.place, self.node, WIDE * self.step**2)

    @cached_property
    def _line(self) -> Lined | None:
        """The nodes to be refined as lattices on the line; None where they are such already."""
        if self.straight:
            return None
        return lined(self._to_refine, self.place, self.node, self.step)

    @property
    def _to_refine(self) -> IntArray:
        """Points of nodes that have a narrow normal."""
        return np.flatnonzero(self._is_narrow.any(axis=1)[self.node])

    @cached_property
    def _narrow_known(self) -> tuple[Refined, _Pairs, Gathering]:
        if self._line is None:
            place, node, some = self.place, self.node, self._to_refine
        else:
            place, node = self._line.location, self._line.node
            some = np.arange(place.size)
        lattices = refined(some, place, node, self.step)
        pairs = self._pairs(self._is_narrow, lattices.node, np.ones(lattices.node.size))
        node = lattices.node[pairs.point]
        variance = self._merged.variance[node, pairs.component] + SPREAD * self.step[node] ** 2
        return lattices, pairs, Gathering(lattices.location[pairs.point], variance)

    def _pairs(self, used: BoolArray, node: IntArray, weight: FloatArray) -> _Pairs:
        share = np.where(used, self._merged.share, 0.0)[node]
        return _Pairs(*np.nonzero(share * weight[:, np.newaxis] > _LEAST))
