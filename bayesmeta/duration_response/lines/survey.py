"""Which values of tau matter under each curve, and frames that fit the coefficients there."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.duration_response.lines.batch import Batch, Shares
from bayesmeta.duration_response.lines.bumps import Frame, LogBump, Rule, fitted
from bayesmeta.duration_response.lines.road import Road
from bayesmeta.engines.quadrature.conditional import condition
from bayesmeta.engines.quadrature.problem import Problem

NEGLIGIBLE = 24.0
"""Integrands below exp(-24) = 4e-11 of their maximum are left out."""
LEAST = 36
"""Fewest milestones of a curve: by every other one its density has to be interpolated still."""


class Survey(NamedTuple):
    """The log integrand over tau by a rough rule.

    Parameters
    ----------
    first
        Place of the first milestone.
    log_value
        Shape (curve, milestone).
    log_tau
        Shape (milestone,).
    frames
        One a milestone.
    """

    first: int
    log_value: FloatArray
    log_tau: FloatArray
    frames: list[Frame]

    def needed(self, log_weight: FloatArray, moments: int, *, apart: bool) -> BoolArray:
        """Return what the integral and tau's moments need, shape (curve, milestone).

        All milestones from the first to the last that matter; of curves that do not, none.

        Parameters
        ----------
        log_weight
            Of the curves, shape (curve,).
        apart
            Whether each curve has to be known, whatever its probability.
        """
        found = np.zeros(self.log_value.shape, dtype=bool)
        for power in {0, moments}:
            value = self.log_value + log_weight[:, np.newaxis] + power * self.log_tau
            top = value.max(axis=1, keepdims=True)
            found |= value > (top if apart else top.max()) - NEGLIGIBLE
        kept, count = found.any(axis=1), found.shape[1]
        first, last = found.argmax(axis=1), count - 1 - found[:, ::-1].argmax(axis=1)
        first = np.clip(np.minimum(first, last - LEAST + 1), 0, None)
        last = np.clip(np.maximum(last, first + LEAST - 1), None, count - 1)
        place = np.arange(count)
        inside = (place >= first[:, np.newaxis]) & (place <= last[:, np.newaxis])
        return np.asarray(inside & kept[:, np.newaxis])


class Surveyed(NamedTuple):
    """One milestone."""

    place: int
    log_value: FloatArray
    frame: Frame


def survey(road: Road, problem: Problem, batch: Batch, rule: Rule, *, moments: int) -> Survey:
    """Return the integrand at milestones both ways from the start, until it has fallen."""
    asked = _Asked(road, problem, batch, rule, moments)
    up = list(_along(asked, _start(road, problem, batch), road.start, 1))
    down = list(_along(asked, up[0].frame, road.start - 1, -1, seen=up[0]))
    steps = [*reversed(down), *up]
    log_tau = np.log([road.tau(step.place) for step in steps])
    return Survey(
        steps[0].place, np.stack([step.log_value for step in steps], axis=1), log_tau,
        [step.frame for step in steps],
    )  # fmt: skip


def bump_of(road: Road, batch: Batch, place: int) -> LogBump:
    """Return the log of likelihood times prior of the coefficients at a milestone."""
    table, shares = road.table(place), Shares(road.law.log_weight, road.law.varying)
    return lambda points: batch.log_joint(points, table, shares)


class _Asked(NamedTuple):
    """What a survey walks over."""

    road: Road
    problem: Problem
    batch: Batch
    rule: Rule
    moments: int

    def at(self, place: int, frame: Frame) -> Surveyed:
        """Return one milestone, from a frame that is about right."""
        frame, log_mass = fitted(bump_of(self.road, self.batch, place), frame, self.rule)
        return Surveyed(place, log_mass + self.road.log_prior(self.problem, place), frame)

    def values(self, seen: Surveyed) -> FloatArray:
        """Return the log integrand, and that of tau's last moment, shape (2, curve)."""
        log_tau = np.log(self.road.tau(seen.place))
        return np.stack([seen.log_value, seen.log_value + self.moments * log_tau])


def _along(
    asked: _Asked, frame: Frame, place: int, step: int, *, seen: Surveyed | None = None
) -> Iterator[Surveyed]:
    """Yield milestone after milestone, until the integrand and tau's moments have fallen."""
    top = np.full((2, asked.batch.size), -np.inf) if seen is None else asked.values(seen)
    while asked.road.passable(place):
        found = asked.at(place, frame)
        yield found
        value = asked.values(found)
        top = np.maximum(top, value)
        if np.all(value < top - NEGLIGIBLE):
            return
        frame, place = found.frame, place + step


def _start(road: Road, problem: Problem, batch: Batch) -> Frame:
    """Return frames of normal study effects that are typically as far from their centres."""
    tau = road.tau(road.start)
    typical = np.sqrt(np.median(road.law.scale(tau) ** 2 - road.law.error**2))
    known = condition(problem, np.full((batch.size, 1), typical))
    shape = (batch.size, batch.coefficients)
    mean = np.broadcast_to(known.mean[:, 0].reshape(-1, shape[1]), shape)
    covariance = known.covariance.reshape(-1, shape[1], shape[1])
    root = np.linalg.cholesky(np.broadcast_to(covariance, (*shape, shape[1])))
    return Frame(np.array(mean), root)
