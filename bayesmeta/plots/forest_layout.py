"""Where everything of a forest plot stands, in inches."""

from dataclasses import dataclass

import pandas as pd

from bayesmeta.plots.ink import BODY, MARGIN, STRONG, TINY, TINY_STRONG
from bayesmeta.plots.lettering import Letters
from bayesmeta.summaries.forest import NEW, POOLED, STUDY

type Heads = dict[str, tuple[str, ...]]

GAP, PLOT_WIDTH = 0.22, 3.5
_WIDEST_LABEL = 2.6
_LABEL_LINES = 2
_ROW_PAD = 0.16
_SECTION = 0.1
COMPACT = 60
"""Studies beyond which rows are low and letters small: 160 then take three fifths of a metre."""

_LOW, _LOW_PAD = 0.13, 0.06


@dataclass(frozen=True)
class Row:
    """One row: its label's lines, and the height of its middle above the panel's foot."""

    lines: tuple[str, ...]
    middle: float
    height: float


@dataclass(frozen=True)
class Column:
    """One column of text: its key in the table, its head, its right edge."""

    key: str
    head: tuple[str, ...]
    right: float


@dataclass(frozen=True)
class Layout:
    """A forest plot's rows and columns; heights in the panel count from its foot."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    plot_left: float
    panel_height: float
    width: float
    compact: bool = False

    def letters(self, kind: object) -> Letters:
        """Return the letters of a row of a kind."""
        return _letters(kind, compact=self.compact)


def lay_out(table: pd.DataFrame, heads: Heads, before: Heads | None = None) -> Layout:
    """Return the layout that gives every word of a table its room.

    Parameters
    ----------
    heads
        Head of each text column, as lines, by the column's key.
    before
        The same of columns between the labels and the plot.
    """
    compact = int((table["kind"] == STUDY).sum()) > COMPACT
    labels = [_label(row.kind, row.label, compact=compact) for row in table.itertuples()]
    label_width = max(max(STRONG.width(line) for line in lines) for lines in labels)
    start = MARGIN + max(label_width, STRONG.width("Study"))
    first = _columns(table, before or {}, start, compact=compact)
    plot_left = (first[-1].right if first else start) + GAP
    columns = first + _columns(table, heads, plot_left + PLOT_WIDTH, compact=compact)
    heights = [
        _height(row.kind, lines, compact=compact)
        for row, lines in zip(table.itertuples(), labels, strict=True)
    ]
    rows = _stacked(labels, heights, list(table["kind"]))
    total = sum(heights) + _SECTION
    width = max(plot_left + PLOT_WIDTH, columns[-1].right) + MARGIN
    return Layout(rows, tuple(columns), plot_left, total, width, compact)


def _columns(table: pd.DataFrame, heads: Heads, right: float, *, compact: bool) -> list[Column]:
    columns = []
    for key, head in heads.items():
        texts = zip(table["kind"], table[key], strict=True)
        cells = [_letters(kind, compact=compact).width(text) for kind, text in texts]
        right += GAP + max([*cells, *(STRONG.width(line) for line in head)])
        columns.append(Column(key, head, right))
    return columns


def _letters(kind: object, *, compact: bool) -> Letters:
    strong, plain = (TINY_STRONG, TINY) if compact else (STRONG, BODY)
    return strong if kind in (POOLED, NEW) else plain


def _label(kind: object, label: object, *, compact: bool) -> tuple[str, ...]:
    letters = _letters(kind, compact=compact)
    return tuple(letters.wrapped(str(label), _WIDEST_LABEL, most=1 if compact else _LABEL_LINES))


def _height(kind: object, lines: tuple[str, ...], *, compact: bool) -> float:
    if compact:
        return _LOW if kind == STUDY else _LOW + _LOW_PAD
    least = 2 if kind == STUDY else 1  # two marks, one beneath the other
    return max(len(lines) * BODY.line, least * 0.12) + (0.07 if kind == STUDY else _ROW_PAD)


def _stacked(
    labels: list[tuple[str, ...]], heights: list[float], kinds: list[str]
) -> tuple[Row, ...]:
    """Return rows from the top down, with air above the pooled effect."""
    foot, rows = sum(heights) + _SECTION, []
    for lines, height, kind in zip(labels, heights, kinds, strict=True):
        foot -= height + (_SECTION if kind == POOLED else 0.0)
        rows.append(Row(lines, foot + height / 2, height))
    return tuple(rows)
