"""Leave-one-out PIT values: whether studies are where the others expect them."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import show_range
from bayesmeta.plots.effect_axes import name_both
from bayesmeta.plots.ink import BLUE, INK, PALE, SOFT
from bayesmeta.plots.marks import area, line, mark
from bayesmeta.plots.paper import headed
from bayesmeta.plots.pointing import name_points
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries.digits import probability, stated

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FAR = 0.025
"""PIT values this near 0 or 1 are named."""


def plot_loo_pit(table: "pd.DataFrame", *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the distribution function of leave-one-out PIT values, with a band of 95 %.

    Steep in the middle: estimates are nearer to the others' expectation than the model thinks;
    flat: further away. Studies below 0.025 or above 0.975 are named, where there is room.

    Parameters
    ----------
    table
        From `bayesmeta.loo_pit`.
    title
        Put before what is shown.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.loo_pit`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> found = bm.loo_pit(bm.leave_one_out(effects))
    >>> bm.plot_loo_pit(found).axes[0].get_ylabel()
    'Share of studies'
    """
    require_answer(table, "loo_pit", "pit", "ecdf")
    key = Key([mark("o", SOFT), line(INK, width=0.9), area(PALE)],
              ["study", "uniform", "95 % of all such curves"])  # fmt: skip
    note = (
        f"Largest distance {table.attrs['distance']:.2f}, p "
        f"{stated(probability(float(table.attrs['p'])))}, were the values independent."
    )
    panel = stage(axes, Panel(width=4.8, height=3.4), head=headed(title, "Leave-one-out PIT"),
                  notes=[note], key=key)  # fmt: skip
    for which in ("x", "y"):
        show_range(panel, Range(0.0, 1.0), which="y" if which == "y" else "x")
    panel.set_xlim(-0.02, 1.02)
    panel.set_ylim(-0.02, 1.02)
    half, grid = float(table.attrs["half"]), np.linspace(0, 1, 201)
    panel.fill_between(grid, np.clip(grid - half, 0, 1), np.clip(grid + half, 0, 1), color=PALE,
                       linewidth=0, zorder=0.8, gid="band")  # fmt: skip
    panel.plot([0, 1], [0, 1], color=INK, linewidth=0.9, zorder=1, gid="uniform")
    pit, ecdf = table["pit"].to_numpy(), table["ecdf"].to_numpy()
    panel.step([0, *pit, 1], [0, *ecdf, 1], where="post", color=BLUE, linewidth=1.4, zorder=2,
               gid="ecdf")  # fmt: skip
    panel.plot(pit, ecdf, "o", markersize=4.5, markerfacecolor=SOFT, markeredgecolor=INK,
               markeredgewidth=0.8, zorder=4, gid="study")  # fmt: skip
    order = np.flatnonzero((pit < _FAR) | (pit > 1 - _FAR)).tolist()
    name_points(panel, np.column_stack([pit, ecdf]), [str(name) for name in table.index],
                order=order, most=8)  # fmt: skip
    name_both(panel, "P(lower estimate) by the other studies", "Share of studies")
    return figure_of(panel)
