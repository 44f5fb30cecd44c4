"""Rows of intervals beside columns of text: the layout that two figures share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.interval_plan import (
    BODY,
    MARGIN,
    PANEL,
    SMALL,
    STRONG,
    TICKS,
    TITLE,
    Entry,
    Plan,
    Words,
    limits,
    middles,
    plan,
)
from bayesmeta.plots.paper import panel, rule, sheet, write
from bayesmeta.plots.scale import Range, linear_ticks, ratio_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

INK, PALE, EDGE = "#1a1a1a", "#dcdcdc", "#6e6e6e"


def interval_figure(
    entries: Sequence[Entry], words: Words, *, ratio: bool = False, path: bool = False
) -> "Figure":
    """Return a figure of rows: estimate, interval, prediction interval, texts.

    Parameters
    ----------
    ratio
        Whether the numbers are logarithms of ratios, labelled as ratios.
    path
        Whether a dotted line joins the estimates from row to row.
    """
    planned = plan(entries, words)
    figure = sheet(planned.width, planned.height)
    axes = panel(figure, planned.left, planned.foot, width=PANEL, height=planned.rows)
    span = limits(entries)
    _axis(axes, planned, span, ratio=ratio)
    heights = middles(planned)
    for entry, middle in zip(entries, heights, strict=True):
        _draw(axes, entry, middle, span)
        _write(figure, planned, entry, planned.foot + middle)
    if path:
        _join(axes, entries, heights)
    _frame(figure, planned)
    return figure


def _axis(axes: "Axes", planned: Plan, span: Range, *, ratio: bool) -> None:
    axes.set_xlim(span)
    axes.set_ylim(0, planned.rows)
    ticks = ratio_ticks(span) if ratio else linear_ticks(span)
    axes.set_xticks(ticks.positions, ticks.labels, fontproperties=SMALL.font)
    label = "\n".join(planned.axis)
    axes.set_xlabel(label, fontproperties=BODY.font, parse_math=False, va="top")
    axes.xaxis.set_label_coords(0.5, -TICKS / planned.rows)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1, gid="null")


def _draw(axes: "Axes", entry: Entry, middle: float, span: Range) -> None:
    from matplotlib.patches import Rectangle

    if np.isnan(entry.estimate):
        return
    if np.isfinite(entry.pi_upper):
        low, high = max(entry.pi_lower, span.low), min(entry.pi_upper, span.high)
        axes.add_patch(
            Rectangle((low, middle - 0.045), high - low, 0.09, facecolor=PALE, edgecolor=EDGE,
                      linewidth=0.5, zorder=2, gid="prediction")
        )  # fmt: skip
        _arrows(axes, (entry.pi_lower, entry.pi_upper), middle, span, color=EDGE)
    ends = (entry.lower, entry.upper)
    inside = np.clip(ends, *span)
    axes.plot(inside, [middle] * 2, color=INK, linewidth=1.5, zorder=3, solid_capstyle="butt",
              gid="interval")  # fmt: skip
    _arrows(axes, ends, middle, span, color=INK)
    axes.plot(entry.estimate, middle, "D" if entry.filled else "s", markersize=4.6,
              color=INK, markerfacecolor=INK if entry.filled else "white", zorder=4,
              gid="estimate")  # fmt: skip


def _arrows(
    axes: "Axes", ends: tuple[float, float], middle: float, span: Range, *, color: str
) -> None:
    """Mark the ends that lie outside the axis."""
    for beyond, edge, marker in (
        (ends[0] < span.low, span.low, "<"), (ends[1] > span.high, span.high, ">"),
    ):  # fmt: skip
        if beyond:
            axes.plot(edge, middle, marker, markersize=4.5, color=color, clip_on=False, zorder=6,
                      gid="beyond the axis")  # fmt: skip


def _join(axes: "Axes", entries: Sequence[Entry], middles: Sequence[float]) -> None:
    known = [(entry.estimate, middle) for entry, middle in zip(entries, middles, strict=True)
             if np.isfinite(entry.estimate)]  # fmt: skip
    across, up = zip(*known, strict=True)
    axes.plot(across, up, color=INK, linewidth=0.8, linestyle=(0, (1, 2)), zorder=2.5, gid="path")


def _write(figure: "Figure", planned: Plan, entry: Entry, height: float) -> None:
    indent = 0.0 if entry.heading or not any(each.heading for each in planned.entries) else 0.1
    lines = entry.lines
    for number, line in enumerate(lines):
        at = (MARGIN + indent, height + ((len(lines) - 1) / 2 - number) * BODY.line)
        write(figure, at, line, letters=entry.letters)
    for right, cell in zip(planned.rights, entry.cells, strict=False):
        write(figure, (right, height), cell, letters=entry.letters, side="right")


def _frame(figure: "Figure", planned: Plan) -> None:
    """Write title, heads, key and notes."""
    top = planned.height - MARGIN
    for line in planned.title:
        write(figure, (MARGIN, top - TITLE.line / 2), line, letters=TITLE)
        top -= TITLE.line
    head = planned.foot + planned.rows
    rule(figure, MARGIN, planned.width - MARGIN, height=head + 0.03)
    for right, lines in zip(planned.rights, planned.words.heads, strict=True):
        for number, line in enumerate(reversed(lines)):
            at = (right, head + 0.09 + (number + 0.5) * STRONG.line)
            write(figure, at, line, letters=STRONG, side="right")
    notes = planned.notes
    for number, line in enumerate(reversed(notes)):
        write(figure, (MARGIN, MARGIN + (number + 0.5) * SMALL.line), line, letters=SMALL)
    _key(figure, planned, foot=MARGIN + len(notes) * SMALL.line + 0.06)


def _key(figure: "Figure", planned: Plan, *, foot: float) -> None:
    handles, words = _handles(planned)
    across, up = figure.get_size_inches()
    figure.legend(
        handles, words, loc="lower left", bbox_to_anchor=((MARGIN + 0.03) / across, foot / up),
        ncols=len(words), prop=SMALL.font, frameon=False, borderpad=0, borderaxespad=0,
        columnspacing=1.4, handletextpad=0.5,
    )  # fmt: skip


def _handles(planned: Plan) -> "tuple[list[Line2D | Patch], list[str]]":
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    marks: list[Line2D | Patch] = []
    said: list[str] = []
    for text, marker, face in zip(planned.words.key, ("D", "s"), (INK, "white"), strict=True):
        if text:
            marks.append(Line2D([], [], color=INK, marker=marker, markersize=4.6, linewidth=1.5,
                                markerfacecolor=face))  # fmt: skip
            said.append(f"{text}, {planned.words.interval}")
    if any(np.isfinite(entry.pi_upper) for entry in planned.entries):
        marks.append(Patch(facecolor=PALE, edgecolor=EDGE, linewidth=0.5))
        said.append("prediction interval")
    return marks, said
