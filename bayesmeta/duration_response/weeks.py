"""How long each study lasted: a number, a range, or not told."""

import re
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.errors import StudiesError
from bayesmeta.location.shapes import Observed
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.studies import Column, Studies
from bayesmeta.studies.cells import MISSING as ABSENT
from bayesmeta.studies.times import time_unit
from bayesmeta.studies.wording import choice, column_choice, language, number_of

_USUAL = "duration_weeks"
GIVEN, RANGE, MISSING = "given", "range", "missing"

_NUMBER = r"(\d+(?:\.\d+)?)"
_RANGE = re.compile(rf"{_NUMBER}\s*(?:-|–|—|to)\s*{_NUMBER}")  # noqa: RUF001 - dashes of print


@dataclass(frozen=True, eq=False)
class Durations:
    """The studies' durations, shape (study,).

    Parameters
    ----------
    column
        Their column in the table of studies.
    lower, upper
        Ends of the range; equal where the study gives a number, nan where it gives nothing.

    Examples
    --------
    >>> found = Durations("weeks", np.array([2.0, 4.0, np.nan]), np.array([2.0, 6.0, np.nan]))
    >>> found.kinds, found.observed.distinct
    (('given', 'range', 'missing'), (2.0, 4.0, 6.0))
    """

    column: str
    lower: FloatArray
    upper: FloatArray

    @property
    def kinds(self) -> tuple[str, ...]:
        """What each study says: ``given``, ``range`` or ``missing``."""
        words = np.where(self.lower == self.upper, GIVEN, RANGE)
        return tuple(str(word) for word in np.where(np.isnan(self.lower), MISSING, words))

    @property
    def complete(self) -> bool:
        """Whether every study gives a number."""
        return bool(np.all(self.lower == self.upper))

    @property
    def observed(self) -> Observed:
        """The distinct weeks, ends of ranges among them."""
        return Observed.of(np.concatenate([self.lower, self.upper]))

    @property
    def middle(self) -> FloatArray:
        """The number, the middle of the range, or the median of the model for missing ones."""
        found = (self.lower + self.upper) / 2
        if self.known.all():
            return found
        return np.where(self.known, found, self._unknown(np.array(0.5)))

    @property
    def known(self) -> BoolArray:
        """Which studies say anything: a number or a range."""
        return np.isfinite(self.lower)

    @property
    def reference(self) -> FloatArray:
        """The durations whose mean column is every curve's centre: numbers, middles of ranges."""
        return (self.lower + self.upper)[self.known] / 2

    @property
    def open_rows(self) -> IntArray:
        """Places of the studies that do not give a number."""
        return np.flatnonzero(self.lower != self.upper)

    def week(self, row: int, share: FloatArray) -> FloatArray:
        """Return the week of an open duration below which lies a share of its prior.

        A range is uniform inside. A missing duration is log-normal (normal, where a known
        duration is 0) and truncated to the observed range; the mean and SD of the logs are those
        of the known durations, plugged in as if they were known.
        """
        if not self.known[row]:
            return self._unknown(share)
        return np.asarray(self.lower[row] + share * (self.upper[row] - self.lower[row]))

    def share(self, row: int, week: FloatArray) -> FloatArray:
        """Return the share of an open duration's prior below some weeks."""
        if self.known[row]:
            passed = (week - self.lower[row]) / (self.upper[row] - self.lower[row])
            return np.asarray(np.clip(passed, 0.0, 1.0))
        low, high = self._ends()
        inside = np.clip(week, self.observed.shortest, self.observed.longest)
        return np.asarray((ndtr(self._scaled(inside)) - low) / (high - low))

    def logs(self) -> bool:
        """Return whether missing durations are log-normal: where all known ones are above 0."""
        return self.observed.shortest > 0

    def unknown(self) -> tuple[float, float]:
        """Return mean and SD of the known durations, of their logs where `logs`."""
        scaled = np.log(self.reference) if self.logs() else self.reference
        return float(scaled.mean()), float(scaled.std(ddof=1))

    def bounds(self) -> tuple[float, float]:
        """Return the ends of the observed range, in logs where `logs`."""
        ends = np.array([self.observed.shortest, self.observed.longest])
        lower, upper = np.log(ends) if self.logs() else ends
        return float(lower), float(upper)

    def _unknown(self, share: FloatArray) -> FloatArray:
        mean, sd = self.unknown()
        low, high = self._ends()
        value = mean + sd * ndtri(low + share * (high - low))
        return np.exp(value) if self.logs() else value

    def _ends(self) -> tuple[float, float]:
        """Return how much of the missing durations' prior lies below each end before it is cut."""
        mean, sd = self.unknown()
        low, high = (float(ndtr((end - mean) / sd)) for end in self.bounds())
        return low, high

    def _scaled(self, week: FloatArray) -> FloatArray:
        mean, sd = self.unknown()
        return np.asarray(((np.log(week) if self.logs() else week) - mean) / sd)


