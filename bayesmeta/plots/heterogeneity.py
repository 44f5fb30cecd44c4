"""Heterogeneity: densities of tau and of I², with their medians and intervals."""

from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.plots.axes import name_axes, set_ticks, show_range
from bayesmeta.plots.column import across
from bayesmeta.plots.ink import BLUE, BODY, FAINT, MARGIN
from bayesmeta.plots.marks import draw_bar, line
from bayesmeta.plots.marks import interval as interval_mark
from bayesmeta.plots.paper import AXIS, Said, page, write_key
from bayesmeta.plots.place import whole
from bayesmeta.plots.scale import Range, Ticks, linear_ticks
from bayesmeta.summaries import wording
from bayesmeta.summaries.curves import caption_lines, density_table
from bayesmeta.summaries.heterogeneity import heterogeneity
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT, _GAP, _LEFT, _KEY = 6.4, 2.1, 0.5, 0.5, 0.27
_LEAST = 2.9


def plot_heterogeneity(
    posterior: Posterior, *, title: str = "", interval: float = 0.95, axes: "Axes | None" = None
) -> "Figure":
    """Return a panel for tau, or each hyperparameter, and one for I² where it is defined.

    Each has the posterior's density, the prior's in grey, and a bar for the interval with a
    mark at the median.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    title
        Heading; the outcome, or the measure's name, without one.
    interval
        Probability of the intervals.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    PosteriorError
        If the model knows no heterogeneity, or the interval is not between 0 and 1.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> figure = bm.plot_heterogeneity(bm.fit(effects, engine="exact"))
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['tau, SD between studies, days', 'I², share of heterogeneity, per cent']
    """
    view = view_of(posterior)
    table = heterogeneity(view, interval=interval)
    names = [name for name in (*view.hyperparameters, schema.I2)
             if name in table.index and table["upper"][name] > 0]  # fmt: skip
    if not names:
        raise PosteriorError("The model knows no heterogeneity; there is nothing to draw.")
    width = across(_WIDTH, _LEAST, axes)
    beside = max(1, min(len(names), int((width - MARGIN) / _LEAST)))
    rows = -(-len(names) // beside)
    said = [f"{_symbol(name)}: {'; '.join(_said(view, name, interval))}" for name in names]
    step = _HEIGHT + AXIS + 0.1
    sheet = page((width, rows * step - AXIS - 0.1), head=[Said([wording.heading(view, title)]),
                 Said(said, BODY)], notes=[], left=_LEFT, below=AXIS + _KEY,
                 axes=axes)  # fmt: skip
    write_key(sheet.figure, [line(BLUE), line(FAINT, width=1.3, style="--"), interval_mark()],
              ["posterior", "prior", f"median, {100 * interval:g} % interval"],
              foot=sheet.foot + 0.05, columns=3)  # fmt: skip
    for place, name in enumerate(names):
        down, right = divmod(place, beside)
        across_panel = (sheet.width - (beside - 1) * _GAP) / beside
        panel = sheet.axes(right * (across_panel + _GAP), (rows - 1 - down) * step, across_panel,
                          _HEIGHT)  # fmt: skip
        _panel(panel, view, name, table)
    return whole(sheet.figure)


def _symbol(name: str) -> str:
    return "I²" if name == schema.I2 else name


def _said(view: View, name: str, interval: float) -> list[str]:
    return caption_lines(view, name, interval=interval, shortest=False, benefit=None)


def _panel(axes: "Axes", view: View, name: str, table: "pd.DataFrame") -> None:
    curve = density_table(view, name)
    lower, median, upper = (float(table[column][name]) for column in ("lower", "median", "upper"))
    x, y = curve["x"].to_numpy(), curve["posterior"].to_numpy()
    axes.plot(x, y, color=BLUE, linewidth=1.6, zorder=3, gid="posterior")
    if curve["prior"].notna().any():
        axes.plot(x, curve["prior"], color=FAINT, linewidth=1.3, linestyle="--", zorder=2,
                  gid="prior")  # fmt: skip
    top = 1.08 * float(y.max())
    draw_bar(axes, (lower, upper), median, 0.02 * top)
    axes.set_ylim(0, top)
    axes.set_yticks([])
    span = Range(float(x[0]), float(x[-1]))
    show_range(axes, span)
    if name == schema.I2:
        ticks = linear_ticks(Range(100 * span.low, 100 * span.high))
        set_ticks(axes, Ticks(tuple(each / 100 for each in ticks.positions), ticks.labels))
    name_axes(axes, x=wording.quantity_title(view, name), y="Density")
