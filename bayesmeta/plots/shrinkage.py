"""The trace of shrinkage: study effects and the pooled effect against tau."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.plots.axes import name_axes, show_range
from bayesmeta.plots.effect_axes import null_line
from bayesmeta.plots.ink import BAND, BLUE, BODY, INK, MARGIN, SMALL
from bayesmeta.plots.paper import Said, page, write
from bayesmeta.plots.place import Sheet, whole
from bayesmeta.plots.scale import Range, effect_range
from bayesmeta.summaries import wording
from bayesmeta.summaries.shrinkage import shrinkage_trace
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL, _BELOW, _GAP, _ACROSS = 3.4, 0.9, 0.18, 4.2
_WIDEST = 2.2
_MOST = 40
"""Studies that are named at their lines; more would stand on one another."""

_NOTES = (
    "Above: mean effect of each study, and of all (thick), given tau. Where tau is 0 all are the "
    "pooled effect, where it is large each is its own estimate. Below: the posterior of tau, to "
    "its 99 % quantile."
)


def plot_shrinkage(
    posterior: Posterior, *, title: str = "", axes: "Axes | None" = None
) -> "Figure":
    """Return how study effects and the pooled effect move with tau, above tau's posterior.

    Parameters
    ----------
    posterior
        Of the normal-normal model without moderators, by the exact engine.
    title
        Heading; the outcome, or the measure's name, without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    PosteriorError
        If the posterior is of another model, or not exact.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_shrinkage(bm.fit(effects, engine="exact"))
    >>> figure.axes[1].get_xlabel()
    'tau, SD between studies, days'
    """
    view = view_of(posterior)
    table = shrinkage_trace(view)
    names = list(table.columns[3:])
    shown = names if len(names) <= _MOST else []
    labels = [SMALL.clipped(name, _WIDEST) for name in shown]
    right = max((SMALL.width(label) for label in labels), default=0.0) + 0.12
    across, tall = 0.85 + _ACROSS + right + MARGIN, max(_PANEL, 0.13 * len(shown))
    head = [Said([wording.heading(view, title)])]
    sheet = page((across, tall + _GAP + _BELOW), head=head, notes=[_NOTES], left=0.85,
                 axes=axes)  # fmt: skip
    above = sheet.axes(0.0, _BELOW + _GAP, _ACROSS, tall)
    below = sheet.axes(0.0, 0.0, _ACROSS, _BELOW)
    span = Range(0.0, float(table[schema.TAU].iloc[-1]))
    limits = effect_range(table[[schema.MU, *names]].to_numpy().ravel(), [])
    _trace(above, view, table, names)
    show_range(above, limits, which="y", kind=view.kind)
    _density(below, table)
    for panel in (above, below):
        show_range(panel, span)
    above.tick_params(axis="x", labelbottom=False)
    effect = wording.with_unit(wording.measure_title(view), wording.unit(view))
    name_axes(above, y="\n".join(BODY.wrapped(effect, tall)))
    name_axes(below, x=wording.quantity_title(view, schema.TAU), y="Density")
    ends = table[shown].iloc[-1].to_numpy()
    corner = (sheet.left + _ACROSS + 0.08, sheet.bottom + _BELOW + _GAP)
    _write(sheet.figure, corner, labels, _places(ends, limits, tall))
    return whole(sheet.figure)


def _trace(axes: "Axes", view: View, table: "pd.DataFrame", names: list[str]) -> None:
    null_line(axes, view, "y")
    for name in names:
        axes.plot(table[schema.TAU], table[name], color=INK, linewidth=0.7, gid="study effect")
    axes.plot(table[schema.TAU], table[schema.MU], color=BLUE, linewidth=2.2, gid="pooled")


def _density(axes: "Axes", table: "pd.DataFrame") -> None:
    tau, density = table[schema.TAU].to_numpy(), table["density"].to_numpy()
    axes.fill_between(tau, density, color=BAND, linewidth=0, gid="tau")
    axes.set_ylim(0, 1.05 * float(density.max()))
    axes.set_yticks([])


def _write(
    figure: Sheet, corner: tuple[float, float], labels: list[str], heights: FloatArray
) -> None:
    """Write the studies' names at the ends of their lines."""
    left, foot = corner
    for label, height in zip(labels, heights, strict=True):
        write(figure, (left, foot + float(height)), label, letters=SMALL)


def _places(ends: FloatArray, limits: Range, tall: float) -> FloatArray:
    """Return the heights of names in a panel, near their lines and moved apart."""
    wanted = (ends - limits.low) / (limits.high - limits.low) * tall
    order = np.argsort(wanted)
    found = np.empty_like(wanted)
    found[order] = _apart(wanted[order], min(SMALL.line, tall / max(len(ends), 1)), high=tall)
    return found


def _apart(wanted: FloatArray, line: float, *, high: float) -> FloatArray:
    """Return sorted heights at least a line apart, near the wanted ones, within the panel."""
    found = np.array(wanted, dtype=np.float64)
    for place in range(1, len(found)):
        found[place] = max(found[place], found[place - 1] + line)
    found = np.minimum(found, high - line * np.arange(len(found))[::-1])
    for place in range(len(found) - 2, -1, -1):
        found[place] = min(found[place], found[place + 1] - line)
    return np.asarray(np.maximum(found, line * np.arange(len(found))), dtype=np.float64)
