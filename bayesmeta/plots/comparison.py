"""Bayesian and classical rows side by side."""

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.comparison import wording
from bayesmeta.comparison.row import Record
from bayesmeta.comparison.text import texts
from bayesmeta.errors import AnalysisError
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.interval_plan import ENDS, Entry, Words
from bayesmeta.plots.interval_rows import interval_figure
from bayesmeta.summaries.wording import AXES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEADINGS = {
    "Bayesian": "Bayesian, exact",
    "Wald": "Classical, Wald interval",
    "Knapp-Hartung": "Classical, Knapp–Hartung interval",  # noqa: RUF001
    "Cluster-robust": "Classical, cluster-robust CR2 interval",
    "Counts": "Common effect, from the counts",
}
_NOTE = (
    "Bayesian: posterior median, central interval. Prediction intervals of classical rows: "
    "metafor's convention. I² from tau², that of CE from Q."
)


def plot_comparison(
    table: "pd.DataFrame", *, coefficient: str = schema.MU, title: str = "",
    axes: "Axes | None" = None,
) -> "Figure":  # fmt: skip
    """Return the rows of a comparison as intervals, with tau and I² beside them.

    Parameters
    ----------
    table
        From `bayesmeta.compare`.
    coefficient
        ``mu``, a slope, or ``Intercept``.
    title
        Heading; the outcome, or the measure's name, without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.compare`, or has no rows of that coefficient.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_comparison(bm.compare(effects))
    >>> figure.axes[0].get_xlabel()
    'Mean difference, days'
    """
    require_answer(table, "compare", "coefficient", "method")
    chosen = table[table["coefficient"] == coefficient]
    if chosen.empty:
        known = ", ".join(table["coefficient"].unique())
        raise AnalysisError(f"The table has no rows of {coefficient!r}; it has: {known}.")
    words = _words(chosen, coefficient, title=title)
    return interval_figure(_entries(chosen, coefficient), words, axes=axes)


def _entries(chosen: "pd.DataFrame", coefficient: str) -> list[Entry]:
    """Return a heading a kind, and its rows below."""
    pairs = zip(chosen.to_dict("records"), texts(chosen, coefficient), strict=True)
    entries = []
    for kind, rows in groupby(pairs, key=lambda pair: str(pair[0]["kind"])):
        entries.append(Entry(_HEADINGS[kind], heading=True))
        entries += [
            Entry(
                _label(row["method"]), **{name: row[name] for name in ENDS},
                filled=kind == "Bayesian",
                cells=(_estimate(row, said), said["tau"], said["I2"]),
            )
            for row, said in rows
        ]  # fmt: skip
    return entries


def _estimate(row: Record, said: Mapping[str, str]) -> str:
    """Return an estimate with its interval, where there is one."""
    known = np.isfinite(row["lower"]) and np.isfinite(row["upper"])
    return f"{said['estimate']} [{said['interval']}]" if known else said["estimate"]


def _label(method: str) -> str:
    """Return a row's label without what its heading says."""
    inside = method.removeprefix("Bayes (")
    return inside.removesuffix(")") if inside != method else method


def _words(chosen: "pd.DataFrame", coefficient: str, *, title: str) -> Words:
    level = f"{100 * chosen.attrs['interval']:g} % interval"
    kind = wording.kind(chosen.attrs, coefficient)
    unit = str(chosen.attrs["unit"])
    left_out = tuple(chosen.attrs["messages"])
    bayesian = (chosen["kind"] == "Bayesian").any()
    scale = AXES[kind]
    return Words(
        title=wording.heading(chosen.attrs, title),
        heads=(("Estimate", f"[{level}]"), (("tau", unit) if unit else ("tau",)), ("I²",)),
        axis=wording.quantity_title(chosen.attrs, coefficient) + scale,
        notes=(str(chosen.attrs.get("legend", "") or _NOTE), *left_out),
        key=(f"Bayesian, {level}" if bayesian else "", f"classical, {level}"),
        kind=kind,
    )
