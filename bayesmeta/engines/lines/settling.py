"""The steps of lattices halved until their sums are stable."""

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.climbing import REACH, Box
from bayesmeta.engines.lines.held import Held
from bayesmeta.engines.lines.lattice import Lattice, joined_parts
from bayesmeta.engines.lines.limits import MOST
from bayesmeta.engines.lines.parts import Part, evaluated, log_cell_of
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.sharing import shared
from bayesmeta.engines.lines.spreads import Spreads
from bayesmeta.engines.quadrature.nodes import log_sum

_HALVINGS = 5
"""How often the first step is halved at most."""
_MOST_STEPS = 96
"""Of three coefficients along an axis."""
_STEP = 1.5
"""The longest step, in standard deviations of the coefficients where every row's own peak is as
narrow as can be."""
_KINKED = 3
"""Halvings where likelihoods have kinks: more would not do."""


def settled(
    question: Question,
    scales: Spreads,
    held: Held,
    tolerance: FloatArray,
    *,
    keeping: bool = False,
) -> Lattice:
    """Return the sums, and the points where they are kept, at the first step that serves."""
    box, parts = held.box, list[Part]()
    first, value, some = _begun(held, _halvings(question, scales, held))
    known, error = (held.steps, some, held.value[some]), np.full(first.size, np.inf)
    last = _last(question, held, first)
    for halving in range(int(last.max()) + 1):
        left = np.flatnonzero((first <= halving) & (halving <= last) & ~(error <= tolerance))
        if not left.size:
            continue
        part = evaluated(question, scales, box, left, (held.steps * 2**halving, known))
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
    return joined_parts(box, parts, value, error)


def _last(question: Question, held: Held, first: IntArray) -> IntArray:
    """Return at which halving each node ends at the latest, shape (node,)."""
    most = _HALVINGS
    if question.design.shape[1] == MOST:
        most = int(np.log2(_MOST_STEPS / held.steps))
    return np.maximum(first, _KINKED if len(question.kinks) else most)


def _begun(held: Held, needed: IntArray) -> tuple[IntArray, FloatArray, IntArray]:
    """Return at which halving each node begins, a sum to compare with, and who keeps its points.

    Of three coefficients no lattice is evaluated for the comparison alone: the first one is it,
    where its halves are fine enough.
    """
    nothing = np.full(needed.size, -np.inf)
    if held.box.centre.shape[1] < MOST:
        return np.clip(needed, 0, _HALVINGS - 2), nothing, np.arange(needed.size)
    near = needed <= 1
    coarse = log_sum(held.value) + log_cell_of(held.box, held.steps)
    return np.ones_like(needed), np.where(near, coarse, nothing), np.flatnonzero(near)


def _halvings(question: Question, scales: Spreads, held: Held) -> IntArray:
    """Return how often a node's step has to be halved at least, shape (node,).

    Where effects spread little, each row has a peak of its own in the coefficients.
    """
    precision = 1 / (question.rows.rough()[1] + scales.typical**2)
    across = (question.design @ held.box.root) ** 2
    width = 1 / np.sqrt((precision[..., np.newaxis] * across).sum(axis=1).max(axis=-1))
    needed = np.ceil(np.log2(2 / (_STEP * width) / held.steps))
    return np.asarray(np.maximum(needed, 0), dtype=np.intp)


def _shared(
    question: Question,
    scales: Spreads,
    box: Box,
    part: Part,
    unsettled: tuple[BoolArray, FloatArray],
) -> tuple[Part, FloatArray]:
    """Return a part where those of its nodes that kinks unsettle have what lies between points."""
    chosen, error = unsettled
    if box.centre.shape[1] > 1:
        return part, error
    own = part.nodes[chosen]
    found = shared(question, scales.take(own), box.take(own), part.steps)
    value = part.value.copy()
    value[chosen], error[chosen] = found
    return part._replace(value=value), error
