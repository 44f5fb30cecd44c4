"""The gap in two sentences."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.comparison import wording
from bayesmeta.comparison.gap import ALL_PRIORS, FLAT_TAU, PLUG_IN, TAU_PRIOR
from bayesmeta.comparison.printing import Printing, change_precision, gap_printing
from bayesmeta.comparison.row import Record
from bayesmeta.summaries import digits
from bayesmeta.summaries.wording import RATIOS

if TYPE_CHECKING:
    import pandas as pd

_PARTS = ("estimate", "width", "pi_width")
_WHAT = {"estimate": "the estimate", "width": "the interval", "pi_width": "the prediction interval"}
_VERBS = {"estimate": ("raises", "lowers"), "width": ("widens", "narrows"),
          "pi_width": ("widens", "narrows")}  # fmt: skip


def gap_sentences(gap: "pd.DataFrame") -> tuple[str, str]:
    """Return what the Bayesian analysis changes in all, then what each step contributes.

    Parameters
    ----------
    gap
        From `explain_gap`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from bayesmeta.comparison import explain_gap
    >>> studies = bm.read_studies("examples/data/normand1999.csv")
    >>> effects = bm.effect_sizes(studies, measure="MD", unit="days")
    >>> print(gap_sentences(explain_gap(effects))[0])  # doctest: +ELLIPSIS
    With tau taken as known (REML), the pooled mean difference in days is −15.1 (95 % interval ...
    """  # noqa: RUF002
    steps = [step for step in gap.to_dict("records") if not step["skipped"]]
    if not steps:
        return "No step from REML to the chosen priors can be made.", f"Nothing{_absent(gap)}."
    printed = gap_printing(gap)
    whole = _whole(gap, steps, printed)
    clauses = [
        f"{_subject(gap, before, step)} {_changes([before, step], _PARTS[:2], printed)}"
        for before, step in pairwise(steps)
    ]
    text = "; ".join(clauses) or "there is no step to speak of"
    return whole, f"{text[:1].upper()}{text[1:]}{_absent(gap)}."


def _whole(gap: "pd.DataFrame", steps: Sequence[Record], printed: Printing) -> str:
    """Return the sentence on both ends of the path."""
    first, last = steps[0], steps[-1]
    known = "tau taken as known (REML)" if _has_tau(gap) else "a common effect and no prior"
    level = f"{100 * gap.attrs['interval']:g} % interval"
    span = _span(first, f"{level} ", printed)
    if first["step"] != PLUG_IN:
        chosen = "the chosen priors" if last["step"] == ALL_PRIORS else f"the {last['what']}"
        return f"Under {chosen}, {_name(gap)} is {_span(last, f'{level} ', printed)}."
    start = f"With {known}, {_name(gap)} is {span}"
    if last["step"] != ALL_PRIORS:
        return f"{start}; what the chosen priors make of it is not known."
    changes = _changes([first, last], _PARTS, printed)
    return f"{start}; under the chosen priors it is {_span(last, '', printed)}, which {changes}."


def _subject(gap: "pd.DataFrame", before: Record, step: Record) -> str:
    """Return what a step brings in; where the one before it was skipped, it brings in both."""
    said = dict(gap.attrs["priors"])
    tau = said.pop(schema.TAU, "")
    others = ", ".join(f"{name} ~ {prior}" for name, prior in said.items())
    several = "priors" if len(said) > 1 else "prior"
    match before["step"], step["step"]:
        case _, name if name == FLAT_TAU:
            return "taking tau as uncertain"
        case earlier, name if name == TAU_PRIOR:
            both = (
                "taking tau as uncertain with its prior"
                if earlier == PLUG_IN
                else "using its prior"
            )
            return f"{both} {tau}"
        case earlier, _ if earlier in (FLAT_TAU, PLUG_IN) and tau:
            return f"using all priors ({others}, tau ~ {tau})"
    return f"using the {several} {others}"


def _changes(ends: Sequence[Record], parts: Sequence[str], printed: Printing) -> str:
    """Return what changes from one step to another, as verbs."""
    known = [part for part in parts if not np.isnan(ends[1][part] - ends[0][part])]
    said = [_change(ends, part, printed) for part in known]
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0]


def _change(ends: Sequence[Record], part: str, printed: Printing) -> str:
    """Return one change, with a digit more than its ends have: it differs from theirs by rounding.

    Changes of the steps add up to that of the whole, but for the last digit.
    """
    change = ends[1][part] - ends[0][part]
    error = float(np.nansum([end[f"{part}_error"] for end in ends]))
    size = change_precision(printed, part).number(abs(change), error)
    if not digits.read(size):
        return f"leaves {_WHAT[part]} {'where' if part == 'estimate' else 'as wide as'} it was"
    return f"{_VERBS[part][change < 0]} {_WHAT[part]} by {size}"


def _span(step: Record, level: str, printed: Printing) -> str:
    names = ("estimate", "lower", "upper")
    values = [step[name] for name in names]
    found = printed.effect.span(values, [np.nan_to_num(step[f"{name}_error"]) for name in names])
    return f"{found.point} ({level}{found.lower} to {found.upper})"


def _name(gap: "pd.DataFrame") -> str:
    """Return what is estimated, with its unit."""
    quantity, unit = gap.attrs["quantity"], wording.unit(gap.attrs)
    slope = quantity.startswith(schema.BETA)
    per = " per unit of the moderator" if slope and unit else ""
    inside = f" in {unit}{per}" if unit else ""
    if quantity != schema.MU:
        return f"{quantity}{inside}"
    title = wording.measure_title(gap.attrs)
    title = title[:1].lower() + title[1:]
    return f"the pooled {'log ' if gap.attrs['measure'] in RATIOS else ''}{title}{inside}"


def _has_tau(gap: "pd.DataFrame") -> bool:
    return schema.TAU in gap.attrs["priors"]


def _absent(gap: "pd.DataFrame") -> str:
    """Return which steps are not there, and why, in brackets."""
    rows = gap.loc[gap["skipped"] != "", ["step", "skipped"]].itertuples(index=False)
    said = [f"{step}: {str(reason).partition(';')[0].rstrip('.')}" for step, reason in rows]
    return f" (skipped: {'; '.join(said)})" if said and _has_tau(gap) else ""
