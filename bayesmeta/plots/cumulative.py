"""A cumulative analysis as a figure: what was known after each study."""

from typing import TYPE_CHECKING

from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.axes import name_axes, name_rows, show_range
from bayesmeta.plots.ink import BLUE, BODY, INK, MARGIN
from bayesmeta.plots.paper import headed, page
from bayesmeta.plots.scale import effect_range
from bayesmeta.sensitivity.asked_words import asked_name, asked_title, kind_of_question

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
    names = [
        f"+ {name} ({_shown(value)})"
        for name, value in zip(table.index, table[about["by"]], strict=True)
    ]
    left = 0.35 + max(BODY.width(name) for name in names)
    level = f"{100 * about['interval']:g} %"
    notes = [f"Median with {level} interval; thin: {level} prediction interval for a new study."]
    notes.append(f"In order of {about['order']}.")
    head = headed(title, f"{asked_name(about)} as studies were added")
    sheet = page((left + _PANEL + MARGIN, _ROW * len(table) + 0.1), head=head, notes=notes,
                 left=left)  # fmt: skip
    axes = sheet.axes(0.0, 0.0, _PANEL, sheet.height)
    rows = name_rows(axes, names)
    axes.hlines(rows, table["pi_lower"], table["pi_upper"], color=BLUE, linewidth=0.7,
                gid="prediction")  # fmt: skip
    axes.hlines(rows, table["lower"], table["upper"], color=INK, linewidth=2, gid="intervals")
    axes.plot(table["estimate"], rows, "s", color=INK, markersize=5, gid="estimates")
    ends = effect_range([about["null"], *(x for name in _ENDS for x in table[name])], [])
    show_range(axes, ends, kind=kind_of_question(about))
    axes.axvline(about["null"], color=INK, linewidth=0.9, zorder=0, gid="null")
    name_axes(axes, x=asked_title(about))
    return sheet.figure


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
