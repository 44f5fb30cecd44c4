"""Fewer nodes of a product rule: every second, fourth ... of the axes that lose least by it.

Equally spaced sums of what is smooth and falls to nothing on both sides are as good at twice the
step, until they are not. Their error changes its sign where the nodes are moved by half a step:
sums over moved nodes show it.
"""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.quadrature import Integral

_NOTHING = 1e-11
"""Nodes of less probability do not count."""


class Few(NamedTuple):
    """Some nodes of a product rule.

    Parameters
    ----------
    at
        Rows and inner nodes, each of shape (node,).
    weight
        Probabilities, shape (node, component); they sum to one.
    """

    at: tuple[IntArray, IntArray]
    weight: FloatArray


def few(share: FloatArray, each: Integral, *, whole: tuple[int, ...], most: int) -> tuple[Few, Few]:
    """Return nodes that are few enough, and as many that lie between them.

    Parameters
    ----------
    share
        Probabilities of the outer nodes, one dimension an axis.
    each
        The posterior at each of them, a batch.
    whole
        Axes whose nodes all stay: they are no rule's.
    most
        Nodes, where axes that may be thinned allow it.
    """
    every = share.ravel()[:, np.newaxis, np.newaxis] * each.weight
    shape = (*share.shape, each.weight.shape[1])
    measures = [array.sum(axis=-1).reshape(shape) for array in (every, *_moments(every, each))]
    strides = _strides(measures, whole, most)
    moved = [max(stride, 2) for stride in strides]
    starts = [stride // 2 if stride > 1 else 0 for stride in strides]
    for axis in whole:
        moved[axis], starts[axis] = 1, 0
    return _chosen(every, shape, strides, [0] * len(strides)), _chosen(every, shape, moved, starts)


def _strides(measures: list[FloatArray], whole: tuple[int, ...], most: int) -> list[int]:
    strides = [1] * measures[0].ndim
    while np.count_nonzero(measures[0][_every(strides)] > _NOTHING) > most:
        lost = [np.inf if axis in whole else max(_lost(one, strides, axis) for one in measures)
                for axis in range(len(strides))]  # fmt: skip
        strides[int(np.argmin(lost))] *= 2
    return strides


def _moments(every: FloatArray, each: Integral) -> list[FloatArray]:
    """Return probability times the second moment around the mean, of each coefficient."""
    mean = np.where(np.isfinite(each.mean), each.mean, 0.0)
    centre = np.einsum("onc,oncp->p", every, mean)
    square = np.einsum("oncpp->oncp", each.covariance) + (mean - centre) ** 2
    return [np.where(every > 0, every * square[..., place], 0.0) for place in range(centre.size)]


def _chosen(
    every: FloatArray, shape: tuple[int, ...], strides: list[int], starts: list[int]
) -> Few:
    inside = np.zeros(shape, dtype=bool)
    inside[_every(strides, starts)] = True
    kept = inside.reshape(every.shape[:2]) & (every.sum(axis=-1) > _NOTHING)
    weight = every[kept]
    row, node = np.nonzero(kept)
    return Few((row, node), weight / weight.sum())


def _every(strides: list[int], starts: list[int] | None = None) -> tuple[slice, ...]:
    first = starts or [0] * len(strides)
    pairs = zip(first, strides, strict=True)
    return tuple(slice(start, None, stride) for start, stride in pairs)


def _lost(measure: FloatArray, strides: list[int], axis: int) -> float:
    """Return by how much a sum moves if an axis keeps half its nodes, relative to it."""
    now = measure[_every(strides)]
    half = [slice(None, None, 2) if place == axis else slice(None) for place in range(now.ndim)]
    return abs(2 * float(now[tuple(half)].sum()) / float(now.sum()) - 1)
