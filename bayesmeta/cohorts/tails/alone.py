"""How probable the cohorts are by themselves."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.tails.node import Node, told
from bayesmeta.cohorts.tails.plane import STEP, middle_variance, ranges
from bayesmeta.cohorts.tails.sides import Sides
from bayesmeta.cohorts.tails.walking import Tables
from bayesmeta.cohorts.tails.weighing import Way
from bayesmeta.engines.lines.rows import Spreads

_PLACES = np.linspace(-8.0, 8.0, 65)
_LOG_WEIGHT = -0.5 * _PLACES**2 + np.log(0.25 / np.sqrt(2 * np.pi))
"""Of a bias, in its standard deviations."""


def alone(tables: Tables, power: float) -> float:
    """Return the log of the integral of g**power under the priors."""
    sides, used = tables.sides, tables.points
    values = {name: value[used] for name, value in tables.values.items()}
    scales = sides.scales(values, cohorts=True)
    _, first, every = np.unique(scales.variance, axis=0, return_index=True, return_inverse=True)
    scales = scales.take(first)
    ends = ranges(sides.asked(sides.of_design(cohorts=True), power=power), scales)
    found = [_raised(sides, scales.take(slice(place, place + 1)), own, power)
             for place, own in enumerate(ends)]  # fmt: skip
    log_prior = tables.log_prior[used] + tables.log_fewer
    return float(np.logaddexp.reduce(np.array(found)[np.ravel(every)] + log_prior))


def _raised(sides: Sides, scales: Spreads, ends: FloatArray, power: float) -> float:
    """Return it at one scale."""
    studies = np.flatnonzero(sides.of_design(cohorts=True))
    precision = power / (sides.error[studies] ** 2 + middle_variance(scales))
    widths = [1 / np.sqrt(precision.sum() + sides.around[1] ** -2)]
    if sides.beta is not None:
        low, high = sides.beta.quantile(np.array([0.25, 0.75])).tolist()
        own = (precision * sides.slope[studies] ** 2).sum() + ((high - low) / 1.349) ** -2
        widths.append(1 / np.sqrt(own))
    axes = [np.linspace(low, high, int(np.ceil((high - low) / (STEP * width))) + 9)
            for (low, high), width in zip(ends.T, widths, strict=True)]  # fmt: skip
    effect, slope = axes[0], axes[1] if len(axes) > 1 else np.zeros(1)
    total = sides.mu.log_density(effect) + np.zeros((slope.size, 1))
    if sides.beta is not None:
        total = total + sides.beta.log_density(slope)[:, np.newaxis]
    for place in studies:
        centre = effect + slope[:, np.newaxis] * sides.slope[place]
        total = total + power * told(sides, scales, int(place), centre)
    cells = sum(np.log(axis[1] - axis[0]) for axis in axes)
    return float(np.logaddexp.reduce(total, axis=None) + cells)


def shifted_alone(tables: Tables, way: Way) -> float:
    """Return the log of the integral of g under the prior that cohorts have beside trials."""
    found = [_shifted(tables.sides, node, way) for node in tables.nodes]
    return float(np.logaddexp.reduce(np.array(found) + tables.log_prior))


def _shifted(sides: Sides, node: Node, way: Way) -> float:
    """Return it at one node."""
    apart = way.apart
    assert apart is not None  # noqa: S101  (asked of members that tell designs apart)
    slope = np.zeros(1) if sides.beta is None else sides.beta.log_density(node.slope)
    cell = np.log(node.slope_step)
    if way.normal is not None:
        mean, sd = way.normal
        centre = apart.centre(np.array([mean]))
        own = node.shifted(centre, float(np.hypot(apart.ratio * sd, apart.sd)))[:, 0]
    else:
        at = node.cohort_effect - apart.mean - apart.sd * _PLACES[:, np.newaxis]
        prior = way.log_prior(at) + _LOG_WEIGHT[:, np.newaxis]
        total = node.cohorts + np.logaddexp.reduce(prior, axis=0)
        own = np.logaddexp.reduce(total, axis=1) + np.log(node.cohort_step)
    return float(np.logaddexp.reduce(own + slope) + cell)
