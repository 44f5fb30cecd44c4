"""Leave-one-out as a figure: the estimate without each study, and how well the rest predict it."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.framed import BLUE, BODY, INK, SMALL, Page, framed, headed, label, page
from bayesmeta.plots.scale import effect_range, linear_ticks
from bayesmeta.summaries import digits

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
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

    Examples
    --------
    ``plot_leave_one_out(leave_one_out(effects)).savefig("leave_one_out.png")``
    """
    about = table.attrs
    names = [f"without {name}" for name in table.index]
    left = 0.35 + max(BODY.width(name) for name in names)
    size = (left + _LEFT_PANEL + _GAP + _RIGHT_PANEL + 0.25, _ROW * len(table) + 0.1)
    sheet = page(
        size,
        title=headed(title, f"{about['quantity']} without each study"),
        notes=_notes(table),
        left=left,
    )
    _estimates(sheet, table, names)
    _densities(sheet, table)
    return sheet.figure


def _notes(table: "pd.DataFrame") -> list[str]:
    about = table.attrs
    level = f"{100 * about['interval']:g} %"
    total = f"{digits.fixed(about['elpd'], 2)} (SE {digits.fixed(about['elpd_se'], 2)})"
    left = f"Left: median and {level} interval without the study; dotted: with all studies."
    right = f"Right: log density of the study's estimate, predicted by the others; sum {total}."
    return [left, f"{right} Filled: in a 5 % tail."]


def _estimates(sheet: Page, table: "pd.DataFrame", names: list[str]) -> None:
    axes = framed(sheet, (0.0, 0.0, _LEFT_PANEL, sheet.height))
    rows = np.arange(len(table))[::-1]
    axes.hlines(rows, table["lower"], table["upper"], color=INK, linewidth=1.1, gid="intervals")
    axes.plot(table["estimate"], rows, "s", color=INK, markersize=5, gid="estimates")
    axes.axvline(
        table.attrs["estimate"], color=BLUE, linestyle=(0, (1, 2)), linewidth=1.2, gid="all studies"
    )
    ends = effect_range([*table["lower"], *table["upper"], table.attrs["null"]], [])
    axes.set_xlim(ends)
    if ends.low <= table.attrs["null"] <= ends.high:
        axes.axvline(table.attrs["null"], color=INK, linewidth=0.9, zorder=0, gid="null")
    ticks = linear_ticks(ends)
    axes.set_xticks(ticks.positions, ticks.labels, fontproperties=BODY.font)
    axes.set_yticks(rows, names, fontproperties=BODY.font)
    for text in axes.get_yticklabels():
        text.set_parse_math(False)
    _rows(axes, len(table))
    label(axes, x=_with_unit(table.attrs))


def _densities(sheet: Page, table: "pd.DataFrame") -> None:
    axes = framed(sheet, (_LEFT_PANEL + _GAP, 0.0, _RIGHT_PANEL, sheet.height))
    rows = np.arange(len(table))[::-1]
    tail = (np.abs(table["pit"] - 0.5) > 0.5 - _TAIL).to_numpy()
    axes.hlines(rows, table["elpd"].max(), table["elpd"], color="#9a9a9a", linewidth=0.8)
    axes.plot(
        table["elpd"][~tail],
        rows[~tail],
        "o",
        markerfacecolor="white",
        markeredgecolor=BLUE,
        markersize=5,
    )
    axes.plot(table["elpd"][tail], rows[tail], "o", color=BLUE, markersize=5, gid="badly predicted")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    ticks = linear_ticks(effect_range(table["elpd"], []))
    axes.set_xticks(ticks.positions[::2], ticks.labels[::2], fontproperties=BODY.font)
    _rows(axes, len(table))
    label(axes, x="Log predictive density")


def _rows(axes: "Axes", count: int) -> None:
    axes.set_ylim(-0.6, count - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=SMALL.size)


def _with_unit(about: Mapping[Hashable | None, object]) -> str:
    return f"{about['quantity']}, {about['unit']}" if about["unit"] else str(about["quantity"])
