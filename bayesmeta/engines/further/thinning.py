"""Fewer nodes of a product rule, where every second one says the same."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.quadrature import Integral

_NOTHING, _MOST = 1e-13, 100_000
"""Nodes of less probability are left out, and more nodes than this are not kept."""


class Thinned(NamedTuple):
    """Some of the nodes of a product rule.

    Parameters
    ----------
    at
        Rows, which are kept outer nodes, and inner nodes, each of shape (node,).
    weight, coarse
        Probabilities, and those at twice the step of every axis, shape (node, component).
    error
        What the sum over the nodes moved by, in logs, and the probability left out.
    """

    at: tuple[IntArray, IntArray]
    weight: FloatArray
    coarse: FloatArray
    error: float


def thinned(
    outer: FloatArray, each: Integral, kept: IntArray, *, whole: tuple[int, ...] = ()
) -> Thinned:
    """Return nodes that are few enough: every second, fourth ... along axes that allow it.

    Equally spaced sums of what is smooth and falls to nothing on both sides are as good at twice
    the step, until they are not: the axis that loses least is thinned first, of the probability
    and of the second moments of the coefficients.

    Parameters
    ----------
    outer
        Probabilities of the outer nodes, one dimension an axis.
    each
        The posterior at each kept outer node, a batch.
    kept
        Numbers of the outer nodes that its rows are of, shape (row,).
    whole
        Axes whose nodes all stay: they are no rule's.
    """
    every = outer.ravel()[kept, np.newaxis, np.newaxis] * each.weight
    measures = [_spread_out(outer, kept, array) for array in (every, *_moments(every, each))]
    joint, strides = measures[0], [1] * (outer.ndim + 1)
    while np.count_nonzero(joint[_every(strides)] > _NOTHING) > _MOST:
        lost = [max(_lost(one, strides, axis) for one in measures) for axis in range(joint.ndim)]
        for axis in whole:
            lost[axis] = np.inf
        strides[int(np.argmin(lost))] *= 2
    chosen, twice = np.zeros(joint.shape, dtype=bool), np.zeros(joint.shape, dtype=bool)
    chosen[_every(strides)] = True
    coarser = [stride if axis in whole else 2 * stride for axis, stride in enumerate(strides)]
    twice[_every(coarser)] = True
    moved = abs(float(np.log(joint[chosen].sum() * np.prod(strides))))
    large = (chosen & (joint > _NOTHING)).reshape(outer.size, -1)[kept]
    gone = float(joint[chosen & (joint <= _NOTHING)].sum() * np.prod(strides))
    row, node = np.nonzero(large)
    at = (row, node)
    weight = every[at]
    coarse = weight * twice.reshape(outer.size, -1)[kept][at][:, np.newaxis]
    return Thinned(at, weight / weight.sum(), coarse / coarse.sum(), moved + gone)


def _moments(every: FloatArray, each: Integral) -> list[FloatArray]:
    """Return probability times the second moment around the mean, of each coefficient."""
    centre = np.einsum("onc,oncp->p", every, np.where(np.isfinite(each.mean), each.mean, 0.0))
    own = np.einsum("oncpp->oncp", each.covariance)
    square = own + (each.mean - centre) ** 2
    return [np.where(every > 0, every * square[..., place], 0.0) for place in range(centre.size)]


def _spread_out(outer: FloatArray, kept: IntArray, array: FloatArray) -> FloatArray:
    """Return numbers of kept rows on the whole product of outer nodes and the inner ones."""
    found = np.zeros((outer.size, array.shape[1]))
    found[kept] = array.sum(axis=-1)
    return found.reshape(*outer.shape, -1)


def _every(strides: list[int]) -> tuple[slice, ...]:
    return tuple(slice(None, None, stride) for stride in strides)


def _lost(measure: FloatArray, strides: list[int], axis: int) -> float:
    """Return by how much a sum moves if an axis keeps half its nodes, relative to it."""
    now = measure[_every(strides)]
    half = [slice(None, None, 2) if place == axis else slice(None) for place in range(now.ndim)]
    return abs(2 * float(now[tuple(half)].sum()) / float(now.sum()) - 1)
