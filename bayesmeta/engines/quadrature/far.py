"""What lies beyond the largest tau that is computed with."""

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.quadrature.conditional import condition
from bayesmeta.engines.quadrature.nodes import LARGEST, LOG_LARGEST, log_sum
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.rule import Rule
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc.density import LOG_FARTHEST

_TOO_MUCH = 1e-6
_SMALLEST, _WIDEST = -690.0, 350.0
"""Logs of the smallest weight and the largest tau that are still multiplied."""


def gathered(problem: Problem, rule: Rule) -> Rule:
    """Return the rule with second moments whole, where its nodes go beyond the largest tau.

    Nodes beyond keep their weights, which is all that quantiles need, and stand at the largest
    tau. Where tau has a second moment, what its integral has beyond goes to the last two nodes
    before, whose own weights are next to nothing there: from every other node to each, so that
    the rule at twice the step has its own.

    Raises
    ------
    PosteriorError
        If more than a millionth of the probability lies beyond.
    """
    nodes = rule.nodes
    far = (nodes.log_tau > LOG_LARGEST) & np.isfinite(nodes.log_value)
    if not far.any():
        return rule
    log_weight = nodes.log_value - log_sum(nodes.log_value)[:, np.newaxis]
    _require_little(np.exp(log_sum(np.where(far, log_weight, -np.inf))))
    rows = np.flatnonzero(far.any(axis=1) & (rule.power > 1) & (far.argmax(axis=1) > 1))
    last = far[rows].argmax(axis=1)[:, np.newaxis] - np.array([2, 1])
    own = log_weight[rows[:, np.newaxis], last]
    usable = (own > _SMALLEST).all(axis=1)
    rows, last, own = rows[usable], last[usable], own[usable]
    if not rows.size:
        return rule
    each = np.arange(far.shape[1]) % 2 == last[..., np.newaxis] % 2  # (row, 2, node)
    terms = _second_moments(log_weight[rows], nodes.log_tau[rows], far[rows])
    more = log_sum(np.where(each, terms[:, np.newaxis], -np.inf))
    near = nodes.log_tau[rows[:, np.newaxis], last]
    twice = np.logaddexp(2 * near, more - own)
    return _moved(problem, rule, rows, last=last, log_tau=np.minimum(twice / 2, _WIDEST))


def _require_little(beyond: FloatArray) -> None:
    worst = float(beyond.max())
    if worst > _TOO_MUCH:
        raise PosteriorError(
            f"The posterior leaves tau a probability of {worst:.2g} above {LARGEST:.0e}, where no "
            f"number serves: so few studies do not bound tau, and its prior's tail is too heavy. "
            f"Give tau a prior with a lighter tail, such as HalfNormal(sigma=...), or a flat mu a "
            f"prior such as Normal(mu=0, sigma=...)."
        )


def _second_moments(log_weight: FloatArray, log_tau: FloatArray, far: BoolArray) -> FloatArray:
    """Return the logs of weight * (tau**2 - LARGEST**2) at the far nodes, (row, node)."""
    above = np.where(far, log_tau - LOG_LARGEST, 1.0)
    terms = log_weight + 2 * log_tau + np.log(-np.expm1(-2 * above))
    return np.where(far & (log_tau <= LOG_FARTHEST), terms, -np.inf)


def _moved(
    problem: Problem, rule: Rule, rows: IntArray, *, last: IntArray, log_tau: FloatArray
) -> Rule:
    """Return the rule with some nodes at another tau; their weights stay."""
    tau = np.exp(log_tau)
    known = condition(problem.take(rows), tau)
    own, nodes = (rows[:, np.newaxis], last), rule.nodes
    changed = {"tau": tau, "mean": known.mean, "covariance": known.covariance}
    arrays = {name: getattr(nodes, name).copy() for name in changed}
    for name, values in changed.items():
        arrays[name][own] = values
    return rule._replace(nodes=nodes._replace(**arrays))
