"""Cells as aligned lines of text."""

from collections.abc import Sequence
from typing import NamedTuple

_WIDEST = 40


class Grid(NamedTuple):
    """Rows of texts under their heads; the first column names the row."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def lines(self) -> list[str]:
        """Return them as aligned lines."""
        return lines(self.head, self.rows)


def lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows under their heads: the first column to the left, the others to the right.

    Examples
    --------
    >>> lines(["study", "n"], [["Umea", "110"], ["Orpington-Mild", "63"]])
    ['study             n', 'Umea            110', 'Orpington-Mild   63']
    """
    table = [[_clipped(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    return [_line(row, widths) for row in table]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
    return "  ".join(cells).rstrip()


def _clipped(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…"
