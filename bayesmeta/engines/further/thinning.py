"""Fewer nodes of a product rule, where every second one says the same."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray

_NOTHING, _MOST = 1e-14, 60_000
"""Nodes of less probability are left out, and more nodes than this are not kept."""


class Thinned(NamedTuple):
    """Some of the nodes of a product rule.

    Parameters
    ----------
    kept
        Their numbers among all, outer nodes first, shape (node,).
    weight, coarse
        Probabilities, and those at twice the step of every axis, shape (node, component).
    error
        What the sum over the nodes moved by, in logs, and the probability left out.
    """

    kept: IntArray
    weight: FloatArray
    coarse: FloatArray
    error: float


def thinned(outer: FloatArray, inner: FloatArray) -> Thinned:
    """Return nodes that are few enough: every second, fourth ... along axes that allow it.

    Equally spaced sums of what is smooth and falls to nothing on both sides are as good at twice
    the step, until they are not: the axis that loses least is thinned first.

    Parameters
    ----------
    outer
        Probabilities of the outer nodes, one dimension an axis.
    inner
        Probabilities given an outer node, shape (outer node, inner node, component).
    """
    joint = outer[..., np.newaxis] * inner.sum(axis=-1).reshape(*outer.shape, -1)
    strides = [1] * joint.ndim
    while np.count_nonzero(joint[_every(strides)] > _NOTHING) > _MOST:
        at = int(np.argmin([_lost(joint, strides, axis) for axis in range(joint.ndim)]))
        strides[at] *= 2
    chosen, twice = np.zeros(joint.shape, dtype=bool), np.zeros(joint.shape, dtype=bool)
    chosen[_every(strides)] = True
    twice[_every([2 * stride for stride in strides])] = True
    moved = abs(float(np.log(joint[chosen].sum() * np.prod(strides))))
    kept = np.flatnonzero(chosen & (joint > _NOTHING))
    gone = float(joint[chosen & (joint <= _NOTHING)].sum() * np.prod(strides))
    every = outer.reshape(-1, 1, 1) * inner
    weight = every.reshape(-1, every.shape[-1])[kept]
    coarse = weight * twice.ravel()[kept, np.newaxis]
    return Thinned(kept, weight / weight.sum(), coarse / coarse.sum(), moved + gone)


def _every(strides: list[int]) -> tuple[slice, ...]:
    return tuple(slice(None, None, stride) for stride in strides)


def _lost(joint: FloatArray, strides: list[int], axis: int) -> float:
    """Return by how much the sum moves if an axis keeps half its nodes, relative to it."""
    now = joint[_every(strides)]
    half = [slice(None, None, 2) if place == axis else slice(None) for place in range(now.ndim)]
    return abs(2 * float(now[tuple(half)].sum()) / float(now.sum()) - 1)
