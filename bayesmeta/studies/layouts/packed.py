"""Cells that hold several numbers: `0.82 (0.65 to 1.03)`, `12/50`, `5 (10 %)`.

So papers print them. Each is taken apart where its heading says what the numbers are.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bayesmeta.studies.cells import MISSING, UNREPORTED
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.names.register import STRONG, WEAK
from bayesmeta.studies.rows import Rows

_MINUS = r"[+\-\N{MINUS SIGN}\N{EN DASH}]"
_NUMBER = rf"({_MINUS}?(?:\d+(?:[.,]\d+)?|[.,]\d+))"
_TO = r"\s*(?:,|;|-|\N{EN DASH}|\N{EM DASH}|\bto\b|\bbis\b|\bund\b|\bà\b|\ba\b)\s*"
_INTERVAL = rf"{_NUMBER}{_TO}{_NUMBER}"
_IN_BRACKETS = rf"[(\[]\s*(?:\d\d\s*%\s*CI:?\s*)?{_INTERVAL}\s*[)\]]"

_CONFIDENCE = re.compile(
    r"[(\[]?\s*(?:(\d\d(?:[.,]\d)?)\s*-?\s*%\s*-?\s*)?"
    r"(?:\bC\.?I\.?\b|confidence interval|\bKI\b|konfidenzintervall|\bIC\b)"
    r"(?:\s*(\d\d)\s*%)?\s*[)\]]?",
    re.IGNORECASE,
)
_DEVIATION = re.compile(
    r"(?:mean|average|mittelwert|mw|moyenne)?\s*[(\[,/\N{PLUS-MINUS SIGN}+\-]*\s*\b"
    r"(sd|s\.d\.|sem?|s\.e\.(?:m\.)?|standard deviation|standard error)\b\s*[)\]]?",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"[(\[,]?\s*\b(?:n|events?|no\.?|r)\s*/\s*(?:n|total|participants|patients)\b\s*[)\]]?",
    re.IGNORECASE,
)
_WITH_SHARE = re.compile(r"(?:,?\s*\b(?:n|no\.?|number))?\s*[(\[,]\s*%\s*[)\]]?", re.IGNORECASE)
_MOST = 0.5


class Kind(NamedTuple):
    """Cells of one form: what a heading of theirs has, the cell, the names of its parts.

    Parameters
    ----------
    heading
        What is found in the heading, and cut out of it.
    parts
        What is put behind the rest of the heading, for each number of a cell.
    """

    heading: re.Pattern[str]
    cell: re.Pattern[str]
    parts: tuple[str, ...]


_ESTIMATE = Kind(
    _CONFIDENCE, re.compile(rf"{_NUMBER}\s*{_IN_BRACKETS}", re.IGNORECASE), ("", "lower", "upper")
)
_LIMITS = Kind(
    _CONFIDENCE, re.compile(rf"(?:{_IN_BRACKETS}|{_INTERVAL})", re.IGNORECASE), ("lower", "upper")
)
_BESIDE = rf"[(\[]\s*{_NUMBER}\s*[)\]]|(?:\N{{PLUS-MINUS SIGN}}|\+/-)\s*{_NUMBER}"
_SPREAD = Kind(_DEVIATION, re.compile(rf"{_NUMBER}\s*(?:{_BESIDE})"), ("mean", "sd"))
_EVENTS = Kind(_COUNTS, re.compile(r"(\d+)\s*(?:/|\bof\b)\s*(\d+)(?:\s*\(.*%\))?"), ("events", "n"))
_SHARES = Kind(
    _WITH_SHARE,
    re.compile(rf"(\d+)\s*[(\[]\s*{_NUMBER.replace('(', '(?:', 1)}\s*%?\s*[)\]]"),
    ("",),
)
KINDS = (_ESTIMATE, _LIMITS, _SPREAD, _EVENTS, _SHARES)


def unpacked(rows: Rows, *, estimate: str = "") -> Rows:
    """Return the table with a column for each number of such cells, and a note of each.

    Intervals alone are taken apart where an estimate stands beside them.

    Parameters
    ----------
    estimate
        The column of estimates where that was chosen by hand.

    Examples
    --------
    >>> table = Rows("x.csv", ("study", "OR (95% CI)"), [["Ash", "0.8 (0.6 to 1.1)"]], (2,))
    >>> found = unpacked(table)
    >>> found.header, found.cells
    (('study', 'OR', '95% CI lower', '95% CI upper'), [['Ash', '0.8', '0.6', '1.1']])
    """
    beside = any(name == estimate or _is_estimate(name) for name in rows.header)
    kinds = [kind for kind in KINDS if kind is not _LIMITS or beside]
    header: list[str] = []
    columns: list[Sequence[str]] = []
    notes = []
    for name, cells in zip(rows.header, zip(*rows.cells, strict=True), strict=True):
        split = (_parts(name, cells, kind, comma=rows.comma) for kind in kinds)
        parts = next((one for one in split if one and not {*rows.header, *header} & set(one)), {})
        if parts:
            notes.append(f"Cells of {name!r} hold several numbers: read as {', '.join(parts)}.")
        header += parts or [name]
        columns += list(parts.values()) or [cells]
    if not notes:
        return rows
    cells_now = [list(row) for row in zip(*columns, strict=True)]
    return rows._replace(header=tuple(header), cells=cells_now, notes=(*rows.notes, *notes))


def _is_estimate(name: str) -> bool:
    key = key_of(name)
    return "estimate" in (STRONG.get(key), WEAK.get(key))


def _parts(name: str, cells: Sequence[str], kind: Kind, *, comma: bool) -> Mapping[str, list[str]]:
    """Return the columns that a column is taken apart into, by their names; {} where it is not."""
    found = kind.heading.search(name)
    if not found:  # the cells of other columns are not looked at: two fifths of reading a table
        return {}
    matches = [kind.cell.fullmatch(cell) for cell in cells]
    filled = [cell for cell in cells if not _is_gap(cell)]
    if not filled or sum(map(bool, matches)) <= _MOST * len(filled):
        return {}
    names = _names(name, found, kind)
    split = [_numbers(cell, match, len(names), comma=comma)
             for cell, match in zip(cells, matches, strict=True)]  # fmt: skip
    columns = zip(*split, strict=True)
    return {one: list(column) for one, column in zip(names, columns, strict=True)}


def _names(name: str, found: re.Match[str], kind: Kind) -> list[str]:
    rest = " ".join(f"{name[: found.start()]} {name[found.end() :]}".split()).strip(" ,;:-")
    if kind.heading is _CONFIDENCE:
        level = found.group(1) or found.group(2) or "95"
        limits = [f"{level}% CI {side}" for side in ("lower", "upper")]
        return [rest or "estimate", *limits] if kind is _ESTIMATE else limits
    if kind.heading is _DEVIATION:
        error = found.group(1).lower().replace(".", "") in {"se", "sem", "standard error"}
        rest = re.sub(r"\b(?:mean|mw|moyenne)\b", "", rest, flags=re.IGNORECASE).strip(" ,;:-")
        return [f"{rest} mean".strip(), f"{rest} {'SE' if error else 'SD'}".strip()]
    return [f"{rest} {part}".strip() for part in kind.parts]


def _is_gap(cell: str) -> bool:
    return cell in MISSING or cell.lower() in UNREPORTED


def _numbers(cell: str, match: re.Match[str] | None, count: int, *, comma: bool) -> list[str]:
    """Return the numbers of a cell; one that is none of its kind stays whole, to be refused."""
    if match is None:
        return ["" if _is_gap(cell) else cell, *[""] * (count - 1)]
    found = [part for part in match.groups() if part is not None]
    if comma and not any("." in part for part in found):
        found = [part.replace(",", ".") for part in found]
    return found
