"""The hyperparameter that the weights of a kernel's normals are linear in, summed exactly.

With it the likelihood is a polynomial of as many degrees as there are rows: a Gauss rule of as
many nodes and one more is exact in it, and the values there are the polynomial.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import roots_jacobi

from bayesmeta.arrays import FloatArray
from bayesmeta.priors import Density
from bayesmeta.random_effects import Kernel
from bayesmeta.sinc import Path, SincDensity

_LEAST, _MOST = 6, 120
"""Nodes of the rule: beyond, it is right to rounding and no longer exact."""
_STEP, _REACH = 0.125, 4.0
_NOTHING = 1e-300


@dataclass(frozen=True, eq=False)
class Mixing:
    """A rule over one hyperparameter.

    Parameters
    ----------
    name
        Of the hyperparameter; empty where the kernel has none, and the rule one node.
    prior
        Its density.
    node, weight
        Of the rule, which sums to one under the prior, shape (node,).
    component
        Weights of the kernel's normals at each node, shape (node, component).
    """

    name: str
    prior: Density
    node: FloatArray
    weight: FloatArray
    component: FloatArray

    @property
    def average(self) -> FloatArray:
        """The normals' weights under the prior, shape (component,)."""
        return self.weight @ self.component

    def density(self, probability: FloatArray, coarse: FloatArray) -> SincDensity:
        """Return the posterior whose probabilities at the nodes are these, a batch of one."""
        axis_path = _path(self.prior, float(self.node @ probability))
        t = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
        value = np.asarray(axis_path.value(t)[0])
        log_slope = np.asarray(axis_path.log_slope(t)[0]) + np.log(_STEP)
        columns = [self._mass(each, value) * np.exp(log_slope) for each in (probability, coarse)]
        logs = [np.log(np.maximum(each / each.sum(), _NOTHING)) for each in columns]
        first, step = np.array([t[0]]), np.array([_STEP])
        return SincDensity(axis_path, first, step, logs[0][np.newaxis], rough=logs[1][np.newaxis])

    def _mass(self, probability: FloatArray, value: FloatArray) -> FloatArray:
        from scipy.interpolate import BarycentricInterpolator

        ratio = BarycentricInterpolator(self.node, probability / self.weight)(value)
        return np.asarray(np.maximum(ratio, 0.0) * np.exp(self.prior.log_density(value)))


def _path(prior: Density, middle: float) -> Path:
    from bayesmeta.sinc import Support

    lower, upper = prior.support()
    support = Support(float(lower), float(upper))
    centre = support.inverse(np.array([[middle]]))
    return Path(support, np.asarray(centre), np.ones((1, 1)))


def mixing_of(
    kernel: Kernel, prior: Density, *, nodes: int, others: Mapping[str, FloatArray]
) -> Mixing:
    """Return the rule over the hyperparameter that a kernel's weights are linear in.

    Parameters
    ----------
    prior
        Of that hyperparameter.
    nodes
        How many the rule has: exact up to degree 2 nodes - 1.
    others
        Any values of the others: weights do not depend on them.
    """
    node, weight = _gauss(prior, int(np.clip(nodes, _LEAST, _MOST)))
    values = {name: np.full(node.size, value) for name, value in others.items()}
    component = np.exp(kernel.scales({**values, kernel.MIXING: node}).log_weight)
    return Mixing(kernel.MIXING, prior, node, weight, component)


def _gauss(prior: Density, count: int) -> tuple[FloatArray, FloatArray]:
    """Return the Gauss rule of a beta prior; of another, that of a level one times its density."""
    if prior.family.name == "Beta":
        alpha, beta = (float(np.asarray(prior.parameters[name])) for name in ("alpha", "beta"))
        node, weight = roots_jacobi(count, beta - 1, alpha - 1)
        return (node + 1) / 2, weight / weight.sum()
    lower, upper = prior.support()
    node, weight = np.polynomial.legendre.leggauss(max(count, _MOST))
    node = lower + (upper - lower) * (node + 1) / 2
    weight = weight * np.exp(prior.log_density(node))
    return node, weight / weight.sum()
