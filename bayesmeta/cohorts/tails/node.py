"""What both designs say at one node: trials and cohorts, each summed over its rows on a grid."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.cohorts.tails.plane import Pair, Plane, middle_variance
from bayesmeta.cohorts.tails.sides import Sides
from bayesmeta.engines.lines.rows import Spreads, log_mixed

if TYPE_CHECKING:
    from scipy.interpolate import BSpline

_DEGREE = 9
"""Of splines: on the cohorts' nodes, 0.42 of their SD apart, one of 5 shows in the eighth digit."""
_FINE = 7.0
"""Places of a row's spline in the SD of its narrowest bell."""
_MOST = 20_000
_WIDE = 2.0
"""SDs of the cohorts' effect, in steps, from which on it is summed on their grid."""
_FINEST = 4
"""Nodes of that grid between two of its own, where the SD asks for them."""
_REACH, _STEP = 8.5, 0.45
"""Nodes of a normal that is narrower, in its SDs."""
_NOTHING = 1e-300


@dataclass(frozen=True, eq=False)
class Node:
    """Trials and cohorts, each at one scale.

    Parameters
    ----------
    effect, slope
        Nodes of the effect in trials, and of the slope; of a single slope, 0, without one.
    cohort_effect
        Nodes of the effect in cohorts.
    trials
        Log f plus the log prior of the slope, shape (slope, effect).
    cohorts
        Log g, shape (slope, effect in cohorts).
    widths
        Rough SDs of the effect in trials and in cohorts by their data.
    """

    effect: FloatArray
    slope: FloatArray
    cohort_effect: FloatArray
    trials: FloatArray
    cohorts: FloatArray
    widths: tuple[float, float]

    @property
    def log_cell(self) -> float:
        """Log of the size of a cell of effect and slope."""
        return float(np.log(self.step) + np.log(self.slope_step))

    @property
    def step(self) -> float:
        """Between nodes of the effect."""
        return float(self.effect[1] - self.effect[0])

    @property
    def slope_step(self) -> float:
        """Between nodes of the slope; 1 of a single one."""
        return float(self.slope[1] - self.slope[0]) if self.slope.size > 1 else 1.0

    @property
    def cohort_step(self) -> float:
        """Between nodes of the effect in cohorts."""
        return float(self.cohort_effect[1] - self.cohort_effect[0])

    def cohorts_at(self, effect: FloatArray) -> FloatArray:
        """Return log g, shape (slope, *effect); beyond its nodes it is nothing."""
        own = effect.ravel()
        found = self._spline(np.clip(own, *self.cohort_effect[[0, -1]]))
        found[(own < self.cohort_effect[0]) | (own > self.cohort_effect[-1])] = -np.inf
        return np.asarray(found.T.reshape(self.slope.size, *effect.shape))

    @cached_property
    def cohorts_here(self) -> FloatArray:
        """Log g where both designs have one effect, shape (slope, effect)."""
        return self.cohorts_at(self.effect)

    @cached_property
    def _spline(self) -> "BSpline":
        from scipy.interpolate import make_interp_spline

        return make_interp_spline(self.cohort_effect, self.cohorts.T, k=_DEGREE)

    @cached_property
    def _top(self) -> FloatArray:
        return np.asarray(self.cohorts.max(axis=1))

    def shifted(self, centre: FloatArray, sd: float) -> FloatArray:
        """Return the log of the integral of g(c) Normal(c; centre, sd**2), (slope, effect).

        Parameters
        ----------
        centre
            Of the effect in cohorts at each node of that in trials.
        sd
            0 for the centre itself; of infinity, the integral of g alone.
        """
        if sd == 0:
            return self.cohorts_at(centre)
        finer = 1 if np.isinf(sd) else int(np.ceil(_WIDE * self.cohort_step / sd))
        if finer > _FINEST:
            return self._around(centre, sd)
        told, places = self.cohorts, self.cohort_effect
        if finer > 1:
            places = np.linspace(places[0], places[-1], finer * (places.size - 1) + 1)
            told = self.cohorts_at(places)
        mass = np.exp(told - self._top[:, np.newaxis])
        if np.isinf(sd):
            total = mass.sum(axis=1, keepdims=True) * np.ones(centre.size)
        else:
            away = (places[:, np.newaxis] - centre) / sd
            total = mass @ (np.exp(-0.5 * away**2) / (sd * np.sqrt(2 * np.pi)))
        log_total = np.log(np.maximum(total * (places[1] - places[0]), _NOTHING))
        return np.asarray(log_total + self._top[:, np.newaxis])

    def _around(self, centre: FloatArray, sd: float) -> FloatArray:
        """Return it where the normal is narrow beside the grid: by nodes around its own centre."""
        z = self.places(sd)
        value = self.cohorts_at(centre[:, np.newaxis] + sd * z)
        weight = -0.5 * z**2 + np.log((z[1] - z[0]) / np.sqrt(2 * np.pi))
        return np.asarray(np.logaddexp.reduce(value + weight, axis=-1))

    def places(self, sd: float) -> FloatArray:
        """Return nodes of a narrow normal in its SDs, as far as log g tilts it."""
        steepest = float(np.abs(np.diff(self.cohorts, axis=1)).max()) / self.cohort_step
        reach = _REACH + sd * steepest
        return np.linspace(-reach, reach, int(np.ceil(2 * reach / _STEP)) + 1)


