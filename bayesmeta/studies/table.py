"""A checked table of studies, frozen."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmeta.arrays import BoolArray, IntArray
from bayesmeta.errors import StudiesError
from bayesmeta.near import did_you_mean

type Column = NDArray[Any]

FRAME = "DataFrame"
"""What stands for the file's name when a table comes from pandas."""

_ROWED = re.compile(r"\.(?:xlsx|xlsm|rm5)(?:$|, sheet )")


class Derived(NamedTuple):
    """A column that was computed from others: in which rows, shape (row,), and how."""

    column: str
    how: str
    rows: BoolArray


@dataclass(frozen=True, eq=False, repr=False)
class Studies:
    """A checked table of studies, one row an estimate, frozen.

    A study may stand in several rows; `labels` tells them apart once `distinct` was asked for.

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
    error_scale
        The same of the standard errors beside ratios.
    label
        The table's own name of the column that is ``study``.
    theirs
        Columns under the table's own names where these are not ours, read-only: what `groups`
        finds beside ``columns``, a column of another name that was set aside for ``study`` too.
    derived
        Columns that were computed from others.
    numbers
        Number of each row in the table as it was read, from 1.
    meant
        The table's name of the estimates with the measures that it may mean, none of them for
        one that we do not compute; None where it may be any.
    distinct_labels
        A label of each row, different in every row; () where the studies' names are.
    """

    columns: Mapping[str, Column]
    source: str
    lines: tuple[int, ...]
    notes: tuple[str, ...] = field(default=())
    scale: str = ""
    label: str = "study"
    error_scale: str = ""
    derived: tuple[Derived, ...] = ()
    theirs: Mapping[str, Column] = field(default_factory=dict)
    numbers: tuple[int, ...] = ()
    meant: tuple[str, tuple[str, ...]] | None = None
    distinct_labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Make the columns read-only, and number the rows."""
        for column in (*self.columns.values(), *self.theirs.values()):
            column.setflags(write=False)
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))
        object.__setattr__(self, "theirs", MappingProxyType(dict(self.theirs)))
        if not self.numbers:
            object.__setattr__(self, "numbers", tuple(range(1, len(self.lines) + 1)))

    def __repr__(self) -> str:
        """Return what the table is, and what was decided about it, not its cells."""
        rows = f"{len(self)} row{'s' * (len(self) != 1)}"
        head = f"Studies of {self.source}, {rows}; columns: {', '.join(self.columns)}."
        return "\n".join([head, *self.notes])

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

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
        """Return the table with some of its rows.

        Parameters
        ----------
        rows
            A mask of shape (study,), or places.

        Examples
        --------
        >>> import bayesmeta as bm
        >>> studies = bm.read_studies("examples/data/normand1999.csv")
        >>> studies.take([0, 2]).labels
        ('Edinburgh', 'Orpington-Moderate')
        """
        kept = np.arange(len(self))[rows]
        return replace(
            self,
            columns={name: column[kept] for name, column in self.columns.items()},
            theirs={name: column[kept] for name, column in self.theirs.items()},
            lines=tuple(self.lines[row] for row in kept),
            numbers=tuple(self.numbers[row] for row in kept),
            derived=tuple(one._replace(rows=one.rows[kept]) for one in self.derived),
            distinct_labels=tuple(
                self.distinct_labels[row] for row in kept if self.distinct_labels
            ),
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """A label of each row: the study's name, after `distinct` one that no other row has."""
        return self.distinct_labels or tuple(self["study"].tolist())

    def distinct(self) -> "Studies":
        """Return the table with a label for each row that no other row has.

        Where a study stands in several rows, every row is ``study [outcome]`` if that is
        different in each, else ``study [number of the row in the table]``. The labels stay with
        their rows in `take`.

        Examples
        --------
        >>> table = Studies({"study": np.array(["Ash", "Ash", "Elm"])}, "trees.csv", (2, 3, 4))
        >>> table.distinct().labels
        ('Ash [1]', 'Ash [2]', 'Elm [3]')
        """
        names = self["study"].tolist()
        if len(set(names)) == len(names):
            return self
        outcomes = self["outcome"].tolist() if "outcome" in self else [""] * len(self)
        by_outcome = [f"{name} [{what}]" for name, what in zip(names, outcomes, strict=True)]
        numbered = [f"{name} [{row}]" for name, row in zip(names, self.numbers, strict=True)]
        apart = all(outcomes) and max(Counter(by_outcome).values()) == 1
        return replace(self, distinct_labels=tuple(by_outcome if apart else numbered))

    def groups(self, column: str) -> tuple[str, ...]:
        """Return the group of each row, in words: the cells of a column that stands for groups.

        Parameters
        ----------
        column
            A column under the table's own name, or under ours; the table's own comes first.

        Raises
        ------
        StudiesError
            If the table has no such column, or cells of it are empty; every such row is named.

        Examples
        --------
        >>> table = Studies({"study": np.array(["Ash", "Elm"]), "district": np.array([11.0, 12.0])},
        ...                 "trees.csv", (2, 3))
        >>> table.groups("district")
        ('11', '12')
        """
        found = self.theirs[column] if column in self.theirs else self.columns.get(column)
        if found is None:
            known = ", ".join(dict.fromkeys([*self.columns, *self.theirs]))
            raise StudiesError(
                f"{self.source}: no column {column!r}; it has: {known}."
                f"{did_you_mean(column, [*self.columns, *self.theirs])}"
            )
        words = tuple(in_words(cell) for cell in found)
        gaps = np.isnan(found) if found.dtype.kind == "f" else found == ""
        empty = [f"{self.place(row)}: column {column} is empty; every row needs its group."
                 for row in np.flatnonzero(gaps).tolist()]  # fmt: skip
        if empty:
            raise StudiesError("\n".join(empty))
        return words

    def place(self, row: int) -> str:
        """Return where a row stands, for a message: file, line and study.

        Examples
        --------
        >>> import bayesmeta as bm
        >>> studies = bm.read_studies("examples/data/normand1999.csv")
        >>> studies.place(0)
        "examples/data/normand1999.csv, line 2, study 'Edinburgh'"
        """
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


def in_words(cell: object) -> str:
    """Return a cell in words, a whole number without a point.

    Examples
    --------
    >>> in_words(11.0), in_words("Ash")
    ('11', 'Ash')
    """
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def line_word(source: str) -> str:
    """Return what the numbers of rows count: lines of a text, rows of a sheet or frame."""
    return "row" if source == FRAME or _ROWED.search(source.lower()) else "line"
