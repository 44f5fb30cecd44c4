"""How long each study lasted: a number, a range, or not told."""

import re
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from bayesmeta.errors import StudiesError
from bayesmeta.location.shapes import Observed
from bayesmeta.measures.effects import Effects, FloatArray
from bayesmeta.studies import Column
from bayesmeta.studies.cells import MISSING as ABSENT

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
        return np.where(np.isnan(found), self._unknown(np.array(0.5)), found)

    def completed(self, count: int, *, start: int = 0) -> FloatArray:
        """Return completions of the durations by their stated priors, shape (count, study).

        A range is uniform inside. A missing duration is log-normal with the mean and SD of the
        known ones' logs (normal, with theirs, where one is 0), truncated to the observed range.
        The completions are points of a low-discrepancy sequence, from its `start` on.
        """
        found = np.tile((self.lower + self.upper) / 2, (count, 1))
        open_rows = np.flatnonzero(self.lower != self.upper)
        points = sequence(count, open_rows.size, start=start)
        for column, row in enumerate(open_rows):
            share = points[:, column]
            if np.isnan(self.lower[row]):
                found[:, row] = self._unknown(share)
            else:
                found[:, row] = self.lower[row] + share * (self.upper[row] - self.lower[row])
        return found

    def logs(self) -> bool:
        """Return whether missing durations are log-normal: where all known ones are above 0."""
        return self.observed.shortest > 0

    def unknown(self) -> tuple[float, float]:
        """Return mean and SD of the known durations, of their logs where `logs`."""
        known = (self.lower + self.upper)[np.isfinite(self.lower)] / 2
        scaled = np.log(known) if self.logs() else known
        return float(scaled.mean()), float(scaled.std(ddof=1))

    def bounds(self) -> tuple[float, float]:
        """Return the ends of the observed range, in logs where `logs`."""
        ends = np.array([self.observed.shortest, self.observed.longest])
        lower, upper = np.log(ends) if self.logs() else ends
        return float(lower), float(upper)

    def _unknown(self, share: FloatArray) -> FloatArray:
        mean, sd = self.unknown()
        low, high = (ndtr((end - mean) / sd) for end in self.bounds())
        value = mean + sd * ndtri(low + share * (high - low))
        return np.exp(value) if self.logs() else value


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
    table = effects.studies
    if column not in table:
        raise StudiesError(
            f"{table.source}: no column {column!r} in the table of studies; "
            f"it has: {', '.join(table.columns)}."
        )
    cells = [_ends(cell) for cell in _words(table[column])]
    wrong = [
        f"{table.place(row)}, column {column}: {table[column][row]!r} is not a duration; "
        "write a number of 0 or more, a range such as 4-6, or nothing."
        for row, cell in enumerate(cells)
        if cell is None
    ]
    if wrong:
        raise StudiesError("\n".join(wrong))
    lower, upper = np.array([cell for cell in cells if cell is not None], dtype=float).T
    _require_two(table.source, column, known=int(np.isfinite(lower).sum()))
    return Durations(column, lower, upper)


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


def _require_two(source: str, column: str, *, known: int) -> None:
    if known < 2:  # noqa: PLR2004 - a curve needs two points
        raise StudiesError(f"{source}, column {column}: {known} durations known; two are needed.")


def sequence(count: int, dimensions: int, *, start: int = 0) -> FloatArray:
    """Return points of a low-discrepancy sequence in the unit cube, shape (count, dimension).

    Multiples of the powers of 1 / phi modulo one, phi**(dimensions + 1) = phi + 1.

    References
    ----------
    Niederreiter H (1992). Random Number Generation and Quasi-Monte Carlo Methods, for Kronecker
    sequences.

    Examples
    --------
    >>> sequence(3, 1)[:, 0].round(3).tolist()
    [0.5, 0.118, 0.736]
    """
    phi = 2.0
    for _ in range(60):
        phi = (1 + phi) ** (1 / (dimensions + 1))
    powers = phi ** -np.arange(1.0, dimensions + 1)
    return (0.5 + np.arange(start, start + count)[:, np.newaxis] * powers) % 1.0
