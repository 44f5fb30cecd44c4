"""Find where each problem's integrand lives on the line: its centre and its scale."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.errors import PosteriorError
from bayesmeta.mixtures.inversion import spaced
from bayesmeta.sinc.support import Support

type LogIntegrand = Callable[[FloatArray, IntArray], FloatArray]
"""Log integrand at points (row, point) of the line, for those rows of the batch."""

_POINTS = 33
_NEGLIGIBLE = 8.0
"""A window holds the bulk once the integrand has fallen this far, in logs, at its ends."""
_FINE = 1.25
"""A window shows the bulk once the standard deviation is this many grid steps."""
_SMALLER = 0.7
"""A window narrows only if it becomes this much smaller."""
_ROUNDS = 80
_FINEST = 1e-11
"""Least width of a bulk, relative to where it stands."""
_FARTHEST = 1e14
_RIGHTMOST, _RIGHTMOST_OF_TAU = 1e6, 350.0
"""Where log tau ends; and where a density of tau, not of log tau, may overflow."""


class Window(NamedTuple):
    """A piece of the line for each problem, shape (batch,)."""

    left: FloatArray
    right: FloatArray


class Bulk(NamedTuple):
    """Centre and scale of each problem's integrand on the line, shape (batch,)."""

    centre: FloatArray
    scale: FloatArray

    def take(self, rows: IntArray) -> "Bulk":
        """Return those of some problems."""
        return Bulk(self.centre[rows], self.scale[rows])


def find_bulk(start: Window, log_integrand: LogIntegrand, *, limits: Window | None = None) -> Bulk:
    """Return mean and standard deviation of the integrand along the line, roughly.

    The window moves outward until the integrand has fallen at both ends, and inward until the
    grid resolves it.

    Parameters
    ----------
    start
        Where to look first.
    log_integrand
        Log integrand of some of the problems.
    limits
        Beyond which the window does not move.

    Raises
    ------
    PosteriorError
        If a bulk is too narrow for numbers to tell its points apart.
    """
    left, right = start.left.copy(), start.right.copy()
    if limits is None:
        limits = Window(np.full_like(left, -_FARTHEST), np.full_like(right, _FARTHEST))
    centre, scale = np.empty_like(left), np.empty_like(left)
    top = np.full_like(left, -np.inf)
    active = np.arange(left.size)
    for _ in range(_ROUNDS):
        grid = spaced(left[active], right[active], _POINTS)
        value = log_integrand(grid, active)
        centre[active], scale[active] = _moments(grid, value)
        # The highest so far: a wide grid may lose a narrow peak, and would widen for ever.
        top[active] = np.maximum(top[active], value.max(axis=-1))
        now = Window(left[active], right[active])
        within = Window(limits.left[active], limits.right[active])
        bulk = value >= top[active][:, np.newaxis] - _NEGLIGIBLE
        moved = _next_window(now, within, grid, bulk=bulk, spread=scale[active])
        left[active], right[active] = moved
        changed = (moved.left != now.left) | (moved.right != now.right)
        active = active[changed]
        if not active.size:
            break
    _require_resolved(centre, scale)
    return Bulk(centre, scale)


def _require_resolved(centre: FloatArray, scale: FloatArray) -> None:
    """Raise where a bulk is no wider than the rounding of numbers."""
    wrong = ~(scale > _FINEST * np.maximum(np.abs(centre), 1.0))
    if wrong.any():
        at, width = float(centre[wrong][0]), float(scale[wrong][0])
        raise PosteriorError(
            f"The posterior of log tau is {width:.2g} wide at {at:.6g}, too narrow to compute "
            f"with: a prior's shape is too large, or its scale on the log scale too small."
        )


def tau_limits(problem: Problem) -> Window:
    """Return what the window of log tau keeps to: beyond, tau or its square is no number."""
    right = _RIGHTMOST if problem.knows_log_tau else _RIGHTMOST_OF_TAU
    return Window(np.full(problem.size, -_FARTHEST), np.full(problem.size, right))


def first_window(problem: Problem, support: Support) -> Window:
    """Return where to look for tau: from well below the standard errors to well above all spread.

    Found from the data alone, so that nothing depends on the unit.
    """
    used = np.ones(1, dtype=bool) if problem.mask is None else problem.mask > 0
    sd = np.sqrt(problem.variance)
    smallest = np.where(used, sd, np.inf).min(axis=-1)
    span = _span(problem, used)
    largest = np.maximum(np.where(used, sd, 0.0).max(axis=-1), span)
    size = (problem.size,)
    ends = (np.broadcast_to(smallest / 20, size), np.broadcast_to(largest * 20, size))
    if support.bounded:
        places = (support.inverse(end[:, np.newaxis])[:, 0] for end in ends)
        left, right = (np.clip(place, -30, 30) for place in places)
    else:
        left, right = (np.log(end) for end in ends)
    return Window(np.minimum(left, right - 4), right)


def _span(problem: Problem, used: BoolArray) -> FloatArray:
    lowest = np.where(used, problem.estimate, np.inf).min(axis=-1)
    return np.asarray(np.where(used, problem.estimate, -np.inf).max(axis=-1) - lowest)


def _moments(grid: FloatArray, value: FloatArray) -> tuple[FloatArray, FloatArray]:
    top = value.max(axis=-1, keepdims=True)
    weight = np.exp(value - np.where(np.isfinite(top), top, 0.0))
    weight /= np.maximum(weight.sum(axis=-1, keepdims=True), np.finfo(float).tiny)
    centre = (weight * grid).sum(axis=-1)
    spread = np.sqrt((weight * (grid - centre[:, np.newaxis]) ** 2).sum(axis=-1))
    return centre, spread


def _next_window(
    now: Window, limits: Window, grid: FloatArray, *, bulk: BoolArray, spread: FloatArray
) -> Window:
    """Return the same window where it will do; else one moved outward or inward."""
    step = grid[:, 1] - grid[:, 0]
    low = bulk[:, 0] & (now.left > limits.left)
    high = bulk[:, -1] & (now.right < limits.right)
    # Inward, every grid point of the bulk stays inside: the search cannot go to and fro.
    inward = Window(
        np.maximum(grid[:, 0], _at(grid, bulk.argmax(axis=-1)) - step),
        np.minimum(grid[:, -1], _at(grid, _POINTS - 1 - bulk[:, ::-1].argmax(axis=-1)) + step),
    )
    width = now.right - now.left
    narrow = (spread < _FINE * step) & (inward.right - inward.left < _SMALLER * width)
    left = np.where(low, np.maximum(now.left - width / 2, limits.left), now.left)
    right = np.where(high, np.minimum(now.right + width / 2, limits.right), now.right)
    narrow &= ~low & ~high
    return Window(np.where(narrow, inward.left, left), np.where(narrow, inward.right, right))


def _at(grid: FloatArray, column: IntArray) -> FloatArray:
    return np.take_along_axis(grid, column[:, np.newaxis], axis=-1)[:, 0]
