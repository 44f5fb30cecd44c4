"""The joint density of some nodes on lattices of one step."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.boxed import former, inside, points
from bayesmeta.engines.lines.climbing import REACH, Box
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.spreads import Spreads
from bayesmeta.engines.quadrature.nodes import log_sum

PIECE = 4_000_000
"""Most numbers that are looked at at once."""
_MARGIN = 4.0
"""How much further below the highest point than what is left out a corner of a cell may lie where
the cell is still looked into."""

type Known = tuple[int, IntArray, FloatArray]
"""Steps of a lattice, which nodes have it, and the log joint density there, (node, point)."""


class Part(NamedTuple):
    """Some nodes at one step, -inf where nothing is.

    Parameters
    ----------
    nodes
        Which they are, shape (node,).
    value
        The log joint density, shape (node, point).
    log_cell
        Log of the size of a cell, shape (node,).
    steps
        Along an axis.
    """

    nodes: IntArray
    value: FloatArray
    log_cell: FloatArray
    steps: int

    @property
    def log_sum(self) -> FloatArray:
        """Log of the sum at each node, shape (node,)."""
        return log_sum(self.value) + self.log_cell

    def take(self, chosen: BoolArray) -> "Part":
        """Return some of the nodes."""
        return Part(self.nodes[chosen], self.value[chosen], self.log_cell[chosen], self.steps)


def evaluated(
    question: Question, scales: Spreads, box: Box, nodes: IntArray, asked: tuple[int, Known]
) -> Part:
    """Return some nodes on a lattice, evaluated where another has not been already.

    Of several coefficients most of a box is empty: cells at whose corners the density is nothing
    are not looked into.
    """
    count, (steps, there, value) = asked
    size = question.design.shape[1]
    place, known_there = points(size, count), former(size, steps, count)
    every = np.full((nodes.size, len(place)), -np.inf)
    again = np.isin(nodes, there)
    known = value[np.searchsorted(there, nodes[again])]
    every[np.ix_(again, known_there)] = known
    wanted = ~known_there
    if size > 1:
        floor = known.max(axis=-1, keepdims=True) - REACH[size - 1] - _MARGIN
        wanted &= inside((known > floor).any(axis=0), size, steps, count)
    for chosen, some in ((again, wanted), (~again, np.ones_like(wanted))):
        for own in _parts(np.flatnonzero(chosen), int(some.sum()) * len(question.rows)):
            location = box.take(nodes[own]).at(place[some])
            every[np.ix_(own, some)] = question.log_joint(location, scales.take(nodes[own]))
    return Part(nodes, every, log_cell_of(box.take(nodes), count), count)


def _parts(nodes: IntArray, each: int) -> list[IntArray]:
    """Return nodes in groups that are looked at at once, of so many numbers each."""
    if not nodes.size or not each:
        return []
    return np.array_split(nodes, min(nodes.size, -(-nodes.size * each // PIECE)))


def log_cell_of(box: Box, count: int) -> FloatArray:
    """Return the log of the size of a cell where an axis has so many steps, shape (node,)."""
    return np.asarray(np.linalg.slogdet(box.root * (2 / count))[1])
