"""A product of nodes over further hyperparameters, refined until its integrand is known."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.engines.further.axis import Stretch, Walk
from bayesmeta.engines.further.joint import outer_sum, product
from bayesmeta.engines.quadrature.search import Bulk
from bayesmeta.sinc.interpolation import midpoints

_HALVINGS = 5
_TOLERANCES = (1e-3, 3e-2, 3e-2)
"""Of an integrand between its nodes, relative to its maximum, by the number of axes: sums over
every second node are known to its square, and those over all nodes to the square of that."""
_MARGINAL = (1e-3, 1e-3, 3e-2)
"""The same of each axis' own density, the others summed over: its quantiles are read between all
nodes, where it is known to the square."""
MOST = len(_TOLERANCES)
"""Further hyperparameters; beyond, a product rule is no longer the way."""
NEGLIGIBLE = 36.0
"""Nodes below exp(-36) = 2e-16 of the largest are left out."""
_APART, _WIDER = 1.0, 2.0
"""How far apart bulks next to each other are at most, in widths, and how much wider one is, for one
between them to be about where they are."""


class Heights(NamedTuple):
    """An integrand over further hyperparameters, and where the inner one's lives at each point.

    Parameters
    ----------
    value
        Log integrand.
    centre, scale
        Of the inner hyperparameter on its line, the same shape; NaN where not known.
    """

    value: FloatArray
    centre: FloatArray
    scale: FloatArray

    @property
    def bulk(self) -> Bulk:
        """Where the inner one's integrands live, point by point."""
        return Bulk(self.centre.ravel(), self.scale.ravel())

    def each(self, change: Callable[[FloatArray], FloatArray]) -> "Heights":
        """Return all three arrays changed the same way."""
        return Heights(*(change(array) for array in self))


class Accuracy(NamedTuple):
    """Tolerance and first step of an innermost rule."""

    tolerance: float
    step: float


class Posed(Protocol):
    """An integrand over further hyperparameters."""

    def __call__(
        self,
        values: Sequence[FloatArray],
        *,
        start: Bulk | None = ...,
        accuracy: Accuracy = ...,
    ) -> Heights:
        """Return it at values of the axes, each of shape (point,).

        Parameters
        ----------
        start
            Where the inner hyperparameter's integrands live, where that is about known.
        """
        ...


def settled(
    walks: list[Walk], evidence: Posed, *, tolerance: float | None = None
) -> tuple[list[Walk], Heights]:
    """Return the nodes that matter, steps halved axis by axis until new ones are no surprise.

    With them the log integrand on their product.

    Parameters
    ----------
    tolerance
        As in `coarse_axes`.
    """
    walks, found = _within(walks, _grid(walks, evidence))
    coarse = list(range(len(walks)))
    for _ in range(_HALVINGS):
        walks, found = _refined(walks, found, evidence, coarse)
        coarse = coarse_axes(found.value, tolerance=tolerance)
        walks, found = _within(walks, found)
        if not coarse:
            break
    return walks, found


def _grid(walks: Sequence[Walk], evidence: Posed) -> Heights:
    """Return the integrand on the product of the nodes, shape (node of each axis)."""
    shape = [walk.t.size for walk in walks]
    found = evidence(product(walks)).each(lambda array: array.reshape(shape))
    return found._replace(value=found.value + outer_sum([walk.log_prior for walk in walks]))


def _refined(
    walks: Sequence[Walk], known: Heights, evidence: Posed, coarse: Sequence[int]
) -> tuple[list[Walk], Heights]:
    """Return walks, some at half their steps, with the integrand, evaluated where it is new.

    The inner one's bulks are about where they are at the nodes around.
    """
    halved = [walk.halved() if axis in coarse else walk for axis, walk in enumerate(walks)]
    between = _between(known, coarse)
    old = tuple(slice(None, None, 2 if axis in coarse else 1) for axis in range(len(walks)))
    new = np.ones(between.value.shape, dtype=bool)
    new[old] = False
    points = [each[new.ravel()] for each in product(halved)]
    found = evidence(points, start=between.each(lambda array: array[new]).bulk)
    log_prior = outer_sum([walk.log_prior for walk in halved])[new]
    found = found._replace(value=found.value + log_prior)
    for array, own in zip(between, found, strict=True):
        array[new] = own
    return halved, between


