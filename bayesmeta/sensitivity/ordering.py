"""What studies are put in order by: the numbers, ranges or dates of a column."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.near import did_you_mean
from bayesmeta.studies import Column, Studies
from bayesmeta.studies.cells import MISSING, is_range, number

PRECISION = "precision"

_SHOWN = 20
_JOINT = re.compile(r"\s*(?:-|\N{EN DASH}|\N{EM DASH}|to)\s*")
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T].+)?")


@dataclass(frozen=True, eq=False)
class Ordering:
    """An order of studies.

    Parameters
    ----------
    values
        What is compared, shape (study,).
    cells
        The same as the table has it, shape (study,).
    said
        What the order is by, for a reader: ``"duration_weeks, a range by its lower end"``.
    """

    values: FloatArray
    cells: Column
    said: str

    def rows(self, *, descending: bool) -> IntArray:
        """Return the rows in order; ties keep the order of the table."""
        if not descending:
            return np.argsort(self.values, kind="stable")
        # Reversed twice, so that ties keep their order.
        values = self.values[::-1]
        return np.argsort(values, kind="stable")[::-1] * -1 + len(values) - 1


def ordering(effects: Effects, by: str) -> Ordering:
    """Return what a column orders studies by.

    Numbers are compared as numbers, a range by its lower end, ISO dates as dates (a year or a
    month alone by its first day). Words have no order.

    Parameters
    ----------
    by
        A column of the table, or ``precision``.

    Raises
    ------
    AnalysisError
        If there is no such column, a value is missing, or some have no place in the order: the
        message names the rows and values.

    Examples
    --------
    ``ordering(effects, "duration_weeks").said``
    """
    if by == PRECISION:
        precision = effects.standard_error**-2
        return Ordering(precision, precision, by)
    if by not in effects.studies:
        known = ", ".join([*effects.studies.columns, PRECISION])
        raise AnalysisError(
            f"No column {by!r} in the table of studies; it has: {known}."
            f"{did_you_mean(by, effects.studies.columns)}"
        )
    column = effects.studies[by]
    _refuse_missing(effects.studies, by)
    if column.dtype.kind == "f":
        return Ordering(column, column, by)
    return _ordered(effects.studies, by, [str(cell).strip() for cell in column])


def _refuse_missing(studies: Studies, by: str) -> None:
    column = studies[by]
    if column.dtype.kind == "f":
        absent = np.isnan(column)
    else:
        absent = np.array([str(cell).strip() in MISSING for cell in column], dtype=bool)
    if np.any(absent):
        rows = np.flatnonzero(absent).tolist()
        raise AnalysisError(
            _listed(f"{studies.place(row)}: no {by}, which studies are ordered by." for row in rows)
        )


def _ordered(studies: Studies, by: str, cells: Sequence[str]) -> Ordering:
    readings = [_read(cells, _number), _read(cells, _date)]
    values = min(readings, key=lambda reading: sum(value is None for value in reading))
    unread = [row for row, value in enumerate(values) if value is None]
    if unread:
        raise AnalysisError(_listed(_unplaced(studies, by, row, of=len(unread)) for row in unread))
    said = by
    if values is readings[0]:
        said += ", a range by its lower end" if any(map(is_range, cells)) else ""
    elif not all(map(_DAY.fullmatch, cells)):
        said += ", a year or month by its first day"
    return Ordering(np.array(values, dtype=float), studies[by], said)


def _read(cells: Sequence[str], reader: Callable[[str], float | None]) -> list[float | None]:
    return [reader(cell) for cell in cells]


def _unplaced(studies: Studies, by: str, row: int, *, of: int) -> str:
    what = "has no place in an order; it takes" if of < len(studies) else "has no order; give"
    return (
        f"{studies.place(row)}, column {by}: {str(studies[by][row])!r} {what} numbers, ranges such "
        "as 4-6, or dates such as 2019, 2019-03 or 2019-03-31."
    )


def _listed(lines: Iterable[str]) -> str:
    found = list(lines)
    more = [f"... and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return "\n".join([*found[:_SHOWN], *more])


def _number(cell: str) -> float | None:
    """Return a number, or the lower end of a range."""
    if not is_range(cell):
        return number(cell)
    lower, upper = map(float, _JOINT.split(cell))
    return lower if lower <= upper else None


def _date(cell: str) -> float | None:
    """Return the seconds of an ISO date since 1970, those of the first day of a year or month."""
    if _YEAR.fullmatch(cell):
        cell += "-01-01"
    elif _MONTH.fullmatch(cell):
        cell += "-01"
    try:
        found = datetime.fromisoformat(cell) if _DAY.fullmatch(cell) else None
        return None if found is None else found.replace(tzinfo=found.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return None
