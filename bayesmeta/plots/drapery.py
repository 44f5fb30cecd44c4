"""The drapery plot: every study's p-values and the posterior's curves over the effect."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.plots.axes import set_ticks, show_range
from bayesmeta.plots.effect_axes import effect_name, name_both, null_line
from bayesmeta.plots.ink import BLUE, DASHED, DOTTED, EDGE, FAINT, INK
from bayesmeta.plots.marks import line
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range, Ticks
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries import wording
from bayesmeta.summaries.confidence import confidence_curves
from bayesmeta.summaries.view import Posterior, view_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEVELS = (0.5, 0.8, 0.95)


def plot_drapery(posterior: Posterior, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the drapery plot: a curve over the effect for each study and for all together.

    The posterior's curves are 1 at the median and cut a height of 1 - q at the ends of the
    central interval of probability q, for every q at once; those of the studies are two-sided
    p-values of what was observed.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    title
        Heading; the outcome, or the measure's name, without one.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    PosteriorError
        If the posterior does not hold the studies' data.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bm.plot_drapery(bm.fit(effects, engine="exact")).axes[0].get_ylabel()
    'Outside the central interval'
    """
    view = view_of(posterior)
    table = confidence_curves(view)
    marks, words = [line(FAINT, width=0.8), line(BLUE, width=2.0)], ["study", "pooled effect"]
    if schema.THETA_NEW in table:
        marks.append(line(INK, width=1.4, style=DASHED))
        words.append("effect in a new study")
    note = (
        "Studies: two-sided p-value of each effect. Posterior: probability outside the "
        "central interval that ends there."
    )
    head = [Said([wording.heading(view, title)])]
    panel = stage(axes, Panel(width=6.0), head=head, notes=[note], key=Key(marks, words))
    show_range(panel, Range(*table["x"].iloc[[0, -1]].to_list()), kind=view.kind)
    panel.set_ylim(0.0, 1.0)
    ticks = (0.0, *(round(1 - level, 2) for level in reversed(_LEVELS)), 1.0)
    set_ticks(panel, Ticks(ticks, tuple(f"{tick:g}" for tick in ticks)), which="y")
    _curves(panel, table)
    null_line(panel, view)
    name_both(panel, effect_name(view), "Outside the central interval")
    return figure_of(panel)


def _curves(panel: "Axes", table: "pd.DataFrame") -> None:
    x = table["x"].to_numpy()
    observed = [name for name in table.columns if name.startswith("observed[")]
    for name in observed:
        panel.plot(x, table[name], color=FAINT, linewidth=0.8, zorder=1.5, gid="study")
    for level in _LEVELS:
        panel.axhline(1 - level, color=EDGE, linewidth=0.7, linestyle=DOTTED, zorder=1, gid="level")
    panel.plot(x, table[schema.MU], color=BLUE, linewidth=2.0, zorder=4, gid="pooled")
    if schema.THETA_NEW in table:
        panel.plot(x, np.asarray(table[schema.THETA_NEW]), color=INK, linewidth=1.4,
                   linestyle=DASHED, zorder=3, gid="new study")  # fmt: skip