def _between(known: Heights, coarse: Sequence[int]) -> Heights:
    """Return fresh arrays with means of neighbours put between them, along some axes.

    Where the neighbours' bulks are far apart, beside how wide they are, none is known between.
    """
    found = known.each(np.copy)
    for axis in coarse:
        along = found.each(partial(np.moveaxis, source=axis, destination=-1))
        near = _alike(along.centre, along.scale)
        value, centre, scale = (_filled(array) for array in along)
        for array in (centre, scale):
            array[..., 1::2] = np.where(near, array[..., 1::2], np.nan)
        wider = Heights(value, centre, scale)
        found = wider.each(partial(np.moveaxis, source=-1, destination=axis))
    return found


def _alike(centre: FloatArray, scale: FloatArray) -> BoolArray:
    """Return which neighbours on the last axis have bulks of about one place and width."""
    narrow = np.minimum(scale[..., 1:], scale[..., :-1])
    wide = np.maximum(scale[..., 1:], scale[..., :-1])
    return (np.abs(np.diff(centre, axis=-1)) < _APART * narrow) & (wide < _WIDER * narrow)


def _filled(array: FloatArray) -> FloatArray:
    """Return an array with means of neighbours on its last axis put between them."""
    wider = np.empty((*array.shape[:-1], 2 * array.shape[-1] - 1))
    with np.errstate(invalid="ignore"):  # of -inf: values between are evaluated anew
        wider[..., ::2], wider[..., 1::2] = array, (array[..., :-1] + array[..., 1:]) / 2
    return wider


def coarse_axes(value: FloatArray, *, tolerance: float | None = None) -> list[int]:
    """Return the axes on which every second node does not foretell the rest.

    On the product of all, or of the axis' own density.

    Parameters
    ----------
    tolerance
        How far new nodes may be from their prediction, beside the maximum, where that is not to be
        the usual one.
    """
    density = np.exp(value - value.max())
    along = [np.moveaxis(density, axis, -1) for axis in range(density.ndim)]
    own = [each.reshape(-1, each.shape[-1]).sum(axis=0) for each in along]
    place = density.ndim - 1
    usual = (_TOLERANCES[place], _MARGINAL[place])
    most, most_alone = usual if tolerance is None else (tolerance, tolerance)
    return [
        axis
        for axis, (joint, alone) in enumerate(zip(along, own, strict=True))
        if _surprise(joint) > most or _surprise(alone) > most_alone
    ]


def _surprise(density: FloatArray) -> float:
    """Return how far new nodes of the last axis are from their prediction, beside the maximum."""
    gap = np.abs(density[..., 1::2] - midpoints(density[..., ::2])).max()
    return float(gap / density.max())


def trimmed[Own: Stretch](walks: Sequence[Own], value: FloatArray) -> tuple[list[Own], FloatArray]:
    """Return the walks without end nodes at which nothing matters; every other node stays.

    With them what is left of the log integrand.
    """
    found, kept = _needed(walks, value)
    return found, value[kept]


def _within(walks: Sequence[Walk], heights: Heights) -> tuple[list[Walk], Heights]:
    found, kept = _needed(walks, heights.value)
    return found, heights.each(lambda array: array[kept])


def _needed[Own: Stretch](
    walks: Sequence[Own], value: FloatArray
) -> tuple[list[Own], tuple[slice, ...]]:
    matters = value >= value.max() - NEGLIGIBLE
    found, slices = [], []
    for place, walk in enumerate(walks):
        others = tuple(axis for axis in range(value.ndim) if axis != place)
        own = np.flatnonzero(matters.any(axis=others))
        # One node more each side, an even one: the coarse rule keeps its nodes.
        first = max(0, own[0] - 1) // 2 * 2
        last = min(walk.t.size - 1, (own[-1] + 2) // 2 * 2)
        found.append(walk.within(int(first), int(last)))
        slices.append(slice(int(first), int(last) + 1))
    return found, tuple(slices)
