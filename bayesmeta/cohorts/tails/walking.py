"""The nodes of the scales that serve every member, and both designs at each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.cohorts.tails.laying import Laid, laid
from bayesmeta.cohorts.tails.node import Node, node
from bayesmeta.cohorts.tails.plane import Pair, Planes
from bayesmeta.cohorts.tails.sides import Sides
from bayesmeta.cohorts.tails.weighing import Apart, Way, evidences
from bayesmeta.engines.further.even import AnyWalk
from bayesmeta.engines.further.joint import outer_sum, product

_SAME, _FEW = 3e-7, 5
"""Change of the log sum over two scales at which every second node serves for what is read off
points, and how many nodes an axis keeps at least."""
_WEAKEST = 0.25
"""Power of the cohorts' likelihood whose evidence by itself is asked for; that of their evidence
lies about where it does."""


@dataclass(frozen=True, eq=False)
class Tables:
    """What both designs say at every node of their scales that matters to a member.

    Parameters
    ----------
    sides
        The rows.
    nodes
        One each.
    walks
        How the hyperparameters walk; none where all are fixed.
    places
        Which nodes of the walks' product they are, shape (node,).
    stride
        Every so manieth node of each walk serves for what is read off points.
    """

    sides: Sides
    nodes: tuple[Node, ...]
    walks: tuple[AnyWalk, ...]
    places: IntArray
    stride: tuple[int, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Nodes of each walk."""
        return tuple(walk.t.size for walk in self.walks)

    @cached_property
    def values(self) -> Mapping[str, FloatArray]:
        """Free hyperparameters by name, each of shape (node,)."""
        return {walk.axis.name: value[self.places]
                for walk, value in zip(self.walks, product(self.walks), strict=True)}  # fmt: skip

    @cached_property
    def log_prior(self) -> FloatArray:
        """Log prior of the hyperparameters times the steps, shape (node,)."""
        if not self.walks:
            return np.zeros(1)
        steps = sum(walk.log_step for walk in self.walks)
        return outer_sum([walk.log_prior for walk in self.walks]).ravel()[self.places] + steps

    @cached_property
    def points(self) -> IntArray:
        """Which nodes serve for what is read off points, shape (point,)."""
        if not self.walks:
            return np.zeros(1, dtype=np.intp)
        along = np.transpose(np.unravel_index(self.places, self.shape))
        return np.flatnonzero((along % self.stride == 0).all(axis=1))

    @property
    def log_fewer(self) -> float:
        """Log of how many nodes a point stands for."""
        return float(np.log(self.stride).sum())

    @cached_property
    def parity(self) -> FloatArray:
        """What multiplies weights of points at twice the step, shape (point,)."""
        if not self.walks:
            return np.ones(1)
        along = np.transpose(np.unravel_index(self.places[self.points], self.shape))
        odd = along // self.stride % 2
        return np.where(odd.any(axis=1), 0.0, 2.0 ** len(self.walks))

    def on_grid(self, value: FloatArray) -> FloatArray:
        """Return logs at the nodes on the product of the walks; -inf where there is no node."""
        found = np.full(self.shape, -np.inf)
        found.flat[self.places] = value
        return found


def tables(sides: Sides, wider: float) -> Tables:
    """Return both designs at nodes of their scales, as many as the members' posteriors ask for.

    Parameters
    ----------
    wider
        Standard deviation of the widest prior of the effect in trials.

    Raises
    ------
    PosteriorError
        If effects lie too far apart for a table.
    """
    planes, ways = Planes(sides, wider), _references(sides)

    def nodes(values: Mapping[str, FloatArray]) -> list[Node]:
        return _nodes(sides, planes, values)

    if not sides.axes:
        return Tables(sides, tuple(nodes({})), (), np.zeros(1, dtype=np.intp))
    found = laid(sides, nodes, lambda new: _judged(ways, new, sides))
    places = np.flatnonzero([each is not None for each in found.nodes.flat])
    return Tables(
        sides, tuple(found.nodes.flat[places]), tuple(found.walks), places, _stride(found)
    )


def _judged(ways: Sequence[Way], nodes: Sequence[Node], sides: Sides) -> FloatArray:
    """Return each way's log integral at nodes, and the last to a power, (node, way)."""
    found = evidences(ways, nodes, sides.beta)
    return np.column_stack([found, _WEAKEST * found[:, -1]])


def _references(sides: Sides) -> list[Way]:
    """Return the ways by which nodes are judged: both ends of both dials, and the usual.

    Cohorts by themselves too, as what is said of trials given them asks for.
    """
    prior, (mean, sd) = sides.mu.log_density, sides.bias
    biased = [Way(prior, apart=Apart(mean, 1.0, each)) for each in (0.0, sd, np.inf)]
    alone = [Way(prior, trials=False, apart=Apart(mean, 1.0, sd)), Way(prior, trials=False)]
    return [Way(prior), Way(prior, power=0.0), *biased, *alone]


def _nodes(sides: Sides, planes: Planes, values: Mapping[str, FloatArray]) -> list[Node]:
    scales = Pair(*(sides.scales(values, cohorts=side) for side in (False, True)))
    return [node(sides, plane, scales.take(slice(place, place + 1)))
            for place, plane in enumerate(planes.at(scales))]  # fmt: skip


def _stride(found: Laid) -> tuple[int, ...]:
    """Return of how many nodes of each walk one is a point: as many as all sums allow.

    Of one walk each node is a point.
    """
    stride = [1] * len(found.walks)
    for place, walk in enumerate(found.walks if len(stride) > 1 else []):
        while walk.t.size > _FEW * stride[place]:
            twice = [2 * each if own == place else each for own, each in enumerate(stride)]
            if np.abs(_log_sums(found, twice) - _log_sums(found, stride)).max() > _SAME:
                break
            stride = twice
    return tuple(stride)


def _log_sums(found: Laid, stride: Sequence[int]) -> FloatArray:
    """Return the log of each way's sum over every so manieth node of each walk."""
    thin = found.value[tuple(slice(None, None, each) for each in stride)]
    axes = tuple(range(len(stride)))
    return np.asarray(np.logaddexp.reduce(thin, axis=axes) + np.log(stride).sum())


def share_changed(share: FloatArray, tables: Tables) -> tuple[float | None, float]:
    """Return how much the nodes that are no points change the log of a sum, and half the points.

    None where all nodes are points.

    Parameters
    ----------
    share
        Of the sum, shape (node,).
    """
    fewer = np.exp(tables.log_fewer)
    if fewer == 1:
        return None, 0.0
    own = share[tables.points]
    gap = float(np.abs(np.log(own @ tables.parity / own.sum())))
    return float(np.abs(np.log(own.sum() * fewer / share.sum()))), gap
