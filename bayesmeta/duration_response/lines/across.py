"""The posterior under every curve of a shape where study effects are not normal."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.cumulants import directions, forms
from bayesmeta.duration_response.gaps.cubature import cubature
from bayesmeta.duration_response.integrated import Integrated
from bayesmeta.duration_response.lines.batch import Batch
from bayesmeta.duration_response.lines.bumps import Bumps, Frame, Rule, measured
from bayesmeta.duration_response.lines.monomials import Monomials
from bayesmeta.duration_response.lines.road import Road
from bayesmeta.duration_response.lines.survey import Survey, bump_of, survey
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.sinc import Path, SincDensity

_SPACING = {1: 0.5, 2: 0.8, 3: 1.1, 4: 1.2, 5: 1.5}
_WIDEST = 1.5
"""Of the lattice, in standard deviations, by dimension."""
_RADIUS, _ROUGHER, _ROUGH_RADIUS = 7.0, 1.25, 4.5
_FAINT = 12.0
"""Of milestones below exp(-12) of all, the rough rule says enough."""
_BLOCK = 300_000
"""Most numbers in one array of curves, points and studies: what stays in a processor's cache."""


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
        bumps = Bumps(*(each[item] for each in rule))
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
            tau=_density(self.road.path, (first, step), _packed(log_weight, needed), self.moments),
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
    rules = _rule(size, _ROUGHER * spacing, _ROUGH_RADIUS), _rule(size, spacing, _RADIUS)
    seen = survey(road, problem, batch, rules[0], moments=moments)
    needed = seen.needed(log_weight, moments, apart=apart)
    scale = _scale(seen, log_weight)
    faint = _faint(seen.log_value + log_weight[:, np.newaxis], apart=apart)
    asked = _Asked(road, batch, seen, needed, faint, rules, directions(size) / scale, factors)
    places = range(needed.shape[1])
    prior = np.array([road.log_prior(problem, place + seen.first) for place in places])
    parts = [asked.at(place) for place in places]
    # From milestone after milestone to curve after curve.
    order = np.argsort(np.nonzero(needed.T)[1], kind="stable")
    joined = [_joined(each, order) for each in zip(*parts, strict=True)]
    return _Found(road, seen.first, needed, prior, joined, moments, scale)


class _Asked(NamedTuple):
    """Curves and milestones that are to be integrated.

    Parameters
    ----------
    needed, faint
        Which of them, and whether the rough rule says enough, shape (curve, milestone).
    rules
        The rough one, and the one.
    combinations
        Of the coefficients, whose cumulants are wanted.
    factors
        By which the change's prior is wider.
    """

    road: Road
    batch: Batch
    seen: Survey
    needed: BoolArray
    faint: BoolArray
    rules: tuple[Rule, Rule]
    combinations: FloatArray
    factors: Sequence[float]

    def at(self, place: int) -> Sequence[Bumps]:
        """Return the integrals of the curves that a milestone matters to, in their order."""
        needed, faint = self.needed[:, place], self.faint[:, place]
        pairs = [
            (curves, self._measured(curves, place, rule))
            for rule, own in zip(self.rules, (needed & faint, needed & ~faint), strict=True)
            for curves in self._blocks(np.flatnonzero(own), rule)
        ]
        if not pairs:
            return [_nothing(self.combinations)] * (2 + len(self.factors))
        order = np.argsort(np.concatenate([curves for curves, _ in pairs]))
        return [_joined(each, order) for each in zip(*(found for _, found in pairs), strict=True)]

    def _blocks(self, curves: IntArray, rule: Rule) -> list[IntArray]:
        size = max(1, _BLOCK // (len(rule.cubature.points) * self.batch.estimate.size))
        return [curves[start : start + size] for start in range(0, curves.size, size)]

    def _measured(self, curves: IntArray, place: int, rule: Rule) -> Sequence[Bumps]:
        frame = Frame(*(each[curves] for each in self.seen.frames[place]))
        batch = self.batch.take(curves)
        tilts = [partial(batch.log_tilt, factor=factor) for factor in self.factors]
        bump = bump_of(self.road, batch, place + self.seen.first)
        return measured(bump, frame, rule, self.combinations, tilts)


def _joined(parts: Sequence[Bumps], order: IntArray) -> Bumps:
    return Bumps(*(np.concatenate(arrays)[order] for arrays in zip(*parts, strict=True)))


def _nothing(combinations: FloatArray) -> Bumps:
    count, size = combinations.shape
    return Bumps(np.empty(0), np.empty((0, size)), np.empty((0, size, size)),
                 np.empty((0, count)), np.empty((0, count)))  # fmt: skip


def _rule(size: int, spacing: float, radius: float) -> Rule:
    known = cubature(size, spacing=spacing, radius=radius)
    return Rule(known, Monomials.of(known.points))


def _faint(value: FloatArray, *, apart: bool) -> BoolArray:
    top = value.max(axis=1, keepdims=True)
    return np.asarray(value < (top if apart else top.max()) - _FAINT)


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


def _packed(log_weight: FloatArray, needed: BoolArray) -> FloatArray:
    """Return log weights, each curve's first node foremost."""
    first, size = needed.argmax(axis=1), needed.sum(axis=1)
    place = first[:, np.newaxis] + np.arange(max(1, int(size.max())))
    row = np.arange(len(needed))[:, np.newaxis]
    inside = np.arange(place.shape[1]) < size[:, np.newaxis]
    packed = log_weight[row, np.minimum(place, needed.shape[1] - 1)]
    return np.where(inside, packed, -np.inf)


def _density(
    path: Path, t: tuple[FloatArray, float], log_weight: FloatArray, moments: int
) -> SincDensity:
    first, step = t
    size = len(log_weight)
    own = Path(path.support, np.repeat(path.centre, size, axis=0),
               np.repeat(path.scale, size, axis=0))  # fmt: skip
    return SincDensity(own, first, np.full(size, step), log_weight, moments=moments)
