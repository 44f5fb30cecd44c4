"""A checked table of studies, frozen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesmeta.arrays import BoolArray, IntArray

type Column = NDArray[Any]

FRAME = "DataFrame"
"""What stands for the file's name when a table comes from pandas."""

_ROWED = re.compile(r"\.(?:xlsx|xlsm|rm5)(?:$|, sheet )")


@dataclass(frozen=True, eq=False)
class Studies:
    """A checked table of studies, one row an estimate, frozen.

    Parameters
    ----------
    columns
        Columns under our names, each read-only with shape (row,): float64 where every filled
        cell is a number (an empty cell is nan), text otherwise (an empty cell is "").
    source
        The file's name as the user gave it, or ``"DataFrame"``.
    lines
        Line in the file of each row (the header is line 1); for a frame, its row number from 1.
    notes
        What was recognised or renamed, in sentences.
    scale
        ``"log"`` or ``"natural"`` where the name of the column of estimates says so, else "".
    label
        The table's own name of the column that is ``study``.
    """

    columns: Mapping[str, Column]
    source: str
    lines: tuple[int, ...]
    notes: tuple[str, ...] = field(default=())
    scale: str = ""
    label: str = "study"

    def __post_init__(self) -> None:
        """Make the columns read-only."""
        for column in self.columns.values():
            column.setflags(write=False)
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)

    def __contains__(self, name: str) -> bool:
        """Return whether the table has a column of this name."""
        return name in self.columns

    def __getitem__(self, name: str) -> Column:
        """Return one column."""
        return self.columns[name]

    def take(self, rows: BoolArray | IntArray) -> "Studies":
        """Return the table with some of its rows."""
        kept = np.arange(len(self))[rows]
        columns = {name: column[kept] for name, column in self.columns.items()}
        return replace(self, columns=columns, lines=tuple(self.lines[row] for row in kept))

    def place(self, row: int) -> str:
        """Return where a row stands, for a message: file, line and study."""
        return place(self.source, self.lines[row], study=str(self["study"][row]))


def place(source: str, line: int, *, study: str) -> str:
    """Return where a row stands, for a message.

    Examples
    --------
    >>> place("normand1999.csv", 9, study="Umea")
    "normand1999.csv, line 9, study 'Umea'"
    """
    where = f"{source}, {line_word(source)} {line}"
    return f"{where}, study {study!r}" if study else where


def line_word(source: str) -> str:
    """Return what the numbers of rows count: lines of a text, rows of a sheet or frame."""
    return "row" if source == FRAME or _ROWED.search(source.lower()) else "line"