def node(sides: Sides, plane: Plane, scales: Pair) -> Node:
    """Return both designs at one node.

    Parameters
    ----------
    plane
        Where effects and slopes live there.
    scales
        The kernel's normals there, batches of one.
    """
    found = []
    for cohorts, effect in ((False, plane.effect), (True, plane.cohort_effect)):
        studies, own = sides.of_design(cohorts=cohorts), scales.of(cohorts=cohorts)
        found.append(_summed(sides, own, studies, (effect, plane.slope)))
    prior = np.zeros(1) if sides.beta is None else sides.beta.log_density(plane.slope)
    return Node(plane.effect, plane.slope, plane.cohort_effect,
                found[0] + prior[:, np.newaxis], found[1], plane.widths)  # fmt: skip


def _summed(
    sides: Sides, scales: Spreads, studies: BoolArray, grid: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Return the sum of what rows say on a grid of effect and slope, shape (slope, effect)."""
    effect, slope = grid
    total = np.zeros((slope.size, effect.size))
    for place in np.flatnonzero(studies):
        centre = effect + slope[:, np.newaxis] * sides.slope[place]
        total += told(sides, scales, int(place), centre)
    return total


def told(sides: Sides, scales: Spreads, place: int, centre: FloatArray) -> FloatArray:
    """Return what a row says of centres: exactly where they are few, else by a spline."""
    from scipy.interpolate import make_interp_spline

    row = sides.rows.take(np.arange(sides.error.size) == place)
    narrow = np.sqrt(sides.error[place] ** 2 + scales.variance.min(axis=-1)[0])
    usual = np.sqrt(sides.error[place] ** 2 + middle_variance(scales)[0] / 3)
    low, high = float(centre.min()), float(centre.max())
    count = int(min(np.ceil((high - low) / (max(narrow, usual) / _FINE)) + 2 * _DEGREE, _MOST))
    if count >= centre.size:
        return _mixed(row, scales, centre.ravel()).reshape(centre.shape)
    places = np.linspace(low, high, count)
    spline = make_interp_spline(places, _mixed(row, scales, places), k=_DEGREE)
    return np.asarray(spline(centre.ravel()).reshape(centre.shape))


def _mixed(row: object, scales: Spreads, centre: FloatArray) -> FloatArray:
    return log_mixed(row, centre[np.newaxis, :, np.newaxis], scales)[0, :, 0]  # type: ignore[arg-type]
