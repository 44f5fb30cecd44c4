"""Densities with kinks on lattices: what lies between the points, shared out among them.

Where effects hardly spread, the posterior of a coefficient has the kinks of the likelihoods, and no
lattice sums it well. It is summed over nodes that are dense at the kinks, and what each node has
goes to the lattice's points around it by a filter: of a function whose waves are longer than ten
steps the lattice has the sum over the nodes; of shorter waves, which it would not show, nothing.

With c the filter's edge and w its reach, in steps, a node t steps away from a point gives it::

    sin(c t) / (pi t) * exp(-(t / w)**2 / 2)
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.lines.climbing import Box
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.spreads import Spreads
from bayesmeta.engines.lines.stretches import Stretch, stretches

_STEP = 0.5
_EDGE, _REACH = 1.87, 4.7
"""Of the filter, which passes 1 - 1e-8 at a wave of 0.6 a step, and 1e-8 at one of pi."""
_LEAST = 1e-300


class Shared(NamedTuple):
    """Lattices' points with what lies around them.

    Parameters
    ----------
    value
        Log of the density's share at each point, over a cell, shape (node, point).
    error
        Of the log of its sum, shape (node,).
    """

    value: FloatArray
    error: FloatArray


def shared(question: Question, scales: Spreads, box: Box, count: int) -> Shared:
    """Return the points of lattices of one coefficient, in `count` steps a box.

    Parameters
    ----------
    scales
        Shape (node, component).
    box
        Of each node.
    """
    found = [
        _one(question, scales.take(slice(node, node + 1)), ends, count)
        for node, ends in enumerate(_ends(box))
    ]
    return Shared(*(np.stack(each) for each in zip(*found, strict=True)))


def _ends(box: Box) -> list[tuple[float, float]]:
    centre, half = box.centre[:, 0], box.root[:, 0, 0]
    return list(zip((centre - half).tolist(), (centre + half).tolist(), strict=True))


def _one(
    question: Question, scales: Spreads, ends: tuple[float, float], count: int
) -> tuple[FloatArray, FloatArray]:
    cell = (ends[1] - ends[0]) / count
    every = stretches(question.kinks, ends, width=cell, step=_STEP)
    place = np.concatenate([each.theta for each in every])
    value = question.log_joint(place[np.newaxis, :, np.newaxis], scales)[0]
    top = value.max()
    mass = np.exp(value - top) * np.concatenate([each.weight for each in every]) / cell
    away = (place[:, np.newaxis] - ends[0]) / cell - np.arange(count + 1)
    found = mass @ _filtered(away)
    lost = np.abs(np.minimum(found, 0.0)).sum() / mass.sum()
    found = np.log(np.maximum(found, _LEAST)) + top
    return found, np.abs(np.log(_halved(every, mass) / mass.sum())) + lost


def _filtered(away: FloatArray) -> FloatArray:
    window = np.exp(-0.5 * (away / _REACH) ** 2)
    return np.asarray(np.sinc(_EDGE / np.pi * away) * (_EDGE / np.pi) * window)


def _halved(every: tuple[Stretch, ...], mass: FloatArray) -> float:
    """Return the sum over every second node."""
    starts = np.cumsum([0, *(each.nodes for each in every)])
    return sum(2 * float(mass[first:last:2].sum()) for first, last in pairwise(starts))
