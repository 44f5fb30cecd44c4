"""The forest plot: what each study found, what is believed of it now, and all together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bayesmeta.duration_response.subgroups import Subgroups
from bayesmeta.measures.effects import Effects
from bayesmeta.plots import forest_marks as marks
from bayesmeta.plots.axes import name_below, show_range
from bayesmeta.plots.cells import Cell, placed
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_columns import Column
from bayesmeta.plots.forest_layout import PLOT_WIDTH, Frame, Row, Style
from bayesmeta.plots.forest_plan import FAVOURS, KEY, TICKS, Panel, Plan, plan
from bayesmeta.plots.forest_risk_marks import disc
from bayesmeta.plots.ink import ALARM, MARGIN, SMALL, STRONG, TITLE
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
from bayesmeta.summaries.forest import CLASSICAL, GROUP, NEW, POOLED, STUDY, SUBTOTAL
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.tails import Benefit
from bayesmeta.summaries.view import Posterior

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_forest(  # noqa: PLR0913  (what a figure may show)
    posterior: Posterior,
    *,
    title: str = "",
    interval: float = 0.95,
    shortest: bool = False,
    benefit: Benefit | None = None,
    minimal_important_difference: float | None = None,
    effects: Effects | None = None,
    order: str | None = None,
    subgroups: str | Subgroups | None = None,
    subgroups_tau: str = "common",
    classical: bool | str = False,
    densities: bool = False,
    raindrops: bool | None = None,
    columns: Sequence[str] = (),
    axes: "Axes | None" = None,
) -> "Figure":
    """Return the forest plot of a meta-analysis.

    Per study a square at the observed estimate (area by weight) with its interval, and beneath
    it an open circle at the study's effect in the posterior; below, a diamond for the pooled
    effect and a bar for the effect in a new study. What a posterior neither stores nor, by its
    specification, lets follow, is left out, and a note says so. Ratios stand on a log axis.
    Several outcomes have a panel each, with an axis in the outcome's own unit. The
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
        Which direction helps, ``"lower"`` or ``"higher"``, of several outcomes by name: says
        which side favours what. By default what a saved posterior remembers; so is the difference.
    minimal_important_difference
        Above 0, in the unit (for ratio measures a ratio); smaller effects are shaded.
    effects
        What the posterior was made of, from `effect_sizes`: adds what was reported of each arm
        (events of participants, or participants with mean and SD) and the totals, and of columns
        ``rob_*`` a mark a judgement of risk of bias. Without it the columns that the posterior
        stores are known, moderators and roles.
    order
        Order of the studies: ``"estimate"``, ``"median"``, ``"weight"``, ``"label"``, or
        a column of the table of studies such as ``"year"``; ``"-weight"`` the largest
        first. The order of the file without one.
    subgroups, subgroups_tau
        A column that says the subgroup of each study, and whether subgroups have one
        ``"common"`` tau or each its ``"own"``; or an answer of `bayesmeta.subgroups`: a head
        above each, its mean below. Clusters and
        levels of tau, where the model has them, are shown so by themselves.
    classical
        A classical row below the pooled effect: its name, such as ``"REML"`` or ``"DL+HKSJ"``;
        True for ``"REML+HKSJ"``. Left out unless asked for: `compare` has all of them.
    densities
        Whether each effect's posterior density stands on its interval.
    raindrops
        Whether each study's likelihood is drawn around its estimate. Without a choice where the
        model takes likelihoods that are not normal, as of counts: estimates are approximate then.
    columns
        Columns of the table of studies to show beside their names.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data, the effects are of others, there is no
        such column, or a choice makes no sense.
    StudiesError
        If a column ``rob_*`` holds what is no judgement, or a study is in no subgroup.
    OutputError
        If the axes are smaller than the figure.

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
    choices = Choices(
        title, interval, shortest, benefit, minimal_important_difference, effects, order,
        subgroups, subgroups_tau, classical, densities, raindrops, tuple(columns),
    )  # fmt: skip
    return drawn(plan(posterior, choices), axes)


def drawn(planned: Plan, place: "Axes | None" = None) -> "Figure":
    """Return the figure of a plan, on a page of its own or in the place of axes."""
    figure, frame = sheet(planned.frame.width, planned.height, place), planned.frame
    for one, foot in zip(planned.panels, planned.feet, strict=True):
        height = one.stack.height
        axes = panel(figure, frame.plot_left, foot, width=PLOT_WIDTH, height=height)
        _draw_axis(axes, one, kind=planned.kind)
        _draw_rows(axes, one, frame.style, null=marks.null_of(planned.kind))
        _write_rows(figure, one, frame, foot=foot)
        _write_sides(figure, one, frame, foot=foot)
    _write_top(figure, planned)
    _write_bottom(figure, planned)
    return whole(figure)


def _draw_axis(axes: "Axes", one: Panel, *, kind: Kind) -> None:
    show_range(axes, one.limits, kind=kind)
    axes.set_ylim(0, one.stack.height)
    # The name has room of its own below the words on the sides.
    share = (TICKS + FAVOURS + 0.05) / one.stack.height
    name_below(axes, one.axis, share=share)


