"""The answer at each of several assumed correlations, as intervals."""

from typing import TYPE_CHECKING

from bayesmeta.measures import MEASURES
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.interval_plan import Entry, Words
from bayesmeta.plots.interval_rows import interval_figure
from bayesmeta.sensitivity.correlation_strip import INTEGRATED
from bayesmeta.sensitivity.strip_words import reason, rows_at, signed_of, span
from bayesmeta.summaries.own_scale import is_moved, kind_of
from bayesmeta.summaries.wording import AXES, with_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_correlation_strip(
    table: "pd.DataFrame", *, title: str = "", axes: "Axes | None" = None
) -> "Figure":
    """Return mean effects at each assumed correlation, with the standard deviations beside them.

    Parameters
    ----------
    table
        From `bayesmeta.correlation_strip`.
    title
        Heading; the measure's name without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.correlation_strip`.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import pandas as pd
    >>> import bayesmeta as bm
    >>> frame = pd.DataFrame({"study": list("aab"), "yi": [0.5, 0.3, 0.1], "sei": [0.2] * 3})
    >>> effects = bm.effect_sizes(bm.read_studies(frame), "SMD", repeated=True)
    >>> priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}
    >>> strip = bm.correlation_strip(effects, "correlated", trial="study", priors=priors)
    >>> bm.plot_correlation_strip(strip).axes[0].get_xlabel().split(",")[0]
    "Standardised mean difference (Hedges' g)"
    """
    require_answer(table, "correlation_strip", "quantity", "p_below_0")
    about, means = table.attrs, signed_of(table)
    spreads = [name for name in table["quantity"].unique() if name not in means]
    entries = [entry for name in means for entry in _entries(table, name, spreads, len(means))]
    code = str(about["measure"])
    measure, unit = MEASURES[code], "" if is_moved(code) else str(about["unit"])
    level = f"{100 * about['interval']:g} % interval"
    return interval_figure(
        entries,
        Words(
            title=title or measure.title,
            heads=(("Median", f"[{level}]"), *((name,) for name in spreads)),
            axis=with_unit(measure.title, unit) + AXES[kind_of(code)],
            notes=(reason(table),),
            key=("integrated", "assumed"),
            kind=kind_of(code),
            label=str(about["correlation"]),
        ),
        axes=axes,
    )


def _entries(table: "pd.DataFrame", mean: str, spreads: list[str], count: int) -> list[Entry]:
    """Return a row a correlation, under a heading where there are several means."""
    found = [Entry(mean, heading=True)] if count > 1 else []
    for label in dict.fromkeys(map(str, table.index)):
        own = rows_at(table, label)
        row = own[mean]
        cells = [span(table, own, name) for name in (mean, *spreads)]
        found.append(Entry(label, row["estimate"], row["lower"], row["upper"],
                           filled=label == INTEGRATED, cells=tuple(cells)))  # fmt: skip
    return found
