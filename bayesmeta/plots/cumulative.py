"""A cumulative analysis as a figure: what was known after each study."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.framed import BLUE, BODY, INK, framed, headed, label, page
from bayesmeta.plots.scale import effect_range, linear_ticks

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_ROW, _PANEL = 0.27, 3.6
_ENDS = ("lower", "upper", "pi_lower", "pi_upper")


def plot_cumulative(table: "pd.DataFrame", *, title: str = "") -> "Figure":
    """Return estimate, interval and prediction interval after each study, top to bottom.

    Parameters
    ----------
    table
        From `bayesmeta.sensitivity.cumulative`.
    title
        Put before what is shown.

    Examples
    --------
    ``plot_cumulative(cumulative(effects, by="year")).savefig("cumulative.png")``
    """
    about = table.attrs
    names = [
        f"+ {name} ({_shown(value)})"
        for name, value in zip(table.index, table[about["by"]], strict=True)
    ]
    left = 0.35 + max(BODY.width(name) for name in names)
    level = f"{100 * about['interval']:g} %"
    notes = [f"Median with {level} interval; thin: {level} prediction interval for a new study."]
    notes.append(f"In order of {about['order']}.")
    heading = headed(title, f"{about['quantity']} as studies were added")
    sheet = page(
        (left + _PANEL + 0.25, _ROW * len(table) + 0.1), title=heading, notes=notes, left=left
    )
    axes = framed(sheet, (0.0, 0.0, _PANEL, sheet.height))
    rows = np.arange(len(table))[::-1]
    axes.hlines(
        rows, table["pi_lower"], table["pi_upper"], color=BLUE, linewidth=0.7, gid="prediction"
    )
    axes.hlines(rows, table["lower"], table["upper"], color=INK, linewidth=2, gid="intervals")
    axes.plot(table["estimate"], rows, "s", color=INK, markersize=5, gid="estimates")
    ends = effect_range([about["null"], *(x for name in _ENDS for x in table[name])], [])
    axes.set_xlim(ends)
    axes.axvline(about["null"], color=INK, linewidth=0.9, zorder=0, gid="null")
    ticks = linear_ticks(ends)
    axes.set_xticks(ticks.positions, ticks.labels, fontproperties=BODY.font)
    axes.set_yticks(rows, names, fontproperties=BODY.font)
    for text in axes.get_yticklabels():
        text.set_parse_math(False)
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.tick_params(axis="y", length=0)
    label(
        axes, x=f"{about['quantity']}, {about['unit']}" if about["unit"] else str(about["quantity"])
    )
    return sheet.figure


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
