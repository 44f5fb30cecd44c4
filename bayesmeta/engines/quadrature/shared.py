"""One rule for a whole batch: values of tau close enough together for each of its problems."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.quadrature.grid import evaluated
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.engines.quadrature.nodes import Nodes, evaluate
from bayesmeta.engines.quadrature.posteriors import integrate, on_nodes
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.rule import Rule, surprise
from bayesmeta.engines.quadrature.search import first_window
from bayesmeta.sinc import Path, Support

NEGLIGIBLE = 42.0
"""Nodes below exp(-42) = 6e-19 of every problem's maximum are left out."""
_ENDED = 33.0
"""The ends of a rule are below exp(-33) = 5e-15 of the maximum of a problem that it serves."""
_SCAN = 601
_OUTWARD, _INWARD = 9.0, 45.0
"""How far the scan reaches beyond where tau is looked for first, on the line."""
_FIRST_STEP = 0.5
_HALVINGS = 6
_POWERS = (0, 2)
"""Powers of tau whose integrals are wanted: moments up to variances."""


class Walk(NamedTuple):
    """Nodes t on a path with one bulk, the same for every problem.

    Parameters
    ----------
    centre, scale
        Of the bulk on the line.
    t
        Equally spaced, an odd number, shape (node,).
    """

    centre: float
    scale: float
    t: FloatArray

    def nodes(self, problem: Problem) -> Rule:
        """Return the integrands of all problems at the nodes."""
        found = evaluated(problem, self._path(problem, 1), self.t)
        size = problem.size
        return self.rule(
            problem, found.each(lambda array: np.broadcast_to(array, (size, *array.shape[1:])))
        )

    def rule(self, problem: Problem, nodes: Nodes) -> Rule:
        """Return known nodes as a rule."""
        size = len(nodes.log_value)
        first, step = (np.full(size, value) for value in (self.t[0], self.t[1] - self.t[0]))
        return Rule(self._path(problem, size), first, step, nodes, np.zeros(size, dtype=np.intp))

    def _path(self, problem: Problem, size: int) -> Path:
        ends = (np.full((size, 1), value) for value in (self.centre, self.scale))
        return Path(_support(problem), *ends)


def shared(problem: Problem, *, tolerance: float) -> Walk:
    """Return nodes that problems share, at which each integrand is known to the tolerance.

    Steps are equal in t, on a path that has the width of the narrowest bulk; they are halved until
    the sinc expansion on the old nodes predicts the new ones. `serves` tells for which other
    problems the nodes will do.

    Parameters
    ----------
    problem
        Some problems that stand for all.

    References
    ----------
    Takahasi H, Mori M (1974). Double exponential formulas for numerical integration. Publ RIMS
    Kyoto Univ 9:721-741.
    """
    walk = _laid(problem)
    value = walk.nodes(problem).nodes.log_value
    for _ in range(_HALVINGS):
        t = np.linspace(walk.t[0], walk.t[-1], 2 * walk.t.size - 1)
        new = walk._replace(t=t[1::2]).nodes(problem).nodes.log_value
        far = surprise(value, new).max()
        both = np.empty((len(value), t.size))
        both[:, ::2], both[:, 1::2] = value, new
        walk, value = walk._replace(t=t), both
        if far <= tolerance:
            break
    log_tau = walk.nodes(problem).nodes.log_tau
    places = np.flatnonzero(_matters(value, log_tau).any(axis=0))
    # From an even node to an even one, so that every other is the rule at twice the step.
    first, last = places[0] - places[0] % 2, places[-1] + places[-1] % 2
    return walk._replace(t=walk.t[first : last + 1])


def _matters(log_value: FloatArray, log_tau: FloatArray) -> BoolArray:
    found = np.zeros(log_value.shape, dtype=bool)
    for power in _POWERS:
        value = log_value + power * log_tau
        found |= value > value.max(axis=1, keepdims=True) - NEGLIGIBLE
    return found


def _laid(problem: Problem) -> Walk:
    """Return a walk centred on the bulks, as fine as the narrowest, at its first step."""
    support = _support(problem)
    window = first_window(problem, support)
    ends = window.left.min() - _INWARD, window.right.max() + _OUTWARD
    scan = np.broadcast_to(np.linspace(*ends, _SCAN), (problem.size, _SCAN))
    height = evaluate(problem, support, scan).log_value
    weight = np.exp(height - height.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    centre = (weight * scan).sum(axis=1)
    spread = np.sqrt((weight * (scan - centre[:, np.newaxis]) ** 2).sum(axis=1))
    step = scan[0, 1] - scan[0, 0]
    spread = np.maximum(spread, step / 2)
    # Next to narrow bulks, where steps are to be short.
    middle, scale = float(np.average(centre, weights=spread**-2)), float(spread.min())
    places = np.flatnonzero(_matters(height, support.log_value(scan)).any(axis=0))
    outer = scan[0, places[[0, -1]]] + np.array([-step, step])
    first, last = np.arcsinh((outer - middle) / scale)
    t = np.linspace(first, last, int(np.ceil((last - first) / _FIRST_STEP)) + 1)
    return Walk(middle, scale, t)


def _support(problem: Problem) -> Support:
    lower, upper = (np.asarray(end, dtype=float)[..., np.newaxis] for end in problem.support)
    return Support(lower, upper)


def serves(
    log_value: FloatArray,
    log_tau: FloatArray,
    *,
    tolerance: float,
    powers: tuple[int, ...] = _POWERS,
) -> BoolArray:
    """Return for which problems nodes are close and wide enough, moments of tau included.

    Parameters
    ----------
    log_value
        Log integrand in t at equally spaced nodes, an odd number, shape (batch, node).
    powers
        Of tau, whose integrals are wanted.
    """
    served = np.ones(len(log_value), dtype=bool)
    for power in powers:
        value = log_value + power * log_tau if power else log_value
        value = value - value.max(axis=1, keepdims=True)
        served &= (value[:, [0, -1]] < -_ENDED).all(axis=1)
        served &= surprise(value[:, ::2], value[:, 1::2]).max(axis=1) <= tolerance
    return served


def where_served(
    problem: Problem, rule: Rule, *, tolerance: float, powers: tuple[int, ...] = (0, 2)
) -> Iterator[tuple[IntArray, Integral]]:
    """Yield posteriors, with their rows: those that the rule's nodes serve, and then the others.

    Parameters
    ----------
    rule
        Nodes that the problems share.
    tolerance, powers
        As in `serves`.
    """
    served = serves(rule.nodes.log_value, rule.nodes.log_tau, tolerance=tolerance, powers=powers)
    rows, others = np.flatnonzero(served), np.flatnonzero(~served)
    if not others.size:
        yield rows, on_nodes(problem, rule)
        return
    if rows.size:
        yield rows, on_nodes(problem.take(rows), rule.take(rows))
    yield others, integrate(problem.take(others))
