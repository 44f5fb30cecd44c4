"""Densities of coefficients plus a study's deviation from its centre."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.engines.lines.band import Centres, beyond_at, density_at, pieces
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.tabulating import Densities
from bayesmeta.random_effects import Kernel, Scales

_ALIAS = 1e-14
"""Probability below which it does not matter that a lattice does not show a normal."""
_SPIKE = 1e3
"""Height of a kernel's peak, over that of a sinc, from which on a difference would lose digits."""
_LEAST = 1e-13


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
        """Return the weights of points for a new study, as `densities` takes them."""
        points = self.points
        if self.mixing is None:
            return points.both[:, np.newaxis]
        own = points.mixing @ self.mixing.component
        return np.asarray(own[..., np.newaxis] * points.both[:, np.newaxis])

    def steps(self, row: FloatArray) -> FloatArray:
        """Return how far apart a lattice's points are along a row, shape (node,)."""
        return np.sqrt(row @ self.points.covariance @ row)

    def densities(self, row: FloatArray, weight: FloatArray) -> Densities:
        """Return the densities of row @ coefficients plus a study's deviation.

        Parameters
        ----------
        weight
            Of points, shape (point, 1, column); or, with a mixing rule, of points and normals,
            (point, component, column).
        """
        step, place, every = self.steps(row), self.points.location @ row, slice(None)
        if self.mixing is not None:
            return lambda x: self._by_scales(x, place, every, weight, step)
        spiky = self._spiky(step)[self.points.node]
        share = np.exp(self.scales.log_weight)[self.points.node[spiky]][..., np.newaxis]
        beyond = self._beyond(place, weight[:, 0], step)

        def found(x: FloatArray) -> FloatArray:
            shown = self._by_kernel(x, place, ~spiky, weight[:, 0]) + beyond_at(x, beyond)
            return shown + self._by_scales(x, place, spiky, weight[spiky] * share, step)

        return found

    def _spiky(self, step: FloatArray) -> BoolArray:
        """Return at which nodes the kernel's peak is far higher than a lattice shows, (node,)."""
        log_weight, variance = self.scales
        with np.errstate(divide="ignore"):
            peak = (np.exp(log_weight) / np.sqrt(2 * np.pi * variance)).sum(axis=-1)
        return np.asarray(peak * step > _SPIKE)

    def _beyond(self, place: FloatArray, weight: FloatArray, step: FloatArray) -> Centres:
        """Return the normals, at points, that lattices do not show all of, and that matter.

        Of a normal at a point what is beyond the spectrum of a lattice is exp(-r pi**2 / 2), with r
        its variance in squared steps; of the sum over the lattice's points the fourth power.
        """
        log_weight, variance = self.scales
        ratio = np.pi**2 * variance / step[:, np.newaxis] ** 2
        with np.errstate(under="ignore"):
            summed = np.exp(log_weight - 2 * ratio) * self._node_weight[:, np.newaxis]
            alone = np.exp(log_weight - ratio / 2)
        alone[(summed < _ALIAS) | self._spiky(step)[:, np.newaxis]] = 0.0
        some = np.flatnonzero(alone.any(axis=1)[self.points.node])
        node = self.points.node[some]
        chosen, component = np.nonzero(alone[node] * self.points.weight[some, np.newaxis] > _ALIAS)
        point, node = some[chosen], node[chosen]
        share = np.exp(log_weight[node, component])[:, np.newaxis] * weight[point]
        return Centres(place[point], step[node], variance[node, component], share)

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
        least = _LEAST * weight.max()
        for component, variance in enumerate(self.scales.variance.T):
            share = weight[:, component]
            if share.max() > least:
                found += density_at(x, Centres(place[own], step[node], variance[node], share))
        return found

    @cached_property
    def _node_weight(self) -> FloatArray:
        return np.bincount(
            self.points.node, self.points.weight, minlength=len(self.points.covariance)
        )
