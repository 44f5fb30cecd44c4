"""The integrals over the coefficients of curves at milestones of tau."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.duration_response.lines.batch import Batch
from bayesmeta.duration_response.lines.bumps import Bumps, Frame, Rule, measured
from bayesmeta.duration_response.lines.road import Road
from bayesmeta.duration_response.lines.survey import Survey, bump_of

_FAINT = 12.0
"""Of milestones below exp(-12) of all, the rough rule says enough."""
_OUTSIDE = 1e-6
"""Most mass in a rule's outer shell, of all there is."""
_BLOCK = 300_000
"""Most numbers in one array of curves, points and studies: what stays in a processor's cache."""


class Items(NamedTuple):
    """Curves and milestones that are to be integrated.

    Parameters
    ----------
    needed
        Which of them, shape (curve, milestone).
    log_share
        About how much each is beside the largest, shape (curve, milestone).
    rules
        The rough one, then others that reach farther and farther.
    combinations
        Of the coefficients, whose cumulants are wanted.
    factors
        By which the change's prior is wider.
    """

    road: Road
    batch: Batch
    seen: Survey
    needed: BoolArray
    log_share: FloatArray
    rules: Sequence[Rule]
    combinations: FloatArray
    factors: Sequence[float]

    def at(self, place: int) -> Sequence[Bumps]:
        """Return the integrals of the curves that a milestone matters to, in their order.

        By the rule, by the coarser one, and by the rule under wider priors.
        """
        pairs = list(self._pairs(place))
        order = np.argsort(np.concatenate([curves for curves, _ in pairs]))
        return [joined(each, order) for each in zip(*(found for _, found in pairs), strict=True)]

    def _pairs(self, place: int) -> Iterator[tuple[IntArray, Sequence[Bumps]]]:
        """Yield curves and their integrals: from rules that reach far enough."""
        faint = self.log_share[:, place] < -_FAINT
        needed, (rough, *rules) = self.needed[:, place], self.rules
        yield from self._by(np.flatnonzero(needed & faint), place, rough)
        left = np.flatnonzero(needed & ~faint)
        for rule in rules:
            short = []
            for curves, found in self._by(left, place, rule):
                outside = found[0].outer * np.exp(self.log_share[curves, place]) > _OUTSIDE
                outside &= rule is not rules[-1]
                yield curves[~outside], [each.take(~outside) for each in found]
                short.append(curves[outside])
            left = np.concatenate(short)

    def _by(
        self, curves: IntArray, place: int, rule: Rule
    ) -> Iterator[tuple[IntArray, Sequence[Bumps]]]:
        """Yield curves and their integrals by a rule, block by block; one block at least."""
        size = max(1, _BLOCK // (len(rule.cubature.points) * self.batch.estimate.size))
        for start in range(0, max(1, curves.size), size):
            some = curves[start : start + size]
            yield some, self._measured(some, place, rule)

    def _measured(self, curves: IntArray, place: int, rule: Rule) -> Sequence[Bumps]:
        if not curves.size:
            return [nothing(self.combinations)] * (2 + len(self.factors))
        frame = Frame(*(each[curves] for each in self.seen.frames[place]))
        batch = self.batch.take(curves)
        if rule is not self.rules[0]:
            batch.require_reached(frame.centre, self.road.table(place + self.seen.first))
        tilts = [partial(batch.log_tilt, factor=factor) for factor in self.factors]
        bump = bump_of(self.road, batch, place + self.seen.first)
        return measured(bump, frame, rule, self.combinations, tilts)


def joined(parts: Sequence[Bumps], order: IntArray) -> Bumps:
    """Return the integrals of several parts in another order."""
    return Bumps(*(np.concatenate(arrays)[order] for arrays in zip(*parts, strict=True)))


def nothing(combinations: FloatArray) -> Bumps:
    """Return the integrals of no curves."""
    count, size = combinations.shape
    none = np.empty(0)
    return Bumps(none, np.empty((0, size)), np.empty((0, size, size)), np.empty((0, count)),
                 np.empty((0, count)), none)  # fmt: skip
