"""A prior as a figure: density, median and interval, and what it says of two new studies."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.plots.axes import key_side, name_axes, show_range
from bayesmeta.plots.column import across
from bayesmeta.plots.ink import BLUE, MARGIN, PALE, SMALL, TITLE
from bayesmeta.plots.paper import Said
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Panel, figure_of, stage
from bayesmeta.sensitivity.prior_curve import prior_curve
from bayesmeta.spec import OUTCOME, Prior
from bayesmeta.summaries import digits
from bayesmeta.summaries.wording import with_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bayesmeta.priors import Context

_WIDTH, _LEAST, _HEIGHT = 6.4, 2.6, 2.5
_NAMES = {
    schema.TAU: "tau, SD between studies",
    schema.MU: "mu, mean effect",
    schema.BETA: "beta, change of the effect per unit",
}
_ROOM, _HEADROOM = 1.08, 1.4  # the second where the density is high below the key


def plot_prior(  # noqa: PLR0913  (what a figure may show)
    prior: Prior | str,
    parameter: str = schema.TAU,
    *,
    unit: str = "",
    interval: float = 0.95,
    title: str = "",
    context: "Context | None" = None,
    axes: "Axes | None" = None,
) -> "Figure":
    """Return the density of a prior with median and central interval.

    For tau, a sentence says what follows for two new studies: how much their true effects differ.

    Parameters
    ----------
    prior
        Proper; or its text, such as ``"HalfNormal(sigma=5)"``.
    parameter
        What it is a prior of: ``mu``, ``tau`` or ``beta``.
    unit
        The outcome's, such as ``"days"``.
    interval
        Probability of the shaded interval.
    title
        Heading; the prior in words, without one.
    context
        What data-dependent priors look at: the studies' standard errors.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    PriorError
        If the prior does not suit the parameter, or has no total mass.
    AnalysisError
        If the interval is not between 0 and 1.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> figure = bm.plot_prior("HalfNormal(sigma=5)", unit="days")
    >>> figure.axes[0].get_xlabel()
    'tau, SD between studies, days'
    """
    table = prior_curve(prior, parameter, interval=interval, context=context)
    about = table.attrs
    measured = unit if about["unit"] == OUTCOME else about["unit"]
    room = across(_WIDTH, _LEAST) - 2 * MARGIN
    heading = TITLE.wrapped(title or f"{parameter} ~ {about['prior']}", room, most=2)
    panel = stage(axes, Panel(_WIDTH, _HEIGHT, least=_LEAST), head=[Said(heading)],
                  notes=_notes(table, measured))  # fmt: skip
    _draw(panel, table)
    name = with_unit(_NAMES.get(parameter, parameter), measured)
    name_axes(panel, x=name, y=f"Density (1 / {measured})" if measured else "Density")
    return figure_of(panel)


def _draw(axes: "Axes", table: "pd.DataFrame") -> None:
    about = table.attrs
    x, y = table["x"].to_numpy(), table["density"].to_numpy()
    # Some densities are infinite at 0: what is far above the panel is cut off.
    drawn = np.minimum(y, 4 * about["highest"])
    high = min(drawn[0], drawn[-1]) > about["highest"] / 2
    inside = (x >= about["lower"]) & (x <= about["upper"])
    axes.fill_between(x, drawn, where=inside, color=PALE, linewidth=0, gid="interval",
                      label=f"{100 * about['interval']:g} % interval")  # fmt: skip
    axes.plot(x, drawn, color=BLUE, linewidth=1.6, gid="density", label="prior density")
    median = about["median"]
    axes.plot([median] * 2, [0, np.interp(median, x, drawn)], color=BLUE, linestyle=":",
              gid="median", label="median")  # fmt: skip
    axes.legend(prop=SMALL.font, frameon=False, loc=key_side(x, drawn))
    top = (_HEADROOM if high else _ROOM) * about["highest"]
    show_range(axes, Range(0.0, top), which="y")
    show_range(axes, Range(float(x[0]), float(x[-1])))


def _notes(table: "pd.DataFrame", unit: str) -> list[str]:
    about = table.attrs
    level, behind = f"{100 * about['interval']:g} %", f" {unit}" if unit else ""
    said = {
        name: digits.number(value, significant=3) if value else "0"
        for name, value in about.items()
        if isinstance(value, float)
    }
    lines = [
        f"Median {said['median']}, {level} interval {said['lower']} to {said['upper']}{behind}."
    ]
    if "difference_median" in about:
        typical, largest = said["difference_median"], said["difference_upper"]
        lines.append(
            f"True effects of two new studies then differ by {typical}{behind} in the median, and "
            f"by at most {largest}{behind} in {level}."
        )
    if table["x"].iloc[0] > about["lower"] or table["x"].iloc[-1] < about["upper"]:
        lines.append(f"{100 * about['beyond']:.0f} % of the prior lies outside the figure.")
    return lines
