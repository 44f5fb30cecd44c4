"""The likelihood of one study whose duration is open: a mixture over its weeks."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.gaps.normals import Meeting, Normals
from bayesmeta.duration_response.weeks import Durations
from bayesmeta.location.shapes.part import gauss

WEAKENED = 100.0
"""How much greater the variance of an open study's weak observation is."""
FAINT = 1e-12
"""Normals of a smaller share of their item's largest are left out."""
_ROOT = 0.5 * np.log(2 * np.pi)


class Weeks(NamedTuple):
    """The nodes of an open study's weeks under every curve of a shape.

    Parameters
    ----------
    columns
        The curve's centred columns there, shape (curve, node, column).
    weight
        Prior probability, shape (curve, node).
    moved
        How far the columns move between two breaks, at most, shape (curve, column).
    """

    columns: FloatArray
    weight: FloatArray
    moved: FloatArray


@dataclass(frozen=True, eq=False)
class OpenRow:
    """A study with an open duration, under every curve of a shape.

    Given the coefficients and tau its likelihood is one-dimensional, whatever the other studies::

        L(b) = sum_n weight[n] Normal(y; others b_others + columns[n] b_own, s**2 + tau**2)

    Parameters
    ----------
    place
        Its row in the table.
    estimate, variance
        y and s**2.
    others
        One, then the further moderators, shape (1 + term,).
    weeks
        The nodes of its weeks.
    used
        1 where the study is used, 0 where it is left out, shape (curve,).
    apart, load
        Its variance is s**2 + apart + load * tau**2, whatever tau is named.
    weak
        1 where the reference has it as a weak observation, 0 elsewhere, shape (curve,).
    """

    place: int
    estimate: float
    variance: float
    others: FloatArray
    weeks: Weeks
    used: FloatArray
    weak: FloatArray
    apart: float = 0.0
    load: float = 1.0

    @property
    def nodes(self) -> int:
        """How many nodes the weeks have."""
        return int(self.weeks.weight.shape[1])

    @cached_property
    def mean(self) -> FloatArray:
        """The columns' prior means, shape (curve, column)."""
        return np.asarray(np.einsum("cn,cnp->cp", self.weeks.weight, self.weeks.columns))

    def met(self, start: Normals, *, tau: FloatArray, curve: IntArray) -> Meeting:
        """Return normals, shape (item,), times the likelihood, a normal for each node."""
        design = self._design(self.weeks.columns[curve])
        found = start.meeting(self.estimate, design, _said(self.used[curve], self._variance(tau)))
        return found._replace(log_mass=found.log_mass + self.log_weight[curve])

    def plausible(self, start: Normals, *, tau: FloatArray, curve: IntArray) -> BoolArray:
        """Return which nodes matter beside the best, under each of the normals, (item, node)."""
        log_mass = self.met(start, tau=tau, curve=curve).log_mass
        return np.asarray(log_mass > log_mass.max(axis=1, keepdims=True) + np.log(FAINT))

    def only(self, nodes: BoolArray) -> "OpenRow":
        """Return the likelihood at some of the nodes."""
        weeks = self.weeks
        some = Weeks(weeks.columns[:, nodes], weeks.weight[:, nodes], weeks.moved)
        return replace(self, weeks=some)

    def unsaid(self, start: Normals, *, tau: FloatArray, curve: IntArray) -> Normals:
        """Return normals, shape (item,), less the weak observation."""
        if not self.weak.any():
            return start
        variance = _said(self.weak[curve], self._variance(tau, WEAKENED))
        design, item = self._design(self.mean[curve][:, np.newaxis]), np.arange(tau.size)
        found = start.meeting(self.estimate, design, -variance).chosen(item, np.zeros_like(item))
        factor = np.where(np.isfinite(variance), np.log(2 * np.pi * variance), 0.0)
        return found._replace(log_mass=found.log_mass + factor)

    def _design(self, columns: FloatArray) -> FloatArray:
        others = np.broadcast_to(self.others, (*columns.shape[:2], self.others.size))
        return np.concatenate([others, columns], axis=2)

    def _variance(self, tau: FloatArray, weakened: float = 1.0) -> FloatArray:
        return np.asarray(weakened * self.variance + self.apart + self.load * tau**2)

    def reach(self, sizes: FloatArray, *, tau: FloatArray, curve: IntArray) -> float:
        """Return over how many standard deviations the mean moves between two breaks, at most.

        Parameters
        ----------
        sizes
            Of the curve's own coefficients, shape (item, column).
        """
        moved = (sizes * self.weeks.moved[curve]).sum(axis=1)
        return float((moved / np.sqrt(self._variance(tau))).max())

    @cached_property
    def log_weight(self) -> FloatArray:
        """The log of the nodes' weights, -inf where a curve does not use a node."""
        with np.errstate(divide="ignore"):
            return np.log(self.weeks.weight)

    def log_ratio(
        self, level: FloatArray, slopes: FloatArray, *, tau: FloatArray, curve: IntArray
    ) -> FloatArray:
        """Return log L less that of the weak observation, at points, shape (item, point).

        Parameters
        ----------
        level
            What mu and the further moderators foretell of this study, shape (item, point).
        slopes
            The curve's own coefficients, shape (item, column, point).
        tau, curve
            Of each item, shape (item,).
        """
        variance = self._variance(tau)[:, np.newaxis]
        away = np.concatenate([(level - self.estimate)[:, np.newaxis], slopes], axis=1)
        away /= np.sqrt(2 * variance)[:, np.newaxis]
        columns = self.weeks.columns[curve]
        value = np.concatenate([np.ones((*columns.shape[:2], 1)), columns], axis=2) @ away
        np.multiply(value, value, out=value)
        np.subtract(self.log_weight[curve][..., np.newaxis], value, out=value)
        log_likelihood = _log_total(value) - 0.5 * np.log(variance) - _ROOT
        weak = self.log_weak(level, slopes, tau=tau, curve=curve)
        return np.asarray(self.used[curve][:, np.newaxis] * log_likelihood - weak)

    def log_weak(
        self, level: FloatArray, slopes: FloatArray, *, tau: FloatArray, curve: IntArray
    ) -> FloatArray:
        """Return the log density of the weak observation at points, shape (item, point).

        It is of the columns' means, with s**2 multiplied by `WEAKENED`: a reference that has it
        is proper whatever the priors. Zero where it has it not.
        """
        variance = self._variance(tau, WEAKENED)[:, np.newaxis]
        away = (self.mean[curve][:, np.newaxis] @ slopes)[:, 0] + level - self.estimate
        log_density = -0.5 * (away**2 / variance + np.log(variance)) - _ROOT
        return np.asarray(self.weak[curve][:, np.newaxis] * log_density)


