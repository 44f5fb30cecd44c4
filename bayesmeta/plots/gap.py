"""The path from a classical analysis to the Bayesian one, a row a step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.comparison import wording
from bayesmeta.comparison.gap import PLUG_IN
from bayesmeta.comparison.gap_words import as_difference, factor, gap_sentences, measured
from bayesmeta.comparison.printing import Printing, change_precision, gap_printing
from bayesmeta.comparison.row import Record
from bayesmeta.plots.answers import require_answer
from bayesmeta.plots.interval_plan import ENDS, Entry, Words
from bayesmeta.plots.interval_rows import interval_figure
from bayesmeta.summaries import digits
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.wording import AXES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEADS = {"estimate": ("Change of", "estimate"), "width": ("of interval", "width"),
          "pi_width": ("of prediction", "interval width")}  # fmt: skip
_TITLE = "from plug-in REML to the chosen priors"


def plot_gap(gap: "pd.DataFrame", *, title: str = "", axes: "Axes | None" = None) -> "Figure":
    """Return the steps that lead from plug-in REML to the chosen priors, with their changes.

    Parameters
    ----------
    gap
        From `bayesmeta.explain_gap`.
    title
        Heading; the outcome, or the measure's name, without one.
    axes
        In whose place the whole figure stands, at the size it needs; without them it is a page
        of its own.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.explain_gap`.
    OutputError
        If the axes are smaller than the figure.

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
    printed = gap_printing(gap)
    parts = [part for part in _HEADS if gap[part].notna().any()]
    entries, before = list[Entry](), None
    for step in gap.to_dict("records"):
        entries.append(_entry(before, step, parts, printed))
        before = before if step["skipped"] else step
    return interval_figure(
        entries, _words(gap, parts, title=title, kind=printed.effect.kind), path=True,
        axes=axes,
    )  # fmt: skip


def _entry(before: Record | None, step: Record, parts: Sequence[str], printed: Printing) -> Entry:
    if step["skipped"]:
        cells = ["skipped", *("" for _ in parts)]
    else:
        names = ("estimate", "lower", "upper")
        found = printed.effect.span(
            [step[name] for name in names], [_error(step, name) for name in names]
        )
        cells = [found.bracketed(), *(_change(before, step, name, printed) for name in parts)]
    return Entry(
        str(step["what"]), **{name: step[name] for name in ENDS},
        filled=step["step"] != PLUG_IN, cells=tuple(cells),
    )  # fmt: skip


def _change(before: Record | None, step: Record, name: str, printed: Printing) -> str:
    """Return the change from the step before: of ratios a factor, else a difference as read."""
    if before is None or np.isnan(step[f"{name}_change"]):
        return ""
    if printed.effect.kind is Kind.RATIO:
        return f"×{factor(step[f'{name}_change'])}"  # noqa: RUF001
    change = measured(step, name, printed) - measured(before, name, printed)
    text = as_difference(change_precision(printed, name)).number(change, _error(step, name))
    return f"+{text}" if digits.read(text) > 0 else text


def _error(step: Record, name: str) -> float:
    return float(np.nan_to_num(step[f"{name}_error"]))


def _words(gap: "pd.DataFrame", parts: Sequence[str], *, title: str, kind: Kind) -> Words:
    level = f"{100 * gap.attrs['interval']:g} % interval"
    axis = wording.quantity_title(gap.attrs, gap.attrs["quantity"]) + AXES[kind]
    return Words(
        title=f"{wording.heading(gap.attrs, title)}: {_TITLE}",
        heads=(("Estimate", f"[{level}]"), *(_HEADS[part] for part in parts)),
        axis=axis,
        kind=kind,
        notes=gap_sentences(gap),
        key=(f"Bayesian, {level}", f"classical, {level}"),
    )  # fmt: skip
