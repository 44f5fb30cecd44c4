"""Columns of text beside the rows of a forest plot: what they need, and where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from bayesmeta.plots.cells import Cell, Slot, slots_of, width_of
from bayesmeta.plots.ink import STRONG
from bayesmeta.plots.lettering import Letters

type Align = Literal["point", "left", "middle"]
"""By the decimal point, at the left, or, of marks, in the middle."""

GAP, DOTS = 0.22, 0.09
"""Between columns; between columns of marks, which hang together."""

MARK = 0.17
"""Width of a mark."""


@dataclass(frozen=True)
class Head:
    """What stands above a column: its lines, and how its cells are aligned."""

    lines: tuple[str, ...]
    align: Align = "point"


type Heads = Mapping[str, Head]
"""Head of each column by the column's key."""


@dataclass(frozen=True)
class Column:
    """One column: its key in the table, its head, its edges in inches, room of its cells' parts."""

    key: str
    head: Head
    left: float
    right: float
    slots: tuple[Slot, ...]

    @property
    def middle(self) -> float:
        """Half way between its edges."""
        return (self.left + self.right) / 2


def columns_of(
    table: pd.DataFrame, heads: Heads, start: float, letters: Sequence[Letters]
) -> list[Column]:
    """Return the columns that stand from a place on to the right.

    Parameters
    ----------
    letters
        Those of each row.
    """
    columns: list[Column] = []
    for key, head in heads.items():
        cells = list(zip(table[key], letters, strict=True))
        marks = head.align == "middle"
        beside = columns and columns[-1].head.align == "middle"
        start += DOTS if marks and beside else GAP
        slots, width = _room(cells, head)
        columns.append(Column(key, head, start, start + width, slots))
        start += width
    return columns


def _room(cells: Sequence[Cell], head: Head) -> tuple[tuple[Slot, ...], float]:
    above = max(STRONG.width(line) for line in head.lines)
    if head.align == "middle":
        return (), max(MARK, above)
    if head.align == "left":
        return (), max(above, *(letters.width(text) for text, letters in cells))
    slots = tuple(slots_of(cells))
    return slots, max(above, width_of(slots))
