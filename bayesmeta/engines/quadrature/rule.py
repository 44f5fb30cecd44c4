"""The step-halving rule: nodes spread by a hyperbolic sine, their step halved until stable."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.quadrature.grid import (
    COARSE_STEP,
    Grid,
    ends,
    evaluated,
    extended,
    gridded,
    integrand,
    laid,
    matters,
)
from bayesmeta.engines.quadrature.nodes import Nodes
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.search import Bulk
from bayesmeta.sinc import Path
from bayesmeta.sinc.interpolation import midpoints

FIRST_STEP = 0.125
"""Of the rule before it is halved."""
_HALVINGS = 8
_PATIENCE = 2
"""Halvings after which a place that still surprises gets a bulk of its own."""
_BULKS = 8
_REMOTE = 1e14
_MOST = 3000
"""Nodes of one problem: with more, the step is not halved again."""
_SURE = 2
"""Powers of tau whose integrals the step is halved for."""


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
    power
        The highest power of tau whose integral exists, as far as the nodes reach out for it.
    """

    path: Path | None
    first: FloatArray
    step: FloatArray
    nodes: Nodes
    power: IntArray

    def take(self, rows: IntArray) -> "Rule":
        """Return the nodes of some problems."""
        path = None if self.path is None else self.path.take(rows)
        nodes, power = self.nodes.rows(rows), self.power[rows]
        return Rule(path, self.first[rows], self.step[rows], nodes, power)


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

    @property
    def halvings(self) -> int:
        return round(float(np.log2(FIRST_STEP / self.step)))


class _Surprise(NamedTuple):
    """How far new nodes were from their prediction, at most, and at which t, shape (row,)."""

    size: FloatArray
    t: FloatArray


def halve(
    problem: Problem,
    *,
    tolerance: float,
    first_step: float = FIRST_STEP,
    start: Bulk | None = None,
) -> Rule:
    """Return the rule at which each problem's integrand is known to the tolerance.

    The step is halved until the new nodes are no surprise: until the sinc expansion on the old
    ones predicts the integrand there, relative to its maximum. The sum over the nodes is then
    off by about the square of the tolerance, the distribution function on the new nodes too.
    A place that still surprises after two halvings, such as an edge beside a long tail, becomes a
    bulk of the path.

    References
    ----------
    Stenger F (1993). Numerical methods based on sinc and analytic functions. Springer.
    """
    path, grid = laid(problem, start)
    level = _first(problem, path, grid, rows=np.arange(problem.size), step=first_step)
    finished: list[_Level] = []
    while True:
        missed = _surprise_of(level)
        last = level.halvings == _HALVINGS or level.nodes.tau.shape[1] > _MOST
        done = (missed.size <= tolerance) | (last and path.bulks == _BULKS)
        if level.halvings >= _PATIENCE:
            # Where the line ends while the integrand goes on, no bulk would help.
            at = path.take(level.rows).line(missed.t[:, np.newaxis])
            done |= np.abs(at[:, 0]) > _REMOTE
        if done.all():
            return _packed(path, [*finished, level])
        finished += [level.take(done)] if done.any() else []
        level, t = level.take(~done), missed.t[~done]
        if level.halvings >= _PATIENCE and path.bulks < _BULKS:
            path = _widened(path, level, t)
            part, own = problem.take(level.rows), path.take(level.rows)
            level = _first(part, own, gridded(part, own), rows=level.rows, step=first_step)
        else:
            level = _halved(level, problem, path)


def _first(problem: Problem, path: Path, grid: Grid, *, rows: IntArray, step: float) -> _Level:
    """Return the level at half the first step, over the range that a coarser grid shows to matter.

    The first step's nodes and those between are evaluated together: both are always asked for.
    """
    grid, power = extended(problem, path, grid)
    first, last = ends(matters(grid.nodes, power))
    # One coarse node more each side: what matters may begin between two.
    left, right = (grid.start + int(first.min()) - 1), (grid.start + int(last.max()) + 1)
    step /= 2
    each = round(COARSE_STEP / step)
    t = np.arange(left * each, right * each + 1.0) * step
    return _Level(rows, power, left * each, step, evaluated(problem, path, t))


