"""The funnel plot: estimates by their standard errors."""

from typing import TYPE_CHECKING

from bayesmeta.plots.axes import inside, show_range
from bayesmeta.plots.effect_axes import effect_name, name_both, null_line
from bayesmeta.plots.ink import BLUE, DASHED, DOTTED, EDGE, FAINT, INK, PALE, SOFT
from bayesmeta.plots.marks import Dashes, area, draw_bar, line, mark
from bayesmeta.plots.marks import interval as interval_mark
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range, effect_range
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries import wording
from bayesmeta.summaries.funnel import P_VALUES, funnel_bands, funnel_table
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLES: dict[float, tuple[str, Dashes]] = dict(
    zip(P_VALUES, ((FAINT, DOTTED), (EDGE, DASHED), (INK, "-")), strict=True)
)
_PANEL = Panel(height=3.6)


def plot_funnel(
    posterior: Posterior, *, title: str = "", interval: float = 0.95, axes: "Axes | None" = None
) -> "Figure":
    """Return the funnel plot, with lines of p-values around no effect.

    Studies at their estimate and standard error, the precise ones at the top; the pooled effect
    with its interval; the region in which the estimate of a new study lies, by its standard error;
    and, around no effect, where the two-sided p-value is 0.1, 0.05 and 0.01. Where small
    studies are missing on the side of no effect, inside these lines, publication may depend on p.

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
        If the posterior does not hold the studies' data, or the interval is not between 0 and 1.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    >>> bm.plot_funnel(bm.fit(effects, engine="exact")).axes[0].get_xlabel()
    'Mean difference, days'
    """
    view = view_of(posterior)
    table, bands = funnel_table(view), funnel_bands(view, interval=interval)
    level = f"{100 * interval:g} %"
    key = Key(
        [
            mark("o", SOFT),
            interval_mark(),
            area(PALE),
            *(line(color, width=1.1, style=style) for color, style in _STYLES.values()),
        ],
        [
            "study",
            f"pooled effect, {level}",
            f"estimate of a new study, {level}",
            *(f"p = {p:g} of no effect" for p in _STYLES),
        ],
    )
    note = "Funnels are no test: effects may differ with size for other reasons than publication."
    panel = stage(axes, _PANEL, head=[Said([wording.heading(view, title)])], notes=[note], key=key)
    span = _span(table, bands)
    show_range(panel, span, kind=view.kind)
    depth = float(bands["standard_error"].iloc[-1])
    show_range(panel, Range(0.0, depth), which="y")
    panel.invert_yaxis()
    _bands(panel, bands, span)
    null_line(panel, view)
    _contours(panel, bands, span)
    panel.plot(table["estimate"], table["standard_error"], "o", markersize=5, markerfacecolor=SOFT,
               markeredgecolor=INK, markeredgewidth=0.9, zorder=4, gid="study")  # fmt: skip
    name_both(panel, effect_name(view), _error_name(view))
    return figure_of(panel)


def _span(table: "pd.DataFrame", bands: "pd.DataFrame") -> Range:
    """Return a range that shows every estimate, no effect, and lines within reason."""
    ends = [bands[name].iloc[-1] for name in ("new_lower", "new_upper", "p_0.01")]
    return effect_range(
        [0.0, *table["estimate"], *bands["lower"], *bands["upper"]], [*ends, -ends[-1]]
    )


def _error_name(view: View) -> str:
    log = f"Standard error of the log {wording.measure_code(view)}"
    unit = wording.unit(view) or view.word("unit")
    return log if view.is_ratio else wording.with_unit("Standard error", unit)


def _bands(panel: "Axes", bands: "pd.DataFrame", span: Range) -> None:
    errors = bands["standard_error"].to_numpy()
    if bands["new_lower"].notna().all():
        low, high = (inside(bands[name], span) for name in ("new_lower", "new_upper"))
        panel.fill_betweenx(errors, low, high, color=PALE, linewidth=0, zorder=0.8, gid="new study")
    lower, median, upper = (float(bands[name].iloc[0]) for name in ("lower", "median", "upper"))
    panel.axvline(median, color=BLUE, linewidth=1.4, zorder=1.3, gid="pooled")
    draw_bar(panel, (lower, upper), median, 0.0)


def _contours(panel: "Axes", bands: "pd.DataFrame", span: Range) -> None:
    """Draw where p-values are, as far as the panel goes."""
    errors = bands["standard_error"].to_numpy()
    for p, (color, style) in _STYLES.items():
        away = bands[f"p_{p:g}"].to_numpy()
        for side in (-1, 1):
            seen = (side * away >= span.low) & (side * away <= span.high)
            panel.plot(side * away[seen], errors[seen], color=color, linewidth=1.1,
                       linestyle=style, zorder=1.4, gid=f"p = {p:g}")  # fmt: skip
