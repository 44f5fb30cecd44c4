"""One quantity's posterior: its density, median and interval, with the prior behind it."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.plots.axes import name_axes, set_ticks, show_range
from bayesmeta.plots.effect_axes import difference_lines, differences, null_line
from bayesmeta.plots.ink import ALARM, BAND, BLUE, BODY, FAINT, PALE, SMALL
from bayesmeta.plots.marks import area, draw_bar, line
from bayesmeta.plots.marks import interval as interval_mark
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range, Ticks, linear_ticks
from bayesmeta.plots.stage import Key, Panel, figure_of, stage
from bayesmeta.summaries import wording
from bayesmeta.summaries.curves import caption_lines, density_table
from bayesmeta.summaries.notes import alarm, footnotes
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.quantities import statistics
from bayesmeta.summaries.quantity import Statistics
from bayesmeta.summaries.side_words import side_words
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL = Panel(width=6.4, height=2.7, left=0.8)
_HEADROOM = 1.08
"""How much higher than the density the panel is."""


def plot_posterior(  # noqa: PLR0913 - an analysis file states this much
    posterior: Posterior,
    quantity: str = schema.MU,
    *,
    prior: bool = True,
    title: str = "",
    interval: float = 0.95,
    shortest: bool = False,
    benefit: str | None = None,
    minimal_important_difference: float | None = None,
    axes: "Axes | None" = None,
) -> "Figure":
    """Return the posterior density of one quantity, with its prior.

    Of an effect, the line of no effect is always in view, and so is the minimal important
    difference; each side of them is shaded and says how probable it is.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    quantity
        ``mu``, ``tau``, ``theta_new``, ``I2``, ``beta[term]``, ``theta[study]`` ...
    prior
        Whether to draw the prior's density too, in grey; an improper one has none.
    title
        Heading; the outcome, or the measure's name, without one.
    interval, shortest
        Probability of the interval, a bar at the foot; whether it is the shortest one.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``; adds the probability of benefit.
    minimal_important_difference
        Above 0, in the unit (for ratio measures a ratio): lines on both sides of no effect.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    PosteriorError
        If the posterior has no such quantity, or a choice makes no sense.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    >>> posterior = bm.fit(effects, priors=priors, engine="exact")
    >>> bm.plot_posterior(posterior, "tau").axes[0].get_xlabel()
    'tau, SD between studies, days'
    """
    view = view_of(posterior)
    signed = wording.is_effect(quantity)
    places = differences(view, minimal_important_difference) if signed else ()
    table = density_table(view, quantity, within=[0.0, *places] if view.has_sign(quantity) else [])
    shown = Page.of(view, interval=interval, shortest=shortest)
    findings = caption_lines(view, quantity, interval=interval, shortest=shortest, benefit=benefit)
    head = [Said([wording.heading(view, title)]), Said(findings, BODY)]
    if warning := alarm(shown):
        head.insert(1, Said([warning], BODY, ALARM))
    found = statistics(view, quantity, level=interval, shortest=shortest)
    drawn = table if prior and table["prior"].notna().any() else table.drop(columns="prior")
    panel = stage(axes, _PANEL, head=head, notes=footnotes(shown),
                  key=_key(drawn, shown.interval, places))  # fmt: skip
    _label(panel, view, quantity, table, per_cent=quantity in shown.printer.fractions)
    _draw(panel, drawn, found)
    if view.has_sign(quantity):
        _shade(panel, view, table, places)
        _say(panel, side_words(view, quantity, minimal_important_difference if places else None))
    return figure_of(panel)


def _key(table: pd.DataFrame, interval: str, places: tuple[float, ...]) -> Key:
    marks, words = [line(BLUE)], ["posterior"]
    if "prior" in table:
        marks.append(line(FAINT, width=1.3, style="--"))
        words.append("prior")
    marks.append(interval_mark())
    words.append(f"median, {interval}")
    areas = [area(BAND)] if places else []
    return Key([*marks, *areas], [*words, *(["effects that matter"] if places else [])])


def _draw(panel: "Axes", table: pd.DataFrame, found: Statistics) -> None:
    x, y = table["x"].to_numpy(), table["posterior"].to_numpy()
    panel.plot(x, y, color=BLUE, linewidth=1.6, gid="posterior", zorder=3)
    if "prior" in table:
        panel.plot(x, table["prior"], color=FAINT, linewidth=1.3, linestyle="--", gid="prior",
                   zorder=2)  # fmt: skip
    top = float(y[np.isfinite(y)].max())
    panel.set_ylim(0, _HEADROOM * top)
    ends = (float(found.lower), float(found.upper))
    draw_bar(panel, ends, float(found.median), 0.02 * top)


def _shade(panel: "Axes", view: View, table: pd.DataFrame, places: tuple[float, ...]) -> None:
    """Shade the side of no effect that is more probable, and what lies beyond what matters."""
    x, y = table["x"].to_numpy(), table["posterior"].to_numpy()
    below = float(np.trapezoid(np.where(x <= 0, y, 0.0), x))
    side = x <= 0 if below >= np.trapezoid(y, x) / 2 else x >= 0
    panel.fill_between(x, y, where=side, color=PALE, linewidth=0, zorder=0.8, gid="tail")
    for place in places:
        beyond = x <= place if place < 0 else x >= place
        panel.fill_between(x, y, where=beyond, color=BAND, linewidth=0, zorder=0.9,
                           gid="beyond what matters")  # fmt: skip
    null_line(panel, view)
    difference_lines(panel, places)


def _say(panel: "Axes", words: tuple[list[str], list[str]]) -> None:
    """Write how probable each side is in the panel's upper corners."""
    for side, lines in zip(("left", "right"), words, strict=True):
        panel.annotate(
            "\n".join(lines), (0.0 if side == "left" else 1.0, 1.0), xycoords="axes fraction",
            xytext=(3 if side == "left" else -3, -2), textcoords="offset points", va="top",
            ha=side, fontproperties=SMALL.font, parse_math=False, zorder=6, gid=f"{side} tail",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip


def _label(axes: "Axes", view: View, quantity: str, table: pd.DataFrame, *, per_cent: bool) -> None:
    span = Range(float(table["x"].iloc[0]), float(table["x"].iloc[-1]))
    show_range(axes, span, kind=wording.kind(view, quantity))
    axes.set_yticks([])
    if per_cent:  # a fraction in data, per cent in print
        ticks = linear_ticks(Range(100 * span.low, 100 * span.high))
        set_ticks(axes, Ticks(tuple(each / 100 for each in ticks.positions), ticks.labels))
    unit = wording.quantity_unit(view, quantity)
    density = f"Density (1 / {unit})" if unit else "Density"
    name_axes(axes, x=wording.quantity_title(view, quantity), y=density)
