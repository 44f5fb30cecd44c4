"""The effect at chosen durations, as a small forest."""

from typing import TYPE_CHECKING, Any

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.words import chance, effect_span, heading
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.duration_axes import covariate, effect_words
from bayesmeta.plots.interval_plan import Entry, Words
from bayesmeta.plots.interval_rows import interval_figure
from bayesmeta.summaries.own_scale import kind_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_duration_effects(
    found: Duration, *, title: str = "", axes: "Axes | None" = None
) -> "Figure":
    """Return a forest of the mean effect, and that in a new study, at chosen durations.

    Lines are intervals of the mean effect, bars of the effect in a new study. Rows beyond the
    observed durations have an open mark and an asterisk.

    Parameters
    ----------
    found
        From `bayesmeta.duration`.
    title
        Heading; the outcome without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.duration`.
    OutputError
        If the axes are smaller than the figure.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.duration(effects, shapes=["constant", "linear"])
    >>> bm.plot_duration_effects(found).axes[0].get_xlabel()
    'Mean difference, pg/mL'
    """
    require_answer(found, "duration", "predictions", "shapes")
    rows = found.predictions.to_dict("records")
    return interval_figure([_entry(found, row) for row in rows], _words(found, title), axes=axes)


def _entry(found: Duration, row: dict[Any, Any]) -> Entry:
    cells = [_text(found, row, prefix) for prefix in ("", "new_")]
    cells.append(chance(found, row["p_better"], row["p_error"]))
    if found.threshold is not None:
        cells.append(chance(found, row["p_beyond"], row["p_error"]))
    return Entry(
        f"{row['weeks']:g}{'*' if row['extrapolates'] else ''}", row["median"], row["lower"],
        row["upper"], row["new_lower"], row["new_upper"], kind="median",
        filled=not row["extrapolates"], cells=tuple(cells),
    )  # fmt: skip


def _text(found: Duration, row: dict[Any, Any], prefix: str) -> str:
    """Return an effect as the text of the analysis has it; a ratio as the ratio."""
    return effect_span(found, row, prefix).bracketed()


def _words(found: Duration, title: str) -> Words:
    level = f"{100 * found.interval:g} %"
    heads = [("Mean effect", f"[{level}]"), ("New study", f"[{level}]"), ("P(better)",)]
    notes = ["Medians, averaged over the shapes.", *filter(None, [found.predicted])]
    if found.threshold is not None:
        heads.append(("P(matters)",))
        notes.append("Dashed, P(matters): beyond the minimal important difference.")
    if found.study_effects:
        notes.append(found.study_effects)
    beyond = bool(found.predictions["extrapolates"].any())
    return Words(
        heading(found, title), tuple(heads), effect_words(found), (" ".join(notes),),
        (f"mean effect, {level} interval", "* beyond the observed durations" if beyond else ""),
        kind=kind_of(found.measure), threshold=found.threshold, label=covariate(found),
    )  # fmt: skip
