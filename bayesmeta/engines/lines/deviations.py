"""Densities of coefficients plus a study's deviation from its centre."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.lines.band import pieces
from bayesmeta.engines.lines.lining import lined
from bayesmeta.engines.lines.mixing import Mixing
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.spreading import Normals, Spreading
from bayesmeta.engines.lines.tabulating import Densities
from bayesmeta.random_effects import Scales

_ALIAS, _SHOWN = 1e-12, 1.4
"""Probability below which it does not matter that a lattice does not show a normal; and the 2 of
exp(-2 pi**2 r) where what is on the lattice is no wider than lattices are settled at."""


class LogKernel(Protocol):
    """A distribution of deviations."""

    def log_kernel(self, deviation: FloatArray, values: Mapping[str, FloatArray]) -> FloatArray:
        """Return the log density of deviations that broadcast against the values."""
        ...


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
    kernel: LogKernel
    values: Mapping[str, FloatArray]
    scales: Scales
    mixing: Mixing | None
    _lately: dict[bytes, tuple[FloatArray, Spreading]] = field(default_factory=dict)

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

    def densities(self, row: FloatArray, weight: FloatArray, *, far: bool = True) -> Densities:
        """Return the densities of row @ coefficients plus a study's deviation.

        Parameters
        ----------
        weight
            Of points, shape (point, 1, column); or, with a mixing rule, of points and normals,
            (point, component, column).
        far
            Whether they are asked about where the kernel's normals are too few.
        """
        if not far and self.points.location.shape[1] > 1:
            return self._spreading(row, slice(None), self._normals).sums(weight)
        place, spread = self._spread(row)
        if self.mixing is not None:
            return spread.sums(weight)
        apart = self._apart(row)[self.points.node]
        others = spread.sums(weight[apart])
        known = self._lined(place, ~apart, row, weight[:, 0])
        return lambda x: self._by_kernel(x, *known) + others(x)

    def coefficients(self, row: FloatArray, weight: FloatArray) -> Densities:
        """Return the densities of row @ coefficients, for weights of points, (point, column)."""
        one = np.ones((len(self.points.covariance), 1))
        spread = self._spreading(row, slice(None), Normals(one, 0 * one))
        return spread.sums(weight[:, np.newaxis])

    def _spread(self, row: FloatArray) -> tuple[FloatArray, Spreading]:
        """Return where points lie along a row, and those that normals are added to by scales."""
        key = row.tobytes()
        if key not in self._lately:
            self._lately.clear()
            every: BoolArray | slice = slice(None)
            if self.mixing is None:
                every = self._apart(row)[self.points.node]
            place = self.points.location @ row
            self._lately[key] = place, self._spreading(row, every, self._normals)
        return self._lately[key]

    @property
    def _normals(self) -> Normals:
        """The kernel's normals; their weights come with the points' where a rule sums them."""
        share = np.exp(self.scales.log_weight)
        share = share if self.mixing is None else np.ones_like(share)
        return Normals(share, self.scales.variance)

    def _spreading(self, row: FloatArray, own: BoolArray | slice, normals: Normals) -> Spreading:
        points = self.points
        return Spreading(
            (points.location @ row)[own],
            points.node[own],
            self.steps(row),
            normals,
            points.weight[own],
            straight=points.location.shape[1] == 1,
        )

    def _apart(self, row: FloatArray) -> BoolArray:
        """Return the nodes whose lattices do not show all of the kernel, shape (node,).

        Of a normal a lattice does not show exp(-2 pi**2 r), with r its variance in squared steps,
        where what is on the lattice is wide beside the step, and somewhat more where it is not.
        """
        log_weight, variance = self.scales
        ratio = variance / self.steps(row)[:, np.newaxis] ** 2
        with np.errstate(under="ignore"):
            lost = np.exp(log_weight - _SHOWN * np.pi**2 * ratio).sum(axis=-1)
        return np.asarray(lost * self._node_weight > _ALIAS)

    def _lined(
        self, place: FloatArray, own: BoolArray, row: FloatArray, weight: FloatArray
    ) -> tuple[FloatArray, IntArray, FloatArray]:
        """Return place, node and weight of some points; of several coefficients, on the line."""
        if self.points.location.shape[1] == 1 or not own.any():
            return place[own], self.points.node[own], weight[own]
        line = lined(np.flatnonzero(own), place, self.points.node, self.steps(row))
        return line.location, line.node, line.weights(weight)

    def _by_kernel(
        self, x: FloatArray, place: FloatArray, node: IntArray, weight: FloatArray
    ) -> FloatArray:
        values = {name: value[node] for name, value in self.values.items()}
        found = np.zeros((x.size, weight.shape[1]))
        for part in pieces(x.size, node.size):
            kernel = np.exp(self.kernel.log_kernel(x[part, np.newaxis] - place, values))
            found[part] = kernel @ weight
        return found

    @cached_property
    def _node_weight(self) -> FloatArray:
        return np.bincount(
            self.points.node, self.points.weight, minlength=len(self.points.covariance)
        )
