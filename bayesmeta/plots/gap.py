"""The path from a classical analysis to the Bayesian one, a row a step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.comparison import wording
from bayesmeta.comparison.gap import PLUG_IN
from bayesmeta.comparison.gap_words import gap_sentences
from bayesmeta.comparison.row import Record
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

    Examples
    --------
    ``bm.plot_gap(bm.explain_gap(effects)).savefig("gap.png")``
    """
    ratio = wording.is_ratio(gap.attrs, gap.attrs["quantity"])
    # Changes add up on the scale of the estimates: the axis keeps it, ratios included.
    places = wording.decimals(float(np.nanmin(gap["width"])))
    parts = [part for part in _HEADS if gap[part].notna().any()]
    entries = [_entry(step, parts, places=places) for step in gap.to_dict("records")]
    return interval_figure(entries, _words(gap, parts, title=title, ratio=ratio), path=True)


def _entry(step: Record, parts: Sequence[str], *, places: int) -> Entry:
    point = wording.shown(step["estimate"], _error(step, "estimate"), places=places)
    ends = " to ".join(
        wording.shown(step[name], _error(step, "width"), places=places)
        for name in ("lower", "upper")
    )
    skipped = bool(step["skipped"])
    changes = (_change(step, name, places=places) for name in parts)
    return Entry(
        str(step["what"]), **{name: step[name] for name in ENDS},
        filled=step["step"] != PLUG_IN,
        cells=("skipped" if skipped else f"{point} [{ends}]", *changes),
    )  # fmt: skip


def _change(step: Record, name: str, *, places: int) -> str:
    change = step[f"{name}_change"]
    if np.isnan(change):
        return ""
    text = wording.shown(change, _error(step, name), places=places)
    return f"+{text}" if digits.read(text) > 0 else text


def _error(step: Record, name: str) -> float:
    return float(np.nan_to_num(step[f"{name}_error"]))


def _words(gap: "pd.DataFrame", parts: Sequence[str], *, title: str, ratio: bool) -> Words:
    level = f"{100 * gap.attrs['interval']:g} %"
    axis = wording.quantity_title(gap.attrs, gap.attrs["quantity"])
    return Words(
        title=f"{wording.heading(gap.attrs, title)}: {_TITLE}",
        heads=(("Estimate", f"[{level} interval]"), *(_HEADS[part] for part in parts)),
        axis=f"Log of the {axis[:1].lower()}{axis[1:]}" if ratio else axis,
        notes=gap_sentences(gap),
        key=("Bayesian", "classical"),
        interval=f"{level} interval",
    )  # fmt: skip
