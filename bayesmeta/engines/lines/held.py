"""Boxes at whose faces the coefficients' density is negligible."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.engines.lines.boxed import points
from bayesmeta.engines.lines.climbing import Box
from bayesmeta.engines.lines.limits import of_count
from bayesmeta.engines.lines.question import Question
from bayesmeta.engines.lines.spreads import Spreads
from bayesmeta.errors import PosteriorError

_EDGE, _WIDER, _TRIES = (28.0, 28.0, 18.0), 1.25, 8


class Held(NamedTuple):
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


def held_in(question: Question, scales: Spreads, box: Box, steps: int) -> Held:
    """Return boxes at whose faces the density is negligible, as far as that can be had."""
    place = points(question.design.shape[1], steps)
    face = np.abs(place).max(axis=-1) > 1 - 1e-9
    value, left = np.empty((len(box.root), len(place))), np.arange(len(box.root))
    cut, edge = np.ones(left.size, dtype=bool), of_count(question, _EDGE)
    for _ in range(_TRIES):
        own = scales.take(left)
        value[left] = question.log_joint(box.take(left).at(place), own)
        cut[left] = value[left][:, face].max(axis=-1) > value[left].max(axis=-1) - edge
        left = np.flatnonzero(cut)
        if not left.size:
            break
        box = box._replace(root=box.root * np.where(cut, _WIDER, 1.0)[:, np.newaxis, np.newaxis])
    return Held(box, steps, value, cut)


def require_held(held: Held) -> None:
    """Raise where a box still cuts the density off.

    Raises
    ------
    PosteriorError
        If the posterior has no end that the lattice reaches.
    """
    if held.cut.any():
        raise PosteriorError(
            "The coefficients' posterior has no end that the lattice reaches: give them narrower "
            'priors, or sample with engine="nuts".'
        )
