"""The step-halving rule: nodes spread by a hyperbolic sine, their step halved until stable."""

from typing import NamedTuple

import numpy as np

from bayesmeta.engines.quadrature.nodes import Nodes, evaluate
from bayesmeta.engines.quadrature.problem import BoolArray, IntArray, Problem
from bayesmeta.engines.quadrature.search import find_bulk, first_window
from bayesmeta.measures.effects import FloatArray
from bayesmeta.sinc.interpolation import midpoints
from bayesmeta.sinc.support import Path, Support

_COARSE_STEP, _FIRST_STEP = 0.5, 0.125
"""Of the grid that shows where the integrand lies, and of the rule before it is halved."""
_REACH = 22
"""Coarse nodes each side: sinh(11) is 30 000 scales."""
_FAR = 70
"""Coarse nodes to the left where an integrand falls slowly: exp(-35) is 6e-16."""
_HALVINGS = 8
_MOST = 3000
"""Nodes of one problem: with more, the step is not halved again."""
_NEGLIGIBLE = 42.0
"""Integrands below exp(-42) = 6e-19 of their maximum are left out."""
_FALLEN = 20.0
"""A moment exists in the rule's eyes if its integrand falls by exp(-20) to the last node."""
_LEFTMOST, _RIGHTMOST = -1e14, 350.0
"""Where the line is usable: log tau loses its digits on the left, tau**2 overflows on the right."""
_SURE, _COVERED = 2, 4
"""Powers of tau whose integrals the step is halved for, and that the nodes reach out for."""


class Rule(NamedTuple):
    """Evaluated nodes, equally spaced in t.

    Parameters
    ----------
    path
        How t walks tau's support; None for a common effect.
    first, step
        t of the first node and the spacing, shape (batch,).
    nodes
        The nodes; where a problem has fewer than others, the last ones have log value -inf.
    """

    path: Path | None
    first: FloatArray
    step: FloatArray
    nodes: Nodes


class _Level(NamedTuple):
    """Some problems of the batch at one step: node j stands at t = (start + j) * step.

    Parameters
    ----------
    power
        The highest power of tau whose integral exists, as far as the rule reaches out for it.
    """

    rows: IntArray
    power: IntArray
    start: int
    step: float
    nodes: Nodes

    def take(self, chosen: BoolArray) -> "_Level":
        rows, power, nodes = self.rows[chosen], self.power[chosen], self.nodes.rows(chosen)
        return self._replace(rows=rows, power=power, nodes=nodes)


def halve(problem: Problem, *, tolerance: float) -> Rule:
    """Return the rule at which each problem's integrand is known to the tolerance.

    The step is halved until the new nodes are no surprise: until the sinc expansion on the old
    ones predicts the integrand there, relative to its maximum. The sum over the nodes is then
    off by about the square of the tolerance, the distribution function on the new nodes too.

    References
    ----------
    Stenger F (1993). Numerical methods based on sinc and analytic functions. Springer.
    """
    path = _path(problem)
    level = _first(problem, path)
    finished: list[_Level] = []
    for halving in range(1, _HALVINGS + 1):
        level, surprise = _halved(level, problem, path)
        last = halving == _HALVINGS or level.nodes.tau.shape[1] > _MOST
        done = (surprise <= tolerance) | last
        finished.append(level.take(done))
        level = level.take(~done)
        if not level.rows.size:
            break
    return _packed(path, [level for level in finished if level.rows.size])


def _path(problem: Problem) -> Path:
    lower, upper = (np.asarray(end, dtype=float) for end in problem.support)
    support = Support(lower[..., np.newaxis], upper[..., np.newaxis])

    def log_integrand(line: FloatArray, rows: IntArray) -> FloatArray:
        return evaluate(problem.take(rows), support.take(rows), line).log_value

    bulk = find_bulk(first_window(problem, support), log_integrand)
    return Path(support, bulk.centre[:, np.newaxis], bulk.scale[:, np.newaxis])


def _first(problem: Problem, path: Path) -> _Level:
    """Return the level at the first step, over the range that a coarser grid shows to matter.

    Towards tau = 0 a density on log tau with a power tail falls no faster than that power: there
    the grid reaches further.
    """
    start = -_REACH
    grid = _evaluated(problem, path, np.arange(start, _REACH + 1.0) * _COARSE_STEP)
    power = _existing(grid)
    if np.any(_matters(grid, power)[:, 0]):
        start = -_FAR
        far = _evaluated(problem, path, np.arange(start, -_REACH, dtype=float) * _COARSE_STEP)
        grid = far.followed_by(grid)
    first, last = _ends(_matters(grid, power))
    # One coarse node more each side: what matters may begin between two.
    left, right = (start + int(first.min()) - 1), (start + int(last.max()) + 1)
    each = round(_COARSE_STEP / _FIRST_STEP)
    t = np.arange(left * each, right * each + 1.0) * _FIRST_STEP
    rows = np.arange(problem.size)
    return _Level(rows, power, left * each, _FIRST_STEP, _evaluated(problem, path, t))


