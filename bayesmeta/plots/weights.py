"""Each study's share in the pooled effect, as bars."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.axes import show_range
from bayesmeta.plots.effect_axes import name_both, room_for, row_height, write_rows
from bayesmeta.plots.ink import BAND, INK
from bayesmeta.plots.marks import area, mark
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries import wording
from bayesmeta.summaries.shares import weight_table
from bayesmeta.summaries.view import Posterior, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL = 3.2


def plot_weights(posterior: Posterior, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return each study's share in the pooled effect, and its share if all had one effect.

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
        If the posterior does not hold the studies' data, or nobody defines shares of its model.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bm.plot_weights(bm.fit(effects, engine="exact")).axes[0].get_xlabel()
    'Share in the pooled effect, per cent'
    """
    view = view_of(posterior)
    table = weight_table(view)
    prior = table.attrs["prior_weight"]
    names = [*table["study"], *(["The prior"] if np.isfinite(prior) else [])]
    shares = 100 * np.array([*table["weight"], *([prior] if np.isfinite(prior) else [])])
    common = 100 * table["weight_common"].to_numpy()
    key = Key([area(BAND), mark("|", INK, size=9)],
              ["posterior mean", "by inverse variance alone"])  # fmt: skip
    left, height = room_for(names), row_height(len(names)) * len(names) + 0.1
    panel = stage(axes, Panel(left + _PANEL + 0.2, height, left, least=left + 1.4),
                  head=[Said([wording.heading(view, title)])], key=key)  # fmt: skip
    rows = write_rows(panel, names)
    panel.barh(rows, shares, height=0.6, color=BAND, zorder=2, gid="weight")
    panel.plot(common, rows[: len(common)], "|", markersize=min(9, 66 * row_height(len(names))),
               color=INK, markeredgewidth=1.3, zorder=3, gid="common effect")  # fmt: skip
    ends = [0.0, *shares, *common]
    show_range(panel, Range(min(ends), 1.04 * max(ends)))
    name_both(panel, "Share in the pooled effect, per cent", "")
    return figure_of(panel)
