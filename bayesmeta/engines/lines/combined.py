"""Distributions of combinations of the coefficients, with a new study's deviation or without."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.lines.dense import Dense
from bayesmeta.engines.lines.deviations import Deviations
from bayesmeta.engines.lines.leaning import towards
from bayesmeta.engines.lines.middles import middle_of
from bayesmeta.engines.lines.spiked import spiked
from bayesmeta.engines.lines.tabulating import INTERPOLATED, SPREAD, tabulated
from bayesmeta.sinc import SincDensity

if TYPE_CHECKING:
    from bayesmeta.engines.lines.posterior import Lines


def combined(lines: "Lines", row: FloatArray, *, new_study: bool) -> SincDensity:
    """Return the posterior of row @ coefficients, or of a new study's effect around it."""
    points = lines.points
    if not new_study and lines.spike and not row[:-1].any():
        return spiked(points, lines.spike, float(row[-1]))
    if lines.dense is not None and lines.dense.nodes.size and (row == 1).all():
        return _mean(lines, lines.dense, new_study=new_study)
    if not new_study:
        return _alone(lines, row)
    own = lines.along(row)
    return spread(row if own is lines else np.ones(1), own.deviations)


def _alone(lines: "Lines", row: FloatArray) -> SincDensity:
    points = lines.points
    place = points.location @ row
    bulk = middle_of(place, points.weight, np.zeros(1))
    found = tabulated(lines.deviations.coefficients(row, points.both), *bulk, floor=INTERPOLATED)
    return towards(found, place, points.coarse_weight)


def spread(row: FloatArray, deviations: Deviations) -> SincDensity:
    """Return the posterior of row @ coefficients plus a new study's deviation."""
    points, typical = deviations.points, np.array([deviations.typical])
    return tabulated(
        deviations.densities(row, deviations.new_study()),
        *middle_of(points.location @ row, points.weight, typical**2),
    )


def _mean(lines: "Lines", dense: Dense, *, new_study: bool) -> SincDensity:
    """Return the mean's posterior, or a new study's, with the kinks of likelihoods."""
    one, points, deviations = np.ones(1), lines.points, lines.deviations
    if new_study:
        others = deviations.densities(one, deviations.new_study() * dense.smooth)
        variance, kinked = deviations.typical**2, dense.new_study()
    else:
        others = deviations.coefficients(one, dense.smooth[..., 0] * points.both)
        variance, kinked = 0.0, dense.mean()
    bulk = middle_of(points.location[:, 0], points.weight, np.full(1, variance))
    floor = SPREAD if new_study else INTERPOLATED
    return tabulated(lambda x: others(x) + kinked(x), *bulk, floor=floor, kinks=lines.rows.kinks)
