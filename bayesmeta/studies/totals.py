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
    r"(?:(?:sub|grand\s+)?totals?|overall|pooled|summary)\s*(?:\(.*\)|events)|"
    r"(?:overall|pooled|summary|combined)\s+(?:effects?|estimate)(?:\s*\(.*\))?|"
    r"(?:common|fixed|random)[\s-]effects?(?:\s+model)?(?:\s*\(.*\))?|re model|fe model|"
    r"heterogeneity\s*:.*|test for (?:overall effect|subgroup differences).*|"
    r"(?:gesamteffekt|effet (?:global|total))(?:\s*\(.*\))?",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"(?:sub|grand\s*)?totals?:?|overall|pooled|summary|combined|average|gesamt|summe",
    re.IGNORECASE,
)
"""A trial may be called so."""

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
    labels = rows.column(label)
    sums = [bool(_TOTAL.fullmatch(name)) for name in labels]
    maybe = [bool(_MAYBE.fullmatch(name)) for name in labels]
    if said == "keep" or not any([*sums, *maybe]) or all(sums):
        return rows
    judged = {row: said == "drop" or _is_sum(rows, row, sums, maybe)
              for row, may in enumerate(maybe) if may}  # fmt: skip
    _ask(rows, labels, [row for row, verdict in judged.items() if verdict is None])
    keep = [not (is_sum or judged.get(row)) for row, is_sum in enumerate(sums)]
    notes = [f"Row {line}, {name!r}, sums up others and is no study: left out."
             for line, name, stays in zip(rows.lines, labels, keep, strict=True)
             if not stays]  # fmt: skip
    notes += [f"Row {rows.lines[row]}, {labels[row]!r}, is a study: it does not sum up the others."
              for row, verdict in judged.items() if verdict is False]  # fmt: skip
    return rows.kept(keep)._replace(notes=(*rows.notes, *notes))


def _is_sum(rows: Rows, row: int, sums: Sequence[bool], maybe: Sequence[bool]) -> bool | None:
    """Return whether the counts of a row are the sums of others; None if there are none."""
    others = [at for at in range(len(rows.cells)) if not (sums[at] or maybe[at])]
    verdicts = []
    for name in rows.header:
        if not _counts(name):
            continue
        values = [number(rows.column(name)[at]) for at in others]
        own = number(rows.column(name)[row])
        if own is None or math.isnan(own) or not values:
            continue
        filled = [value for value in values if value is not None and not math.isnan(value)]
        above = max(filled, default=0)
        verdicts.append(own == sum(filled) if own >= above else False)
    return any(verdicts) if verdicts else None


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
