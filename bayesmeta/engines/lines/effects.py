"""Distributions of study effects, each of a posterior that is seen along its study's row."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.lines.combined import combined, spread
from bayesmeta.engines.lines.middles import Rough, between, middle_of
from bayesmeta.engines.lines.tabulating import Densities, tabulated
from bayesmeta.sinc import SincDensity

if TYPE_CHECKING:
    from bayesmeta.engines.lines.posterior import Lines


def effect(lines: "Lines", study: int) -> SincDensity:
    """Return the posterior of one study effect: L(theta) times what all else says of it."""
    if not lines.taking[study]:
        return predicted(lines, study)
    own = lines.rows.take(np.arange(lines.studies) == study)
    cavity = lines.components.cavity(study)
    top = cavity.max()
    weight = np.exp(cavity - top)[..., np.newaxis] * lines.points.both[:, np.newaxis]
    if lines.dense is None:
        around = _around(lines, study, weight)
    else:
        around = _densely(lines, study, weight, top)

    def densities(x: FloatArray) -> FloatArray:
        log_likelihood = own.log_likelihood(x[:, np.newaxis]) + top
        return np.exp(log_likelihood) * around(x)

    return tabulated(densities, *_start(lines, study), kinks=own.kinks)


def predicted(lines: "Lines", study: int) -> SincDensity:
    """Return what all others say of one study's effect, its own bias in it, if it may."""
    row, points, by_side = lines.design[study], lines.points, lines.by_side
    deviations = by_side.deviations_of(study)
    if by_side.widening is None or not by_side.may_be_biased(study):
        is_outside = by_side.is_outside(study)
        return spread(row, deviations) if is_outside else combined(lines, row, new_study=True)
    around = _around(lines, study, deviations.new_study())
    variance = np.array([deviations.typical**2 + by_side.widening.variance])
    return tabulated(around, *middle_of(points.location @ row, points.weight, variance))


def _around(lines: "Lines", study: int, weight: FloatArray) -> Densities:
    """Return what all else says of a study's effect, its own bias in it, if it may have one."""
    row, by_side = lines.design[study], lines.by_side
    deviations = by_side.deviations_of(study)
    if not by_side.may_be_biased(study):
        return deviations.densities(row, weight, far=not lines.taking[study])
    share = by_side.share[lines.points.node][:, np.newaxis, np.newaxis]
    none = deviations.densities(row, weight * (1 - share))
    some = by_side.deviations_of(study, is_biased=True).densities(row, weight * share)
    return lambda x: none(x) + some(x)


def _densely(lines: "Lines", study: int, weight: FloatArray, top: float) -> Densities:
    """Return what all else says of a study's effect, with the kinks of the other rows."""
    dense = lines.dense
    assert dense is not None  # noqa: S101  (asked where it is)
    others = lines.deviations.densities(lines.design[study], weight * dense.smooth)
    kinked = dense.without(int(lines.taking[:study].sum()), top)
    return lambda x: others(x) + kinked(x)


def _start(lines: "Lines", study: int) -> tuple[float, float]:
    """Return about where a study effect lies."""
    estimate, variance = lines.rows.rough()
    own = Rough(float(estimate[study]), float(variance[study]))
    return between(own, lines.points.location @ lines.design[study], lines.points.weight,
                   lines.by_side.deviations_of(study).typical**2)  # fmt: skip
