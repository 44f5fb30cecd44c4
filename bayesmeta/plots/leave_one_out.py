"""Leave-one-out as a figure: the estimate without each study, and how well the rest predict it."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import name_axes, name_rows, set_ticks, show_range
from bayesmeta.plots.ink import BLUE, BODY, DOTTED, FAINT, INK, MARGIN
from bayesmeta.plots.paper import Page, headed, page
from bayesmeta.plots.scale import Ticks, effect_range, linear_ticks
from bayesmeta.summaries import digits
from bayesmeta.summaries.wording import with_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_ROW, _LEFT_PANEL, _RIGHT_PANEL, _GAP = 0.27, 3.2, 1.6, 0.35
_TAIL = 0.025


def plot_leave_one_out(table: "pd.DataFrame", *, title: str = "") -> "Figure":
    """Return the estimate without each study beside that study's predictive density.

    Left: median and interval without the study; the dotted line is the estimate with all. Right:
    its log predictive density; a filled mark where its estimate lies in a 5 % tail of what the
    others predict.

    Parameters
    ----------
    table
        From `bayesmeta.sensitivity.leave_one_out`.
    title
        Put before what is shown.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.leave_one_out`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_leave_one_out(bm.leave_one_out(effects))
    >>> figure.axes[0].get_xlabel()
    'mu, days'
    """
    require_answer(table, "leave_one_out", "elpd", "pit")
    about = table.attrs
    names = [f"without {name}" for name in table.index]
    left = 0.35 + max(BODY.width(name) for name in names)
    size = (left + _LEFT_PANEL + _GAP + _RIGHT_PANEL + MARGIN, _ROW * len(table) + 0.1)
    head = headed(title, f"{about['quantity']} without each {table.index.name}")
    sheet = page(size, head=head, notes=_notes(table), left=left)
    _estimates(sheet, table, names)
    _densities(sheet, table)
    return sheet.figure


def _notes(table: "pd.DataFrame") -> list[str]:
    about = table.attrs
    level = f"{100 * about['interval']:g} %"
    total = f"{digits.fixed(about['elpd'], 2)} (SE {digits.fixed(about['elpd_se'], 2)})"
    one = table.index.name
    own = "estimate" if one == "study" else "estimates"
    left = f"Left: median and {level} interval without the {one}; dotted: with all data."
    right = f"Right: log density of the {one}'s {own}, predicted by the others; sum {total}."
    tails = [] if table["pit"].isna().all() else ["Filled: in a 5 % tail."]
    return [left, " ".join([right, *tails])]


def _estimates(sheet: Page, table: "pd.DataFrame", names: list[str]) -> None:
    axes, about = sheet.axes(0.0, 0.0, _LEFT_PANEL, sheet.height), table.attrs
    rows = name_rows(axes, names)
    axes.hlines(rows, table["lower"], table["upper"], color=INK, linewidth=1.1, gid="intervals")
    axes.plot(table["estimate"], rows, "s", color=INK, markersize=5, gid="estimates")
    axes.axvline(about["estimate"], color=BLUE, linestyle=DOTTED, linewidth=1.2, gid="all studies")
    ends = effect_range([*table["lower"], *table["upper"], about["null"]], [])
    show_range(axes, ends)
    if ends.low <= about["null"] <= ends.high:
        axes.axvline(about["null"], color=INK, linewidth=0.9, zorder=0, gid="null")
    name_axes(axes, x=with_unit(str(about["quantity"]), str(about["unit"])))


def _densities(sheet: Page, table: "pd.DataFrame") -> None:
    axes = sheet.axes(_LEFT_PANEL + _GAP, 0.0, _RIGHT_PANEL, sheet.height)
    rows, elpd = name_rows(axes, ["" for _ in table.index]), table["elpd"]
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    tail = (np.abs(table["pit"] - 0.5) > 0.5 - _TAIL).to_numpy()
    axes.hlines(rows, elpd.max(), elpd, color=FAINT, linewidth=0.8)
    for which, face, gid in ((~tail, "white", "predicted"), (tail, BLUE, "badly predicted")):
        axes.plot(elpd[which], rows[which], "o", color=BLUE, markerfacecolor=face, markersize=5,
                  gid=gid)  # fmt: skip
    ticks = linear_ticks(effect_range(elpd, []))
    set_ticks(axes, Ticks(ticks.positions[::2], ticks.labels[::2]))
    name_axes(axes, x="Log predictive density")
