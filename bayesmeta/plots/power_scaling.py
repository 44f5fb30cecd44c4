"""Power-scaling sensitivities as bars, the threshold drawn in."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.plots.framed import BLUE, BODY, INK, framed, headed, label, page

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_ROW, _PANEL = 0.5, 3.6
_NOTABLE = 0.05


def plot_power_scaling(table: "pd.DataFrame", *, title: str = "") -> "Figure":
    """Return each parameter's sensitivity to all priors together and to the likelihood.

    Parameters
    ----------
    table
        From `bayesmeta.sensitivity.power_scaling`.
    title
        Put before what is shown.

    Examples
    --------
    ``plot_power_scaling(power_scaling(effects)).savefig("power_scaling.png")``
    """
    names = [str(name) for name in table.index]
    left = 0.4 + max(BODY.width(name) for name in names)
    notes = [
        (
            "Cumulative Jensen-Shannon distance per unit of log2(power); dotted: 0.05, from "
            "which on a look is worthwhile."
        )
    ]
    heading = headed(title, "Sensitivity to priors and likelihood")
    sheet = page(
        (left + _PANEL + 1.4, _ROW * len(names) + 0.2), title=heading, notes=notes, left=left
    )
    axes = framed(sheet, (0.0, 0.0, _PANEL, sheet.height))
    rows = np.arange(len(names))[::-1]
    axes.barh(rows + 0.17, table["prior"], height=0.3, color=BLUE, label="priors", gid="prior")
    axes.barh(
        rows - 0.17,
        table["likelihood"],
        height=0.3,
        facecolor="white",
        edgecolor=INK,
        hatch="////",
        label="likelihood",
        gid="likelihood",
    )
    axes.axvline(_NOTABLE, color=INK, linestyle=(0, (1, 2)), linewidth=1)
    axes.set_yticks(rows, names, fontproperties=BODY.font)
    for text in axes.get_yticklabels():
        text.set_parse_math(False)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, prop=BODY.font)
    label(axes, x="Sensitivity")
    return sheet.figure