def _said(says: FloatArray, variance: FloatArray) -> FloatArray:
    """Return the variance of an observation: infinite where it says nothing."""
    return np.where(says > 0, variance, np.inf)


def _log_total(value: FloatArray) -> FloatArray:
    """Return the log of the sum of exponentials, none above 1, over the second axis."""
    total = np.exp(value).sum(axis=1)
    if total.all():
        return np.asarray(np.log(total))
    # Somewhere all nodes are too far away for a number.
    top = value.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(value - top).sum(axis=1)) + top[:, 0])


def weeks_of(durations: Durations, curves: Curves, row: int, count: int) -> Weeks:
    """Return the nodes of an open study's weeks: Gauss and Legendre's, between the breaks.

    The rule is in the share of the prior passed, so that each piece has its exact probability.

    Parameters
    ----------
    count
        Nodes between two breaks.
    """
    shares = [durations.share(row, week) for week in curves.breaks()]
    size = len(curves.weight)
    ends = np.column_stack([np.zeros(size), *shares, np.ones(size)])
    node, weight = gauss(0.0, 1.0, count)
    width = np.diff(ends, axis=1)[..., np.newaxis]
    inside = (ends[:, :-1, np.newaxis] + width * node).reshape(size, -1)
    columns = curves.columns(durations.week(row, inside))
    return _merged(columns.reshape(*width.shape[:2], count, -1), width * weight)


def _merged(columns: FloatArray, weight: FloatArray) -> Weeks:
    """Return the nodes in one row; where columns are level between breaks one node stands for all.

    Pieces that no curve gives any probability are left out.
    """
    moved = np.ptp(columns, axis=2)
    if not moved.any():
        columns, weight = columns[:, :, :1], weight.sum(axis=2, keepdims=True)
    used = (weight > 0).any(axis=(0, 2))
    columns, weight, moved = columns[:, used], weight[:, used], moved[:, used].max(axis=1)
    size, pieces, count, own = columns.shape
    flat = (size, pieces * count)
    return Weeks(columns.reshape(*flat, own), weight.reshape(flat), moved)
