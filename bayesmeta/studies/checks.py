"""Rules that the cells of known columns obey."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray
from bayesmeta.studies.cells import is_range, looks_numeric, numbers
from bayesmeta.studies.decimals import is_spaced, only_commas
from bayesmeta.studies.names.ours import NUMERIC, RANGED
from bayesmeta.studies.problems import SHOWN, Problem
from bayesmeta.studies.table import Column
from bayesmeta.studies.wording import choice, column_choice

type Text = Mapping[str, Sequence[str]]
"""Cells as written, by our name of the column: messages quote them."""


class Rule(NamedTuple):
    """What the cells of a column are, what they must be, and how one sees it."""

    noun: str
    must: str
    holds: Callable[[Column], BoolArray]


def _positive(values: Column) -> BoolArray:
    return np.asarray(values > 0)


def _not_negative(values: Column) -> BoolArray:
    return np.asarray(values >= 0)


def _count(values: Column) -> BoolArray:
    return np.asarray((values >= 0) & (values == np.floor(values)))


def _some(values: Column) -> BoolArray:
    return np.asarray((values >= 1) & (values == np.floor(values)))


def _level(values: Column) -> BoolArray:
    # As a share or in per cent.
    return np.asarray(((values >= 50) & (values < 100)) | ((values >= 0.5) & (values < 1)))  # noqa: PLR2004


def _correlation(values: Column) -> BoolArray:
    return np.asarray(np.abs(values) < 1)


_DEVIATION = Rule("a standard deviation", "it must be above 0", _positive)
_EVENTS = Rule("a number of events", "it must be a whole number, 0 or more", _count)
_PARTICIPANTS = Rule("a number of participants", "it must be a whole number, 1 or more", _some)
_TIME = Rule("a time at risk", "it must be above 0", _positive)

_APART = 0.1
"""Logarithm of how far a standard deviation may be from that of its standard error: rounding."""

RULES = {
    "n": _PARTICIPANTS,
    "n_treatment": _PARTICIPANTS,
    "n_control": _PARTICIPANTS,
    "sd_treatment": _DEVIATION,
    "sd_control": _DEVIATION,
    "se_treatment": Rule("a standard error", "it must be above 0", _positive),
    "se_control": Rule("a standard error", "it must be above 0", _positive),
    "var_treatment": Rule("a variance", "it must be above 0", _positive),
    "var_control": Rule("a variance", "it must be above 0", _positive),
    "o_e_variance": Rule("a variance", "it must be above 0", _positive),
    "sd_before": _DEVIATION,
    "sd_after": _DEVIATION,
    "events_treatment": _EVENTS,
    "events_control": _EVENTS,
    "non_events_treatment": _EVENTS,
    "non_events_control": _EVENTS,
    "standard_error": Rule("a standard error", "it must be above 0", _positive),
    "variance": Rule("a variance", "it must be above 0", _positive),
    "duration_weeks": Rule("a duration in weeks", "it must be 0 or more", _not_negative),
    "correlation": Rule("a correlation", "it must lie between -1 and 1", _correlation),
    "confidence": Rule("a confidence level", "it must be from 50 to below 100 per cent", _level),
    "time_treatment": _TIME,
    "time_control": _TIME,
}


def problems_of(columns: Mapping[str, Column], text: Text) -> Iterator[Problem]:
    """Yield every problem in the filled cells of a table.

    Parameters
    ----------
    columns
        Columns under our names; missing numbers are nan.
    text
        The same cells as the table has them.
    """
    for name, values in columns.items():
        if values.dtype.kind != "f":
            continue
        yield from _infinite(name, values, text)
        if name in RULES:
            yield from _broken(name, values, text)
    for arm in ("treatment", "control"):
        yield from _small_arms(arm, columns)
        yield from _surplus_events(arm, columns, text)
        yield from _other_errors(arm, columns)
    yield from _crossed_limits(columns, text)
    yield from _nameless(columns["study"])
    yield from _homeless(columns)


def words(
    text: Text, columns: Mapping[str, Column], theirs: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield a problem for each word in a column of numbers.

    Parameters
    ----------
    theirs
        The table's own name of a column by ours.
    """
    wrong = {
        name: [
            row
            for row in numbers(text[name])[1]
            if not (name in RANGED and is_range(text[name][row]))
        ]
        for name in columns
        if name in NUMERIC
    }
    for name, rows in wrong.items():
        for place, row in enumerate(rows):
            cell = text[name][row]
            # No more are printed, whatever the order.
            hint = _hint(cell) if place < SHOWN else ""
            yield Problem(row, name, f"{cell!r} is not a number{hint}.")
        spoken = sum(any(map(str.isalpha, text[name][row])) for row in rows)
        if spoken > 1 and 2 * spoken > sum(map(bool, text[name])):
            yield Problem(
                rows[0], name, f"most cells of column {theirs.get(name, name)!r} are words; if it "
                f"is something else, say {column_choice(name, '')}."
            )  # fmt: skip
    bad = [text[name][row] for name, rows in wrong.items() for row in rows]
    if only_commas(bad) and only_commas(cell for cells in text.values() for cell in cells):
        commas = choice("decimal", "comma")
        last = max(row for rows in wrong.values() for row in rows)
        yield Problem(last, "", f"if commas are decimal marks throughout, say {commas}.")
    spaced = [row for name, rows in wrong.items() for row in rows if is_spaced(text[name][row])]
    if spaced:
        mark = "comma" if any("," in cell for cell in bad) else "point"
        said = choice("decimal", mark)
        yield Problem(max(spaced), "", f"if these are thousands throughout, say {said}.")


