"""The hyperparameters' nodes: a product of walks, each as fine as its own axis asks."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.further.even import AnyWalk, evenly, foretold
from bayesmeta.engines.further.joint import outer_sum, product, uneven
from bayesmeta.engines.further.locating import located
from bayesmeta.engines.further.refining import trimmed
from bayesmeta.engines.lines.lattices import log_evidence
from bayesmeta.engines.lines.question import Question
from bayesmeta.errors import PosteriorError

_TOLERANCES = (1e-5, 1e-3, 3e-3)
"""Of an integrand between its nodes, relative to its maximum, by the number of hyperparameters:
sums are known to its square."""
_HALVINGS = 6
_SAME, _FEW = 3e-7, 5
"""Change of the log sum over several axes at which every second node serves, and how many nodes
an axis keeps at least."""
_TOGETHER = 200
"""Nodes whose kernels are asked together."""
_AROUND = 40.0
"""A node is left out where all around it the integrand is below exp(-40) of its maximum."""


class Outer(NamedTuple):
    """Walks, with the log integrand on the product of their nodes, shape (node of each axis).

    Parameters
    ----------
    changed
        What the nodes that were left out changed of the log of the sum; None where all are there.
    error
        Of the log integrand, in the shape of it; None where it is not known.
    """

    walks: Sequence[AnyWalk]
    value: FloatArray
    changed: float | None = None
    error: FloatArray | None = None

    def settled(self, kept: IntArray, log_value: FloatArray, error: FloatArray) -> "Outer":
        """Return the integrand as lattices have it, which were rough while nodes were laid.

        Parameters
        ----------
        kept
            Which nodes have lattices, in one row.
        log_value, error
            The log integrand there, with its error.
        """
        shape = self.value.shape
        value, missed = self.value.flatten(), np.zeros(self.value.size)
        value[kept], missed[kept] = log_value, error
        return self._replace(value=value.reshape(shape), error=missed.reshape(shape))


def walked(question: Question) -> Outer:
    """Return the walks, each as fine as its axis asks.

    Raises
    ------
    PosteriorError
        If there are more hyperparameters than a product rule serves.
    """
    axes = question.axes
    if not axes:
        return Outer([], np.zeros(1))
    if len(axes) > len(_TOLERANCES):
        raise PosteriorError(
            f"The exact engine integrates at most {len(_TOLERANCES)} hyperparameters of this "
            f'model, and there are {len(axes)}; use engine="nuts".'
        )

    walks = evenly(located(axes, lambda values: _evidence(question.rough, values)))
    shape = [walk.t.size for walk in walks]
    value = _evidence(question, product(walks)).reshape(shape) + _log_prior(walks)
    walks, value = trimmed(walks, value)
    coarse = set(range(len(walks)))
    for _ in range(_HALVINGS):
        for axis in sorted(coarse):
            walks[axis] = walks[axis].halved()
            value = _between(question, walks, value, axis)
            if _surprise(walks[axis], value, axis) <= _TOLERANCES[len(axes) - 1]:
                coarse.discard(axis)
        walks, value = trimmed(walks, value)
        if not coarse:
            break
    return Outer(walks, value)


def _evidence(question: Question, values: Sequence[FloatArray]) -> FloatArray:
    named = {axis.name: each for axis, each in zip(question.axes, values, strict=True)}
    return _log_evidence(question, named)


def _log_evidence(question: Question, values: Mapping[str, FloatArray]) -> FloatArray:
    """Return the log of the integral over coefficients, alike nodes together, shape (node,).

    A kernel's mixture has as many normals at all nodes as one of them asks for.
    """
    order = np.lexsort(list(values.values()))
    groups = np.array_split(order, -(-order.size // _TOGETHER))
    middles = [question.scales(_taken(values, own[own.size // 2 :][:1])) for own in groups]
    if len({each.variance.shape for each in middles}) == 1:
        return log_evidence(question, question.scales(values))
    found = np.empty(order.size)
    for own in groups:
        found[own] = log_evidence(question, question.scales(_taken(values, own)))
    return found


def _taken(values: Mapping[str, FloatArray], nodes: IntArray) -> dict[str, FloatArray]:
    return {name: each[nodes] for name, each in values.items()}


def thinned(outer: Outer, *, always: bool = False) -> Outer:
    """Return every second node of several axes, as often as their sum says the same.

    Parameters
    ----------
    always
        Whether of one axis too: where a node has very many points.
    """
    walks, value, changed, _ = outer
    while len(walks) > (0 if always else 1) and min(value.shape) > _FEW:
        share = np.exp(value.ravel() - np.logaddexp.reduce(value, axis=None))
        change = uneven(share, walks)
        if change > _SAME:
            break
        walks = [walk._replace(t=walk.t[::2]) for walk in walks]
        value = value[tuple(slice(None, None, 2) for _ in walks)]
        changed = change + (changed or 0.0)
    return Outer(walks, value, changed)


def _log_prior(walks: Sequence[AnyWalk]) -> FloatArray:
    return outer_sum([walk.log_prior for walk in walks])


def _between(
    question: Question, walks: Sequence[AnyWalk], value: FloatArray, axis: int
) -> FloatArray:
    """Return the log integrand with new nodes between those along one axis."""
    shape = [walk.t.size for walk in walks]
    along = np.full((shape[axis], *np.moveaxis(value, axis, 0).shape[1:]), -np.inf)
    along[::2] = np.moveaxis(value, axis, 0)
    wanted = np.zeros(along.shape, dtype=bool)
    wanted[1::2] = _near(np.moveaxis(value, axis, 0))
    place = np.moveaxis(wanted, 0, axis).ravel()
    named = {walk.axis.name: each[place] for walk, each in zip(walks, product(walks), strict=True)}
    found = np.moveaxis(along, 0, axis).ravel()
    found[place] = _log_evidence(question, named) + _log_prior(walks).ravel()[place]
    return np.asarray(found.reshape(shape))


def _near(along: FloatArray) -> BoolArray:
    """Return where, between two nodes of the first axis, one of them matters."""
    floor = along.max() - _AROUND
    return np.asarray(np.maximum(along[:-1], along[1:]) > floor)


def _surprise(walk: AnyWalk, value: FloatArray, axis: int) -> float:
    """Return how far new nodes along an axis are from their prediction."""
    along = np.moveaxis(np.exp(value - value.max()), axis, -1)
    return float(np.abs(along[..., 1::2] - foretold(walk, along)).max())
