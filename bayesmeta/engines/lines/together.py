"""What rows of one centre say of it together, tabulated along the line.

A lattice of several coefficients asks for as many centres as it has points, and rows of one design
have all their centres on one line: what they say together is evaluated on a grid along it, as fine
as standard errors and effects are wide, and is a polynomial between ten points of the grid.
"""

from collections.abc import Callable

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.engines.lines.stencil import POINTS, stencil

_ERROR, _SPREAD = 1 / 8, 1 / 3
"""Steps of the grid, in the smallest standard error and in a middle of the effects' scale: where
the tails of a t distribution take over from a narrow normal one, logs bend within half of that."""
_LESS = 0.5
"""How many points of the grid there may be for each centre that is asked."""
_SURPRISE, _HALVINGS = 1e-4, 3
"""Error of logs between every second point of the grid: between all of them, a thousandth."""

type Together = Callable[[FloatArray, BoolArray], FloatArray]
"""Logs at centres (node, point) of some nodes."""


def step_of(error: FloatArray, typical: FloatArray) -> FloatArray:
    """Return the step of the grids.

    Parameters
    ----------
    error
        Smallest standard error.
    typical
        Middle of the effects' scale at each node, shape (node,).
    """
    return np.asarray(np.hypot(_ERROR * error, _SPREAD * typical))


def along_line(together: Together, centre: FloatArray, step: FloatArray) -> FloatArray:
    """Return logs at centres, shape (node, point), by grids where those have fewer points.

    Parameters
    ----------
    step
        Of each node's grid, shape (node,).
    """
    found, left = np.empty(centre.shape), np.ones(len(centre), dtype=bool)
    lower, width = centre.min(axis=1), np.ptp(centre, axis=1)
    for halving in range(_HALVINGS):
        need = np.ceil(width * 2**halving / step) + 1 + POINTS
        some = left & (need < _LESS * centre.shape[1])
        if not some.any():
            break
        value, missed = _by_grid(together, centre, some, (lower, width, int(need[some].max())))
        good = missed < _SURPRISE
        place = np.flatnonzero(some)[good]
        found[place] = value[good]
        left[place] = False
    if left.any():
        found[left] = together(centre[left], left)
    return found


def _by_grid(
    together: Together,
    centre: FloatArray,
    some: BoolArray,
    ends: tuple[FloatArray, FloatArray, int],
) -> tuple[FloatArray, FloatArray]:
    """Return logs at centres of some nodes, and how far every second point is off the others."""
    lower, width, count = ends
    count += 1 - count % 2
    own = width[some, np.newaxis] / (count - 1)
    grid = lower[some, np.newaxis] + own * np.arange(count)
    table = together(grid, some)
    middle = stencil(np.arange((count - 1) // 2, dtype=float) + 0.5, (count + 1) // 2)
    even = np.ascontiguousarray(table[:, ::2])
    guess = sum(even[:, middle.start + place] * each for place, each in enumerate(middle.weight))
    missed = np.abs(guess - table[:, 1::2]).max(axis=1)
    place = (centre[some] - lower[some, np.newaxis]) / np.where(own > 0, own, 1.0)
    return _between(table, place), missed


def _between(table: FloatArray, along: FloatArray) -> FloatArray:
    start, weight = stencil(along, table.shape[1])
    start += table.shape[1] * np.arange(len(table))[:, np.newaxis]
    flat = table.ravel()
    found = flat[start] * weight[0]
    for place in range(1, POINTS):
        found += flat[start + place] * weight[place]
    return np.asarray(found)
