"""Independent draws of tau and the coefficients from one posterior."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.quadrature.conditional import condition
from bayesmeta.engines.quadrature.nodes import LARGEST
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import SincDensity

if TYPE_CHECKING:
    from bayesmeta.engines.quadrature.integral import Integral

_MOST = 1_000_000
"""Draws times studies times components up to which each has its own closed form."""


class Drawn(NamedTuple):
    """Draws: hyperparameters by name, each (size,), and coefficients, (size, coefficient)."""

    values: dict[str, FloatArray]
    coefficients: FloatArray


class Known(NamedTuple):
    """What is known at each tau; the second axis from the end, or last, is the component."""

    log_share: FloatArray
    mean: FloatArray
    covariance: FloatArray


def draw(integral: "Integral", size: int, generator: np.random.Generator) -> Drawn:
    """Return independent draws from a batch of one whose nodes are those of one rule.

    tau comes from its continuous distribution, then a component of the coefficients' prior, then
    the coefficients from their normal distribution given both, in closed form at the drawn tau.
    With many studies, whose posterior is narrow, that is interpolated between the nodes instead.

    Examples
    --------
    >>> from bayesmeta.engines.quadrature import Problem, integrate
    >>> problem = Problem.of(np.zeros(3), np.ones(3), log_prior=lambda log_tau: -np.exp(log_tau))
    >>> draw(integrate(problem), 1000, np.random.default_rng(1)).coefficients.shape
    (1000, 1)
    """
    if integral.path is None:
        nodes = Known(*(np.broadcast_to(a[0, 0], (size, *a.shape[2:])) for a in _known(integral)))
    else:
        density = integral.heterogeneity()
        tau = np.minimum(density.drawn(generator.random(size)[np.newaxis])[0], LARGEST)
        problem = integral.problem
        if size * problem.estimate.shape[1] * problem.components <= _MOST:
            nodes = _conditional(problem, tau)
        else:
            nodes = Known(*(_between(density, array[0], tau) for array in _known(integral)))
    values = {} if integral.path is None else {integral.problem.structure.inner: tau}
    return Drawn(values, _coefficients(nodes, generator))


def _coefficients(nodes: Known, generator: np.random.Generator) -> FloatArray:
    component = _chosen(np.exp(nodes.log_share), generator)
    mean, covariance = (_picked(array, component) for array in (nodes.mean, nodes.covariance))
    noise = generator.standard_normal(mean.shape)[..., np.newaxis]
    return np.asarray(mean + (_root(covariance) @ noise)[..., 0])


def _conditional(problem: Problem, tau: FloatArray) -> Known:
    """Return the closed forms at each tau, shape (size,)."""
    known = condition(problem, tau[np.newaxis])
    log_joint = known.log_evidence[0]
    if problem.log_component_weight is not None:
        log_joint = log_joint + problem.log_component_weight[0]
    log_share = log_joint - log_joint.max(axis=-1, keepdims=True)
    return Known(log_share, known.mean[0], known.covariance[0])


def _root(covariance: FloatArray) -> FloatArray:
    """Return triangular roots L with L L' the covariance, of any size: by its correlations."""
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    correlation = covariance / sd[..., :, np.newaxis] / sd[..., np.newaxis, :]
    try:
        return np.asarray(sd[..., :, np.newaxis] * np.linalg.cholesky(correlation))
    except np.linalg.LinAlgError as error:
        raise PosteriorError(
            "The coefficients' covariance has no root at some drawn tau: the studies do not tell "
            "the coefficients apart; give them narrower priors, or leave a moderator out."
        ) from error


def _known(integral: "Integral") -> Known:
    top = integral.log_weight.max(axis=-1, keepdims=True)
    reached = np.isfinite(top)  # padded nodes have no weight to share
    log_share = np.where(reached, integral.log_weight - np.where(reached, top, 0.0), 0.0)
    return Known(log_share, integral.mean, integral.covariance)


def _between(density: SincDensity, array: FloatArray, tau: FloatArray) -> FloatArray:
    """Return an array of shape (node, ...) at each tau, shape (size, ...)."""
    columns = array.reshape(array.shape[0], -1)
    found = [density.interpolated(column[np.newaxis], tau)[0] for column in columns.T]
    return np.stack(found, axis=-1).reshape(tau.size, *array.shape[1:])


def _chosen(share: FloatArray, generator: np.random.Generator) -> IntArray:
    """Return a component for each draw, by its share."""
    upto = np.cumsum(share, axis=-1)
    level = generator.random((share.shape[0], 1)) * upto[:, -1:]
    return np.asarray((upto < level).sum(axis=-1))


def _picked(array: FloatArray, component: IntArray) -> FloatArray:
    return np.asarray(array[np.arange(component.size), component])
