"""The coarse grid: where the integrand and the moments that exist have what matters."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.quadrature.bulks import landmarks, separated
from bayesmeta.engines.quadrature.nodes import Nodes, evaluate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.profile import Profile
from bayesmeta.engines.quadrature.search import Bulk, find_bulk, first_window, tau_limits
from bayesmeta.sinc import Path, Support
from bayesmeta.sinc.density import LOG_FARTHEST

COARSE_STEP = 0.5
"""Of the grid that shows where the integrand lies."""
_REACH = 22
"""Coarse nodes each side, for each bulk: sinh(11) is 30 000 scales."""
_FURTHER = 48
"""Coarse nodes more where an integrand falls slowly, twice as many each time."""
_NEGLIGIBLE = 42.0
"""Integrands below exp(-42) = 6e-19 of their maximum are left out."""
_FALLEN, _FALLING = 20.0, 1e-3
"""A moment exists in the rule's eyes if its integrand falls by exp(-20) to the last node.

Or if it still falls, from the last node but one, by the second in logs."""
_LINE, _LINE_OF_TAU = (-1e290, 1e290), (-1e14, 350.0)
"""Where the line ends; and where a density of tau, not of log tau, has its digits."""
_LAST = 1400
"""Coarse nodes each side at most, for each bulk: sinh(700) is just a number."""
_ROUNDS = 8
"""Bulks are looked for again so often, each time from a grid that knows those found before."""
_COVERED = 4
"""Powers of tau that the nodes reach out for."""


class Grid(NamedTuple):
    """Nodes of the coarse grid, from t = start * COARSE_STEP on."""

    start: int
    nodes: Nodes

    @property
    def t(self) -> FloatArray:
        """Return where the nodes stand."""
        return np.asarray((self.start + np.arange(self.nodes.tau.shape[1])) * COARSE_STEP)


def laid(problem: Problem, start: Bulk | None = None) -> tuple[Path, Grid]:
    """Return a path by every bulk that the data, the priors or the path itself show.

    Parameters
    ----------
    start
        A bulk of each problem, where one is known; NaN where not.
    """
    lower, upper = (np.asarray(end, dtype=float) for end in problem.support)
    support = Support(lower[..., np.newaxis], upper[..., np.newaxis])
    bulk = _bulk(problem, support) if start is None else _completed(problem, support, start)
    path = Path(support, bulk.centre[:, np.newaxis], bulk.scale[:, np.newaxis])
    marks = landmarks(problem, support)
    for _ in range(_ROUNDS):
        grid, profile = _surveyed(problem, path, marks)
        wider = separated(problem, path, profile)
        if wider is path:
            break
        path = wider
    return path, grid


def _bulk(problem: Problem, support: Support) -> Bulk:
    """Return the bulk that the data show."""

    def log_integrand(line: FloatArray, rows: IntArray) -> FloatArray:
        return evaluate(problem.take(rows), support.take(rows), line).log_value

    window = first_window(problem, support)
    return find_bulk(window, log_integrand, limits=tau_limits(problem))


def _completed(problem: Problem, support: Support, known: Bulk) -> Bulk:
    """Return bulks, those that are not known as the data show them."""
    rows = np.flatnonzero(np.isnan(known.scale))
    if not rows.size:
        return known
    centre, scale = known.centre.copy(), known.scale.copy()
    centre[rows], scale[rows] = _bulk(problem.take(rows), support.take(rows))
    return Bulk(centre, scale)


def gridded(problem: Problem, path: Path) -> Grid:
    """Return the coarse grid on a path."""
    reach = _REACH * path.bulks
    return Grid(-reach, evaluated(problem, path, np.arange(-reach, reach + 1.0) * COARSE_STEP))


def _surveyed(problem: Problem, path: Path, marks: FloatArray) -> tuple[Grid, Profile]:
    """Return the coarse grid on a path, and the integrand's profile on it with the landmarks."""
    reach = _REACH * path.bulks
    t = np.arange(-reach, reach + 1.0) * COARSE_STEP
    line = np.concatenate([path.line(t), marks], axis=1)
    every = _usable(problem, path.support, line)
    nodes = every.each(lambda array: array[:, : t.size])
    stretched = nodes._replace(log_value=nodes.log_value + path.log_stretch(t))
    return Grid(-reach, stretched), Profile.of(line, every.log_value)


