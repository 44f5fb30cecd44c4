"""Tipping weights: how much the cohorts may count before the conclusion is another."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.answers import Posed, benefit, effect
from bayesmeta.cohorts.dial import biased_by, powered_by
from bayesmeta.cohorts.question import Question
from bayesmeta.roots import Bracket, solve

_CLOSE = 1e-9


@dataclass(frozen=True)
class Crossing:
    """Where a dial's P(benefit) crosses a threshold.

    Parameters
    ----------
    dial
        ``"u"`` or ``"power"``.
    at
        Where.
    threshold
        What is crossed: the threshold of benefit, or that of harm.
    above
        Whether P(benefit) is above it beyond that point.
    cohort_share
        The cohorts' share in mu there.
    """

    dial: str
    at: float
    threshold: float
    above: bool
    cohort_share: float


def crossings(
    question: Question, over_bias: pd.DataFrame, over_power: pd.DataFrame
) -> list[Crossing]:
    """Return every point at which the conclusion changes along the dials, by root finding.

    Between neighbouring points of a dial there is one at most that is found.

    Parameters
    ----------
    over_bias, over_power
        From `dial_over_bias` and `dial_over_power`.
    """
    found = []
    for threshold in (question.threshold, 1 - question.threshold):
        found += crossings_along(question, over_bias, "u", threshold,
                                 lambda x: biased_by(question, x))  # fmt: skip
        found += crossings_along(question, over_power, "power", threshold,
                                 lambda x: powered_by(question, x))  # fmt: skip
    return found


def crossings_along(
    question: Question, table: pd.DataFrame, dial: str, threshold: float,
    posed_at: Callable[[float], Posed],
) -> list[Crossing]:  # fmt: skip
    """Return where one dial crosses one threshold.

    Parameters
    ----------
    table
        Points of the dial, with ``p_benefit``.
    posed_at
        The posterior at any point.
    """
    at, p = table[dial].to_numpy(), table["p_benefit"].to_numpy()
    above = p >= threshold
    places = np.flatnonzero(above[1:] != above[:-1])
    return [_crossing(question, dial, (at[i], at[i + 1]), (p[i], p[i + 1]), threshold, posed_at)
            for i in places]  # fmt: skip


def _crossing(
    question: Question, dial: str, ends: tuple[float, float], at: tuple[float, float],
    threshold: float, posed_at: Callable[[float], Posed],
) -> Crossing:  # fmt: skip
    rising = at[1] >= threshold
    sign = 1.0 if rising else -1.0

    def margin(place: FloatArray) -> FloatArray:
        known = [benefit(posed_at(_from_line(float(x), dial)), question)[0]
                 for x in place]  # fmt: skip
        return sign * (np.array(known) - threshold)

    low, high = (np.array([_to_line(end, dial)]) for end in ends)
    values = tuple(sign * (np.array([value]) - threshold) for value in at)
    root = solve(margin, Bracket(low, high), at=(values[0], values[1]), close=_CLOSE,
                 what="tipping weights")  # fmt: skip
    place = _from_line(float(root[0]), dial)
    share = effect(posed_at(place), question)["cohort_share"][0]
    return Crossing(dial, place, threshold, bool(rising), float(share))


def _to_line(value: float, dial: str) -> float:
    """Return a bounded place of the dial: u from 0 to infinity as u / (1 + u)."""
    if dial == "power":
        return value
    return 1.0 if np.isinf(value) else value / (1 + value)


def _from_line(place: float, dial: str) -> float:
    if dial == "power":
        return place
    return np.inf if place >= 1 else place / (1 - place)
