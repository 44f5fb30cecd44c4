"""The L'Abbe plot: the treated arm of each study against its control arm."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.plots.axes import set_ticks, show_range
from bayesmeta.plots.effect_axes import name_both
from bayesmeta.plots.ink import BLUE, DASHED, INK, PALE, SOFT
from bayesmeta.plots.marks import area, line, mark
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range, Ticks, linear_ticks
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries import wording
from bayesmeta.summaries.labbe import labbe_curve, labbe_table
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LARGEST, _SMALLEST = 13.0, 3.0
_ROOM = 0.05


def plot_labbe(
    posterior: Posterior, *, effects: Effects | None = None, title: str = "",
    interval: float = 0.95, axes: "Axes | None" = None,
) -> "Figure":  # fmt: skip
    """Return the L'Abbe plot: what the treated arms reported against the control arms.

    A circle a study, its area by inverse variance; the line of equal arms, and what the pooled
    effect, with its interval, makes of each control arm: a curve for odds ratios.

    Parameters
    ----------
    posterior
        From `fit`, of the effects.
    effects
        What it was made of, from `effect_sizes`: risks, rates or means in two arms. A posterior
        does not store arms.
    title
        Heading; the outcome, or the measure's name, without one.
    interval
        Probability of the pooled effect's interval.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    PosteriorError
        If there are no effects, no study reported arms, or the measure compares none.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/colditz1994.csv", "RR")
    >>> posterior = bm.fit(effects, engine="exact")
    >>> bm.plot_labbe(posterior, effects=effects).axes[0].get_xlabel()
    'Control arm, risk in per cent'
    """
    if effects is None:
        raise PosteriorError(
            "A L'Abbe plot needs the arms, which a posterior does not store: give effects=, on the "
            "command line --studies with the table."
        )
    view = view_of(posterior)
    table, curve = labbe_table(effects), labbe_curve(view, effects, interval=interval)
    level = f"{100 * interval:g} %"
    key = Key([mark("o", SOFT), line(INK, width=0.9, style=DASHED), line(BLUE), area(PALE)],
              ["study (area: inverse variance)", "equal arms", "pooled effect",
               f"its {level} interval"])  # fmt: skip
    missing = table.attrs["missing"]
    notes = [f"{missing} more reported no arms."] if missing else []
    head = [Said([wording.heading(view, title)])]
    panel = stage(axes, Panel(width=4.8, height=3.8), head=head, notes=notes, key=key)
    per_cent = table.attrs["says"] == "risk"
    span = _span(table)
    for which in ("x", "y"):
        show_range(panel, span, which="y" if which == "y" else "x")
        if per_cent:
            ticks = linear_ticks(Range(100 * span.low, 100 * span.high))
            set_ticks(panel, Ticks(tuple(each / 100 for each in ticks.positions), ticks.labels),
                      which="y" if which == "y" else "x")  # fmt: skip
    _draw(panel, table, curve, span)
    name_both(panel, *(f"{arm} arm, {_says(view, table)}" for arm in ("Control", "Treated")))
    return figure_of(panel)


def _says(view: View, table: "pd.DataFrame") -> str:
    says = str(table.attrs["says"])
    if says == "risk":
        return "risk in per cent"
    return wording.with_unit(says, view.word("unit") if view.word("measure") == "MD" else "")


def _span(table: "pd.DataFrame") -> Range:
    values = table[["control", "treatment"]].to_numpy()
    low, high = float(values.min()), float(values.max())
    # From 0 where that is near: shares and rates are read against it.
    low = 0.0 if 0 <= low <= 0.5 * high else low
    room = _ROOM * ((high - low) or abs(high) or 1.0)
    return Range(low - room, high + room)


def _draw(panel: "Axes", table: "pd.DataFrame", curve: "pd.DataFrame", span: Range) -> None:
    x = curve["control"].to_numpy()
    lower, median, upper = (np.clip(curve[name], *span) for name in ("lower", "median", "upper"))
    panel.fill_between(x, lower, upper, color=PALE, linewidth=0, zorder=0.8, gid="interval")
    seen = curve["median"].between(*span).to_numpy()
    panel.plot(x[seen], median[seen], color=BLUE, linewidth=1.6, zorder=2, gid="pooled")
    panel.plot(span, span, color=INK, linewidth=0.9, linestyle=DASHED, zorder=1.5, gid="equal")
    weight = 1 / table["standard_error"] ** 2
    for row, share in zip(table.to_dict("records"), weight / weight.max(), strict=True):
        size = max(_SMALLEST, _LARGEST * float(np.sqrt(share)))
        panel.plot(row["control"], row["treatment"], "o", markersize=size, markerfacecolor=SOFT,
                   markeredgecolor=INK, markeredgewidth=0.9, alpha=0.85, zorder=4,
                   gid="study")  # fmt: skip