def _draw_rows(axes: "Axes", one: Panel, style: Style, *, null: float | None) -> None:
    marks.reference_lines(axes, null=null, pooled=one.pooled, top=one.stack.height)
    if one.half is not None:
        marks.trivial_zone(axes, one.half, one.limits)
    for line, row in zip(one.table.to_dict("records"), one.stack.rows, strict=True):
        _draw_curves(axes, row, one, str(line["quantity"]), style)
        _draw_row(axes, row, line, limits=one.limits, largest=one.largest)


def _draw_curves(axes: "Axes", row: Row, one: Panel, name: str, style: Style) -> None:
    if name in one.curves.densities:
        curve = one.curves.densities[name]
        marks.eye(axes, row, curve, limits=one.limits, height=style.eye)
    if name in one.curves.likelihoods:
        curve = one.curves.likelihoods[name]
        marks.drop(axes, row, curve, limits=one.limits, half=style.drop)


def _draw_row(
    axes: "Axes", row: Row, line: dict[Any, Any], *, limits: Range, largest: float
) -> None:
    effect = marks.Span(line["median"], line["lower"], line["upper"])
    if line["kind"] == STUDY:
        observed = marks.Span(line["estimate"], line["observed_lower"], line["observed_upper"])
        share = float(np.maximum(line["weight"], 0.0)) / largest
        marks.square(axes, row, observed, share=share, limits=limits)
        if np.isfinite(effect.point):
            marks.circle(axes, row, effect, limits=limits)
    elif line["kind"] == SUBTOTAL:
        marks.subtotal(axes, row, effect, (line["new_lower"], line["new_upper"]), limits)
    elif line["kind"] in _MARKS:
        _MARKS[line["kind"]](axes, row, effect, limits=limits)


_MARKS = {
    GROUP: marks.open_diamond, POOLED: marks.diamond, NEW: marks.bar, CLASSICAL: marks.classical,
}  # fmt: skip
"""The mark of each other kind of row that has one."""


def _write_top(figure: Sheet, planned: Plan) -> None:
    frame, words = planned.frame, planned.words
    top = write_down(figure, (MARGIN, planned.height - MARGIN), words.title, letters=TITLE)
    write_down(figure, (MARGIN, top), words.alarm, letters=STRONG, color=ALARM)
    foot = planned.top + 0.04
    aligned = [column for column in frame.columns if column.head.align != "left"]
    write_heads(figure, [*map(_right, aligned)], [column.head.lines for column in aligned],
                foot=foot, end=frame.width - MARGIN)  # fmt: skip
    at_left = [(MARGIN, ("Study",)), *((column.left, column.head.lines)
               for column in frame.columns if column.head.align == "left")]  # fmt: skip
    for left, lines in at_left:
        corner = (left, foot + 0.06 + len(lines) * STRONG.line)
        write_down(figure, corner, lines, letters=STRONG)


def _right(column: Column) -> float:
    """Return where the longest line of a column's head ends."""
    width = max(STRONG.width(line) for line in column.head.lines)
    return column.right if column.head.align == "point" else column.middle + width / 2


def _write_rows(figure: Sheet, one: Panel, frame: Frame, *, foot: float) -> None:
    if one.title:
        corner = (MARGIN, foot + one.stack.height + STRONG.line)
        write_down(figure, corner, [one.title], letters=STRONG)
    for line, row in zip(one.table.to_dict("records"), one.stack.rows, strict=True):
        letters = frame.letters(line["kind"])
        middle = foot + row.middle
        corner = (MARGIN, middle + len(row.lines) / 2 * letters.line)
        write_down(figure, corner, row.lines, letters=letters)
        for column in frame.columns:
            text = line[column.key]
            if isinstance(text, str) and text:
                _write_cell(figure, frame, column, (text, letters), height=middle)


def _write_cell(figure: Sheet, frame: Frame, column: Column, cell: Cell, *, height: float) -> None:
    text, letters = cell
    if column.head.align == "middle":
        disc(figure, (column.middle, height), text, compact=frame.compact)
    elif column.head.align == "left":
        write(figure, (column.left, height), text, letters=letters)
    else:
        for part in placed(cell, column.slots):
            at = (column.right - part.before_end, height)
            write(figure, at, part.text, letters=letters, side="right")


def _write_sides(figure: Sheet, one: Panel, frame: Frame, *, foot: float) -> None:
    """Write what the sides of no effect mean, below a panel's ticks."""
    left, height = frame.plot_left, foot - TICKS - FAVOURS / 2
    write(figure, (left, height), f"\N{LEFTWARDS ARROW} {one.sides.left}", letters=SMALL)
    right = (left + PLOT_WIDTH, height)
    write(figure, right, f"{one.sides.right} \N{RIGHTWARDS ARROW}", letters=SMALL, side="right")


def _write_bottom(figure: Sheet, planned: Plan) -> None:
    write_notes(figure, planned.words.notes)
    foot = MARGIN + len(planned.words.notes) * SMALL.line + 0.04
    for place, line in enumerate(reversed(planned.words.key)):
        write_key(figure, *marks.key(line), foot=foot + place * KEY)
