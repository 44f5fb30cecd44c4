"""How far the sum over the nodes may be off: halving the step, the ends, rounding."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.rule import Rule

_EPSILON = float(np.finfo(float).eps)
_ROUNDING = 8 * _EPSILON
_SLOWEST = 1e-3
"""Weights that fall more slowly from node to node are taken to fall this much."""
_NARROW = 1e-4
"""Bulks less wide than this, relative to where they stand, suffer from rounding there."""


def error_of(
    total: FloatArray, coarse: FloatArray, log_weight: FloatArray, *, rule: Rule, studies: int
) -> FloatArray:
    """Return the error of the log marginal likelihood, shape (batch,).

    Parameters
    ----------
    total
        The log marginal likelihood.
    coarse
        Mass at twice the step, relative to it.
    log_weight
        Shape (batch, node, component).
    """
    each = log_sum(log_weight)
    rounding = _ROUNDING * (np.abs(total) + studies)
    halving = np.abs(np.log(coarse))
    return np.asarray(halving + _truncated(each) + rounding + _jitter(each, rule))


def _truncated(log_weight: FloatArray) -> FloatArray:
    """Return about how much probability lies beyond the nodes, shape (batch,).

    As if the weights went on falling as the last two of each end do.
    """
    row = np.arange(log_weight.shape[0])
    last = np.maximum(np.isfinite(log_weight).sum(axis=1) - 1, 1)
    ends = ((0 * last, 0 * last + 1), (last, last - 1)) if log_weight.shape[1] > 1 else ()
    beyond = np.zeros(row.size)
    for outer, inner in ends:
        outside, inside = log_weight[row, outer], log_weight[row, inner]
        beyond += np.exp(outside) / np.maximum(-np.expm1(outside - inside), _SLOWEST)
    return beyond


def _jitter(log_weight: FloatArray, rule: Rule) -> FloatArray:
    """Return by how much of a step the nodes are off, as their points are rounded, on average."""
    path = rule.path
    if path is None or np.min(path.scale / np.maximum(np.abs(path.centre), 1.0)) > _NARROW:
        return np.zeros(log_weight.shape[0])
    t = rule.first[:, np.newaxis] + rule.step[:, np.newaxis] * np.arange(log_weight.shape[1])
    weight = np.exp(log_weight)
    moved = _EPSILON * np.abs(path.line(t)) * np.exp(-path.log_stretch(t))
    return np.asarray(np.where(weight > 0, weight * moved, 0.0).sum(axis=1))
