"""Coefficients integrated at each node of the hyperparameters, on a lattice of its own."""

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.lines.climbing import boxes
from bayesmeta.engines.lines.held import held_in, require_held
from bayesmeta.engines.lines.lattice import Lattice, together
from bayesmeta.engines.lines.limits import MOST, of_count
from bayesmeta.engines.lines.parts import PIECE
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.settling import settled
from bayesmeta.engines.lines.spreads import Spreads

_FIRST = (20, 20, 14)
"""Steps of the first lattice along an axis, by the number of coefficients."""
_FINER = (4, 4, 8)
"""How many times as many points as the first lattice others may have where they are looked at at
once, by the number of coefficients."""
_SETTLED = (1e-7, 1e-7, 1e-4)
"""Change of the log sum at which a lattice serves: its interpolation is then right to that; by the
number of coefficients."""
_LOOSEST = 1e-3
_AIMED, _FALL, _MOST_FIRST = 0.1, 1.5, 40
"""Share of it that the first of two lattices of three coefficients is chosen for, supposing that
the log of its change goes as a power of the steps; and the most of these."""
_ROUGH = (1e-4, 1e-4, 3e-4)
"""The same where a lattice is looked at for its sum alone, which is right to the square of it."""
_ANY = 1e300


def log_evidence(question: Question, scales: Spreads) -> FloatArray:
    """Return the log of the integral over coefficients at each node, (node,), roughly."""
    return _roughly(question, scales, of_count(question, _ROUGH)).log_evidence


def _roughly(question: Question, scales: Spreads, tolerance: float) -> Lattice:
    """Return sums at each node, without their points."""
    found, first = [], of_count(question, _FIRST)
    for part in _pieces(question, np.arange(len(scales.variance)), first):
        own = scales.take(part)
        held = held_in(question, own, boxes(question.rough, own), first)
        found.append((part, settled(question, own, held, np.full(part.size, tolerance))))
    return together(found)


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
    found, aimed = [], of_count(question, _SETTLED)
    tolerance = np.clip(aimed / (share * share.size), aimed, _LOOSEST)
    steps = _steps(question, scales, tolerance)
    for each in np.unique(steps).tolist():
        for part in _pieces(question, np.flatnonzero(steps == each), each):
            own = scales.take(part)
            held = held_in(question, own, boxes(question.rough, own), each)
            require_held(held)
            found.append((part, settled(question, own, held, tolerance[part], keeping=True)))
    return together(found)


def _steps(question: Question, scales: Spreads, tolerance: FloatArray) -> IntArray:
    """Return how many steps the first lattice of each node has, shape (node,).

    Of three coefficients every halving takes eight times as long: so many that one of them serves.
    """
    first = of_count(question, _FIRST)
    if question.design.shape[1] < MOST:
        return np.full(tolerance.size, first)
    change = np.clip(_roughly(question, scales, _ANY).error, 1e-12, 0.5)
    more = (np.log(_AIMED * tolerance) / np.log(change)) ** (1 / _FALL)
    found = 4 * np.ceil(first * more / 4)
    return np.asarray(np.clip(found, first, _MOST_FIRST), dtype=np.intp)


def _pieces(question: Question, nodes: IntArray, steps: int) -> list[IntArray]:
    """Return nodes in groups that are settled together."""
    each = (steps + 1) ** question.design.shape[1] * len(question.rows)
    size = max(1, PIECE // (each * of_count(question, _FINER)))
    return [nodes[start : start + size] for start in range(0, nodes.size, size)]
