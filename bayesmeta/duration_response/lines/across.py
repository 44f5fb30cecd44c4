"""The posterior under every curve of a shape where study effects are not normal."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.cumulants import directions, forms
from bayesmeta.duration_response.gaps.cubature import cubature
from bayesmeta.duration_response.integrated import Integrated
from bayesmeta.duration_response.lines.batch import Batch
from bayesmeta.duration_response.lines.bumps import Bumps, Rule
from bayesmeta.duration_response.lines.items import Items, joined
from bayesmeta.duration_response.lines.monomials import Monomials
from bayesmeta.duration_response.lines.packing import density_of, packed
from bayesmeta.duration_response.lines.road import Road, centred
from bayesmeta.duration_response.lines.survey import Survey, survey
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.problem import Problem

_SPACING = {1: 0.5, 2: 0.8, 3: 1.1, 4: 1.2, 5: 1.5}
_WIDEST = 1.5
"""Of the lattice, in standard deviations, by dimension."""
_RADII, _ROUGHER, _ROUGH_RADIUS = (7.0, 9.0, 12.0), 1.25, 4.5
"""Of the lattice: farther out where there is mass in the outer shell."""


type Pair = tuple[Integrated, Integrated]
"""By a rule and by a coarser one."""


def integrate_shape(
    road: Road, problem: Problem, curves: Curves, *, moments: int, factors: Sequence[float] = ()
) -> tuple[Pair, list[Pair]]:
    """Return the posterior by a rule and by a coarser one, for the curves of a shape.

    Each is under the curves that have any weight in it: the shape's fine or coarse grid. Beside
    it stand those where the change's prior is so many times as wide.

    Parameters
    ----------
    problem
        The table under these curves, as of normal study effects.
    moments
        How many moments of tau exist, 2 at most.
    factors
        Of the sd of the change's prior.
    """
    with np.errstate(divide="ignore"):
        weight = np.log(np.maximum(curves.weight, curves.coarse_weight))
    own = curves.change().shape[1]
    batch = Batch.of(problem, weight.size, own)
    found = _found(road, problem, batch, weight, moments=moments, factors=factors)
    grids = (curves.weight > 0, curves.coarse_weight > 0)
    one, *others = (
        (found.by(grids[0], 1, fine), found.by(grids[1], 2, coarse))
        for fine, coarse in [found.rules[:2], *((each, each) for each in found.rules[2:])]
    )
    return one, others


def integrate_tables(road: Road, problem: Problem, tables: int, *, moments: int) -> Pair:
    """Return the posterior by a rule and by a coarser one, for a curve on several tables.

    Parameters
    ----------
    problem
        Its mask says which studies take part, shape (table, study).
    """
    batch = Batch.of(problem, tables, 0)
    found = _found(road, problem, batch, None, moments=moments)
    every = np.ones(tables, dtype=bool)
    return found.by(every, 1, found.rules[0]), found.by(every, 2, found.rules[1])


def centred_road(road: Road, problem: Problem) -> Road:
    """Return a road whose middle is where the studies have tau, not normal ones instead of them.

    An outlier makes tau of normal effects large, and that of effects with long tails hardly.

    Parameters
    ----------
    problem
        The table under the constant.
    """
    batch = Batch.of(problem, 1, 0)
    size = batch.coefficients
    rule = _rule(size, _ROUGHER * _SPACING.get(size, _WIDEST), _ROUGH_RADIUS)
    seen = survey(road, problem, batch, rule, moments=0)
    return centred(road, seen.log_value[0], seen.first)


class _Found(NamedTuple):
    """All items: curves at milestones.

    Parameters
    ----------
    needed
        Shape (curve, milestone).
    rules
        What the rule and the coarser one found, and the rule under wider priors; one an item.
    """

    road: Road
    first: int
    needed: BoolArray
    log_prior: FloatArray
    rules: Sequence[Bumps]
    moments: int
    scale: FloatArray

    def by(self, curves: BoolArray, every: int, rule: Bumps) -> Integrated:
        """Return the posterior under some curves, of every so many milestones."""
        place = np.arange(self.needed.shape[1])
        milestones = (place + self.first) % every == 0
        item = _chosen(self.needed, curves, milestones)
        needed = self.needed[curves][:, milestones]
        bumps = rule.take(item)
        step = every * self.road.step
        log_joint = np.full(needed.shape, -np.inf)
        log_joint[needed] = bumps.log_mass
        log_joint += self.log_prior[milestones] + np.log(step)
        log_evidence = log_sum(log_joint)
        with np.errstate(invalid="ignore"):
            log_weight = np.where(needed, log_joint - log_evidence[:, np.newaxis], -np.inf)
        curve, at = np.nonzero(needed)
        tau = np.array([self.road.tau(one + self.first) for one in place[milestones]])
        first = (place[milestones] + self.first)[needed.argmax(axis=1)] * self.road.step
        return Integrated(
            log_evidence=log_evidence,
            tau=density_of(self.road.path, (first, step), packed(log_weight, needed), self.moments),
            curve=curve,
            weight=np.exp(log_weight[needed]),
            spread=tau[at],
            mean=bumps.mean,
            covariance=bumps.covariance,
            forms=forms(bumps.third, bumps.fourth, scale=self.scale),
        )  # fmt: skip


def _found(
    road: Road, problem: Problem, batch: Batch, weight: FloatArray | None, *, moments: int,
    factors: Sequence[float] = (),
) -> _Found:  # fmt: skip
    """Return all items; without weights of the curves, each curve has to be known."""
    apart, size = weight is None, batch.coefficients
    log_weight = np.zeros(batch.size) if weight is None else weight
    spacing = _SPACING.get(size, _WIDEST)
    rough = _rule(size, _ROUGHER * spacing, _ROUGH_RADIUS)
    rules = [rough, *(_rule(size, spacing, radius) for radius in _RADII)]
    seen = survey(road, problem, batch, rough, moments=moments)
    needed = seen.needed(log_weight, moments, apart=apart)
    scale = _scale(seen, log_weight)
    value = seen.log_value + log_weight[:, np.newaxis]
    value -= value.max(axis=1, keepdims=True) if apart else value.max()
    asked = Items(road, batch, seen, needed, value, rules, directions(size) / scale, factors)
    places = range(needed.shape[1])
    prior = np.array([road.log_prior(problem, place + seen.first) for place in places])
    parts = [asked.at(place) for place in places]
    # From milestone after milestone to curve after curve.
    order = np.argsort(np.nonzero(needed.T)[1], kind="stable")
    rules_found = [joined(each, order) for each in zip(*parts, strict=True)]
    return _Found(road, seen.first, needed, prior, rules_found, moments, scale)


def _rule(size: int, spacing: float, radius: float) -> Rule:
    known = cubature(size, spacing=spacing, radius=radius)
    return Rule(known, Monomials.of(known.points))


def _scale(seen: Survey, log_weight: FloatArray) -> FloatArray:
    """Return a typical SD of each coefficient: that of the largest integrand."""
    curve, at = np.unravel_index(
        np.argmax(seen.log_value + log_weight[:, np.newaxis]), seen.log_value.shape
    )
    return np.asarray(np.sqrt((seen.frames[int(at)].root[int(curve)] ** 2).sum(axis=-1)))


def _chosen(needed: BoolArray, curves: BoolArray, milestones: BoolArray) -> IntArray:
    """Return which items are of some curves and milestones."""
    number = np.full(needed.shape, -1)
    number[needed] = np.arange(int(needed.sum()))
    some = number[curves][:, milestones]
    return some[some >= 0]
