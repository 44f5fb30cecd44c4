"""The path from a classical analysis to the Bayesian one, a row a step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.comparison import wording
from bayesmeta.comparison.gap import PLUG_IN
from bayesmeta.comparison.gap_words import gap_sentences
from bayesmeta.comparison.printing import Printing, change_precision, gap_printing
from bayesmeta.comparison.row import Record
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.interval_plan import ENDS, Entry, Words
from bayesmeta.plots.interval_rows import interval_figure
from bayesmeta.summaries import digits

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_HEADS = {"estimate": ("Change of", "estimate"), "width": ("of interval", "width"),
          "pi_width": ("of prediction", "interval width")}  # fmt: skip
_TITLE = "from plug-in REML to the chosen priors"


def plot_gap(gap: "pd.DataFrame", *, title: str = "") -> "Figure":
    """Return the steps that lead from plug-in REML to the chosen priors, with their changes.

    Parameters
    ----------
    gap
        From `bayesmeta.explain_gap`.
    title
        Heading; the outcome, or the measure's name, without one.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.explain_gap`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(table, "MD", unit="days")
    >>> figure = bm.plot_gap(bm.explain_gap(effects))
    >>> figure.axes[0].get_xlabel()
    'Mean difference, days'
    """
    require_answer(gap, "explain_gap", "step", "what")
    ratio = wording.is_ratio(gap.attrs, gap.attrs["quantity"])
    # Changes add up on the scale of the estimates: the axis keeps it, ratios included.
    printed = gap_printing(gap)
    parts = [part for part in _HEADS if gap[part].notna().any()]
    entries = [_entry(step, parts, printed) for step in gap.to_dict("records")]
    return interval_figure(entries, _words(gap, parts, title=title, ratio=ratio), path=True)


def _entry(step: Record, parts: Sequence[str], printed: Printing) -> Entry:
    if step["skipped"]:
        cells = ["skipped", *("" for _ in parts)]
    else:
        names = ("estimate", "lower", "upper")
        found = printed.effect.span(
            [step[name] for name in names], [_error(step, name) for name in names]
        )
        cells = [found.bracketed(), *(_change(step, name, printed) for name in parts)]
    return Entry(
        str(step["what"]), **{name: step[name] for name in ENDS},
        filled=step["step"] != PLUG_IN, cells=tuple(cells),
    )  # fmt: skip


def _change(step: Record, name: str, printed: Printing) -> str:
    change = step[f"{name}_change"]
    if np.isnan(change):
        return ""
    text = change_precision(printed, name).number(change, _error(step, name))
    return f"+{text}" if digits.read(text) > 0 else text


def _error(step: Record, name: str) -> float:
    return float(np.nan_to_num(step[f"{name}_error"]))


def _words(gap: "pd.DataFrame", parts: Sequence[str], *, title: str, ratio: bool) -> Words:
    level = f"{100 * gap.attrs['interval']:g} % interval"
    axis = wording.quantity_title(gap.attrs, gap.attrs["quantity"])
    return Words(
        title=f"{wording.heading(gap.attrs, title)}: {_TITLE}",
        heads=(("Estimate", f"[{level}]"), *(_HEADS[part] for part in parts)),
        axis=f"Log of the {axis[:1].lower()}{axis[1:]}" if ratio else axis,
        notes=gap_sentences(gap),
        key=(f"Bayesian, {level}", f"classical, {level}"),
    )  # fmt: skip
