"""The mass under the nodes by another rule, where a posterior may have parts that they miss."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature.bulks import has_parts, landmarks
from bayesmeta.engines.quadrature.grid import evaluated
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.rule import Rule

_POINT, _WEIGHT = np.polynomial.legendre.leggauss(8)
_WIDTH = 0.5
"""Widest panel, in t."""
_AGREED = 1e-6
"""Logs of the mass that differ by less agree: the other rule is no better."""


def missed(problem: Problem, rule: Rule, total: FloatArray) -> FloatArray:
    """Return by how much another rule finds the log mass to differ, shape (batch,); 0 if little.

    Gauss-Legendre panels in t whose ends are the landmarks: what lies between two of them, such
    as a narrow part of a mixture, has points of its own. Asked only of posteriors that may have
    several parts, since it costs as much as the rule.

    Parameters
    ----------
    total
        The log mass by the rule, shape (batch,).
    """
    path = rule.path
    if path is None or not (has_parts(problem) or path.bulks > 1):
        return np.zeros(problem.size)
    usable = np.isfinite(rule.nodes.log_value)
    last = rule.first + rule.step * (usable.sum(axis=1) - 1)
    marks = path.walked(landmarks(problem, path.support))
    # Beyond the nodes too, as far as the landmarks: there is what they miss altogether.
    low, high = min(rule.first.min(), marks.min()), max(last.max(), marks.max())
    even = np.arange(low, high + _WIDTH, _WIDTH)
    ends = np.concatenate([np.broadcast_to(even, (problem.size, even.size)), marks], axis=1)
    ends = np.sort(ends, axis=1)[..., np.newaxis]
    half = (ends[:, 1:] - ends[:, :-1]) / 2
    t = (ends[:, :-1] + half * (1 + _POINT)).reshape(problem.size, -1)
    value = evaluated(problem, path, t).log_value.reshape(half.shape[0], -1, _POINT.size)
    with np.errstate(divide="ignore"):
        mass = log_sum((value + np.log(half * _WEIGHT)).reshape(problem.size, -1))
    apart = np.abs(mass - total)
    return np.where(apart > _AGREED, apart, 0.0)
