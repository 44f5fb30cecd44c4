"""The posterior predictive check: each estimate beside what the model expects of it."""

from typing import TYPE_CHECKING

from bayesmeta.plots.axes import draw_interval, show_range
from bayesmeta.plots.effect_axes import (
    MANY,
    effect_name,
    name_both,
    null_line,
    room_for,
    row_height,
    write_rows,
)
from bayesmeta.plots.ink import ALARM, BAND, INK, SMALL, TINY
from bayesmeta.plots.marks import line, mark
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range, effect_range
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.predictive import predictive_check
from bayesmeta.summaries.view import Posterior, view_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL, _COLUMN = 3.4, 0.55


def plot_predictive(
    posterior: Posterior, *, title: str = "", interval: float = 0.95, axes: "Axes | None" = None
) -> "Figure":
    """Return each study's estimate on the interval in which the model expects it.

    Beside each row stands the probability of a lower estimate; an estimate outside its interval
    is a filled diamond.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    title
        Heading; the outcome, or the measure's name, without one.
    interval
        Probability of the intervals.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    PosteriorError
        If the posterior lacks the data, or says nothing of new studies, or the interval is not
        between 0 and 1.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bm.plot_predictive(bm.fit(effects, engine="exact")).axes[0].get_xlabel()
    'Mean difference, days'
    """
    view = view_of(posterior)
    table = predictive_check(view, interval=interval)
    names = list(table["study"])
    level = f"{100 * interval:g} %"
    out = int(((table["estimate"] < table["lower"]) | (table["estimate"] > table["upper"])).sum())
    key = _key(level, outside=out > 0)
    note = (
        f"Estimates outside: {out} of {len(table)}. At the right: P(lower estimate), of a "
        "new study with the same standard error and moderators."
    )
    left, height = room_for(names), row_height(len(names)) * len(names) + 0.1
    panel = stage(axes, Panel(left + _PANEL + _COLUMN + 0.2, height, left, right=_COLUMN,
                              least=left + _COLUMN + 1.8),
                  head=[Said([wording.heading(view, title)])], notes=[note], key=key)  # fmt: skip
    span = effect_range([0.0, *table["estimate"]], [*table["lower"], *table["upper"]])
    show_range(panel, span, kind=view.kind)
    _rows(panel, table, span)
    null_line(panel, view)
    name_both(panel, effect_name(view), "")
    return figure_of(panel)


def _key(level: str, *, outside: bool) -> Key:
    marks, words = [mark("o", "white"), line(BAND, width=4)], ["estimate", f"expected, {level}"]
    if outside:
        marks.append(mark("D", ALARM, edge=ALARM))
        words.append("estimate outside")
    return Key(marks, words)


def _rows(panel: "Axes", table: "pd.DataFrame", span: Range) -> None:
    heights = write_rows(panel, list(table["study"]))
    many = len(table) >= MANY
    letters, size = (TINY, 2.6) if many else (SMALL, 5.0)
    for row, height in zip(table.to_dict("records"), heights, strict=True):
        draw_interval(panel, (row["lower"], row["upper"]), height, span, width=0.8 * size,
                      color=BAND)  # fmt: skip
        within = row["lower"] <= row["estimate"] <= row["upper"]
        panel.plot(row["estimate"], height, "o" if within else "D", markersize=size,
                   markerfacecolor="white" if within else ALARM,
                   markeredgecolor=INK if within else ALARM, markeredgewidth=0.9, zorder=4,
                   gid="estimate" if within else "outside")  # fmt: skip
        panel.annotate(
            digits.probability(row["p_below"]), (1.0, height), xycoords=("axes fraction", "data"),
            xytext=(72 * _COLUMN - 2, 0), textcoords="offset points", ha="right", va="center",
            fontproperties=letters.font, annotation_clip=False, gid="p",
        )  # fmt: skip
