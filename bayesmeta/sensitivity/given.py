"""One combination of the coefficients given tau, at nodes that many analyses share."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature import Problem
from bayesmeta.engines.quadrature.conditional import condition


class Given(NamedTuple):
    """What is known at each tau, in closed form, each of shape (case, node).

    Parameters
    ----------
    log_evidence
        log p(y | tau), with all constants.
    location, variance
        Of the combination.
    """

    log_evidence: FloatArray
    location: FloatArray
    variance: FloatArray


def given(problem: Problem, tau: FloatArray, row: FloatArray) -> Given:
    """Return what is known of row @ b in each problem of a batch at the same values of tau.

    Parameters
    ----------
    problem
        With one component a coefficient prior.
    tau
        Shape (node,).
    """
    known = condition(problem, np.broadcast_to(tau, (problem.size, tau.size)))
    mean, covariance = known.mean[..., 0, :], known.covariance[..., 0, :, :]
    variance = np.einsum("p,cnpq,q->cn", row, covariance, row, optimize=True)
    return Given(known.log_evidence[..., 0], mean @ row, variance)


def scales_of(problem: Problem) -> tuple[float, float]:
    """Return the smallest and the largest scale of the studies, between which tau may matter."""
    error = np.sqrt(problem.variance)
    residual = problem.estimate[0] - problem.design[0] @ _least_squares(problem)
    return float(error.min()), max(float(np.ptp(residual)), float(error.max()))


def _least_squares(problem: Problem) -> FloatArray:
    return np.asarray(np.linalg.lstsq(problem.design[0], problem.estimate[0])[0])
