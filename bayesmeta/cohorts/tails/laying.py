"""Nodes laid over the scales' hyperparameters, as close as the members' posteriors ask for."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.cohorts.tails.node import Node
from bayesmeta.cohorts.tails.plane import middle_variance
from bayesmeta.cohorts.tails.sides import Sides
from bayesmeta.engines.further.even import AnyWalk, evenly, foretold
from bayesmeta.engines.further.joint import outer_sum, product
from bayesmeta.engines.further.locating import located
from bayesmeta.engines.further.refining import NEGLIGIBLE

_HALVINGS = 4


class _Asked(NamedTuple):
    """How close nodes are laid, and how far out.

    Parameters
    ----------
    surprise
        Of an integrand between its nodes, relative to its maximum: sums over every second node are
        known to its square, and those over all nodes to the square of that.
    floor
        Nodes are laid where one beside them is above exp(-floor) of the maximum.
    """

    surprise: float
    floor: float


_ONE, _TWO, _SLOPED = _Asked(1e-4, NEGLIGIBLE), _Asked(2e-2, 23.0), _Asked(6e-2, 18.0)
"""By one hyperparameter, by two, and by two beside a slope."""

type Lay = Callable[[Mapping[str, FloatArray]], Sequence[Node]]
"""Takes values of the hyperparameters, each of shape (node,)."""
type Judge = Callable[[Sequence[Node]], FloatArray]
"""Returns the log of each way's integral at nodes, shape (node, way)."""


class Laid(NamedTuple):
    """Walks, and what is known on the product of their nodes.

    Parameters
    ----------
    walks
        One a hyperparameter.
    nodes
        None where nothing matters, shape (node of each walk).
    value
        Each way's log integrand, -inf where there is no node, shape (node of each walk, way).
    """

    walks: Sequence[AnyWalk]
    nodes: NDArray[np.object_]
    value: FloatArray

    @property
    def highest(self) -> FloatArray:
        """How far below its maximum the way is that has most there, shape (node of each walk)."""
        most = self.value.max(axis=tuple(range(len(self.walks))))
        return np.asarray((self.value - most).max(axis=-1))


def laid(sides: Sides, lay: Lay, judge: Judge) -> Laid:
    """Return nodes, steps halved axis by axis until new ones are no surprise to any way."""
    asked = _ONE if len(sides.axes) == 1 else _TWO if sides.beta is None else _SLOPED
    found = _first(sides, asked.floor, lay, judge)
    coarse = set(range(len(sides.axes)))
    for _ in range(_HALVINGS):
        for axis in sorted(coarse):
            found = _halved(found, axis, asked.floor, lay, judge)
            if _surprise(found, axis) <= asked.surprise:
                coarse.discard(axis)
        found = _within(found, asked.floor)
        if not coarse:
            break
    return found


def _first(sides: Sides, floor: float, lay: Lay, judge: Judge) -> Laid:
    """Return coarse nodes: of one hyperparameter all, of two from where normal effects have any."""
    walks = evenly(located(sides.axes, lambda values: _rough(sides, values)))
    shape = [walk.t.size for walk in walks]
    ways = judge([]).shape[-1]
    nodes = np.full(shape, None, dtype=object)
    found = Laid(walks, nodes, np.full((*shape, ways), -np.inf))
    rough = _rough(sides, product(walks)).reshape(shape) + _log_prior(walks)
    wanted = np.ones(shape, dtype=bool) if len(walks) == 1 else rough > rough.max() - floor
    while wanted.any():
        _fill(found, wanted, lay, judge)
        wanted = _grown(found.highest > -floor) & (nodes == None)  # noqa: E711  (each one)
    return _within(found, floor)


def _fill(found: Laid, wanted: BoolArray, lay: Lay, judge: Judge) -> None:
    """Lay nodes."""
    values = {walk.axis.name: each[wanted.ravel()]
              for walk, each in zip(found.walks, product(found.walks), strict=True)}  # fmt: skip
    new = lay(values)
    found.nodes[wanted] = new
    found.value[wanted] = judge(new) + _log_prior(found.walks)[wanted][:, np.newaxis]


