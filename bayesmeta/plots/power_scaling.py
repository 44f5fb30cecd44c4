"""Power-scaling sensitivities as bars, the threshold drawn in."""

from typing import TYPE_CHECKING

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import name_axes, name_rows, show_range
from bayesmeta.plots.ink import BLUE, BODY, DOTTED, INK, MARGIN
from bayesmeta.plots.marks import area
from bayesmeta.plots.paper import headed
from bayesmeta.plots.scale import Range
from bayesmeta.plots.stage import Key, Panel, figure_of, stage

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _PANEL, _LEAST = 0.5, 3.6, 1.8
_HATCH = "////"
_NOTABLE = 0.05


def plot_power_scaling(
    table: "pd.DataFrame", *, title: str = "", axes: "Axes | None" = None
) -> "Figure":
    """Return each parameter's sensitivity to all priors together and to the likelihood.

    Parameters
    ----------
    table
        From `bayesmeta.sensitivity.power_scaling`.
    title
        Put before what is shown.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

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
    size = Panel(left + _PANEL + MARGIN, _ROW * len(names) + 0.2, left, least=left + _LEAST)
    key = Key([area(BLUE), area("white", edge=INK, hatch=_HATCH)], ["priors", "likelihood"])
    panel = stage(axes, size, head=head, notes=[note], key=key)
    rows = name_rows(panel, names)
    panel.barh(rows + 0.17, table["prior"], height=0.3, color=BLUE, gid="prior")
    panel.barh(rows - 0.17, table["likelihood"], height=0.3, facecolor="white", edgecolor=INK,
               hatch=_HATCH, gid="likelihood")  # fmt: skip
    panel.axvline(_NOTABLE, color=INK, linestyle=DOTTED, linewidth=1)
    show_range(panel, Range(0.0, panel.get_xlim()[1]))
    name_axes(panel, x="Sensitivity")
    return figure_of(panel)