def _evaluated(problem: Problem, path: Path, t: FloatArray) -> Nodes:
    line = path.line(t)
    usable = (line > _LEFTMOST) & (line < _RIGHTMOST)
    nodes = evaluate(problem, path.support, np.clip(line, _LEFTMOST, _RIGHTMOST))
    log_value = np.where(usable, nodes.log_value + path.log_stretch(t), -np.inf)
    return nodes._replace(log_value=log_value)


def _halved(level: _Level, problem: Problem, path: Path) -> tuple[_Level, FloatArray]:
    """Return the level at half its step, and how far the new nodes were from their prediction."""
    t = (level.start + np.arange(level.nodes.tau.shape[1] - 1) + 0.5) * level.step
    new = _evaluated(problem.take(level.rows), path.take(level.rows), t)
    surprise = np.zeros(level.rows.size)
    for power in (np.zeros_like(level.power), np.minimum(level.power, _SURE)):
        old, fresh = _integrand(level.nodes, power), _integrand(new, power)
        top = np.maximum(old.max(axis=1), fresh.max(axis=1))[:, np.newaxis]
        gap = np.abs(np.exp(fresh - top) - midpoints(np.exp(old - top))).max(axis=1)
        surprise = np.maximum(surprise, gap)
    both = level.nodes.between(new)
    return level._replace(start=2 * level.start, step=level.step / 2, nodes=both), surprise


def _existing(nodes: Nodes) -> IntArray:
    """Return the highest power of tau whose integrand has fallen at the last usable node."""
    row = np.arange(nodes.tau.shape[0])
    last = nodes.tau.shape[1] - 1 - np.isfinite(nodes.log_value)[:, ::-1].argmax(axis=1)
    power = np.zeros(row.size, dtype=np.intp)
    for trial in range(1, _COVERED + 1):
        value = _integrand(nodes, np.full(row.size, trial))
        power = np.where(value[row, last] < value.max(axis=1) - _FALLEN, trial, power)
    return power


def _matters(nodes: Nodes, power: IntArray) -> BoolArray:
    """Return which nodes the integral or a moment that exists needs, shape (batch, node)."""
    needed = np.zeros(nodes.log_value.shape, dtype=bool)
    for each in (np.zeros_like(power), power):
        value = _integrand(nodes, each)
        needed |= value >= value.max(axis=1, keepdims=True) - _NEGLIGIBLE
    return needed


def _integrand(nodes: Nodes, power: IntArray) -> FloatArray:
    """Return the log integrand times a power of tau, shape (batch, node)."""
    if not np.any(power):
        return nodes.log_value
    log_tau = np.log(np.maximum(nodes.tau, np.finfo(float).tiny))
    return np.asarray(nodes.log_value + power[:, np.newaxis] * log_tau)


def _ends(needed: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the first and the last node needed, shape (batch,)."""
    return needed.argmax(axis=1), needed.shape[1] - 1 - needed[:, ::-1].argmax(axis=1)


def _packed(path: Path, levels: list[_Level]) -> Rule:
    """Return the levels as one rule over the whole batch, each problem's first node foremost."""
    ends = [_even_ends(level) for level in levels]
    width = max(int((last - first).max()) + 1 for first, last in ends)
    nodes = [_aligned(level, *end, width=width) for level, end in zip(levels, ends, strict=True)]
    order = np.argsort(np.concatenate([level.rows for level in levels]))
    joined = Nodes(*(np.concatenate(arrays)[order] for arrays in zip(*nodes, strict=True)))
    first = [
        (level.start + first) * level.step for level, (first, _) in zip(levels, ends, strict=True)
    ]
    step = [np.full(level.rows.size, level.step) for level in levels]
    return Rule(path, np.concatenate(first)[order], np.concatenate(step)[order], joined)


def _even_ends(level: _Level) -> tuple[IntArray, IntArray]:
    first, last = _ends(_matters(level.nodes, level.power))
    # Every other node, from the first on, is a node of the rule with twice the step.
    return first - first % 2, last + last % 2


def _aligned(level: _Level, first: IntArray, last: IntArray, *, width: int) -> Nodes:
    wanted = first[:, np.newaxis] + np.arange(width)
    index = np.minimum(wanted, last[:, np.newaxis])
    rows = np.arange(level.rows.size)[:, np.newaxis]
    nodes = level.nodes.each(lambda array: array[rows, index])
    beyond = wanted > last[:, np.newaxis]
    return nodes._replace(log_value=np.where(beyond, -np.inf, nodes.log_value))
