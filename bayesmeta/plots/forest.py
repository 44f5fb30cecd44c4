"""The forest plot: what each study found, what is believed of it now, and all together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.plots import forest_marks as marks
from bayesmeta.plots.forest_layout import BODY, MARGIN, PLOT_WIDTH, SMALL, STRONG, TITLE, Row
from bayesmeta.plots.forest_plan import AXIS_LABEL, FAVOURS, TICKS, Choices, Plan, plan
from bayesmeta.plots.paper import panel, rule, sheet, write
from bayesmeta.plots.scale import Range
from bayesmeta.summaries.forest import NEW, POOLED, STUDY

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_RED = "#a01010"


def plot_forest(
    posterior: "xr.DataTree",
    *,
    title: str = "",
    interval: float = 0.95,
    shortest: bool = False,
    benefit: str | None = None,
    minimal_important_difference: float | None = None,
) -> "Figure":
    """Return the forest plot of a meta-analysis.

    Per study a square at the observed estimate (area by weight) with its interval, and beneath
    it an open circle at the study's effect in the posterior; below, a diamond for the pooled
    effect and a bar for the effect in a new study. What a posterior neither stores nor, by its
    specification, lets follow, is left out, and a note says so. Ratios stand on a log axis. The
    figure grows with the number of studies; nothing is shown and no style is set.

    Parameters
    ----------
    title
        Heading; the outcome, or the measure's name, without one.
    interval, shortest
        Probability of the intervals; whether the posterior's are the shortest ones.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``: says which side favours what.
    minimal_important_difference
        Above 0, in the unit (for ratio measures a ratio); smaller effects are shaded.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data, or a choice makes no sense.

    Examples
    --------
    ``bm.plot_forest(posterior, benefit="lower").savefig("forest.png")``
    """
    choices = Choices(title, interval, shortest, benefit, minimal_important_difference)
    planned = plan(posterior, choices)
    figure = sheet(planned.layout.width, planned.height)
    left, height = planned.layout.plot_left, planned.layout.panel_height
    axes = panel(figure, left, planned.panel_foot, width=PLOT_WIDTH, height=height)
    _draw_axis(axes, planned)
    _draw_rows(axes, planned)
    _write_top(figure, planned)
    _write_rows(figure, planned)
    _write_bottom(figure, planned)
    return figure


def _draw_axis(axes: "Axes", planned: Plan) -> None:
    axes.set_xlim(planned.limits)
    axes.set_ylim(0, planned.layout.panel_height)
    axes.set_xticks(planned.ticks.positions, planned.ticks.labels, fontproperties=SMALL.font)
    # The label has room of its own below the words on the sides.
    offset = (TICKS + FAVOURS + AXIS_LABEL / 2) / planned.layout.panel_height
    axes.set_xlabel(planned.words.axis, fontproperties=BODY.font, parse_math=False, va="center")
    axes.xaxis.set_label_coords(0.5, -offset)


def _draw_rows(axes: "Axes", planned: Plan) -> None:
    table, top = planned.table, planned.layout.panel_height
    pooled = float(table.loc[table["kind"] == POOLED, "median"].iloc[0])
    marks.reference_lines(axes, null=0.0, pooled=pooled, top=top)
    if planned.half is not None:
        marks.trivial_zone(axes, planned.half, planned.limits)
    largest = float(table["weight"].max())
    for (_, line), row in zip(table.iterrows(), planned.layout.rows, strict=True):
        _draw_row(axes, row, line, limits=planned.limits, largest=largest)


def _draw_row(
    axes: "Axes", row: Row, line: "pd.Series[Any]", *, limits: Range, largest: float
) -> None:
    effect = marks.Span(line["median"], line["lower"], line["upper"])
    if line["kind"] == STUDY:
        observed = marks.Span(line["estimate"], line["observed_lower"], line["observed_upper"])
        share = float(np.maximum(line["weight"], 0.0)) / largest
        marks.square(axes, row, observed, share=share, limits=limits)
        if np.isfinite(effect.point):
            marks.circle(axes, row, effect, limits=limits)
    elif line["kind"] == POOLED:
        marks.diamond(axes, row, effect, limits=limits)
    elif line["kind"] == NEW:
        marks.bar(axes, row, effect, limits=limits)


def _write_top(figure: "Figure", planned: Plan) -> None:
    top, layout = planned.height - MARGIN, planned.layout
    for lines, letters, color in (
        (planned.words.title, TITLE, "black"),
        (planned.words.alarm, STRONG, _RED),
    ):
        for line in lines:
            write(figure, (MARGIN, top - letters.line / 2), line, letters=letters, color=color)
            top -= letters.line
    foot = planned.panel_foot + layout.panel_height
    rule(figure, MARGIN, layout.width - MARGIN, height=foot + 0.04)
    base = foot + 0.1 + STRONG.line / 2
    write(figure, (MARGIN, base), "Study", letters=STRONG)
    for column in layout.columns:
        for number, line in enumerate(reversed(column.head)):
            at = (column.right, base + number * STRONG.line)
            write(figure, at, line, letters=STRONG, side="right")


def _write_rows(figure: "Figure", planned: Plan) -> None:
    for (_, line), row in zip(planned.table.iterrows(), planned.layout.rows, strict=True):
        letters = STRONG if line["kind"] in (POOLED, NEW) else BODY
        middle = planned.panel_foot + row.middle
        for number, text in enumerate(row.lines):
            shift = (len(row.lines) - 1) / 2 - number
            write(figure, (MARGIN, middle + shift * letters.line), text, letters=letters)
        for column in planned.layout.columns:
            at = (column.right, middle)
            write(figure, at, str(line[column.key]), letters=letters, side="right")


def _write_bottom(figure: "Figure", planned: Plan) -> None:
    left, height = planned.layout.plot_left, planned.panel_foot - TICKS - FAVOURS / 2
    sides = planned.words.sides
    write(figure, (left, height), f"\N{LEFTWARDS ARROW} {sides.left}", letters=SMALL)
    right = (left + PLOT_WIDTH, height)
    write(figure, right, f"{sides.right} \N{RIGHTWARDS ARROW}", letters=SMALL, side="right")
    foot = MARGIN + len(planned.words.notes) * SMALL.line + 0.04
    _write_key(figure, planned.words.key, foot=foot)
    for number, line in enumerate(reversed(planned.words.notes)):
        write(figure, (MARGIN, MARGIN + (number + 0.5) * SMALL.line), line, letters=SMALL)


def _write_key(figure: "Figure", said: Sequence[str], *, foot: float) -> None:
    handles, words = marks.key(said)
    across, up = figure.get_size_inches()
    figure.legend(
        handles,
        words,
        loc="lower left",
        bbox_to_anchor=((MARGIN - 0.03) / across, foot / up),
        ncols=len(words),
        prop=SMALL.font,
        frameon=False,
        borderpad=0,
        borderaxespad=0,
        columnspacing=1.4,
        handletextpad=0.5,
    )
