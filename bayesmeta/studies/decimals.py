"""Decimal and thousands marks of a table, found from the whole of it."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from bayesmeta.errors import StudiesError
from bayesmeta.studies.problems import SHOWN
from bayesmeta.studies.rows import Rows
from bayesmeta.studies.wording import choice

type Mark = Literal["point", "comma"]

MARKS: dict[str, str] = {"point": ".", "comma": ","}

_SIGN = r"[+\-\N{MINUS SIGN}\N{EN DASH}]?"
_SPACED = re.compile(
    rf"{_SIGN}\d{{1,3}}(?:[ \xa0\u2009\u202f'\u2019]\d{{3}})+(?:[.,]\d+)?", re.ASCII
)
"""Thousands in groups of three by a space or an apostrophe."""
_POWER = r"(?:[eE][+-]?\d+)?"


class Forms(NamedTuple):
    """How numbers look with one decimal mark.

    Parameters
    ----------
    certain
        A number that has this decimal mark and can be read in no other way.
    either
        One to three digits, the mark, three digits: a decimal, or thousands of the other mark.
    grouped
        Thousands in groups of three by the other mark.
    """

    certain: re.Pattern[str]
    either: re.Pattern[str]
    grouped: re.Pattern[str]


def _forms(mark: str, other: str) -> Forms:
    point, group = re.escape(mark), re.escape(other)
    decimal = (
        rf"(?:0|[1-9]\d*|0\d+)?{point}\d+{_POWER}|\d{{1,3}}(?:{group}\d{{3}})+{point}\d+|\d+{point}"
    )
    either = rf"{_SIGN}[1-9]\d{{0,2}}{point}\d{{3}}"
    return Forms(
        re.compile(rf"(?!{either}$){_SIGN}(?:{decimal})", re.ASCII),
        re.compile(either, re.ASCII),
        re.compile(rf"{_SIGN}\d{{1,3}}(?:{group}\d{{3}})+(?:{point}\d+)?", re.ASCII),
    )


FORMS = {"point": _forms(".", ","), "comma": _forms(",", ".")}
_OTHER: dict[str, str] = {"point": "comma", "comma": "point"}


def with_points(rows: Rows, decimal: str | None) -> Rows:
    """Return a table whose numbers have a decimal point and no thousands marks.

    Without a choice, a decimal comma is taken where cells are not separated by commas and the
    numbers of the whole table have it; with one, thousands marks are taken out too.

    Parameters
    ----------
    decimal
        ``"point"`` or ``"comma"``, or None to find out.

    Raises
    ------
    StudiesError
        If the mark is unknown, or a number such as 12,500 can be read in two ways.
    """
    if decimal is not None and decimal not in MARKS:
        known = ", ".join(MARKS)
        raise StudiesError(f"Unknown decimal={decimal!r}; known: {known}.")
    if decimal is not None:
        note = f"Numbers have a decimal {decimal}, as was said."
        return _converted(rows, decimal, groups=True, note=note)
    seen = _seen(rows)
    if seen["comma"] and not seen["point"] and rows.comma:
        note = "Numbers have a decimal comma, found from the whole table."
        return _asked(_converted(rows, "comma", groups=False, note=note), "comma", rows)
    return _asked(rows, "point" if seen["point"] or not rows.semicolon else None, rows)


def _seen(rows: Rows) -> dict[str, bool]:
    return {
        mark: any(
            sign in cell and FORMS[mark].certain.fullmatch(cell)
            for row in rows.cells
            for cell in row
        )
        for mark, sign in MARKS.items()
    }


def is_spaced(cell: str) -> bool:
    """Return whether a cell is a number with spaces or apostrophes between thousands.

    Examples
    --------
    >>> is_spaced("12 500"), is_spaced("12'500,5"), is_spaced("12 50")
    (True, True, False)
    """
    return _SPACED.fullmatch(cell) is not None


def only_commas(cells: Iterable[str]) -> bool:
    """Return whether some cells have a decimal comma for certain, and none has a point.

    Examples
    --------
    >>> only_commas(["2,5", "3"]), only_commas(["2,5", "3.1"]), only_commas(["12,500"])
    (True, False, False)
    """
    listed = list(cells)
    points = FORMS["point"]
    return any(map(FORMS["comma"].certain.fullmatch, listed)) and not any(
        points.certain.fullmatch(cell) or points.either.fullmatch(cell) for cell in listed
    )


def _converted(rows: Rows, mark: str, *, groups: bool, note: str) -> Rows:
    cells = [[_plain(cell, mark, groups=groups) for cell in row] for row in rows.cells]
    said = (note,) if mark == "comma" or cells != rows.cells else ()
    return rows._replace(cells=cells, notes=(*rows.notes, *said))


def _plain(cell: str, mark: str, *, groups: bool) -> str:
    forms = FORMS[mark]
    if groups and _SPACED.fullmatch(cell):
        cell = re.sub(r"[^\d.,+\-\N{MINUS SIGN}\N{EN DASH}]", "", cell)
    if groups and forms.grouped.fullmatch(cell):
        cell = cell.replace(MARKS[_OTHER[mark]], "")
    if forms.certain.fullmatch(cell):
        return cell.replace(MARKS[_OTHER[mark]], "").replace(MARKS[mark], ".")
    return cell.replace(MARKS[mark], ".") if forms.either.fullmatch(cell) else cell


def _asked(rows: Rows, mark: str | None, written: Rows) -> Rows:
    """Return the table with a problem for each number that may be two.

    Parameters
    ----------
    mark
        The decimal mark, or None where nothing in the table tells it.
    """
    others = [_OTHER[mark]] if mark else list(MARKS)
    doubtful = [item for other in others for item in _doubtful(written, other)]
    if not doubtful:
        return rows
    listed = [f"{rows.source}, line {line}, column {name}: {cell!r}"
              for line, name, cell in doubtful[:SHOWN]]  # fmt: skip
    more = [f"... and {len(doubtful) - SHOWN} more"] if len(doubtful) > SHOWN else []
    cell = doubtful[0][2]
    whole, part = re.sub(r"[.,]", "", cell), re.sub(",", ".", cell)
    comma, point = (part, whole) if "," in cell else (whole, part)
    advice = (
        f"Three digits after a mark may be thousands or decimals. {choice('decimal', 'comma')} "
        f"reads {cell!r} as {comma}; {choice('decimal', 'point')} reads it as {point}."
    )
    return rows._replace(problems=(*rows.problems, "\n".join([*listed, *more, advice])))


def _doubtful(rows: Rows, mark: str) -> Iterator[tuple[int, str, str]]:
    for place, name in enumerate(rows.header):
        column = [row[place] for row in rows.cells]
        doubtful = [
            (line, name, cell)
            for line, cell in zip(rows.lines, column, strict=True)
            if MARKS[mark] in cell and FORMS[mark].either.fullmatch(cell)
        ]
        if doubtful and _numeric(column):
            yield from doubtful


def _numeric(cells: list[str]) -> bool:
    """Return whether every filled cell of a column is a number with one mark or the other."""
    filled = [cell for cell in cells if cell not in ("", "NA", "NaN", "nan", ".")]
    plain = re.compile(rf"{_SIGN}\d+{_POWER}", re.ASCII)
    return bool(filled) and all(
        plain.fullmatch(cell)
        or any(f.certain.fullmatch(cell) or f.either.fullmatch(cell) or f.grouped.fullmatch(cell)
               for f in FORMS.values())
        for cell in filled
    )  # fmt: skip
