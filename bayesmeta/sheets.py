"""Tables as CSV files that a spreadsheet takes as data, never as formulas."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would run."""


def write_csv(table: "pd.DataFrame", path: Path, *, index: bool = False) -> None:
    """Write a table; a text that a spreadsheet would run as a formula has an apostrophe before it.

    Numbers are as they are; so is a text that is one, such as ``-3``.

    Examples
    --------
    >>> escaped("=cmd()"), escaped("-3.5"), escaped("Umea"), escaped(-3.5)
    ("'=cmd()", '-3.5', 'Umea', -3.5)
    """
    safe = table.copy()
    for place, kind in enumerate(table.dtypes):
        if kind.kind not in "fiub":
            safe.isetitem(place, [escaped(cell) for cell in table.iloc[:, place]])
    if index:
        safe.index = table.index.map(escaped)
    safe.to_csv(path, index=index)


def escaped(cell: object) -> object:
    """Return a cell that no spreadsheet runs."""
    if not isinstance(cell, str) or not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
