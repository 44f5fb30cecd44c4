"""Whether a formula's columns of the table can be moderators of these studies."""

import math
from collections.abc import Iterator

import numpy as np

from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.location.factors import Factor
from bayesmeta.location.grammar import Formula
from bayesmeta.location.terms import Term, named
from bayesmeta.measures import MEASURES
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.ready_made import SPREADS
from bayesmeta.studies import Column, Studies

_NAMES = ("study", "outcome")
_READY = ("estimate", *(name for names in SPREADS for name in names))
_SIZES = ("n", "time")
_MOST_COLUMNS = 200


def require_moderators(effects: Effects, formula: Formula) -> None:
    """Raise unless the columns say something else than the studies' names or their results.

    Raises
    ------
    ModelError
        If one names the studies, or is what the estimates were computed from (the sizes of arms
        and times at risk may be moderators).
    """
    for name in formula.columns:
        if name in _NAMES:
            raise _refused(formula, f"{name} names the rows; it is no moderator")
        if name in _outcomes(effects.measure):
            raise _refused(
                formula,
                f"{name} is what the estimates come from; regressed on themselves they say "
                "nothing (for small-study effects see egger)",
            )


def _outcomes(measure: str) -> set[str]:
    own = [name for name in MEASURES[measure].columns if name.split("_")[0] not in _SIZES]
    cells = [f"non_{name}" for name in own if name.startswith("events_")]
    return {*own, *cells, *_READY}


def require_suitable(effects: Effects, formula: Formula) -> None:
    """Raise unless every column varies, is of its factor's kind, and the design can be held.

    Raises
    ------
    ModelError
        If a column is the same in every study, words stand where numbers are needed, levels are
        left out, or the formula has more columns than studies can tell apart.
    StudiesError
        If a column of numbers holds a few words.
    """
    studies = effects.studies
    for name in formula.columns:
        _require_one_kind(studies, name, formula)
    for name in formula.columns:
        _require_spread(studies[name], name, formula)
    for factor in formula.factors:
        if factor.function == "C":
            _require_levels(studies[factor.reads[0]], factor, formula)
        elif factor.function:
            _require_numbers(studies, factor, formula)
    _require_room(studies, formula)


def _refused(formula: Formula, why: str) -> ModelError:
    return ModelError(f"Moderators {formula.text!r}: {why}.")


def _require_one_kind(studies: Studies, name: str, formula: Formula) -> None:
    """Raise if a column of numbers holds a few words: it would turn into categories unseen."""
    column = studies[name]
    if column.dtype.kind == "f" or name in formula.categories:
        return
    words = [row for row, cell in enumerate(column) if not _is_number(str(cell))]
    if 0 < len(words) < len(column):
        row = words[0]
        raise StudiesError(
            f"{studies.place(row)}, column {name}: {str(column[row])!r} is not a number, but "
            f"other cells are; mend it, write C({name}) for categories, or ask bayesmeta duration "
            "for ranges."
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _require_spread(column: Column, name: str, formula: Formula) -> None:
    found = set(column.tolist())
    if len(found) == 1:
        (value,) = found
        shown = f"{value:g}" if isinstance(value, float) else repr(value)
        raise _refused(
            formula, f"{name} is the same in every study ({shown}): it has no slope; leave it out"
        )


def _require_levels(column: Column, factor: Factor, formula: Formula) -> None:
    """Raise if levels are listed and some study has another: it would count as the first."""
    listed = factor.levels
    left_out = [level for level in column.tolist() if listed and level not in listed]
    if left_out:
        raise _refused(formula, f"{factor.text} leaves out {left_out[0]!r}, which a study has")


def _require_numbers(studies: Studies, factor: Factor, formula: Formula) -> None:
    for name in factor.reads:
        if studies[name].dtype.kind != "f":
            raise _refused(
                formula,
                f"{factor.text} needs numbers, but {name} holds words such as "
                f"{str(studies[name][0])!r}",
            )


def _require_room(studies: Studies, formula: Formula) -> None:
    """Raise before a design is made that has more columns than studies, or fills the memory."""
    least = sum(_fewest(studies, term) for term in formula.terms)
    most = min(len(studies) - 1, _MOST_COLUMNS)
    if least > most:
        longest = max(formula.terms, key=lambda term: _fewest(studies, term))
        raise _refused(
            formula,
            f"{least} columns or more ({named(longest)} has {_fewest(studies, longest)}), but "
            f"{len(studies)} studies can have {most} at most",
        )


def _fewest(studies: Studies, term: Term) -> int:
    return math.prod(_columns_of_factors(studies, term))


def _columns_of_factors(studies: Studies, term: Term) -> Iterator[int]:
    for factor in term:
        column = studies[factor.reads[0]]
        levels = factor.function == "C" or (not factor.function and column.dtype.kind != "f")
        yield len(np.unique(column)) - 1 if levels else 1
