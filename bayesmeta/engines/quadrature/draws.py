"""Independent draws of tau and the coefficients from one posterior."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta.measures.effects import FloatArray
from bayesmeta.mixtures.inversion import IntArray
from bayesmeta.sinc import SincDensity

if TYPE_CHECKING:
    from bayesmeta.engines.quadrature.integral import Integral


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
    the coefficients from their normal distribution given both; what is known at the nodes is
    interpolated at the drawn tau, whatever the number of studies.

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
        tau = density.quantile(generator.random(size))[0]
        nodes = Known(*(_between(density, array[0], tau) for array in _known(integral)))
    values = {} if integral.path is None else {integral.problem.structure.inner: tau}
    return Drawn(values, _coefficients(nodes, generator))


def _coefficients(nodes: Known, generator: np.random.Generator) -> FloatArray:
    component = _chosen(np.exp(nodes.log_share), generator)
    mean, covariance = (_picked(array, component) for array in (nodes.mean, nodes.covariance))
    noise = generator.standard_normal(mean.shape)[..., np.newaxis]
    return np.asarray(mean + (np.linalg.cholesky(covariance) @ noise)[..., 0])


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
