"""Where tau is taken: equal steps along one path for all shapes, tabulated when first asked for."""

from dataclasses import dataclass, field

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.lines.law import Law
from bayesmeta.duration_response.lines.tables import Table, tabulated
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.posteriors import integrate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.sinc import Path

_PILOT = 1e-2
_LONGEST = 3.0
"""How long steps may be in a middle of their own, times those that fit there."""
_LEFTMOST, _RIGHTMOST = -300.0, 300.0
"""Where tau squared nears the ends of what is a number, in logs."""


@dataclass(frozen=True, eq=False)
class Road:
    """A path through tau's support, with what studies say at its milestones.

    Parameters
    ----------
    law
        Of the studies.
    path
        A batch of one.
    step
        Of t between neighbours; the milestone of place 0 is at t = 0.
    start
        Place from where to walk: near tau of normal effects, around whose centre all studies lie.
    """

    law: Law
    path: Path
    step: float
    start: int = 0
    _tables: dict[int, Table] = field(default_factory=dict)

    def t(self, place: int) -> FloatArray:
        """Return t at a milestone, shape (1, 1)."""
        return np.full((1, 1), place * self.step)

    def passable(self, place: int) -> bool:
        """Return whether tau there is a number that can be squared."""
        return bool(_LEFTMOST < float(self.path.line(self.t(place))[0, 0]) < _RIGHTMOST)

    def tau(self, place: int) -> float:
        """Return tau at a milestone."""
        return float(self.path.value(self.t(place))[0, 0])

    def log_prior(self, problem: Problem, place: int) -> float:
        """Return the log prior density of t."""
        t = self.t(place)
        found = problem.log_prior_at(self.path.log_value(t)) + self.path.log_slope(t)
        return float(found[0, 0])

    def table(self, place: int) -> Table:
        """Return what studies say at a milestone."""
        if place not in self._tables:
            self._tables[place] = tabulated(self.law, self.tau(place))
        return self._tables[place]


def centred(road: Road, log_value: FloatArray, first: int) -> Road:
    """Return a road whose middle is where an integrand over its milestones has tau.

    The same one where its steps are about as short there: what it tabulated stays.

    Parameters
    ----------
    log_value
        Of the integrand over t, shape (milestone,).
    first
        Place of the first milestone.
    """
    t = (first + np.arange(log_value.size, dtype=float)) * road.step
    line = road.path.line(t[np.newaxis])[0]
    weight = np.exp(log_value - log_sum(log_value[np.newaxis])[0])
    centre = weight @ line
    spread = np.sqrt(weight @ (line - centre) ** 2)
    there = float(road.path.scale[0, 0] + np.abs(centre - road.path.centre[0, 0]))
    if there <= _LONGEST * spread:
        return road
    path = Path(road.path.support, np.full((1, 1), centre), np.full((1, 1), spread))
    normal = np.arcsinh((road.path.centre[0, 0] - centre) / spread)
    return Road(road.law, path, road.step, round(float(normal) / road.step))


def road_of(law: Law, problem: Problem, *, step: float = 0.15) -> Road:
    """Return the road whose middle is where normal study effects of one centre have tau.

    Parameters
    ----------
    problem
        The table under the constant.
    """
    pilot = integrate(problem, tolerance=_PILOT)
    path = pilot.path
    assert path is not None  # noqa: S101  (duration models have a tau)
    weight = np.exp(pilot.log_weight[0, :, 0])
    line = path.support.inverse(pilot.tau[0])
    # Of a support with ends the farthest nodes round to them: on the line they are nowhere.
    known = (weight > 0) & np.isfinite(line)
    line, weight = line[known], weight[known]
    centre = weight @ line
    spread = np.sqrt(weight @ (line - centre) ** 2)
    # Of effects with long tails the scale may be much smaller than the SD.
    one = Path(path.support, np.full((1, 1), centre), np.full((1, 1), spread))
    return Road(law, one, step)
