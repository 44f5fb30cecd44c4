"""Coefficients integrated at each node of the hyperparameters, on a lattice of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.boxed import former, inside, points
from bayesmeta.engines.lines.climbing import REACH, Box, boxes
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.rows import Spreads
from bayesmeta.engines.lines.sharing import shared
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.errors import PosteriorError

_FIRST, _HALVINGS = (20, 20, 14), 5
"""Steps of the first lattice along an axis, by the number of coefficients, and how often they are
halved."""
_MOST_STEPS = 96
"""Of three coefficients along an axis."""
_STEP = 1.5
"""The longest step, in standard deviations of the coefficients where every row's own peak is as
narrow as can be."""
_KINKED = 3
"""Halvings where likelihoods have kinks: more would not do."""
_SETTLED = (1e-7, 1e-7, 1e-4)
"""Change of the log sum at which a lattice serves: its interpolation is then right to that; by the
number of coefficients."""
_LOOSEST = 1e-3
_AIMED, _FALL, _MOST_FIRST = 0.1, 1.5, 40
"""Share of it that the first of two lattices of three coefficients is chosen for, supposing that
the log of its change goes as a power of the steps; and the most of these."""
_ROUGH = (1e-4, 1e-4, 3e-4)
"""The same where a lattice is looked at for its sum alone, which is right to the square of it."""
_EDGE, _WIDER, _TRIES = (28.0, 28.0, 18.0), 1.25, 8
MOST = len(_FIRST)
"""Coefficients: with more, a product rule is no longer the way."""
_MARGIN = 4.0
"""How much further below the highest point than what is left out a corner of a cell may lie where
the cell is still looked into."""
_PIECE, _FINER = 4_000_000, (4, 4, 8)
"""Most numbers that are looked at at once, and how many times as many points as the first lattice
others may have then, by the number of coefficients."""
_ANY = 1e300


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
    """Return the log of the integral over coefficients at each node, (node,), roughly."""
    return _roughly(question, scales, _of(question, _ROUGH)).log_evidence


def _roughly(question: Question, scales: Spreads, tolerance: float) -> Lattice:
    """Return sums at each node, without their points."""
    found, first = [], _of(question, _FIRST)
    for part in _pieces(question, np.arange(len(scales.variance)), first):
        own = scales.take(part)
        held = _held(question, own, boxes(question.rough, own), first)
        found.append((part, _settled(question, own, held, np.full(part.size, tolerance))))
    return _together(found)


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
    found, settled = [], _of(question, _SETTLED)
    tolerance = np.clip(settled / (share * share.size), settled, _LOOSEST)
    steps = _steps(question, scales, tolerance)
    for each in np.unique(steps).tolist():
        for part in _pieces(question, np.flatnonzero(steps == each), each):
            own = scales.take(part)
            held = _held(question, own, boxes(question.rough, own), each)
            _require_held(held)
            found.append((part, _settled(question, own, held, tolerance[part], keeping=True)))
    return _together(found)


def _steps(question: Question, scales: Spreads, tolerance: FloatArray) -> IntArray:
    """Return how many steps the first lattice of each node has, shape (node,).

    Of three coefficients every halving takes eight times as long: so many that one of them serves.
    """
    first = _of(question, _FIRST)
    if question.design.shape[1] < MOST:
        return np.full(tolerance.size, first)
    change = np.clip(_roughly(question, scales, _ANY).error, 1e-12, 0.5)
    more = (np.log(_AIMED * tolerance) / np.log(change)) ** (1 / _FALL)
    found = 4 * np.ceil(first * more / 4)
    return np.asarray(np.clip(found, first, _MOST_FIRST), dtype=np.intp)


def _together(found: list[tuple[IntArray, Lattice]]) -> Lattice:
    """Return lattices of some nodes each as one, in the order of the nodes."""
    nodes = np.concatenate([own for own, _ in found])
    back = np.argsort(nodes)
    node = np.concatenate([own[each.node] for own, each in found])
    order = np.argsort(node, kind="stable")
    location, log_weight, *by_node = (
        np.concatenate([getattr(each, name) for _, each in found])
        for name in ("location", "log_weight", "cell", "log_evidence", "error")
    )
    return Lattice(
        node[order], location[order], log_weight[order], *(each[back] for each in by_node)
    )


class _Held(NamedTuple):
    """Boxes, the log joint density on the first lattice in each, and which cut it off.

    Parameters
    ----------
    steps
        Of the lattice along an axis.
    value
        Shape (node, point).
    cut
        Shape (node,).
    """

    box: Box
    steps: int
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
    box, parts = held.box, list[_Part]()
    first, value, some = _begun(held, _halvings(question, scales, held))
    known, error = (held.steps, some, held.value[some]), np.full(first.size, np.inf)
    last = _last(question, held, first)
    for halving in range(int(last.max()) + 1):
        left = np.flatnonzero((first <= halving) & (halving <= last) & ~(error <= tolerance))
        if not left.size:
            continue
        part = _part(question, scales, box, left, (held.steps * 2**halving, known))
        known = (part.steps, left, part.value)
        finer = part.log_sum
        with np.errstate(invalid="ignore"):
            error[left] = np.abs(finer - value[left])
        kinked = (error[left] > tolerance[left]) & (last[left] == halving)
        if len(question.kinks) and kinked.any():
            part, error[left] = _shared(question, scales, box, part, (kinked, error[left]))
            finer = part.log_sum
        value[left] = finer
        if keeping:
            parts.append(part.take((error[left] <= tolerance[left]) | (halving == last[left])))
        else:
            error[left] = np.where(finer < value.max() - REACH[0], 0.0, error[left])
    return _joined(box, parts, value, error)


def _last(question: Question, held: _Held, first: IntArray) -> IntArray:
    """Return at which halving each node ends at the latest, shape (node,)."""
    most = _HALVINGS
    if question.design.shape[1] == MOST:
        most = int(np.log2(_MOST_STEPS / held.steps))
    return np.maximum(first, _KINKED if len(question.kinks) else most)


def _begun(held: _Held, needed: IntArray) -> tuple[IntArray, FloatArray, IntArray]:
    """Return at which halving each node begins, a sum to compare with, and who keeps its points.

    Of three coefficients no lattice is evaluated for the comparison alone: the first one is it,
    where its halves are fine enough.
    """
    nothing = np.full(needed.size, -np.inf)
    if held.box.centre.shape[1] < MOST:
        return np.clip(needed, 0, _HALVINGS - 2), nothing, np.arange(needed.size)
    near = needed <= 1
    coarse = log_sum(held.value) + _log_cell(held.box, held.steps)
    return np.ones_like(needed), np.where(near, coarse, nothing), np.flatnonzero(near)


def _halvings(question: Question, scales: Spreads, held: _Held) -> IntArray:
    """Return how often a node's step has to be halved at least, shape (node,).

    Where effects spread little, each row has a peak of its own in the coefficients.
    """
    precision = 1 / (question.rows.rough()[1] + scales.typical**2)
    across = (question.design @ held.box.root) ** 2
    width = 1 / np.sqrt((precision[..., np.newaxis] * across).sum(axis=1).max(axis=-1))
    needed = np.ceil(np.log2(2 / (_STEP * width) / held.steps))
    return np.asarray(np.maximum(needed, 0), dtype=np.intp)


class _Part(NamedTuple):
    """Some nodes at one step, -inf where nothing is."""

    nodes: IntArray
    value: FloatArray
    log_cell: FloatArray
    steps: int

    @property
    def log_sum(self) -> FloatArray:
        return log_sum(self.value) + self.log_cell

    def take(self, chosen: BoolArray) -> "_Part":
        return _Part(self.nodes[chosen], self.value[chosen], self.log_cell[chosen], self.steps)


def _part(
    question: Question, scales: Spreads, box: Box, nodes: IntArray, asked: tuple[int, _Known]
) -> _Part:
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
    return _Part(nodes, every, _log_cell(box.take(nodes), count), count)


def _parts(nodes: IntArray, each: int) -> list[IntArray]:
    """Return nodes in groups that are looked at at once, of so many numbers each."""
    if not nodes.size or not each:
        return []
    return np.array_split(nodes, min(nodes.size, -(-nodes.size * each // _PIECE)))


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


def _held(question: Question, scales: Spreads, box: Box, steps: int) -> _Held:
    """Return boxes at whose faces the density is negligible, as far as that can be had."""
    place = points(question.design.shape[1], steps)
    face = np.abs(place).max(axis=-1) > 1 - 1e-9
    value, left = np.empty((len(box.root), len(place))), np.arange(len(box.root))
    cut, edge = np.ones(left.size, dtype=bool), _of(question, _EDGE)
    for _ in range(_TRIES):
        own = scales.take(left)
        value[left] = question.log_joint(box.take(left).at(place), own)
        cut[left] = value[left][:, face].max(axis=-1) > value[left].max(axis=-1) - edge
        left = np.flatnonzero(cut)
        if not left.size:
            break
        box = box._replace(root=box.root * np.where(cut, _WIDER, 1.0)[:, np.newaxis, np.newaxis])
    return _Held(box, steps, value, cut)


def _require_held(held: _Held) -> None:
    if held.cut.any():
        raise PosteriorError(
            "The coefficients' posterior has no end that the lattice reaches: give them narrower "
            'priors, or sample with engine="nuts".'
        )


def _of[Number: (int, float)](question: Question, each: Sequence[Number]) -> Number:
    """Return one of the numbers that there are by the number of coefficients."""
    return each[len(question.priors) - 1]


def _log_cell(box: Box, count: int) -> FloatArray:
    return np.asarray(np.linalg.slogdet(box.root * (2 / count))[1])


def _pieces(question: Question, nodes: IntArray, steps: int) -> list[IntArray]:
    """Return nodes in groups that are settled together."""
    each = (steps + 1) ** question.design.shape[1] * len(question.rows)
    size = max(1, _PIECE // (each * _of(question, _FINER)))
    return [nodes[start : start + size] for start in range(0, nodes.size, size)]


def _joined(box: Box, parts: list[_Part], log_evidence: FloatArray, error: FloatArray) -> Lattice:
    size = box.centre.shape[1]
    node = [np.empty(0, dtype=np.intp)]
    location, log_weight = [np.empty((0, size))], [np.empty(0)]
    cell = np.empty_like(box.root)
    for part in parts:
        value = part.value
        here, at = np.nonzero(value > value.max(axis=-1, keepdims=True) - REACH[size - 1])
        cell[part.nodes] = box.root[part.nodes] * (2 / part.steps)
        own, place = part.nodes[here], points(size, part.steps)[at]
        node.append(own)
        away = (box.root[own] @ place[..., np.newaxis])[..., 0]
        location.append(box.centre[own] + away)
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
