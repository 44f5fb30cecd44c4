"""Rows of intervals beside columns of text: the layout that two figures share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.axes import draw_arrows, draw_interval, inside, name_below, show_range
from bayesmeta.plots.cells import placed
from bayesmeta.plots.ink import DASHED, DOTTED, EDGE, INK, MARGIN, SHADE, SMALL, STRONG, TITLE
from bayesmeta.plots.interval_plan import PANEL, TICKS, Entry, Plan, Words, limits, middles, plan
from bayesmeta.plots.paper import (
    panel,
    sheet,
    write,
    write_down,
    write_heads,
    write_key,
    write_notes,
)
from bayesmeta.plots.place import Sheet, whole
from bayesmeta.plots.scale import Range
from bayesmeta.summaries.precision import LEVELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

_MARK, _LEAST_MARK = 4.6, 1.6
"""Sides of the marks, in points."""


def interval_figure(
    entries: Sequence[Entry], words: Words, *, path: bool = False, axes: "Axes | None" = None
) -> "Figure":
    """Return a figure of rows: estimate, interval, prediction interval, texts.

    Parameters
    ----------
    path
        Whether a dotted line joins the estimates from row to row.
    axes
        In whose place the figure stands; without them it is a page of its own.
    """
    planned = plan(entries, words)
    figure = sheet(planned.width, planned.height, axes)
    rows = panel(figure, planned.left, planned.foot, width=PANEL, height=planned.rows)
    span = limits(entries, words)
    _axis(rows, planned, span)
    heights = middles(planned)
    for entry, middle in zip(planned.entries, heights, strict=True):
        _draw(rows, entry, middle, span)
        _write(figure, planned, entry, planned.foot + middle)
    if path:
        _join(rows, entries, heights)
    _frame(figure, planned)
    return whole(figure)


def _axis(axes: "Axes", planned: Plan, span: Range) -> None:
    show_range(axes, span, kind=planned.words.kind)
    axes.set_ylim(0, planned.rows)
    name_below(axes, "\n".join(planned.axis), share=TICKS / planned.rows)
    if planned.words.kind not in LEVELS:
        axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1, gid="null")
    if planned.words.threshold is not None:
        axes.axvline(planned.words.threshold, color=INK, linewidth=0.8, linestyle=DASHED, zorder=1,
                     gid="threshold")  # fmt: skip


def _draw(axes: "Axes", entry: Entry, middle: float, span: Range) -> None:
    from matplotlib.patches import Polygon, Rectangle

    if np.isnan(entry.estimate):
        return
    ends, beyond = (entry.lower, entry.upper), (entry.pi_lower, entry.pi_upper)
    half = 0.045 * entry.share
    if np.isfinite(entry.pi_upper):
        low, high = inside(beyond, span)
        axes.add_patch(
            Rectangle((low, middle - half), high - low, 2 * half, facecolor=SHADE, edgecolor=EDGE,
                      linewidth=0.5, zorder=2, gid="prediction")
        )  # fmt: skip
        draw_arrows(axes, beyond, middle, span, color=EDGE)
    if entry.whole:
        tall = 0.075 * entry.share
        low, high = inside(ends, span)
        corners = [(low, middle), (entry.estimate, middle + tall), (high, middle),
                   (entry.estimate, middle - tall)]  # fmt: skip
        axes.add_patch(Polygon(corners, closed=True, color=INK, zorder=4, gid=entry.kind))
        draw_arrows(axes, ends, middle, span)
        return
    draw_interval(axes, ends, middle, span, width=1.5 * entry.share)
    # A mark no wider than a third of its interval, so that a narrow interval is still seen.
    points = 72 * PANEL * (entry.upper - entry.lower) / (span.high - span.low)
    most = _MARK * entry.share
    size = float(np.clip(points / 3, _LEAST_MARK, most)) if np.isfinite(points) else most
    axes.plot(entry.estimate, middle, "D" if entry.filled else "s", markersize=size, color=INK,
              markeredgewidth=min(1.0, size / 3),
              markerfacecolor=INK if entry.filled else "white", zorder=4,
              gid=entry.kind)  # fmt: skip


def _join(axes: "Axes", entries: Sequence[Entry], middles: Sequence[float]) -> None:
    known = [(entry.estimate, middle) for entry, middle in zip(entries, middles, strict=True)
             if np.isfinite(entry.estimate)]  # fmt: skip
    across, up = zip(*known, strict=True)
    axes.plot(across, up, color=INK, linewidth=0.8, linestyle=DOTTED, zorder=2.5, gid="path")


def _write(figure: Sheet, planned: Plan, entry: Entry, height: float) -> None:
    indent = 0.0 if entry.heading or not any(each.heading for each in planned.entries) else 0.1
    corner = (MARGIN + indent, height + len(entry.lines) / 2 * entry.letters.line)
    write_down(figure, corner, entry.lines, letters=entry.letters)
    for right, slots, cell in zip(planned.rights, planned.slots, entry.cells, strict=False):
        for part in placed((cell, entry.letters), slots):
            at = (right - part.before_end, height)
            write(figure, at, part.text, letters=entry.letters, side="right")


def _frame(figure: Sheet, planned: Plan) -> None:
    """Write title, heads, key and notes."""
    write_down(figure, (MARGIN, planned.height - MARGIN), planned.title, letters=TITLE)
    foot = planned.foot + planned.rows + 0.03
    write_heads(figure, planned.rights, planned.words.heads, foot=foot, end=planned.width - MARGIN)
    label = (MARGIN, foot + 0.06 + STRONG.line)
    write_down(figure, label, [planned.words.label], letters=STRONG)
    write_notes(figure, planned.notes)
    handles, words = _handles(planned)
    write_key(figure, handles, words, foot=MARGIN + len(planned.notes) * SMALL.line + 0.06)


def _handles(planned: Plan) -> "tuple[list[Line2D | Patch], list[str]]":
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    marks: list[Line2D | Patch] = []
    said: list[str] = []
    for text, marker, face in zip(planned.words.key, ("D", "s"), (INK, "white"), strict=True):
        if text:
            marks.append(Line2D([], [], color=INK, marker=marker, markersize=4.6, linewidth=1.5,
                                markerfacecolor=face))  # fmt: skip
            said.append(text)
    if any(np.isfinite(entry.pi_upper) for entry in planned.entries):
        marks.append(Patch(facecolor=SHADE, edgecolor=EDGE, linewidth=0.5))
        said.append("prediction interval")
    return marks, said
