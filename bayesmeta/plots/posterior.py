"""One quantity's posterior: its density, median and interval, with the prior behind it."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.plots.axes import key_side, name_axes, set_ticks, show_range
from bayesmeta.plots.ink import ALARM, BLUE, BODY, EDGE, PALE, SMALL
from bayesmeta.plots.paper import Said, page, panel
from bayesmeta.plots.scale import Range, Ticks, linear_ticks
from bayesmeta.summaries import wording
from bayesmeta.summaries.curves import caption_lines, density_table
from bayesmeta.summaries.notes import alarm, footnotes
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.quantities import statistics
from bayesmeta.summaries.quantity import Statistics
from bayesmeta.summaries.view import Posterior, View, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _PANEL, _LEFT = 6.4, 2.6, 0.45


def plot_posterior(  # noqa: PLR0913 - an analysis file states this much
    posterior: Posterior,
    quantity: str = schema.MU,
    *,
    prior: bool = True,
    title: str = "",
    interval: float = 0.95,
    shortest: bool = False,
    benefit: str | None = None,
) -> "Figure":
    """Return the posterior density of one quantity, with its prior.

    Parameters
    ----------
    posterior
        From `fit` or `read_posterior`, or any ``DataTree`` with the names of `bayesmeta.schema`.
    quantity
        ``mu``, ``tau``, ``theta_new``, ``I2``, ``beta[term]``, ``theta[study]`` ...
    prior
        Whether to draw the prior's density too, dashed; an improper one has none.
    title
        Heading; the outcome, or the measure's name, without one.
    interval, shortest
        Probability of the shaded interval; whether it is the shortest one.
    benefit
        Which direction helps, ``"lower"`` or ``"higher"``; adds the probability of benefit.

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
    table = density_table(view, quantity)
    shown = Page.of(view, interval=interval, shortest=shortest)
    findings = caption_lines(view, quantity, interval=interval, shortest=shortest, benefit=benefit)
    head = [Said([wording.heading(view, title)]), Said(findings, BODY)]
    if warning := alarm(shown):
        head.insert(1, Said([warning], BODY, ALARM))
    sheet = page((_WIDTH, _PANEL), head=head, notes=footnotes(shown), left=_LEFT)
    axes = panel(sheet.figure, _LEFT, sheet.bottom, width=sheet.width, height=_PANEL)
    found = statistics(view, quantity, level=interval, shortest=shortest)
    _draw(axes, table if prior else table.drop(columns="prior"), found, level=interval)
    _label(axes, view, quantity, table, per_cent=quantity in shown.printer.fractions)
    return sheet.figure


def _draw(axes: "Axes", table: pd.DataFrame, found: Statistics, *, level: float) -> None:
    x, y = table["x"].to_numpy(), table["posterior"].to_numpy()
    inside = (x >= float(found.lower)) & (x <= float(found.upper))
    axes.fill_between(x, y, where=inside, color=PALE, linewidth=0, gid="interval",
                      label=f"{100 * level:g} % interval")  # fmt: skip
    axes.plot(x, y, color=BLUE, linewidth=1.6, label="posterior", gid="posterior")
    point = float(found.median)
    height = float(np.interp(point, x, y))
    axes.plot([point] * 2, [0, height], color=BLUE, linestyle=":", label="median", gid="median")
    if "prior" in table and table["prior"].notna().any():
        axes.plot(x, table["prior"], color=EDGE, linewidth=1.2, linestyle="--", label="prior",
                  gid="prior")  # fmt: skip
    axes.legend(prop=SMALL.font, frameon=False, loc=key_side(x, y))
    axes.set_ylim(0, 1.08 * float(y[np.isfinite(y)].max()))


def _label(axes: "Axes", view: View, quantity: str, table: pd.DataFrame, *, per_cent: bool) -> None:
    span = Range(float(table["x"].iloc[0]), float(table["x"].iloc[-1]))
    show_range(axes, span, kind=wording.kind(view, quantity))
    if per_cent:  # a fraction in data, per cent in print
        ticks = linear_ticks(Range(100 * span.low, 100 * span.high))
        set_ticks(axes, Ticks(tuple(each / 100 for each in ticks.positions), ticks.labels))
    unit = wording.quantity_unit(view, quantity)
    density = f"Density (1 / {unit})" if unit else "Density"
    name_axes(axes, x=wording.quantity_title(view, quantity), y=density)
