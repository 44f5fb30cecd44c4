"""Where everything of a forest plot stands, in inches."""

from dataclasses import dataclass

import pandas as pd

from bayesmeta.plots.ink import BODY, MARGIN, STRONG
from bayesmeta.plots.lettering import Letters
from bayesmeta.summaries.forest import NEW, POOLED, STUDY

GAP, PLOT_WIDTH = 0.22, 3.5
_WIDEST_LABEL = 2.6
_LABEL_LINES = 2
_ROW_PAD = 0.16
_SECTION = 0.1


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


def lay_out(table: pd.DataFrame, heads: dict[str, tuple[str, ...]]) -> Layout:
    """Return the layout that gives every word of a table its room.

    Parameters
    ----------
    heads
        Head of each text column, as lines, by the column's key.
    """
    labels = [_label(row.kind, row.label) for row in table.itertuples()]
    label_width = max(max(STRONG.width(line) for line in lines) for lines in labels)
    plot_left = MARGIN + max(label_width, STRONG.width("Study")) + GAP
    columns, right = [], plot_left + PLOT_WIDTH
    for key, head in heads.items():
        cells = [
            _letters(kind).width(text) for kind, text in zip(table["kind"], table[key], strict=True)
        ] + [STRONG.width(line) for line in head]
        right += GAP + max(cells)
        columns.append(Column(key, head, right))
    heights = [
        _height(row.kind, lines) for row, lines in zip(table.itertuples(), labels, strict=True)
    ]
    rows = _stacked(labels, heights, list(table["kind"]))
    total = sum(heights) + _SECTION
    return Layout(rows, tuple(columns), plot_left, total, right + MARGIN)


def _letters(kind: object) -> Letters:
    return STRONG if kind in (POOLED, NEW) else BODY


def _label(kind: object, label: object) -> tuple[str, ...]:
    return tuple(_letters(kind).wrapped(str(label), _WIDEST_LABEL, most=_LABEL_LINES))


def _height(kind: object, lines: tuple[str, ...]) -> float:
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
