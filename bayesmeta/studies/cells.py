"""Numbers out of the text of cells."""

import re
from collections.abc import Sequence

import numpy as np

from bayesmeta.arrays import FloatArray

MISSING = frozenset({"", "NA", "NaN", "nan", "."})
"""What stands for a missing value in a column of numbers, and nowhere else."""

UNREPORTED = frozenset({
    "nr", "n/r", "n.r.", "na", "n/a", "n.a.", "#n/a", "nd", "n.d.", "k.a.", "null", "none", "..",
    "not reported", "not available", "not stated", "not given", "missing", "unknown", "unclear",
    "-", "--", "\N{EN DASH}", "\N{EM DASH}", "?", "nicht berichtet", "non rapporte",
})  # fmt: skip
"""What reviewers write where a paper gives no number, in small letters."""

# Narrower than float(): that also takes 1_000 and digits of other scripts.
_NUMBER = re.compile(
    r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?inf(?:inity)?", re.ASCII | re.IGNORECASE
)


_UNSIGNED = r"(?:\d+\.?\d*|\.\d+)"
_RANGE = re.compile(rf"{_UNSIGNED}\s*(?:-|\N{{EN DASH}}|\N{{EM DASH}}|to)\s*{_UNSIGNED}", re.ASCII)


def is_range(cell: str) -> bool:
    """Return whether a cell is a range of two numbers.

    Examples
    --------
    >>> is_range("4-6"), is_range("4 to 6"), is_range("-4")
    (True, True, False)
    """
    return _RANGE.fullmatch(cell) is not None


def number(cell: str) -> float | None:
    """Return the number in a cell: nan where it is missing, None where it is text.

    A minus as papers print it (U+2212, or an en dash) is a minus.

    Examples
    --------
    >>> number("-12.5"), number("NA"), number("4 to 6")
    (-12.5, nan, None)
    """
    if cell in MISSING:
        return np.nan
    plain = cell.replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    return float(plain) if _NUMBER.fullmatch(plain) else None


def numbers(cells: Sequence[str]) -> tuple[FloatArray, list[int]]:
    """Return a column of numbers (nan where missing or text), and the rows that hold text."""
    values = [number(cell) for cell in cells]
    text = [row for row, value in enumerate(values) if value is None]
    return np.array([np.nan if value is None else value for value in values]), text


def looks_numeric(cells: Sequence[str]) -> bool:
    """Return whether every filled cell is a number.

    Examples
    --------
    >>> looks_numeric(["1", "", "NA"]), looks_numeric(["NA", "None"]), looks_numeric(["", ""])
    (True, False, True)
    """
    filled = [cell for cell in cells if cell not in MISSING]
    return all(number(cell) is not None for cell in filled) if filled else not any(cells)
