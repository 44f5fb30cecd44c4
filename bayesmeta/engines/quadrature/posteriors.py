"""From a batch of problems to their posteriors: nodes settled, weights normalised."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature.accuracy import error_of
from bayesmeta.engines.quadrature.check import missed
from bayesmeta.engines.quadrature.conditional import condition
from bayesmeta.engines.quadrature.far import gathered
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.engines.quadrature.nodes import Nodes, log_sum
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.rule import FIRST_STEP, Rule, halve
from bayesmeta.engines.quadrature.search import Bulk


def integrate(
    problem: Problem,
    *,
    tolerance: float = 1e-6,
    first_step: float = FIRST_STEP,
    start: Bulk | None = None,
) -> Integral:
    """Return the posteriors of a batch of problems.

    Parameters
    ----------
    tolerance
        Largest difference, relative to its maximum, between the integrand at the last nodes that
        halving the step brought and what the nodes before predicted there. Integrals are known
        to about its square, and this is what tau's printed quantile errors are made of.
    first_step
        Of the rule before it is halved, a half to a power: coarse where few digits are asked for.
    start
        About where on the line each integrand lives, where that is known; by default it is
        searched for, as it is where the scale is NaN.

    Raises
    ------
    PosteriorError
        If a density comes out as no number, a bulk is too narrow for numbers, or too much of the
        posterior lies beyond them.

    Examples
    --------
    Eight schools (Rubin 1981) with flat priors: posterior mean of mu and the 0.975 quantile of
    tau.

    >>> y, s = np.array([28., 8, -3, 7, -1, 1, 18, 12]), np.array([15., 10, 16, 11, 9, 11, 10, 18])
    >>> posterior = integrate(Problem.of(y, s**2, log_prior=np.zeros_like))
    >>> posterior.combination(np.ones(1)).mean().round(6)
    array([7.932375])
    >>> posterior.heterogeneity().quantile(0.975).round(6)
    array([20.752456])
    """
    if problem.log_prior is None:
        return _common(problem)
    rule = halve(problem, tolerance=tolerance, first_step=first_step, start=start)
    return on_nodes(problem, gathered(problem, rule))


def on_nodes(problem: Problem, rule: Rule) -> Integral:
    """Return the posteriors of a batch of problems from the nodes of a rule."""
    log_component, log_value = rule.nodes.log_component, rule.nodes.log_value
    whole = log_sum(log_component)[..., np.newaxis]
    share = log_component - np.where(np.isneginf(whole), 0.0, whole)  # of nothing there is no share
    log_joint = share + (log_value + np.log(rule.step)[:, np.newaxis])[..., np.newaxis]
    return normalised(problem, log_joint, rule)


def _common(problem: Problem) -> Integral:
    """Return the posterior without heterogeneity: one node, tau = 0."""
    tau = np.zeros((problem.size, 1))
    known = condition(problem, tau)
    log_joint = known.log_evidence
    if problem.log_component_weight is not None:
        log_joint = log_joint + problem.log_component_weight[:, np.newaxis]
    nodes = Nodes(tau, log_joint, np.full_like(tau, -np.inf), tau, known.mean, known.covariance)
    nothing = np.zeros(problem.size, dtype=np.intp)
    return normalised(problem, log_joint, Rule(None, tau[:, 0], tau[:, 0], nodes, nothing))


def normalised(problem: Problem, log_joint: FloatArray, rule: Rule) -> Integral:
    """Return the posteriors, from log p(y, node, component) of shape (batch, node, component)."""
    total = log_sum(log_sum(log_joint))
    log_weight = log_joint - total[:, np.newaxis, np.newaxis]
    coarse = np.exp(log_weight)
    if rule.path is not None:
        coarse = coarse * np.where(np.arange(coarse.shape[1]) % 2, 0.0, 2.0)[:, np.newaxis]
    if problem.coarse_component is not None:
        coarse = coarse * problem.coarse_component[:, np.newaxis]
    mass = coarse.sum(axis=(1, 2))
    studies = problem.estimate.shape[1]
    return Integral(
        problem=problem,
        log_marginal_likelihood=total,
        error=error_of(total, mass, log_weight, rule=rule, studies=studies)
        + missed(problem, rule, total),
        log_weight=log_weight,
        coarse_weight=coarse / mass[:, np.newaxis, np.newaxis],
        tau=rule.nodes.tau,
        mean=rule.nodes.mean,
        covariance=rule.nodes.covariance,
        path=rule.path,
        first=rule.first,
        step=rule.step,
    )
