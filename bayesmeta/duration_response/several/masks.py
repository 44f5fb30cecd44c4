"""The straight line with each study left out, beside several hyperparameters."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.biases import Patterns
from bayesmeta.duration_response.several.laying import Laid, at, found_anew, serves
from bayesmeta.duration_response.several.points import Asked
from bayesmeta.engines.further.axis import Axis
from bayesmeta.engines.further.joint import parity
from bayesmeta.engines.quadrature import Problem
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.mixtures import NormalMixture


def line_without(
    problem: Problem, masks: FloatArray, row: FloatArray, axes: Sequence[Axis],
    patterns: Patterns | None,
) -> NormalMixture:  # fmt: skip
    """Return the posterior of a combination of the coefficients without some studies.

    Parameters
    ----------
    problem
        A batch of one: the line.
    masks
        1 for studies used, 0 for studies left out, shape (mask, study); the first uses all.
    row
        The combination, shape (coefficient,).

    Returns
    -------
    NormalMixture
        A batch (mask,).
    """
    whole = replace(problem, mask=problem.used * masks)
    asked = Asked(whole, np.zeros(len(masks)), axes, patterns)
    walks = found_anew(asked.take([0])) if axes else []
    found = at(asked, walks)
    lost = [place for place in range(len(masks))
            if not serves(found.log_joint[..., [place]], len(axes))]  # fmt: skip
    every = [_slopes(asked, found, row)]
    for place in lost:
        one = asked.take([place])
        every.append(_slopes(one, at(one, found_anew(one)), row))
    return _put(every, lost)


def _slopes(asked: Asked, found: Laid, row: FloatArray) -> NormalMixture:
    """Return the combination's posterior of each mask, all nodes together."""
    every = asked.every(found.walks)
    own = found.log_joint.reshape(-1, asked.curves).T
    share = np.exp(own - log_sum(own)[:, np.newaxis])
    halved = share * (parity(every) if every else 1.0)
    halved = halved / halved.sum(axis=1, keepdims=True)
    each = found.each.combination(row)
    assert each.coarse_weight is not None  # noqa: S101  (an integral has both rules)
    shape = (share.shape[1], asked.curves, -1)

    def by_mask(array: FloatArray) -> FloatArray:
        return np.swapaxes(array.reshape(shape), 0, 1)

    weight, coarse = (
        (by_mask(own_weight) * outer[..., np.newaxis]).reshape(asked.curves, -1)
        for own_weight, outer in ((each.weight, share), (each.coarse_weight, halved))
    )
    place, scale = (by_mask(part).reshape(asked.curves, -1)
                    for part in (each.location, each.scale))  # fmt: skip
    return NormalMixture(weight, place, scale, coarse)


def _put(every: Sequence[NormalMixture], rows: Sequence[int]) -> NormalMixture:
    """Return a batch with some of its rows replaced; shorter ones repeat their last component."""
    first, *others = every
    if not others:
        return first
    size = max(part.weight.shape[1] for part in every)
    arrays = []
    for name in ("weight", "location", "scale", "coarse_weight"):
        found = _padded(getattr(first, name), size, empty="weight" in name)
        for row, part in zip(rows, others, strict=True):
            found[row] = _padded(getattr(part, name), size, empty="weight" in name)[0]
        arrays.append(found)
    return NormalMixture(*arrays)


def _padded(array: FloatArray, size: int, *, empty: bool) -> FloatArray:
    spare = np.repeat(array[:, -1:], size - array.shape[1], axis=1)
    return np.concatenate([array, 0 * spare if empty else spare], axis=1)