def _grown(there: BoolArray) -> BoolArray:
    """Return what is there or beside it along an axis."""
    found = there.copy()
    for axis in range(there.ndim):
        own, more = np.moveaxis(there, axis, 0), np.moveaxis(found, axis, 0)
        more[1:] |= own[:-1]
        more[:-1] |= own[1:]
    return found


def _halved(found: Laid, axis: int, floor: float, lay: Lay, judge: Judge) -> Laid:
    """Return nodes with new ones between those along an axis, where one of the two matters."""
    walks = [walk.halved() if place == axis else walk for place, walk in enumerate(found.walks)]
    shape = [walk.t.size for walk in walks]
    wider = Laid(walks, np.full(shape, None, dtype=object),
                 np.full((*shape, found.value.shape[-1]), -np.inf))  # fmt: skip
    for old, new in zip(found[1:], wider[1:], strict=True):
        np.moveaxis(new, axis, 0)[::2] = np.moveaxis(old, axis, 0)
    near = np.moveaxis(found.highest > -floor, axis, 0)
    wanted = np.zeros(shape, dtype=bool)
    np.moveaxis(wanted, axis, 0)[1::2] = near[1:] | near[:-1]
    _fill(wider, wanted, lay, judge)
    return wider


def _within(found: Laid, floor: float) -> Laid:
    """Leave out end nodes at which no way has anything."""
    matters = found.highest > -floor
    walks, kept = [], []
    for place, walk in enumerate(found.walks):
        others = tuple(axis for axis in range(matters.ndim) if axis != place)
        own = np.flatnonzero(matters.any(axis=others))
        # One node more each side, an even one: the coarse rule keeps its nodes.
        first = max(0, int(own[0]) - 1) // 2 * 2
        last = min(walk.t.size - 1, (int(own[-1]) + 2) // 2 * 2)
        walks.append(walk.within(first, last))
        kept.append(slice(first, last + 1))
    return Laid(walks, found.nodes[tuple(kept)], found.value[tuple(kept)])


def _surprise(found: Laid, axis: int) -> float:
    """Return how far new nodes along an axis are from their prediction, at most of all ways."""
    value = found.value
    density = np.exp(value - value.reshape(-1, value.shape[-1]).max(axis=0))
    along = np.moveaxis(density, axis, -1)
    return float(np.abs(along[..., 1::2] - foretold(found.walks[axis], along)).max())


def _log_prior(walks: Sequence[AnyWalk]) -> FloatArray:
    return outer_sum([walk.log_prior for walk in walks])


def _rough(sides: Sides, values: Sequence[FloatArray]) -> FloatArray:
    """Return the log density of the estimates if effects were normal, shape (node,)."""
    middle, sd = sides.around
    columns = [np.ones_like(sides.cohort), sides.cohort]
    priors = [(middle, sd), sides.bias]
    if sides.beta is not None:
        low, half, high = sides.beta.quantile(np.array([0.25, 0.5, 0.75])).tolist()
        columns.append(sides.slope)
        priors.append((half, (high - low) / 1.349))
    design, (means, sds) = np.column_stack(columns), np.array(priors).T
    apart = sides.estimate - design @ means
    own = _variances(sides, values) + sides.error**2
    both = (design * sds**2) @ design.T + own[:, np.newaxis] * np.eye(apart.size)
    found = np.linalg.solve(both, np.broadcast_to(apart, own.shape)[..., np.newaxis])[..., 0]
    return np.asarray(-0.5 * (found @ apart + np.linalg.slogdet(both)[1]))


_LARGEST = 1e100


def _variances(sides: Sides, values: Sequence[FloatArray]) -> FloatArray:
    """Return about what effects have of variance at values of the axes, shape (node, study)."""
    known = {axis.name: np.minimum(each, _LARGEST)
             for axis, each in zip(sides.axes, values, strict=True)}  # fmt: skip
    each = [middle_variance(sides.scales(known, cohorts=side)) for side in (False, True)]
    return np.where(sides.cohort > 0, each[1][:, np.newaxis], each[0][:, np.newaxis])
