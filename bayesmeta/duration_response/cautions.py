"""What a reader of a duration analysis must be warned of, each with its number."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.question import Question
from bayesmeta.duration_response.weeks import MISSING, RANGE, Durations
from bayesmeta.location.columns import written
from bayesmeta.measures import MEASURES
from bayesmeta.measures.effects import Effects
from bayesmeta.studies import Column
from bayesmeta.studies.times import time_unit
from bayesmeta.studies.wording import choice, number_of
from bayesmeta.summaries.digits import MINUS

ECOLOGICAL = (
    "Durations differ between studies, not within them: this says nothing about longer "
    "treatment of one patient, and studies of different length may differ in other ways."
)

_FEW_STUDIES = 10
_FEW_DURATIONS = 4
_STRONG = 0.5
_LARGE_SHIFT = 0.5
_CONFOUNDERS = ("design", "dose")


@dataclass(frozen=True)
class Association:
    """How closely a column of the table goes with the duration.

    Parameters
    ----------
    column
        The column.
    kind
        ``"r"``, Pearson's correlation, for numbers; ``"eta"``, the root of the share of the
        durations' variance between categories, for words.
    value
        The number.
    studies
        How many studies it is computed from.
    """

    column: str
    kind: str
    value: float
    studies: int


def associations(
    effects: Effects, durations: Durations, columns: Sequence[str]
) -> tuple[Association, ...]:
    """Return how other columns go with the duration; by default `design` and doses."""
    table = effects.studies
    wanted = [*columns, *(name for name in table.columns if name.startswith(_CONFOUNDERS))]
    found = [
        _associated(name, table[name], durations)
        for name in dict.fromkeys(wanted)
        if name in table and name != durations.column
    ]
    return tuple(item for item in found if item is not None)


def _associated(name: str, column: Column, durations: Durations) -> Association | None:
    known = np.isfinite(durations.lower)
    if column.dtype.kind == "f":
        known &= np.isfinite(column)
        value = _correlation(durations.middle[known], column[known])
        kind = "r"
    else:
        value, kind = _eta(durations.middle[known], column[known]), "eta"
    return None if np.isnan(value) else Association(name, kind, value, int(known.sum()))


def _correlation(weeks: FloatArray, values: FloatArray) -> float:
    if np.ptp(weeks) == 0 or np.ptp(values) == 0:
        return float("nan")
    return float(np.corrcoef(weeks, values)[0, 1])


def _eta(weeks: FloatArray, labels: Column) -> float:
    groups = [weeks[labels == label] for label in set(labels)]
    total = ((weeks - weeks.mean()) ** 2).sum()
    if len(groups) < 2 or total == 0:  # noqa: PLR2004 - one group explains nothing
        return float("nan")
    between = sum(part.size * (part.mean() - weeks.mean()) ** 2 for part in groups)
    return float(np.sqrt(between / total))


def warn(
    effects: Effects,
    durations: Durations,
    question: Question,
    *,
    leverage: pd.DataFrame,
    associated: Sequence[Association],
    offered: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the warnings, each a sentence with its number; the last always stands."""
    return (
        *_few(effects, durations),
        *_unsure(durations),
        *_extrapolation(durations, question),
        *_leverage(leverage, _per(effects, durations)),
        *_confounding(associated),
        *_left_out(offered, effects, associated),
        ECOLOGICAL,
    )


def _few(effects: Effects, durations: Durations) -> list[str]:
    found, distinct = [], len(durations.observed.distinct)
    if len(effects) < _FEW_STUDIES:
        studies = number_of(len(effects))
        found.append(f"Only {studies}: fewer than {_FEW_STUDIES} say little about a moderator.")
    if distinct < _FEW_DURATIONS:
        found.append(
            f"Only {number_of(distinct, 'distinct duration')}: shapes can hardly be told apart."
        )
    return found


def _unsure(durations: Durations) -> list[str]:
    kinds = durations.kinds
    ranges, missing = kinds.count(RANGE), kinds.count(MISSING)
    if not ranges + missing:
        return []
    known, family = len(kinds) - ranges - missing, "log-normal" if durations.logs() else "normal"
    sentence = (
        f"Of {len(kinds)} studies {known} give their duration, {ranges} a range (uniform inside) "
        f"and {missing} none ({family} within the observed range, its mean and SD plugged in from "
        "the known ones)."
    )
    return [sentence]


def _extrapolation(durations: Durations, question: Question) -> list[str]:
    observed = durations.observed
    asked = np.concatenate([question.weeks, np.ravel(question.changes)])
    outside = asked[(asked < observed.shortest) | (asked > observed.longest)]
    if not outside.size:
        return []
    named = ", ".join(f"{week:g}" for week in np.unique(outside))
    sentence = (
        f"Extrapolation: {named} lies beyond the observed {observed.shortest:g} to "
        f"{observed.longest:g} {time_unit(durations.column)}".rstrip()
        + "; there the shapes alone speak, not the studies."
    )
    return [sentence]


def _per(effects: Effects, durations: Durations) -> str:
    """Return the unit of a slope, led by a space."""
    ratio = effects.measure in MEASURES and MEASURES[effects.measure].ratio
    outcome = "" if ratio or not effects.unit else f" {effects.unit}"
    each = time_unit(durations.column)[:-1] or f"unit of {durations.column}"
    return f"{outcome} per {each}{' on the log scale' if ratio else ''}"


def _leverage(table: pd.DataFrame, per: str) -> list[str]:
    without = table.iloc[1:]
    place = int(without["shift"].abs().to_numpy().argmax())
    row, slope = without.iloc[place], float(table["mean"].iloc[0])
    if abs(row["shift"]) < _LARGE_SHIFT:
        return []
    sentence = (
        f"Without {row['study']} the linear slope's mean is {_plain(row['mean'])} instead of "
        f"{_plain(slope)}{per}: {abs(row['shift']):.2f} posterior SDs hang on this one study."
    )
    return [sentence]


def _confounding(found: Sequence[Association]) -> list[str]:
    return [
        f"Duration goes with {item.column} ({item.kind} = {_plain(item.value)}, {item.studies} "
        "studies): their effects cannot be told apart well."
        for item in found
        if abs(item.value) > _STRONG
    ]


def _left_out(
    offered: Sequence[str], effects: Effects, associated: Sequence[Association]
) -> list[str]:
    """Name the columns that could be moderators: one left out may stand behind the duration.

    Each with how closely it goes with the duration.
    """
    if not offered:
        return []
    terms = [_term(name, effects.studies[name]) for name in offered]
    known = [f"{item.column} {item.kind} = {_plain(item.value)}" for item in associated
             if item.column in offered]  # fmt: skip
    goes = "it goes" if len(offered) == 1 else "they go"
    closely = (
        f" How closely {goes} with the duration (0: not at all, 1: wholly): {', '.join(known)}."
        if known
        else ""
    )
    sentence = (
        f"Not in this analysis: {', '.join(offered)}.{closely} What studies of different length "
        "differ by "
        "may pass for the duration; take what matters in, such as "
        f"{choice('moderators', terms[0])}."
    )
    return [sentence]


def _term(name: str, column: Column) -> str:
    return written(name) if column.dtype.kind == "f" else f"C({written(name)})"


def _plain(value: float) -> str:
    return f"{value:.3g}".replace("-", MINUS)
