"""Where everything of a forest plot stands, in inches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import pandas as pd

from bayesmeta.plots.forest_columns import GAP, Column, Heads, columns_of
from bayesmeta.plots.ink import BODY, MARGIN, STRONG, TINY, TINY_STRONG
from bayesmeta.plots.lettering import Letters
from bayesmeta.summaries.forest import HEAD, NEW, POOLED, STUDY, SUBTOTAL

PLOT_WIDTH = 3.5
_WIDEST_LABEL = 2.6
_LABEL_LINES = 2
_ROW_PAD = 0.16
_SECTION = 0.1
COMPACT = 60
"""Studies beyond which rows are low and letters small: 160 then take three fifths of a metre."""

_LOW, _LOW_PAD = 0.13, 0.06
_APART = 0.055  # of both marks of a study from its middle
_ROOM = 0.24  # that a row of two marks needs; in a lower one all is smaller
_BOLD = (POOLED, NEW, HEAD, SUBTOTAL)


class Style(NamedTuple):
    """What stands at the rows beside marks: height of a density, half that of a likelihood."""

    eye: float = 0.0
    drop: float = 0.0

    @classmethod
    def of(cls, *, densities: bool, raindrops: bool) -> Self:
        """Return the style that has room for densities, or likelihoods."""
        return cls(0.2 if densities else 0.0, 0.075 if raindrops else 0.0)


PLAIN = Style()


@dataclass(frozen=True)
class Row:
    """One row: its label's lines, and heights in inches above the panel's foot.

    Parameters
    ----------
    observed, effect
        Where both marks of a study stand; in other rows their one mark stands at ``effect``.
    size
        Size of its marks, 1 where there is room.
    """

    lines: tuple[str, ...]
    middle: float
    height: float
    observed: float
    effect: float
    size: float


@dataclass(frozen=True)
class Frame:
    """What all rows of a forest plot share: their columns, and how wide everything is."""

    columns: tuple[Column, ...]
    plot_left: float
    width: float
    compact: bool = False
    style: Style = PLAIN

    def letters(self, kind: object) -> Letters:
        """Return the letters of a row of a kind."""
        return _letters(kind, compact=self.compact)


@dataclass(frozen=True)
class Stack:
    """Rows from the top down, and the height of all of them."""

    rows: tuple[Row, ...]
    height: float


def frame_of(
    table: pd.DataFrame, before: Heads, after: Heads, style: Style = PLAIN, *, most: int = COMPACT
) -> Frame:
    """Return the frame that gives every word of a table its room.

    Parameters
    ----------
    before, after
        Heads of the columns between the labels and the plot, and beyond it.
    most
        Studies beyond which rows are compact.
    """
    compact = int((table["kind"] == STUDY).sum()) > most and style == PLAIN
    labels = [_label(row.kind, row.label, compact=compact) for row in table.itertuples()]
    label_width = max(max(STRONG.width(line) for line in lines) for lines in labels)
    letters = [_letters(kind, compact=compact) for kind in table["kind"]]
    start = MARGIN + max(label_width, STRONG.width("Study"))
    first = columns_of(table, before, start, letters)
    plot_left = (first[-1].right if first else start) + GAP
    columns = [*first, *columns_of(table, after, plot_left + PLOT_WIDTH, letters)]
    width = max(plot_left + PLOT_WIDTH, columns[-1].right) + MARGIN
    return Frame(tuple(columns), plot_left, width, compact, style)


def stacked(table: pd.DataFrame, frame: Frame) -> Stack:
    """Return the rows of a table, with air above the pooled effect and above groups."""
    kinds = list(table["kind"])
    labels = [_label(row.kind, row.label, compact=frame.compact) for row in table.itertuples()]
    heights = [_height(kind, lines, frame) for kind, lines in zip(kinds, labels, strict=True)]
    airs = [_SECTION * (kind == POOLED or (kind == HEAD and row > 0))
            for row, kind in enumerate(kinds)]  # fmt: skip
    rows = _rows(labels, heights, airs, kinds, frame.style)
    return Stack(rows, sum(heights) + sum(airs))


def _letters(kind: object, *, compact: bool) -> Letters:
    strong, plain = (TINY_STRONG, TINY) if compact else (STRONG, BODY)
    return strong if kind in _BOLD else plain


def _label(kind: object, label: object, *, compact: bool) -> tuple[str, ...]:
    letters = _letters(kind, compact=compact)
    return tuple(letters.wrapped(str(label), _WIDEST_LABEL, most=1 if compact else _LABEL_LINES))


def _height(kind: object, lines: tuple[str, ...], frame: Frame) -> float:
    if frame.compact:
        return _LOW if kind == STUDY else _LOW + _LOW_PAD
    above = _above(kind, frame.style)
    if kind == STUDY:  # two marks, one beneath the other
        return max(len(lines) * BODY.line, 2 * 0.12 + above) + 0.07
    return max(len(lines) * BODY.line, 0.12 + above) + (_ROW_PAD if kind != HEAD else 0.08)


def _above(kind: object, style: Style) -> float:
    """Return the room that curves need beside the marks of a row."""
    if kind == STUDY:
        return style.eye + 2 * style.drop
    return style.eye if kind in (POOLED, NEW) else 0.0


def _rows(
    labels: Sequence[tuple[str, ...]], heights: Sequence[float], airs: Sequence[float],
    kinds: Sequence[str], style: Style,
) -> tuple[Row, ...]:  # fmt: skip
    foot, rows = sum(heights) + sum(airs), []
    for lines, height, air, kind in zip(labels, heights, airs, kinds, strict=True):
        foot -= height + air
        middle, above = foot + height / 2, _above(kind, style)
        size = min(1.0, (height - above) / _ROOM)
        up = _APART * size + (style.eye + style.drop) / 2
        down = up if kind == STUDY else above / 2
        rows.append(Row(lines, middle, height, middle + up, middle - down, size))
    return tuple(rows)
