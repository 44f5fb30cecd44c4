"""Where the integrand of each further hyperparameter lives, before any nodes are laid."""

from collections.abc import Callable, Sequence

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.further.axis import Axis, Walk
from bayesmeta.engines.quadrature.search import Window, find_bulk
from bayesmeta.sinc import Path

_REACH, _FIRST_STEP = 13, 0.5
"""Coarse nodes each side: sinh(6.5) is 330 scales."""
_ROUNDS = 2


type Evidence = Callable[[Sequence[FloatArray]], FloatArray]
"""Log marginal likelihood at values of the axes, each of shape (point,)."""


def located(axes: Sequence[Axis], evidence: Evidence) -> list[Walk]:
    """Return where each axis' integrand lives, one axis at a time while the others rest."""
    rest = [np.array([axis.window[1]]) for axis in axes]
    scale = [np.ones(1) for _ in axes]
    for _ in range(_ROUNDS if len(axes) > 1 else 1):
        for place, axis in enumerate(axes):
            rest[place], scale[place] = _bulk(axes, axis, place, rest, evidence)
    return [_walk(*each) for each in zip(axes, rest, scale, strict=True)]


def _walk(axis: Axis, centre: FloatArray, scale: FloatArray) -> Walk:
    """Return coarse nodes as far out as numbers reach, an even number of steps apart."""
    path = Path(axis.support, centre[:, np.newaxis], scale[:, np.newaxis])
    t = np.arange(-_REACH, _REACH + 1.0) * _FIRST_STEP
    return Walk(axis, path, t[axis.usable(path.line(t))[0]])


def _bulk(
    axes: Sequence[Axis], axis: Axis, place: int, rest: Sequence[FloatArray], evidence: Evidence
) -> tuple[FloatArray, FloatArray]:
    def log_integrand(line: FloatArray, _: object) -> FloatArray:
        usable = axis.usable(line[0])
        near = np.where(usable, line[0], axis.window[1])
        lines = [np.broadcast_to(point, near.shape) for point in rest]
        lines[place] = near
        values = [one.support.value(points) for one, points in zip(axes, lines, strict=True)]
        found = evidence(values) + axis.log_prior(near)
        return np.where(usable, found, -np.inf)[np.newaxis]

    left, _, right = axis.window
    bulk = find_bulk(Window(np.array([left]), np.array([right])), log_integrand)
    return bulk.centre, bulk.scale
