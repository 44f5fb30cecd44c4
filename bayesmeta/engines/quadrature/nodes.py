"""The integrand at points of the line, with all that is known there."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.quadrature.conditional import condition
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc.support import Support

LOG_LARGEST = 330.0
LARGEST = float(np.exp(LOG_LARGEST))
"""The largest tau that is computed with: its square is a number, and so are sums of squares."""


class Nodes(NamedTuple):
    """Points with the integrand and the coefficients' conditional posterior.

    Parameters
    ----------
    log_value
        Log integrand, shape (batch, node).
    log_component
        log p(y | tau, component) plus the component's log weight, shape (batch, node, component).
    log_tau
        Shape (batch, node).
    tau
        The same on its own scale, no larger than `LARGEST`.
    mean
        Shape (batch, node, component, coefficient).
    covariance
        Shape (batch, node, component, coefficient, coefficient).
    """

    log_value: FloatArray
    log_component: FloatArray
    log_tau: FloatArray
    tau: FloatArray
    mean: FloatArray
    covariance: FloatArray

    def each(self, change: Callable[[FloatArray], FloatArray]) -> "Nodes":
        """Return the nodes with every array changed the same way."""
        return Nodes(*(change(array) for array in self))

    def rows(self, rows: IntArray | BoolArray) -> "Nodes":
        """Return the nodes of some problems."""
        return self.each(lambda array: array[rows])

    def followed_by(self, others: "Nodes") -> "Nodes":
        """Return these nodes, then the others."""
        pairs = zip(self, others, strict=True)
        return Nodes(*(np.concatenate(pair, axis=1) for pair in pairs))

    def between(self, others: "Nodes") -> "Nodes":
        """Return these nodes with the others in the gaps."""
        return Nodes(*(_interleaved(own, new) for own, new in zip(self, others, strict=True)))


def evaluate(problem: Problem, support: Support, line: FloatArray) -> Nodes:
    """Return the nodes at points of the line, shape (batch, node).

    Their sum times the spacing of the points is p(y).

    Raises
    ------
    PosteriorError
        If the integrand is not a number, or infinite.
    """
    log_tau = support.log_value(line)
    far = log_tau.max() > LOG_LARGEST
    tau = np.minimum(support.value(line), LARGEST) if far else support.value(line)
    known = condition(problem, tau)
    log_component = known.log_evidence
    if far:
        # So far out the studies' variances are nothing beside tau**2.
        beyond = np.maximum(log_tau - LOG_LARGEST, 0.0)[..., np.newaxis]
        log_component = log_component - problem.falls[:, np.newaxis] * beyond
    if problem.log_component_weight is not None:
        log_component = log_component + problem.log_component_weight[:, np.newaxis]
    log_prior = problem.log_prior_of_log_at(log_tau)
    log_prior = log_prior + support.log_slope_of_log(line)
    log_value = log_sum(log_component) + log_prior
    _require_possible(log_value, log_prior, log_tau)
    return Nodes(log_value, log_component, log_tau, tau, known.mean, known.covariance)


def _require_possible(log_value: FloatArray, log_prior: FloatArray, log_tau: FloatArray) -> None:
    """Raise unless every log density is a number below infinity; the maximum passes on a NaN."""
    if log_value.max() < np.inf:
        return
    wrong = ~(log_value < np.inf)
    at = float(np.broadcast_to(log_tau, log_value.shape)[wrong][0])
    prior, value = (float(array[wrong][0]) for array in (log_prior, log_value))
    of_prior = not prior < np.inf
    what = "prior density of log tau" if of_prior else "likelihood times the prior of log tau"
    raise PosteriorError(
        f"The log of the {what} came out as {prior if of_prior else value} at tau = exp({at:.6g}): "
        f"the numbers of the prior or of the studies are too large or too small to compute with."
    )


def log_sum(array: FloatArray) -> FloatArray:
    """Return the log of the sum of exponentials along the last axis; -inf of nothing but zeros.

    Examples
    --------
    >>> float(log_sum(np.array([-1000.0, -1000.0])).round(4))
    -999.3069
    """
    if array.shape[-1] == 1:
        return array[..., 0]
    top = array.max(axis=-1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(array - top).sum(axis=-1)) + top[..., 0]


def _interleaved(own: FloatArray, new: FloatArray) -> FloatArray:
    shape = (own.shape[0], own.shape[1] + new.shape[1], *own.shape[2:])
    both = np.empty(shape)
    both[:, ::2] = own
    both[:, 1::2] = new
    return both
