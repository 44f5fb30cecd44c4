"""Densities of coefficients plus a study's deviation from its centre."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.engines.lines.band import density_at, pieces
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.points import Points
from bayesmeta.random_effects import Kernel, Scales

_ALIAS = 1e-10
"""A lattice shows a kernel where the rest of its spectrum is no more than this."""


@dataclass(frozen=True, eq=False)
class Deviations:
    """Points, and how far study effects lie from what they say.

    Parameters
    ----------
    points
        Of the posterior.
    kernel, values
        The distribution of deviations, and all hyperparameters, each of shape (node,).
    scales
        The kernel's normals at each node, shape (node, component).
    mixing
        The rule over the hyperparameter that the weights are linear in, where there is one.
    """

    points: Points
    kernel: Kernel
    values: Mapping[str, FloatArray]
    scales: Scales
    mixing: Mixing | None

    @cached_property
    def typical(self) -> float:
        """How far study effects lie from their centres, roughly: a middle of the scales."""
        weight, variance = self.scales
        middle = np.exp((np.exp(weight) * np.log(np.maximum(variance, 1e-300))).sum(axis=-1))
        return float(np.sqrt(self._node_weight @ middle))

    def new_study(self) -> FloatArray:
        """Return the weights of points for a new study, as `density` takes them."""
        points = self.points
        if self.mixing is None:
            return points.both[:, np.newaxis]
        own = points.mixing @ self.mixing.component
        return np.asarray(own[..., np.newaxis] * points.both[:, np.newaxis])

    def steps(self, row: FloatArray) -> FloatArray:
        """Return how far apart a lattice's points are along a row, shape (node,)."""
        return np.sqrt(row @ self.points.covariance @ row)

    def density(self, x: FloatArray, row: FloatArray, weight: FloatArray) -> FloatArray:
        """Return the density of row @ coefficients plus a study's deviation, (point, column).

        Parameters
        ----------
        weight
            Of points, shape (point, 1, column); or, with a mixing rule, of points and normals,
            (point, component, column).
        """
        step = self.steps(row)
        log_weight, variance = self.scales
        place = self.points.location @ row
        if self.mixing is not None:
            return self._by_scales(x, place, slice(None), weight, step)
        with np.errstate(under="ignore"):
            alias = np.exp(log_weight - 2 * (np.pi / step[:, np.newaxis]) ** 2 * variance)
        plain = (alias.sum(axis=-1) < _ALIAS)[self.points.node]
        found = self._by_kernel(x, place, plain, weight[:, 0])
        share = np.exp(log_weight)[self.points.node[~plain]][..., np.newaxis]
        return np.asarray(found + self._by_scales(x, place, ~plain, weight[~plain] * share, step))

    def _by_kernel(
        self, x: FloatArray, place: FloatArray, own: BoolArray, weight: FloatArray
    ) -> FloatArray:
        node = self.points.node[own]
        values = {name: value[node] for name, value in self.values.items()}
        found = np.zeros((x.size, weight.shape[1]))
        for part in pieces(x.size, node.size):
            kernel = np.exp(self.kernel.log_kernel(x[part, np.newaxis] - place[own], values))
            found[part] = kernel @ weight[own]
        return found

    def _by_scales(
        self,
        x: FloatArray,
        place: FloatArray,
        own: BoolArray | slice,
        weight: FloatArray,
        step: FloatArray,
    ) -> FloatArray:
        node = self.points.node[own]
        found = np.zeros((x.size, weight.shape[-1]))
        if not node.size:
            return found
        least = _ALIAS * 1e-3 * weight.max()
        for component, variance in enumerate(self.scales.variance.T):
            share = weight[:, component]
            if share.max() > least:
                found += density_at(x, place[own], step[node], variance[node], share)
        return found

    @cached_property
    def _node_weight(self) -> FloatArray:
        return np.bincount(
            self.points.node, self.points.weight, minlength=len(self.points.covariance)
        )
