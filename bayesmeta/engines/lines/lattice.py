"""Coefficients integrated at each node of the hyperparameters, on a lattice of its own."""

from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.climbing import REACH, Box, boxes
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.rows import Spreads
from bayesmeta.engines.lines.sharing import shared
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.errors import PosteriorError

_FIRST, _HALVINGS = 20, 5
_STEP = 1.5
"""Steps of the first lattice along an axis, how often they are halved, and the longest, in standard
deviations of the coefficients where every row's own peak is as narrow as can be."""
_KINKED = 3
"""Halvings where likelihoods have kinks: more would not do."""
_SETTLED = 1e-7
"""Change of the log sum at which a lattice serves: its interpolation is then right to that."""
_LOOSEST = 1e-3
_ROUGH = 1e-4
"""The same where a lattice is looked at for its sum alone."""
_EDGE, _WIDER, _TRIES = 28.0, 1.25, 8
MOST = 2
"""Coefficients: with more, a product rule is no longer the way."""
_PIECE = 4_000_000


type _Known = tuple[int, IntArray, FloatArray]
"""Steps of a lattice, which nodes have it, and the log joint density there, (node, point)."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """Points of all nodes in one row, those of one node after those of another.

    Parameters
    ----------
    node
        Which node a point is of, shape (point,).
    location
        Coefficients, shape (point, coefficient).
    log_weight
        Log of the joint density times the size of a cell, shape (point,).
    cell
        From steps to coefficients at each node, shape (node, coefficient, coefficient).
    log_evidence
        Log of the sum at each node, shape (node,).
    error
        What the last halving changed of it, shape (node,).
    """

    node: IntArray
    location: FloatArray
    log_weight: FloatArray
    cell: FloatArray
    log_evidence: FloatArray
    error: FloatArray

    def take(self, points: BoolArray) -> "Lattice":
        """Return some of the points."""
        return replace(
            self,
            node=self.node[points],
            location=self.location[points],
            log_weight=self.log_weight[points],
        )


def log_evidence(question: Question, scales: Spreads) -> FloatArray:
    """Return the log of the integral over coefficients at each node, (node,), to `_ROUGH`."""
    found = np.empty(len(scales.variance))
    for part in _pieces(question, found.size):
        own = scales.take(part)
        held = _held(question, own, boxes(question.rough, own))
        found[part] = _settled(question, own, held, np.full(found[part].size, _ROUGH)).log_evidence
    return found


def lattices(question: Question, scales: Spreads, share: FloatArray) -> Lattice:
    """Return the points at every node, the steps halved until the sum is stable.

    Parameters
    ----------
    share
        Of the posterior that nodes have, about, shape (node,): one of less than the average may
        be less stable, so that all nodes add as much to the error.

    Raises
    ------
    PosteriorError
        If the posterior has no end that the lattice reaches.
    """
    found = []
    tolerance = np.clip(_SETTLED / (share * share.size), _SETTLED, _LOOSEST)
    for part in _pieces(question, len(scales.variance)):
        own = scales.take(part)
        held = _held(question, own, boxes(question.rough, own))
        _require_held(held)
        found.append(_settled(question, own, held, tolerance[part], keeping=True))
    starts = np.cumsum([0, *(each.error.size for each in found)])[:-1]
    node = [each.node + start for each, start in zip(found, starts, strict=True)]
    names = ("location", "log_weight", "cell", "log_evidence", "error")
    return Lattice(
        np.concatenate(node),
        *(np.concatenate([getattr(each, name) for each in found]) for name in names),
    )


class _Held(NamedTuple):
    """Boxes, the log joint density on the first lattice in each, and which cut it off.

    Parameters
    ----------
    value
        Shape (node, point).
    cut
        Shape (node,).
    """

    box: Box
    value: FloatArray
    cut: BoolArray


def _settled(
    question: Question,
    scales: Spreads,
    held: _Held,
    tolerance: FloatArray,
    *,
    keeping: bool = False,
) -> Lattice:
    """Return the sums, and the points where they are kept, at the first step that serves."""
    box, known = held.box, (_FIRST, np.arange(len(held.value)), held.value)
    first = _halvings(question, scales, box)
    value, error = np.full(first.size, -np.inf), np.full(first.size, np.inf)
    parts: list[_Part] = []
    last = np.maximum(first, _KINKED) if len(question.kinks) else np.full(first.size, _HALVINGS)
    for halving in range(int(last.max()) + 1):
        left = np.flatnonzero((first <= halving) & (halving <= last) & ~(error <= tolerance))
        if not left.size:
            continue
        part = _part(question, scales, box, left, (_FIRST * 2**halving, known))
        known = (part.steps, left, part.value)
        finer = part.log_sum
        with np.errstate(invalid="ignore"):
            error[left] = np.abs(finer - value[left])
        kinked = (error[left] > tolerance[left]) & (last[left] == halving)
        if len(question.kinks) and kinked.any():
            part, error[left] = _shared(question, scales, box, part, (kinked, error[left]))
            finer = part.log_sum
        value[left] = finer
        negligible = finer < value.max() - REACH
        if not keeping:
            error[left] = np.where(negligible, 0.0, error[left])
            continue
        done = (error[left] <= tolerance[left]) | (halving == last[left])
        parts.append(part.take(done))
    return _joined(box, parts, value, error)


def _halvings(question: Question, scales: Spreads, box: Box) -> IntArray:
    """Return how often a node's step has to be halved at least, shape (node,).

    Where effects spread little, each row has a peak of its own in the coefficients.
    """
    precision = 1 / (question.rows.rough()[1] + scales.typical**2)
    across = (question.design @ box.root) ** 2
    width = 1 / np.sqrt((precision[..., np.newaxis] * across).sum(axis=1).max(axis=-1))
    needed = np.ceil(np.log2(2 / (_STEP * width) / _FIRST))
    return np.asarray(np.clip(needed, 0, _HALVINGS - 2), dtype=np.intp)


class _Part(NamedTuple):
    """Some nodes at one step."""

    nodes: IntArray
    value: FloatArray
    location: FloatArray
    log_cell: FloatArray
    steps: int

    @property
    def log_sum(self) -> FloatArray:
        return log_sum(self.value) + self.log_cell

    def take(self, chosen: BoolArray) -> "_Part":
        return _Part(
            self.nodes[chosen],
            self.value[chosen],
            self.location[chosen],
            self.log_cell[chosen],
            self.steps,
        )


def _part(
    question: Question, scales: Spreads, box: Box, nodes: IntArray, asked: tuple[int, _Known]
) -> _Part:
    """Return some nodes on a lattice, evaluated where another has not been already."""
    count, (steps, there, value) = asked
    own = box.take(nodes)
    location = own.at(_points(question, count))
    every = np.full(location.shape[:2], np.nan)
    place = np.minimum(np.searchsorted(there, nodes), there.size - 1)
    again = there[place] == nodes
    former = _former(question, steps, count)
    every[np.ix_(again, former)] = value[place[again]]
    for chosen, points in ((again, ~former), (~again, np.ones_like(former))):
        if chosen.any() and points.any():
            some = scales.take(nodes[chosen])
            every[np.ix_(chosen, points)] = question.log_joint(location[chosen][:, points], some)
    return _Part(nodes, every, location, _log_cell(own, count), count)


def _shared(
    question: Question,
    scales: Spreads,
    box: Box,
    part: _Part,
    unsettled: tuple[BoolArray, FloatArray],
) -> tuple[_Part, FloatArray]:
    """Return a part where those of its nodes that kinks unsettle have what lies between points."""
    chosen, error = unsettled
    if box.centre.shape[1] > 1:
        return part, error
    own = part.nodes[chosen]
    found = shared(question, scales.take(own), box.take(own), part.steps)
    value = part.value.copy()
    value[chosen], error[chosen] = found
    return part._replace(value=value), error


def _held(question: Question, scales: Spreads, box: Box) -> _Held:
    """Return boxes at whose faces the density is negligible, as far as that can be had."""
    points = _points(question, _FIRST)
    face = np.abs(points).max(axis=-1) > 1 - 1e-9
    value, left = np.empty((len(box.root), len(points))), np.arange(len(box.root))
    cut = np.ones(left.size, dtype=bool)
    for _ in range(_TRIES):
        own = scales.take(left)
        value[left] = question.log_joint(box.take(left).at(points), own)
        cut[left] = value[left][:, face].max(axis=-1) > value[left].max(axis=-1) - _EDGE
        left = np.flatnonzero(cut)
        if not left.size:
            break
        box = box._replace(root=box.root * np.where(cut, _WIDER, 1.0)[:, np.newaxis, np.newaxis])
    return _Held(box, value, cut)


def _require_held(held: _Held) -> None:
    if held.cut.any():
        raise PosteriorError(
            "The coefficients' posterior has no end that the lattice reaches: give them narrower "
            'priors, or sample with engine="nuts".'
        )


def _points(question: Question, count: int) -> FloatArray:
    """Return a lattice in the unit box, shape (point, coefficient)."""
    axis = np.linspace(-1.0, 1.0, count + 1)
    return np.array(list(product(axis, repeat=question.design.shape[1])))


def _former(question: Question, steps: int, count: int) -> BoolArray:
    """Return which points of a lattice stand on one of fewer steps, shape (point,)."""
    on = np.arange(count + 1) % (count // steps) == 0
    return np.array([all(each) for each in product(on, repeat=question.design.shape[1])])


def _log_cell(box: Box, count: int) -> FloatArray:
    return np.asarray(np.linalg.slogdet(box.root * (2 / count))[1])


def _pieces(question: Question, nodes: int) -> list[slice]:
    each = (_FIRST + 1) ** question.design.shape[1] * len(question.rows)
    size = max(1, _PIECE // (each * 4))
    return [slice(start, start + size) for start in range(0, nodes, size)]


def _joined(box: Box, parts: list[_Part], log_evidence: FloatArray, error: FloatArray) -> Lattice:
    node = [np.empty(0, dtype=np.intp)]
    location, log_weight = [np.empty((0, box.centre.shape[1]))], [np.empty(0)]
    cell = np.empty_like(box.root)
    for part in parts:
        value = part.value
        here, at = np.nonzero(value > value.max(axis=-1, keepdims=True) - REACH)
        cell[part.nodes] = box.root[part.nodes] * (2 / part.steps)
        node.append(part.nodes[here])
        location.append(part.location[here, at])
        log_weight.append(value[here, at] + part.log_cell[here])
    joined = np.concatenate(node)
    order = np.argsort(joined, kind="stable")
    return Lattice(
        joined[order],
        np.concatenate(location)[order],
        np.concatenate(log_weight)[order],
        cell,
        log_evidence,
        error,
    )
