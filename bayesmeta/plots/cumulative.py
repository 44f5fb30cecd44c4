"""A cumulative analysis as a figure: what was known after each study."""

from typing import TYPE_CHECKING

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import draw_arrows, draw_interval, inside, show_range
from bayesmeta.plots.effect_axes import MANY, name_both, room_for, row_height, write_rows
from bayesmeta.plots.ink import BLUE, INK
from bayesmeta.plots.paper import headed
from bayesmeta.plots.scale import effect_range
from bayesmeta.plots.stage import Panel, figure_of, stage
from bayesmeta.sensitivity.asked_words import asked_name, asked_title, kind_of_question

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL = 3.6


def plot_cumulative(
    table: "pd.DataFrame", *, title: str = "", axes: "Axes | None" = None
) -> "Figure":
    """Return estimate, interval and prediction interval after each study, top to bottom.

    Ratios stand on a log axis. An interval that goes on beyond the axis ends in an arrow.

    Parameters
    ----------
    table
        From `bayesmeta.sensitivity.cumulative`.
    title
        Put before what is shown.
    axes
        Where to draw; without them a figure of its own, with heading and notes.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.cumulative`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_cumulative(bm.cumulative(effects, by="precision"))
    >>> figure.axes[0].get_xlabel()
    'mu, days'
    """
    require_answer(table, "cumulative", "pi_lower", "estimate")
    about = table.attrs
    names = [f"+ {name} ({_shown(value)})"
             for name, value in zip(table.index, table[about["by"]], strict=True)]  # fmt: skip
    level = f"{100 * about['interval']:g} %"
    note = (
        f"Median with {level} interval; thin: {level} prediction interval for a new study. "
        f"In order of {about['order']}."
    )
    left, height = room_for(names), row_height(len(names)) * len(names) + 0.1
    panel = stage(axes, Panel(left + _PANEL + 0.2, height, left, least=left + 1.6),
                  head=headed(title, f"{asked_name(about)} as studies were added"),
                  notes=[note])  # fmt: skip
    rows = write_rows(panel, names)
    core = [about["null"], *table["estimate"].dropna(), *table[["pi_lower", "pi_upper"]].iloc[-1]]
    span = effect_range(core, table[["pi_lower", "pi_upper", "lower", "upper"]].to_numpy().ravel())
    show_range(panel, span, kind=kind_of_question(about))
    size = 5.0 if len(names) < MANY else 2.6
    for row, height in zip(table.to_dict("records"), rows, strict=True):
        if row["reason"]:
            continue
        low, high = inside((row["pi_lower"], row["pi_upper"]), span)
        panel.hlines(height, low, high, color=BLUE, linewidth=0.7, gid="prediction")  # fmt: skip
        draw_arrows(panel, (row["pi_lower"], row["pi_upper"]), height, span, color=BLUE)
        draw_interval(panel, (row["lower"], row["upper"]), height, span, width=0.4 * size)
    panel.plot(table["estimate"], rows, "s", color=INK, markersize=size, zorder=4, gid="estimates")
    panel.axvline(about["null"], color=INK, linewidth=0.9, zorder=0, gid="null")
    name_both(panel, asked_title(about), "")
    return figure_of(panel)


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
