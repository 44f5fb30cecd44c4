"""Rows that sum up the others."""

import math
import re
from collections.abc import Sequence

from bayesmeta.errors import StudiesError
from bayesmeta.studies.cells import number
from bayesmeta.studies.layouts.two_sets import readings
from bayesmeta.studies.names.arms import LETTERED
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.names.register import STRONG, WEAK
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import choice

_TOTAL = re.compile(
    r"(?:(?:sub-?|grand\s+)?totals?|overall|pooled|summary)\s*(?:\(.*\)|events:?)|"
    r"(?:overall|pooled|summary|combined|mean)\s+(?:effects?|estimate)(?:\s*\(.*\))?|"
    r"(?:overall|subgroup|sub-?total|total),.*|"
    r"(?:(?:sub-?)?total|overall|subgroup)\b.*\bI(?:\^?2|\u00b2|-squared)(?!\w).*|"
    r"(?:95\s*%\s*)?predict(?:ion|ive) interval.*|"
    r"(?:common|fixed|random)[\s-]effects?(?:\s+model)?(?:\s*\(.*\))?|re model|fe model|"
    r"heterogeneity\b.*|test for (?:overall effect|subgroup differences).*|"
    r"(?:gesamteffekt|effet (?:global|total))(?:\s*\(.*\))?",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"(?:sub-?|grand\s*)?totals?:?|overall|pooled|summary|combined|average|gesamt|summe",
    re.IGNORECASE,
)
"""A trial may be called so."""

_USE = "_USE"
_STUDIES = ("1", "2")
"""Codes of Stata's metan for rows of studies, pooled or not; the others head and sum up."""

_COUNTS = ("n", "events", "non_events")
CHOICES = ("drop", "keep")


def without_totals(rows: Rows, label: str, said: str | None = None) -> Rows:
    """Return the table without rows whose study is called a total, with a note of each.

    A row that is only called Total, Overall, Pooled or Summary sums up the others if its numbers
    of patients or events are the sums of theirs; a trial may be called TOTAL.

    Parameters
    ----------
    said
        ``"drop"`` or ``"keep"`` for all of them; None to find out.

    Raises
    ------
    StudiesError
        If nothing tells of a row whether it sums up the others.

    Examples
    --------
    >>> table = Rows("x.csv", ("study", "yi"), [["Day", "1"], ["Total (95% CI)", "1"]], (2, 3))
    >>> without_totals(table, "study").notes
    ("Row 3, 'Total (95% CI)', sums up others and is no study: left out.",)
    """
    if said is not None and said not in CHOICES:
        raise StudiesError(f"Unknown totals={said!r}; known: {', '.join(CHOICES)}.")
    rows = _of_studies(rows, label)
    labels = rows.column(label)
    sums = [bool(_TOTAL.fullmatch(name)) for name in labels]
    maybe = [bool(_MAYBE.fullmatch(name)) for name in labels]
    if said == "keep" or not any([*sums, *maybe]) or all(sums):
        return rows
    judged = {row: said == "drop" or _is_sum(rows, row, sums, maybe)
              for row, may in enumerate(maybe) if may}  # fmt: skip
    _ask(rows, labels, [row for row, verdict in judged.items() if verdict is None])
    keep = [not (is_sum or judged.get(row)) for row, is_sum in enumerate(sums)]
    if not any(keep):
        raise StudiesError(
            f"{rows.source}: every row sums up others by its name; say {choice('totals', 'keep')} "
            "if they are studies."
        )
    notes = [f"Row {line}, {name!r}, sums up others and is no study: left out."
             for line, name, stays in zip(rows.lines, labels, keep, strict=True)
             if not stays]  # fmt: skip
    notes += [f"Row {rows.lines[row]}, {labels[row]!r}, is a study: it does not sum up the others."
              for row, verdict in judged.items() if verdict is False]  # fmt: skip
    return rows.kept(keep)._replace(notes=(*rows.notes, *notes))


def _of_studies(rows: Rows, label: str) -> Rows:
    """Return the rows that Stata's metan marks as studies."""
    if _USE not in rows.header or not all(cell.isdigit() for cell in rows.column(_USE)):
        return rows
    keep = [cell in _STUDIES for cell in rows.column(_USE)]
    if all(keep):
        return rows
    gone = ", ".join(repr(name) for name, stays in zip(rows.column(label), keep, strict=True)
                     if not stays)  # fmt: skip
    note = f"Rows whose {_USE} is neither 1 nor 2 are no studies and are left out: {gone}."
    return rows.kept(keep)._replace(notes=(*rows.notes, note)) if any(keep) else rows


def _is_sum(rows: Rows, row: int, sums: Sequence[bool], maybe: Sequence[bool]) -> bool | None:
    """Return whether the counts of a row are the sums of others; None if nothing tells.

    A sum is that of all studies, or of those since the last sum; no part of it is larger.
    """
    verdicts = {
        verdict
        for name in rows.header
        if _counts(name) and (verdict := _sums_up(rows.column(name), row, sums, maybe)) is not None
    }
    return verdicts.pop() if len(verdicts) == 1 else None


def _sums_up(
    cells: Sequence[str], row: int, sums: Sequence[bool], maybe: Sequence[bool]
) -> bool | None:
    values = [number(cell) for cell in cells]
    own = values[row]
    filled = {at: value for at, value in enumerate(values) if value is not None}
    parts = {at: value for at, value in filled.items()
             if not (sums[at] or maybe[at] or math.isnan(value))}  # fmt: skip
    if own is None or math.isnan(own) or not parts:
        return None
    last = max((at for at in range(row) if sums[at] or maybe[at]), default=-1)
    block = [value for at, value in parts.items() if last < at < row]
    if own == sum(parts.values()) or (block and own == sum(block)):
        return True
    # A trial may be called Total; where it stands first, nothing above it can be summed up.
    return False if own < max(block or parts.values()) else None


def _counts(name: str) -> bool:
    """Return whether a column has the name of a number of patients or events."""
    key = key_of(name)
    role = STRONG.get(key) or LETTERED.get(key) or WEAK.get(key, "")
    known = role.removesuffix("_treatment").removesuffix("_control")
    return known in _COUNTS or any(ours in _COUNTS for ours, _ in readings(name))


def _ask(rows: Rows, labels: Sequence[str], unclear: Sequence[int]) -> None:
    if not unclear:
        return
    sentences = [
        f"{rows.source}, line {rows.lines[row]}: {labels[row]!r} may sum up the other rows, or be "
        "a study of that name."
        for row in unclear
    ]
    advice = f"Say {choice('totals', 'drop')} to leave it out, or {choice('totals', 'keep')}."
    raise StudiesError("\n".join([*sentences, advice]))
