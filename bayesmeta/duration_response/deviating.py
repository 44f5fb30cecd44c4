"""The effect in a new study: its deviation from the mean is normal, or as a law of studies says."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.duration_response.condensing import joined, merged, stacked
from bayesmeta.duration_response.lines.law import Law
from bayesmeta.mixtures import NormalMixture
from bayesmeta.random_effects import Scales

_LEAST = 1e-10
"""Normals of a law that together have less weight than this are left out."""
_NEAR, _NEAR_IN_A_FIGURE = (0.1, 0.03), (0.3, 0.1)
"""Means are merged where they are within so many scales, and scales that differ by such a share."""
_ALIKE = 0.7
"""Logs of variances by which a law's normals differ that are one in a figure."""


def widened(
    mean: NormalMixture, spread: FloatArray, law: Law | None, *, figure: bool = False
) -> NormalMixture:
    """Return the effects in a new study from their means, a batch of shape (m,).

    Parameters
    ----------
    mean
        The mean effects.
    spread
        At each component the standard deviation of normal effects, or the law's tau, (component,).
    law
        Of effects that are not normal.
    figure
        Whether two digits are enough.
    """
    if law is None:
        return NormalMixture(
            mean.weight, mean.location, np.hypot(mean.scale, spread), mean.coarse_weight
        )
    weight, location, scale, coarse = np.broadcast_arrays(
        mean.weight, mean.location, mean.scale,
        mean.weight if mean.coarse_weight is None else mean.coarse_weight,
    )  # fmt: skip
    tau, group = np.unique(spread, return_inverse=True)
    near = _NEAR_IN_A_FIGURE if figure else _NEAR
    added = _Added(group, *_few(law.scales(tau), figure=figure), near)
    moments = float(law.kernel.moments(law.fixed, {}))
    sides = (weight,) if figure else (weight, coarse)
    one, *others = (
        stacked([added.to(*row) for row in zip(side, location, scale, strict=True)])
        for side in sides
    )
    if not others:
        return replace(NormalMixture(*one), moments=moments)
    return joined(one, others[0], moments=moments)


def variance(spread: FloatArray, law: Law | None) -> FloatArray:
    """Return the variance of study effects around their mean; infinite where there is none."""
    return spread**2 if law is None else law.variance(spread)


def deviations(
    spread: FloatArray, normal: FloatArray, level: FloatArray, law: Law | None
) -> FloatArray:
    """Return draws of a new study's deviation, of the shape of all three.

    Parameters
    ----------
    spread
        As `widened`.
    normal, level
        Standard normals, and levels between 0 and 1 that choose one of a law's normals.
    """
    if law is None:
        return spread * normal
    log_weight, variances = law.scales(spread.ravel())
    reached = np.cumsum(np.exp(log_weight), axis=1)
    place = (reached < level.reshape(-1, 1) * reached[:, -1:]).sum(axis=1)
    chosen = np.take_along_axis(variances, place[:, np.newaxis], axis=1)[:, 0]
    return np.sqrt(chosen).reshape(spread.shape) * normal


def _few(scales: Scales, *, figure: bool) -> tuple[FloatArray, FloatArray]:
    """Return weights and variances of a law's normals that matter, each (tau, normal)."""
    order = np.argsort(scales.variance, axis=1)
    weight = np.take_along_axis(np.exp(scales.log_weight), order, axis=1)
    variances = np.take_along_axis(scales.variance, order, axis=1)
    kept = weight.max(axis=0) > _LEAST
    weight, variances = weight[:, kept], variances[:, kept]
    if not figure:
        return weight, variances
    log = np.log(variances).mean(axis=0)
    cell = np.floor((log - log[0]) / _ALIKE).astype(np.intp)
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    total = np.add.reduceat(weight, starts, axis=1)
    return total, np.add.reduceat(weight * variances, starts, axis=1) / total


class _Added(NamedTuple):
    """A law's normals that are added to components.

    Parameters
    ----------
    group
        Which tau a component has, shape (component,).
    share, variance
        Of the normals, shape (tau, normal).
    near
        How near components are that are merged.
    """

    group: IntArray
    share: FloatArray
    variance: FloatArray
    near: tuple[float, float]

    def to(self, weight: FloatArray, location: FloatArray, scale: FloatArray) -> FloatArray:
        """Return weights, locations and scales with the normals added, merged again."""
        used = weight > 0
        parts = (np.compress(used, each) for each in (weight, location, scale))
        few, tau = merged(*parts, near=self.near, group=self.group[used])
        wide = np.sqrt(few[2][:, np.newaxis] ** 2 + self.variance[tau])
        places = np.broadcast_to(few[1][:, np.newaxis], wide.shape)
        weights = few[0][:, np.newaxis] * self.share[tau]
        every = (each.ravel() for each in (weights, places, wide))
        return merged(*every, near=self.near)[0]
