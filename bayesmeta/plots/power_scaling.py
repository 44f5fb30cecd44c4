"""Power-scaling sensitivities as bars, the threshold drawn in."""

from typing import TYPE_CHECKING

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import name_axes, name_rows, show_range
from bayesmeta.plots.ink import BLUE, BODY, DOTTED, INK
from bayesmeta.plots.paper import headed, page
from bayesmeta.plots.scale import Range

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

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.power_scaling`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_power_scaling(bm.power_scaling(effects))
    >>> figure.axes[0].get_xlabel()
    'Sensitivity'
    """
    require_answer(table, "power_scaling", "prior", "likelihood")
    names = [str(name) for name in table.index]
    left = 0.4 + max(BODY.width(name) for name in names)
    note = (
        "Cumulative Jensen-Shannon distance per unit of log2(power); dotted: 0.05, from which on "
        "a look is worthwhile."
    )
    head = headed(title, "Sensitivity to priors and likelihood")
    size = (left + _PANEL + 1.4, _ROW * len(names) + 0.2)
    sheet = page(size, head=head, notes=[note], left=left)
    axes = sheet.axes(0.0, 0.0, _PANEL, sheet.height)
    rows = name_rows(axes, names)
    axes.barh(rows + 0.17, table["prior"], height=0.3, color=BLUE, label="priors", gid="prior")
    axes.barh(rows - 0.17, table["likelihood"], height=0.3, facecolor="white", edgecolor=INK,
              hatch="////", label="likelihood", gid="likelihood")  # fmt: skip
    axes.axvline(_NOTABLE, color=INK, linestyle=DOTTED, linewidth=1)
    show_range(axes, Range(0.0, axes.get_xlim()[1]))
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, prop=BODY.font)
    name_axes(axes, x="Sensitivity")
    return sheet.figure
