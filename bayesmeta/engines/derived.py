"""The exact distribution of what follows from hyperparameters."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.derived import Derived
from bayesmeta.engines.further.axis import Walk
from bayesmeta.engines.further.joint import Joint, product
from bayesmeta.engines.further.scaled import scaled
from bayesmeta.engines.quadrature import Integral
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.priors import density
from bayesmeta.sinc import Path, SincDensity

_NOTHING, _LEAST = 1e-13, 0.5
"""Points of less probability are left out; and by how much, in logs, the density falls at least
from node to node where nodes were left out."""
_NEAR_0 = np.array([1e-12, 1e-10])
"""Where a prior's power of tau near 0 is read off, relative to its median."""
_MANY = 20.0
_CLOSE = 1e-3


class _Given(NamedTuple):
    """The distribution of one hyperparameter at each of several points of the others.

    Parameters
    ----------
    each
        A batch of shape (point,).
    log_share
        Log probability of each point, shape (point,).
    values
        The others there by name, each of shape (point,), or a number.
    """

    each: SincDensity
    log_share: FloatArray
    values: dict[str, FloatArray]


def free(assembly: Assembly) -> list[Derived]:
    """Return what follows from hyperparameters, where it is no number itself."""
    every = assembly.parts.derived(assembly.layout)
    return [item for item in every if item.is_free(assembly.fixed)]


def distribution(integral: Integral, item: Derived) -> SincDensity:
    """Return the distribution of the product that a derived quantity is a function of.

    Given the other hyperparameters it is a multiple of the one; averaged over their nodes it is
    as smooth, and no staircase of nodes.

    Parameters
    ----------
    integral
        A batch of one.
    """
    inner = integral.own.structure.inner
    if item.of in integral.own.structure.fixed or (item.over == inner and item.over):
        return _reciprocal(_divided(integral, item))
    known = _given(integral, item.of)
    times = np.asarray(item.factor(known.values)) * np.ones_like(known.log_share)
    return scaled(known.each, known.log_share, times)


def _divided(integral: Integral, item: Derived) -> SincDensity:
    """Return the distribution of one over the product: a multiple of what it divides by."""
    known = _given(integral, item.over)
    values = {**known.values, item.over: np.ones(1)}
    times = 1 / np.asarray(values[item.of] * item.factor(values))
    return scaled(known.each, known.log_share, times * np.ones_like(known.log_share))


def _reciprocal(found: SincDensity) -> SincDensity:
    """Return the distribution of 1 / x, of an x above 0: the same, its logs mirrored."""
    path = Path(found.path.support, -found.path.centre, found.path.scale)
    last = found.first + (found.log_weight.shape[-1] - 1) * found.step
    return SincDensity(path, -last, found.step, found.log_weight[..., ::-1].copy())


def _given(integral: Integral, name: str) -> _Given:
    fixed = {key: np.asarray(value) for key, value in integral.own.structure.fixed.items()}
    if not isinstance(integral, Joint):
        return _Given(integral.heterogeneity(), np.zeros(1), fixed)
    names, values = [walk.axis.name for walk in integral.walks], product(integral.walks)
    if name not in names:
        here = {key: value[integral.kept] for key, value in zip(names, values, strict=True)}
        return _Given(integral.each.heterogeneity(), integral.log_share[integral.kept],
                      {**fixed, **here})  # fmt: skip
    return _along(integral, names.index(name), fixed)


def _along(integral: Joint, place: int, fixed: dict[str, FloatArray]) -> _Given:
    """Return the distribution along one outer axis, at each point of the other outer axes."""
    walk = integral.walks[place]
    assert isinstance(walk, Walk)  # noqa: S101  (cases have no name that one asks by)
    shape = [each.t.size for each in integral.walks]
    rows, *others = (
        np.moveaxis(array.reshape(shape), place, -1).reshape(-1, walk.t.size)
        for array in (integral.log_share, *product(integral.walks))
    )
    used = log_sum(rows) > np.log(_NOTHING)
    rows = np.stack([_filled(row) for row in rows[used]])
    total = log_sum(rows)
    path = Path(walk.path.support, *(np.repeat(array, len(rows), axis=0)
                                     for array in (walk.path.centre, walk.path.scale)))  # fmt: skip
    first, step = (np.full(len(rows), value) for value in (walk.t[0], walk.step))
    each = SincDensity(path, first, step, rows - total[:, np.newaxis])
    here = {other.axis.name: array[used, 0]
            for other, array in zip(integral.walks, others, strict=True)}  # fmt: skip
    del here[walk.axis.name]
    return _Given(each, total, {**fixed, **here})


def _filled(row: FloatArray) -> FloatArray:
    """Return log weights of a row of nodes, with a straight line where they were left out."""
    every, there = np.arange(row.size), np.flatnonzero(np.isfinite(row))
    found = np.interp(every, there, row[there])
    for end, inner, away in ((there[0], there[1:2], there[0] - every),
                             (there[-1], there[-2:-1], every - there[-1])):  # fmt: skip
        fall = max([_LEAST, *(row[inner] - row[end])])
        found -= fall * np.maximum(away, 0)
    return np.asarray(found)


def finite(assembly: Assembly, item: Derived, moments: float) -> float:
    """Return how many moments of a derived quantity exist.

    Parameters
    ----------
    moments
        How many of the first hyperparameter do.
    """
    if not item.transform.power:
        return np.inf
    own = moments if item.of == assembly.hyperparameters[0].name else np.inf
    return min(own, _of_inverse(assembly, item.over))


def _of_inverse(assembly: Assembly, name: str) -> float:
    """Return how many moments 1 / x has, by the power of x that its prior is near 0."""
    if name not in assembly.priors:
        return np.inf
    prior = density(assembly.priors[name], assembly.context)
    if np.any(np.asarray(prior.support()[0]) > 0):
        return np.inf
    log_x = np.log(np.ravel(prior.quantile(np.array([0.5])))[0]) + np.log(_NEAR_0)
    low, high = np.asarray(prior.log_density_both(np.exp(log_x), log_x))
    if not np.isfinite(low):  # no mass there: all the others exist
        return np.inf
    power = (high - low) / (log_x[1] - log_x[0])
    return np.inf if power > _MANY else float(np.ceil(power + 1 - _CLOSE) - 1)
