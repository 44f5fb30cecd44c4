"""How long is enough: the posterior of the first sufficient week."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.benefit import share_beyond
from bayesmeta.duration_response.cloud import Cloud
from bayesmeta.duration_response.condensing import condensed
from bayesmeta.duration_response.draws import Draws
from bayesmeta.duration_response.question import Question

_GRID = 81
_MANY = 100_000
"""Mixtures of more components are condensed."""
_HALF = 0.5


class FirstWeek(NamedTuple):
    """The first sufficient week w*: from it on, at every longer observed duration, it is enough.

    Parameters
    ----------
    weeks
        The shortest observed duration w with P(w* <= w) as high as is required; None if there is
        none.
    error
        Of it.
    median
        The same for probability one half.
    exists
        Probability that there is a sufficient week within the observed range: that the effect at
        the longest duration is enough.
    exists_error
        Of it.
    """

    weeks: float | None
    error: float
    median: float | None
    exists: float
    exists_error: float


def first_week_table(cloud: Cloud, question: Question, drawn: list[Draws]) -> pd.DataFrame:
    """Return P(w* <= w) over the observed durations, for the mean effect and for a new study's.

    ``weeks, p, p_error, new_p, new_p_error``; no rows without a threshold. The probability that
    the effect at w is enough is exact, and draws tell how often it is lost later.
    """
    names = ("p", "p_error", "new_p", "new_p_error")
    limit = question.threshold
    if limit is None:
        return pd.DataFrame({name: np.empty(0) for name in ("weeks", *names)})
    weeks = _grid(cloud)
    lost = sum(one.share * _lost(one, cloud, question, weeks) for one in drawn)
    columns = {"weeks": weeks}
    exact = cloud.effects(weeks, at=question.at)
    for prefix, effect, less in zip(("", "new_"), exact, np.asarray(lost), strict=True):
        beyond, own = share_beyond(condensed(effect, many=_MANY), limit, question)
        known = np.clip(beyond - less.mean(axis=0), 0.0, 1.0)
        error = less.std(axis=0, ddof=1) / np.sqrt(len(less))
        # What is enough from w on is enough from any later week on.
        columns |= {f"{prefix}p": np.minimum.accumulate(known[::-1])[::-1],
                    f"{prefix}p_error": np.hypot(error, own)}  # fmt: skip
    return pd.DataFrame(columns)


def first_weeks(table: pd.DataFrame, required: float) -> tuple[FirstWeek | None, FirstWeek | None]:
    """Return the answers for the mean effect and for that in a new study; None without a table."""
    if table.empty:
        return None, None
    return _answer(table, "", required), _answer(table, "new_", required)


def _lost(one: Draws, cloud: Cloud, question: Question, weeks: FloatArray) -> FloatArray:
    """Return P(enough at w, not everywhere from w on), shape (2, repeat, week)."""
    found = []
    for place, effect in enumerate(one.effects(cloud, weeks, at=question.at)):
        new = effect + one.deviation[place][:, np.newaxis]
        found.append([_less(part, question) for part in (effect, new)])
    return np.moveaxis(np.array(found), 1, 0)


def _less(effect: FloatArray, question: Question) -> FloatArray:
    limit = question.threshold or 0.0
    enough = effect < limit if question.benefit == "lower" else effect > limit
    onwards = np.logical_and.accumulate(enough[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((enough & ~onwards).mean(axis=0))


def _answer(table: pd.DataFrame, prefix: str, required: float) -> FirstWeek:
    weeks, known, error = (
        table[name].to_numpy(dtype=float) for name in ("weeks", f"{prefix}p", f"{prefix}p_error")
    )
    first = _reached(weeks, known, required)
    ends = [_reached(weeks, known + sign * error, required) for sign in (1, -1)]
    known_ends = [end for end in (*ends, first) if end is not None]
    apart = max(known_ends) - min(known_ends) if first is not None else np.nan
    return FirstWeek(
        first, float(apart), _reached(weeks, known, _HALF), float(known[-1]), float(error[-1])
    )


def _reached(weeks: FloatArray, known: FloatArray, wanted: float) -> float | None:
    """Return where a probability first reaches what is wanted, straight between neighbours."""
    enough = known >= wanted
    if not enough.any():
        return None
    place = int(enough.argmax())
    if place == 0:
        return float(weeks[0])
    passed = (wanted - known[place - 1]) / (known[place] - known[place - 1])
    inside = float(weeks[place - 1] + passed * (weeks[place] - weeks[place - 1]))
    # Beyond a cut, to which the neighbours are as near as numbers can be.
    return inside if weeks[place - 1] < inside < weeks[place] else float(weeks[place])


def _grid(cloud: Cloud) -> FloatArray:
    """Return durations over the observed range, both sides of every possible cut among them."""
    observed = cloud.observed
    even = np.linspace(observed.shortest, observed.longest, _GRID)
    cuts = np.array(observed.middles)
    beyond = np.nextafter(cuts, np.inf)
    return np.unique(np.concatenate([even, observed.distinct, cuts, beyond]))