def extended(problem: Problem, path: Path, grid: Grid) -> tuple[Grid, IntArray]:
    """Return the grid as far as the integrand matters or the line reaches, and the power.

    A density of log tau with a power tail falls no faster than that power, on either side: there
    the grid reaches further. The power is the highest of tau whose integral exists.
    """
    further, end = _FURTHER, _LAST * path.bulks
    while True:
        power = _existing(grid.nodes)
        needed = matters(grid.nodes, power)
        left = bool(needed[:, 0].any()) and grid.start - further > -end
        right = bool(needed[:, -1].any()) and grid.start + grid.t.size + further < end
        if not (left or right):
            return grid, power
        if left:
            before = np.arange(grid.start - further, grid.start, dtype=float) * COARSE_STEP
            nodes = evaluated(problem, path, before).followed_by(grid.nodes)
            grid = Grid(grid.start - further, nodes)
        if right:
            after = grid.t[-1] + np.arange(1.0, further + 1) * COARSE_STEP
            nodes = grid.nodes.followed_by(evaluated(problem, path, after))
            grid = grid._replace(nodes=nodes)
        further *= 2


def evaluated(problem: Problem, path: Path, t: FloatArray) -> Nodes:
    """Return nodes on a path."""
    nodes = _usable(problem, path.support, path.line(t))
    return nodes._replace(log_value=nodes.log_value + path.log_stretch(t))


def _usable(problem: Problem, support: Support, line: FloatArray) -> Nodes:
    """Return nodes at points of the line; without value where the line is not usable."""
    leftmost, rightmost = _LINE if problem.knows_log_tau else _LINE_OF_TAU
    if line.min() > leftmost and line.max() < rightmost:
        return evaluate(problem, support, line)
    nodes = evaluate(problem, support, np.clip(line, leftmost, rightmost))
    usable = (line > leftmost) & (line < rightmost)
    return nodes._replace(log_value=np.where(usable, nodes.log_value, -np.inf))


def _existing(nodes: Nodes) -> IntArray:
    """Return the highest power of tau whose integrand falls at the last usable nodes."""
    row, trial = np.arange(nodes.tau.shape[0])[:, np.newaxis], np.arange(1, _COVERED + 1)
    usable = (nodes.log_value > -np.inf) & (nodes.log_tau <= LOG_FARTHEST)
    last = nodes.tau.shape[1] - 1 - usable[:, ::-1].argmax(axis=1)[:, np.newaxis]
    value = np.where(usable, nodes.log_value, -np.inf)
    powers = trial[:, np.newaxis] * np.minimum(nodes.log_tau, LOG_FARTHEST)[:, np.newaxis]
    highest = (value[:, np.newaxis] + powers).max(axis=2)
    at, before = (value[row, j] + trial * nodes.log_tau[row, j] for j in (last, last - 1))
    exists = (at < highest - _FALLEN) | (at < before - _FALLING)
    return np.asarray(np.where(exists, trial, 0).max(axis=1))


def matters(nodes: Nodes, power: IntArray) -> BoolArray:
    """Return which nodes the integral or a moment that exists needs, shape (batch, node)."""
    needed = np.zeros(nodes.log_value.shape, dtype=bool)
    for each in (np.zeros_like(power), power):
        value = integrand(nodes, each)
        needed |= value >= value.max(axis=1, keepdims=True) - _NEGLIGIBLE
    return needed


def integrand(nodes: Nodes, power: IntArray) -> FloatArray:
    """Return the log integrand times a power of tau, shape (batch, node)."""
    if not np.any(power):
        return nodes.log_value
    value = nodes.log_value + power[:, np.newaxis] * nodes.log_tau
    if nodes.log_tau.max() <= LOG_FARTHEST:
        return np.asarray(value)
    return np.where((nodes.log_tau > LOG_FARTHEST) & (power > 0)[:, np.newaxis], -np.inf, value)


def ends(needed: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the first and the last node needed, shape (batch,)."""
    return needed.argmax(axis=1), needed.shape[1] - 1 - needed[:, ::-1].argmax(axis=1)
