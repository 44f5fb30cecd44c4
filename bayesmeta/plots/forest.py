"""The forest plot: what each study found, what is believed of it now, and all together."""

from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.plots import forest_marks as marks
from bayesmeta.plots.axes import name_below, show_range
from bayesmeta.plots.forest_layout import PLOT_WIDTH, Row
from bayesmeta.plots.forest_plan import FAVOURS, TICKS, Choices, Plan, plan
from bayesmeta.plots.ink import ALARM, BODY, MARGIN, SMALL, STRONG, TITLE
from bayesmeta.plots.paper import (
    panel,
    sheet,
    write,
    write_down,
    write_heads,
    write_key,
    write_notes,
)
from bayesmeta.plots.scale import Range
from bayesmeta.summaries.forest import NEW, POOLED, STUDY
from bayesmeta.summaries.view import Posterior

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_forest(
    posterior: Posterior,
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
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    title
        Heading; the outcome, or the measure's name, without one.
    interval, shortest
        Probability of the intervals; whether the posterior's are the shortest ones.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``: says which side favours what. By
        default what a saved posterior remembers; so is the difference.
    minimal_important_difference
        Above 0, in the unit (for ratio measures a ratio); smaller effects are shaded.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data, or a choice makes no sense.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> figure = bm.plot_forest(posterior, benefit="lower", minimal_important_difference=3.0)
    >>> figure.axes[0].get_xlabel()
    'Mean difference, days'
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
    show_range(axes, planned.limits, ratio=planned.ratio)
    axes.set_ylim(0, planned.layout.panel_height)
    # The name has room of its own below the words on the sides.
    share = (TICKS + FAVOURS + 0.05) / planned.layout.panel_height
    name_below(axes, planned.words.axis, share=share)


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
    layout, words = planned.layout, planned.words
    top = write_down(figure, (MARGIN, planned.height - MARGIN), words.title, letters=TITLE)
    write_down(figure, (MARGIN, top), words.alarm, letters=STRONG, color=ALARM)
    foot, heads = planned.panel_foot + layout.panel_height + 0.04, [["Study"]]
    heads += [list(column.head) for column in layout.columns]
    rights = [MARGIN + STRONG.width("Study"), *(column.right for column in layout.columns)]
    write_heads(figure, rights, heads, foot=foot, end=layout.width - MARGIN)


def _write_rows(figure: "Figure", planned: Plan) -> None:
    for (_, line), row in zip(planned.table.iterrows(), planned.layout.rows, strict=True):
        letters = STRONG if line["kind"] in (POOLED, NEW) else BODY
        middle = planned.panel_foot + row.middle
        corner = (MARGIN, middle + len(row.lines) / 2 * letters.line)
        write_down(figure, corner, row.lines, letters=letters)
        for column in planned.layout.columns:
            at = (column.right, middle)
            write(figure, at, str(line[column.key]), letters=letters, side="right")


def _write_bottom(figure: "Figure", planned: Plan) -> None:
    left, height = planned.layout.plot_left, planned.panel_foot - TICKS - FAVOURS / 2
    sides = planned.words.sides
    write(figure, (left, height), f"\N{LEFTWARDS ARROW} {sides.left}", letters=SMALL)
    right = (left + PLOT_WIDTH, height)
    write(figure, right, f"{sides.right} \N{RIGHTWARDS ARROW}", letters=SMALL, side="right")
    write_notes(figure, planned.words.notes)
    foot = MARGIN + len(planned.words.notes) * SMALL.line + 0.04
    write_key(figure, *marks.key(planned.words.key), foot=foot)