def read_durations(effects: Effects, column: str) -> Durations:
    """Return the durations of the studies from their column of the table.

    A cell is a number, a range such as ``4-6``, or empty.

    Raises
    ------
    StudiesError
        If there is no such column, a cell is neither, or fewer than two studies say anything.

    Examples
    --------
    ``read_durations(effects, "duration_weeks").kinds``
    """
    require_effects(effects)
    table = effects.studies
    if column not in table:
        raise StudiesError(
            f"{table.source}: no column {column!r} in the table of studies; "
            f"it has: {', '.join(table.columns)}.{_meant(table, column)}"
        )
    cells = [_ends(cell) for cell in _words(table[column])]
    wrong = [
        f"{table.place(row)}, column {column}: {str(table[column][row])!r} is not a duration; "
        "write a number of 0 or more, a range such as 4-6, or nothing."
        for row, cell in enumerate(cells)
        if cell is None
    ]
    if wrong:
        raise StudiesError("\n".join(wrong))
    lower, upper = np.array([cell for cell in cells if cell is not None], dtype=float).T
    durations = Durations(column, lower, upper)
    _require_two(table.source, durations)
    return durations


def _meant(table: Studies, column: str) -> str:
    """Return how to name the column that is meant, where one alone can be."""
    found = [name for name in table.columns if time_unit(name) and name.lower() != "year"]
    alone = [name for name in found if name.lower().rstrip("s") == time_unit(name)[:-1]] or found
    if not alone:
        return ""
    ours = column_choice(column, alone[0])
    if alone[0] == _USUAL:
        ours = choice("weeks-column" if language() == "command line" else "column", _USUAL)
    return f" If {alone[0]!r} holds the durations, say {ours}."


def _words(column: Column) -> list[str]:
    if column.dtype.kind == "f":
        return ["" if np.isnan(value) else repr(float(value)) for value in column]
    return [str(cell).strip() for cell in column]


def _ends(cell: str) -> tuple[float, float] | None:
    if cell in ABSENT:
        return np.nan, np.nan
    pair = _RANGE.fullmatch(cell)
    try:
        lower, upper = map(float, pair.groups()) if pair else (float(cell), float(cell))
    except ValueError:
        return None
    return (lower, upper) if 0 <= lower <= upper < np.inf else None


def _require_two(source: str, durations: Durations) -> None:
    known, column = durations.reference, durations.column
    if known.size < 2:  # noqa: PLR2004 - a curve needs two points
        raise StudiesError(
            f"{source}, column {column}: {number_of(known.size, 'duration')} known; two are needed."
        )
    if not durations.known.all() and np.ptp(known) == 0:
        raise StudiesError(
            f"{source}, column {column}: all known durations have the middle {known[0]:g}, so "
            "that nothing is known of how the missing ones vary; leave those studies out."
        )
