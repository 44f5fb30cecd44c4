"""P(effect > c) and P(effect in a new study > c), as curves in c."""

from typing import TYPE_CHECKING

from bayesmeta.plots.axes import show_range
from bayesmeta.plots.effect_axes import (
    difference_lines,
    differences,
    effect_name,
    name_both,
    null_line,
)
from bayesmeta.plots.ink import BLUE, DASHED, EDGE, INK
from bayesmeta.plots.marks import line
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries import wording
from bayesmeta.summaries.tail_curves import tail_curve
from bayesmeta.summaries.view import Posterior, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_tail_curves(
    posterior: Posterior, *, title: str = "", minimal_important_difference: float | None = None,
    axes: "Axes | None" = None,
) -> "Figure":  # fmt: skip
    """Return the probability of an effect above each value, pooled and in a new study.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    title
        Heading; the outcome, or the measure's name, without one.
    minimal_important_difference
        Above 0, in the unit (for ratio measures a ratio): lines on both sides of no effect.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    PosteriorError
        If the difference is not above 0 (for a ratio: is 1).

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bm.plot_tail_curves(bm.fit(effects, engine="exact")).axes[0].get_xlabel()
    'c: mean difference, days'
    """
    view = view_of(posterior)
    table = tail_curve(view, minimal_important_difference=minimal_important_difference)
    places = differences(view, minimal_important_difference)
    marks, words = [line(BLUE, width=1.8)], ["pooled effect"]
    if table["p_above_new"].notna().all():
        marks.append(line(INK, width=1.4, style=DASHED))
        words.append("effect in a new study")
    notes = ["Thin dashed: minimal important difference."] if places else []
    head = [Said([wording.heading(view, title)])]
    panel = stage(axes, Panel(), head=head, notes=notes, key=Key(marks, words))
    show_range(panel, Range(*table["c"].iloc[[0, -1]].to_list()), kind=view.kind)
    show_range(panel, Range(0.0, 1.0), which="y")
    panel.set_ylim(-0.02, 1.02)
    for column, color, style, gid in (("p_above", BLUE, "-", "pooled"),
                                      ("p_above_new", INK, DASHED, "new study")):  # fmt: skip
        panel.plot(table["c"], table[column], color=color, linewidth=1.7, linestyle=style,
                   zorder=3, gid=gid)  # fmt: skip
    panel.axhline(0.5, color=EDGE, linewidth=0.6, zorder=1)
    null_line(panel, view)
    difference_lines(panel, places)
    name = effect_name(view)
    name_both(panel, f"c: {name[:1].lower()}{name[1:]}", "P(effect > c)")
    return figure_of(panel)