_NUMBER_ALONE = r"[+-]?\d+(?:\.\d+)?"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = (
    rf"\d{{1,4}}[-. ](?:{_MONTHS})[a-z]*(?:[-. ]\d{{2,4}})?|(?:{_MONTHS})[a-z]*[-. ]\d{{1,4}}|"
    r"\d{4}-\d{2}-\d{2}(?: 00:00:00)?"
)
_READ_AS = (
    (rf"{_NUMBER_ALONE}\s*%", "; write the number without its per cent sign"),
    (r"\d+\s*/\s*\d+", "; events and participants have a column each"),
    (_DATE,
     "; a spreadsheet may have made a date of it, so write what it was"),
    (rf"{_NUMBER_ALONE}\s*[a-z\N{{MICRO SIGN}}].*", "; write the number alone, the unit elsewhere"),
)  # fmt: skip
"""What a cell is that is nearly a number, and what would do."""


def _hint(cell: str) -> str:
    """Return what to write instead, unless that could be another number."""
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", cell, re.ASCII):
        return (
            f"; a comma before three digits is {choice('decimal', 'point')} in thousands and "
            f"{choice('decimal', 'comma')} in decimals"
        )
    spaced = re.sub(r"(?<=\d)[\s'\N{RIGHT SINGLE QUOTATION MARK}](?=\d{3}(?!\d))", "", cell)
    if spaced != cell and looks_numeric([spaced]):
        return f"; write {spaced}"
    for found, said in _READ_AS:
        if re.fullmatch(found, cell, re.ASCII | re.IGNORECASE):
            return said
    dotted = cell.replace(",", ".")
    return f"; write {dotted}" if cell.count(",") == 1 and looks_numeric([dotted]) else ""


def _infinite(name: str, values: Column, text: Text) -> Iterator[Problem]:
    for row in np.flatnonzero(np.isinf(values)).tolist():
        yield Problem(
            row, name, f"{text[name][row]} is not finite; leave the cell empty if unknown."
        )


def _broken(name: str, values: Column, text: Text) -> Iterator[Problem]:
    rule = RULES[name]
    for row in np.flatnonzero(np.isfinite(values) & ~rule.holds(values)).tolist():
        yield Problem(row, name, f"{text[name][row]} is not {rule.noun}; {rule.must}.")


def _small_arms(arm: str, columns: Mapping[str, Column]) -> Iterator[Problem]:
    size, deviation = columns.get(f"n_{arm}"), columns.get(f"sd_{arm}")
    if size is None or deviation is None:
        return
    for row in np.flatnonzero((size == 1) & ~np.isnan(deviation)).tolist():
        yield Problem(
            row,
            f"n_{arm}",
            "1 is too few for an arm with a standard deviation; it must be 2 or more.",
        )


def _other_errors(arm: str, columns: Mapping[str, Column]) -> Iterator[Problem]:
    """Yield arms whose standard deviation is not that of the standard error of their mean."""
    names = (f"sd_{arm}", f"se_{arm}", f"n_{arm}")
    if not set(names) <= set(columns):
        return
    deviation, error, size = (columns[name] for name in names)
    with np.errstate(all="ignore"):
        apart = np.abs(np.log(deviation / (error * np.sqrt(size)))) > _APART
    for row in np.flatnonzero(apart).tolist():
        complaint = (
            f"{deviation[row]:g} is not the standard error, {error[row]:g}, times the root of "
            f"{size[row]:g} participants; leave one out: {column_choice(names[1], '')} or "
            f"{column_choice(names[0], '')}."
        )
        yield Problem(row, names[0], complaint)


def _surplus_events(arm: str, columns: Mapping[str, Column], text: Text) -> Iterator[Problem]:
    events, size = columns.get(f"events_{arm}"), columns.get(f"n_{arm}")
    # Person-time means that a participant may have several events.
    if events is None or size is None or f"time_{arm}" in columns:
        return
    for row in np.flatnonzero(events > size).tolist():
        complaint = (
            f"{text[f'events_{arm}'][row]} events among {size[row]:g} participants (n_{arm})."
        )
        yield Problem(row, f"events_{arm}", complaint)


def _crossed_limits(columns: Mapping[str, Column], text: Text) -> Iterator[Problem]:
    lower, upper = columns.get("ci_lower"), columns.get("ci_upper")
    if lower is None or upper is None:
        return
    for row in np.flatnonzero(lower >= upper).tolist():
        complaint = f"{text['ci_lower'][row]} is not below ci_upper, {text['ci_upper'][row]}."
        yield Problem(row, "ci_lower", complaint)


def _nameless(labels: Column) -> Iterator[Problem]:
    for row in np.flatnonzero(labels == "").tolist():
        yield Problem(row, "study", "the cell is empty; every row needs the name of a study.")


def _homeless(columns: Mapping[str, Column]) -> Iterator[Problem]:
    outcomes = columns.get("outcome")
    if outcomes is None or not np.any(outcomes != ""):
        return
    for row in np.flatnonzero(outcomes == "").tolist():
        yield Problem(row, "outcome", "the cell is empty; other rows name their outcome.")
