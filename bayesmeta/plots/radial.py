"""The radial plot: studies by precision, the pooled effect a line from the origin."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.axes import scale_at_right, show_range, ticks_of
from bayesmeta.plots.effect_axes import effect_name, name_both, null_line
from bayesmeta.plots.ink import BLUE, BODY, INK, PALE, SOFT
from bayesmeta.plots.marks import area, line, mark
from bayesmeta.plots.paper import Said
from bayesmeta.plots.pointing import name_points
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Key, Panel, figure_of, size_of, stage
from bayesmeta.summaries import wording
from bayesmeta.summaries.radial import radial_table
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bayesmeta.arrays import FloatArray

_HALF = 1.959964
_ROOM, _NAMED = 1.06, 10
_PANEL = Panel(right=0.85)


def plot_radial(posterior: Posterior, *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the radial (Galbraith) plot of the studies.

    Each study at its precision and at its estimate in standard errors; the scale at the right
    reads effects along lines from the origin. The band of 1.96 around the pooled effect's line
    holds 95 % of studies that share one effect: more outside it is heterogeneity. Studies outside
    are named, where there is room.

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
    >>> bm.plot_radial(bm.fit(effects, engine="exact")).axes[0].get_xlabel()
    'Precision, 1 / standard error'
    """
    view = view_of(posterior)
    table = radial_table(view)
    key = Key([mark("o", SOFT), line(BLUE), area(PALE)],
              ["study", "pooled effect, median", "± 1.96 standard errors"])  # fmt: skip
    outside = int((table["residual"].abs() > _HALF).sum())
    note = (
        f"Studies outside the band: {outside} of {len(table)}; 95 % would lie inside if they "
        "shared one effect."
    )
    head = [Said([wording.heading(view, title)])]
    panel = stage(axes, _PANEL, head=head, notes=[note], key=key)
    points = table[["precision", "z"]].to_numpy()
    slope = float(view.quantity(view.means[0]).quantile(np.array([0.5]))[..., 0])
    _draw(panel, points, slope)
    null_line(panel, view, "y")
    _effects(panel, view, points)
    far = table["residual"].abs().to_numpy()
    order = [row for row in np.argsort(-far, kind="stable").tolist() if far[row] > _HALF]
    name_points(panel, points, list(table["study"]), order=order, most=_NAMED)
    name_both(panel, "Precision, 1 / standard error", "Estimate / standard error")
    return figure_of(panel)


def _draw(panel: "Axes", points: "FloatArray", slope: float) -> None:
    right = _ROOM * float(points[:, 0].max())
    ends = np.array([0.0, right])
    z = [*points[:, 1], -_HALF, _HALF, slope * right - _HALF, slope * right + _HALF, 0.0]
    room = 0.06 * (max(z) - min(z))
    show_range(panel, Range(0.0, right))
    show_range(panel, Range(min(z) - room, max(z) + room), which="y")
    panel.fill_between(ends, slope * ends - _HALF, slope * ends + _HALF, color=PALE, linewidth=0,
                       zorder=0.8, gid="band")  # fmt: skip
    panel.plot(ends, slope * ends, color=BLUE, linewidth=1.6, zorder=2, gid="pooled")
    panel.plot(*points.T, "o", markersize=5, markerfacecolor=SOFT, markeredgecolor=INK,
               markeredgewidth=0.9, zorder=4, gid="study")  # fmt: skip


def _effects(panel: "Axes", view: View, points: "FloatArray") -> None:
    """Write the scale of effects at the right: what slope leads there from the origin."""
    (low, high), right = panel.get_ylim(), panel.get_xlim()[1]
    span = Range(low / right, high / right)
    ticks = ticks_of(view.kind)(span)
    lines = BODY.wrapped(effect_name(view), size_of(panel)[1])
    scale_at_right(panel, ticks, lines, factor=right)