def _widened(path: Path, level: _Level, t: FloatArray) -> Path:
    """Return the path with one bulk more for the level's problems, each around its t.

    As narrow as the nodes stand there: an edge, say, beside a long tail.
    """
    own, at = path.take(level.rows), t[:, np.newaxis]
    column = np.zeros((len(path.centre), 1)), np.full((len(path.centre), 1), np.inf)
    column[0][level.rows] = own.line(at)
    column[1][level.rows] = level.step * np.exp(own.log_stretch(at))
    both = zip((path.centre, path.scale), column, strict=True)
    return Path(path.support, *(np.concatenate(pair, axis=1) for pair in both))


def _halved(level: _Level, problem: Problem, path: Path) -> _Level:
    """Return the level at half its step."""
    t = (level.start + np.arange(level.nodes.tau.shape[1] - 1) + 0.5) * level.step
    new = evaluated(problem.take(level.rows), path.take(level.rows), t)
    both = level.nodes.between(new)
    return level._replace(start=2 * level.start, step=level.step / 2, nodes=both)


def _surprise_of(level: _Level) -> _Surprise:
    """Return how far every other node is from what those beside it predict."""
    found = np.zeros((level.rows.size, level.nodes.tau.shape[1] // 2))
    for power in (np.zeros_like(level.power), np.minimum(level.power, _SURE)):
        value = integrand(level.nodes, power)
        found = np.maximum(found, surprise(value[:, ::2], value[:, 1::2]))
    t = (level.start + np.arange(1.0, level.nodes.tau.shape[1], 2)) * level.step
    return _Surprise(found.max(axis=1), t[found.argmax(axis=1)])


def surprise(old: FloatArray, new: FloatArray) -> FloatArray:
    """Return how far nodes are from what the sinc expansion on those around them predicts.

    Relative to the integrand's maximum, shape (batch, new node).

    Parameters
    ----------
    old, new
        Log integrand, shape (batch, node); the new ones half-way between the old.
    """
    top = np.maximum(old.max(axis=1), new.max(axis=1))[:, np.newaxis]
    return np.abs(np.exp(new - top) - midpoints(np.exp(old - top)))


def _packed(path: Path, levels: list[_Level]) -> Rule:
    """Return the levels as one rule over the whole batch, each problem's first node foremost."""
    found = [_even_ends(level) for level in levels]
    width = max(int((last - first).max()) + 1 for first, last in found)
    nodes = [_aligned(level, *end, width=width) for level, end in zip(levels, found, strict=True)]
    order = np.argsort(np.concatenate([level.rows for level in levels]))
    joined = nodes[0]
    if len(levels) > 1:
        joined = Nodes(*(np.concatenate(arrays)[order] for arrays in zip(*nodes, strict=True)))
    first = [
        (level.start + first) * level.step for level, (first, _) in zip(levels, found, strict=True)
    ]
    step = [np.full(level.rows.size, level.step) for level in levels]
    power = np.concatenate([level.power for level in levels])
    return Rule(
        path, np.concatenate(first)[order], np.concatenate(step)[order], joined, power[order]
    )


def _even_ends(level: _Level) -> tuple[IntArray, IntArray]:
    first, last = ends(matters(level.nodes, level.power))
    # Every other node, from the first on, is a node of the rule with twice the step.
    return first - first % 2, last + last % 2


def _aligned(level: _Level, first: IntArray, last: IntArray, *, width: int) -> Nodes:
    wanted = first[:, np.newaxis] + np.arange(width)
    index = np.minimum(wanted, last[:, np.newaxis])
    rows = np.arange(level.rows.size)[:, np.newaxis]
    nodes = level.nodes.each(lambda array: array[rows, index])
    beyond = wanted > last[:, np.newaxis]
    return nodes._replace(log_value=np.where(beyond, -np.inf, nodes.log_value))
