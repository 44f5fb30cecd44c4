"""What is known of a mean at nodes whose lattices do not show the kinks of likelihoods.

Where effects hardly spread, the mean's posterior has the kinks of the likelihoods, and its lattice
has it without the shortest waves (`sharing`): right for what is smooth, but a study effect's own
likelihood has a kink at the same place. At such nodes the posterior is evaluated anew, on
stretches that are dense at the kinks, and spread from there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.lines.panels import Panels
from bayesmeta.engines.lines.points import Points
from bayesmeta.engines.lines.rows import Rows, Spreads, log_mixed
from bayesmeta.engines.lines.stretches import Stretch, stretches
from bayesmeta.engines.lines.tabulating import Densities
from bayesmeta.random_effects import Scales

_SMOOTH = 1.5
"""Steps of a lattice from which on an effect's spread has taken the kinks away."""
_WIDTH, _STEP = 8.0, 0.2
"""Of the narrowest that is to be seen, in steps of a lattice; between nodes, in widths."""
_LEAST = 1e-5
"""Probability of a node, relative to the largest, below which its kinks do not matter."""

type LogPrior = Callable[[FloatArray], FloatArray]


class _Seen(NamedTuple):
    """One node.

    Parameters
    ----------
    scales
        The kernel's normals, shape (component,).
    stretches
        Of the mean.
    mass
        Of the node, fine and coarse, shape (2,).
    log_coarse
        Log of how much more of it the coarser weights have there, shape (point,).
    log_density
        Of the mean there, shape (point,).
    log_rows
        What each row says, shape (point, row).
    """

    scales: Scales
    stretches: tuple[Stretch, ...]
    mass: FloatArray
    log_coarse: FloatArray
    log_density: FloatArray
    log_rows: FloatArray


class _Own(NamedTuple):
    """What one node says of x: a density of the mean, spread by normals or as it is."""

    seen: _Seen
    normals: Scales | None
    log_density: FloatArray
    kinks: tuple[float, ...]

    def densities(self) -> Densities:
        """Return the densities, fine and coarse."""
        both = np.stack([self.log_density, self.log_density + self.seen.log_coarse], axis=-1)
        panels = Panels(np.arange(2), self.kinks, self.seen.stretches, both)
        mass = self.seen.mass
        if self.normals is None:
            return lambda x: np.exp(panels.at(x)) * mass
        normals = list(zip(np.exp(self.normals.log_weight), self.normals.variance, strict=True))

        def found(x: FloatArray) -> FloatArray:
            each = (share * np.exp(panels.spread(x, np.full(x.size, variance)))
                    for share, variance in normals)  # fmt: skip
            return np.asarray(sum(each, np.zeros((x.size, 2))) * mass)

        return found


def _summed(every: list[_Own]) -> Densities:
    parts = [each.densities() for each in every]
    return lambda x: np.asarray(sum((part(x) for part in parts), np.zeros((x.size, 2))))


@dataclass(frozen=True, eq=False)
class Dense:
    """The nodes whose lattices do not show the kinks.

    Parameters
    ----------
    points
        Of the posterior, of one coefficient that all rows share.
    scales
        The kernel's normals at each node, shape (node, component).
    rows
        Those that took part.
    log_prior
        Of the coefficient.
    """

    points: Points
    scales: Scales
    rows: Rows
    log_prior: LogPrior

    @cached_property
    def nodes(self) -> IntArray:
        """Which they are."""
        step = np.sqrt(self.points.covariance[:, 0, 0])
        narrow = self.scales.variance.min(axis=1) < (_SMOOTH * step) ** 2
        weight = np.bincount(self.points.node, self.points.weight, minlength=step.size)
        return np.flatnonzero(narrow & (weight > _LEAST * weight.max()))

    @property
    def smooth(self) -> FloatArray:
        """1 at points of other nodes, 0 at those of these, shape (point, 1, 1)."""
        return (~np.isin(self.points.node, self.nodes))[:, np.newaxis, np.newaxis].astype(float)

    def mean(self) -> Densities:
        """Return the densities of the mean."""
        return _summed([_Own(each, None, each.log_density, self.rows.kinks) for each in self._seen])

    def new_study(self) -> Densities:
        """Return the densities of an effect of a new study."""
        return _summed([_Own(each, each.scales, each.log_density, self.rows.kinks)
                        for each in self._seen])  # fmt: skip

    def without(self, row: int, top: float) -> Densities:
        """Return the densities of an effect, its own row left out and divided by exp(top)."""
        return _summed([
            _Own(each, each.scales, each.log_density - each.log_rows[:, row] - top, self.rows.kinks)
            for each in self._seen
        ])  # fmt: skip

    @cached_property
    def _seen(self) -> list[_Seen]:
        return list(self._look())

    def _look(self) -> Iterator[_Seen]:
        """Yield the nodes, each evaluated on stretches of its own."""
        for node in self.nodes.tolist():
            own = self.points.node == node
            step = float(np.sqrt(self.points.covariance[node, 0, 0]))
            place = self.points.location[own, 0]
            within = (float(place.min()) - step, float(place.max()) + step)
            every = stretches(self.rows.kinks, within, width=_WIDTH * step, step=_STEP)
            scales = Scales(*(each[node] for each in self.scales))
            mean = np.concatenate([each.theta for each in every])
            spreads = Spreads(scales[0][np.newaxis], scales[1][np.newaxis], np.zeros((1, 1)))
            log_rows = log_mixed(self.rows, mean[np.newaxis, :, np.newaxis], spreads)[0]
            log_joint = log_rows.sum(axis=1) + self.log_prior(mean)
            weight = np.concatenate([each.weight for each in every])
            total = np.log(weight @ np.exp(log_joint - log_joint.max())) + log_joint.max()
            mass = self.points.both[own].sum(axis=0)
            log_coarse = _leaning(mean, place, self.points.both[own])
            yield _Seen(scales, every, mass, log_coarse, log_joint - total, log_rows)


def _leaning(mean: FloatArray, place: FloatArray, both: FloatArray) -> FloatArray:
    """Return the log of how much more of a node's mass the coarser weights have, at means."""
    fine, coarse = both.T
    if not coarse.any():
        return np.zeros(mean.size)
    order = np.argsort(place)
    more = (coarse / coarse.sum()) / (fine / fine.sum())
    return np.asarray(np.interp(mean, place[order], np.log(more[order])))
