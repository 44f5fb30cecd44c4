"""The Baujat plot: which studies differ, and which of them matter."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import show_range
from bayesmeta.plots.effect_axes import name_both
from bayesmeta.plots.ink import INK, SOFT
from bayesmeta.plots.paper import headed
from bayesmeta.plots.pointing import name_points
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Panel, figure_of, stage

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROOM = 1.08
_NAMED = 12


def plot_baujat(table: "pd.DataFrame", *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return each study's part in Cochran's Q against how far its absence moves the effect.

    The studies furthest from the origin are named, where there is room.

    Parameters
    ----------
    table
        From `bayesmeta.baujat`.
    title
        Put before what is shown.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.baujat`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bm.plot_baujat(bm.baujat(effects)).axes[0].get_xlabel()
    'Part in Cochran’s Q, per cent'
    """  # noqa: RUF002
    require_answer(table, "baujat", "q_share", "influence")
    quantity = table.attrs["quantity"]
    note = (
        f"Q = {table['q'].sum():.1f} of {len(table)} studies under a common effect. Influence: "
        f"squared shift of the median of {quantity} without the study, in posterior SDs."
    )
    panel = stage(axes, Panel(), head=headed(title, "Heterogeneity and influence"), notes=[note])
    points = np.column_stack([100 * table["q_share"], table["influence"]])
    for which, values in zip(("x", "y"), points.T, strict=True):
        top = float(values.max()) or 1.0
        show_range(panel, Range(-0.03 * top, _ROOM * top), which="y" if which == "y" else "x")
    panel.plot(*points.T, "o", markersize=5, markerfacecolor=SOFT, markeredgecolor=INK,
               markeredgewidth=0.9, zorder=4, gid="study")  # fmt: skip
    far = np.hypot(*(points / np.maximum(points.max(axis=0), np.finfo(float).tiny)).T)
    order = np.argsort(-far, kind="stable").tolist()
    name_points(panel, points, [str(name) for name in table.index], order=order, most=_NAMED)
    name_both(panel, "Part in Cochran’s Q, per cent",  # noqa: RUF001
              f"Influence on {quantity}")  # fmt: skip
    return figure_of(panel)
