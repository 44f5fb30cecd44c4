"""The gap in words: the whole, then what each step brings, in either order."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.comparison import wording
from bayesmeta.comparison.gap import PLUG_IN
from bayesmeta.comparison.gap_steps import ALL_PRIORS, FLAT_TAU, MU_PRIOR, TAU_PRIOR, listed
from bayesmeta.comparison.printing import Printing, change_precision, gap_printing
from bayesmeta.comparison.row import Record
from bayesmeta.errors import AnalysisError
from bayesmeta.summaries import digits
from bayesmeta.summaries.precision import Kind, Precision

if TYPE_CHECKING:
    import pandas as pd

_PARTS = ("estimate", "width", "pi_width")
_ENDS = {"width": ("lower", "upper"), "pi_width": ("pi_lower", "pi_upper")}
_BY = {"estimate": "multiplies the estimate by {size}", "width": "{verb} the interval {size} times",
       "pi_width": "{verb} the prediction interval {size} times"}  # fmt: skip
RATIOS_NOTE = (
    "Of ratios a change is a factor; an interval's width is its upper limit over its lower one."
)
ORDER = "What each step changes depends on their order."
_WHAT = {"estimate": "the estimate", "width": "the interval", "pi_width": "the prediction interval"}
_VERBS = {"estimate": ("raises", "lowers"), "width": ("widens", "narrows"),
          "pi_width": ("widens", "narrows")}  # fmt: skip


def gap_sentences(gap: "pd.DataFrame") -> tuple[str, str]:
    """Return what the Bayesian analysis changes in all, then what each step contributes.

    The second also has what the priors contribute in the reversed order, that on mu before that
    on tau, where there are both.

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

    Raises
    ------
    AnalysisError
        If the table is another.
    """  # noqa: RUF002
    if not {"skipped", "step"} <= set(getattr(gap, "columns", ())):
        raise AnalysisError(
            f"The sentences are of an answer of bayesmeta.explain_gap, not of a "
            f"{type(gap).__name__}."
        )
    steps = [step for step in gap.to_dict("records") if not step["skipped"]]
    if not steps:
        return "No step from REML to the chosen priors can be made.", f"Nothing{_absent(gap)}."
    printed = gap_printing(gap)
    whole = _whole(gap, steps, printed)
    text = _clauses(gap, steps, printed) or "there is no step to speak of"
    parts = [f"{text[:1].upper()}{text[1:]}{_absent(gap)}."]
    parts += [RATIOS_NOTE] if printed.effect.kind is Kind.RATIO and len(steps) > 1 else []
    return whole, " ".join([*parts, *_other_way(gap, printed)])


def _clauses(gap: "pd.DataFrame", steps: Sequence[Record], printed: Printing) -> str:
    return "; ".join(
        f"{_subject(gap, before, step)} {_changes([before, step], _PARTS[:2], printed)}"
        for before, step in pairwise(steps)
    )


def _other_way(gap: "pd.DataFrame", printed: Printing) -> list[str]:
    """Return the contributions of both priors with that on mu first, where it can be so."""
    steps = [step for step in gap.attrs.get("reversed", []) if not step["skipped"]]
    names = [step["step"] for step in steps]
    if MU_PRIOR not in names or ALL_PRIORS not in names or names.index(MU_PRIOR) == 0:
        return []
    if TAU_PRIOR not in list(gap.loc[gap["skipped"] == "", "step"]):
        return []  # both priors come in together, in either order
    part = steps[names.index(MU_PRIOR) - 1 :]
    return [f"{ORDER} With the prior on mu first: {_clauses(gap, part, printed)}."]


def _whole(gap: "pd.DataFrame", steps: Sequence[Record], printed: Printing) -> str:
    """Return the sentence on both ends of the path."""
    first, last = steps[0], steps[-1]
    taus = listed(gap.attrs["spreads"])
    known = f"{taus} taken as known (REML)" if taus else "a common effect and no prior"
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
    taus, kept = gap.attrs["spreads"], gap.attrs["kept"]
    own = {name: said.pop(name) for name in (*taus, *kept)}
    tau = ", ".join(f"{name} ~ {own[name]}" for name in taus)
    alone = tau.partition(" ~ ")[2] if taus == [schema.TAU] else tau
    uncertain = f"taking {listed([*taus, *kept])} as uncertain"
    others = ", ".join(f"{name} ~ {prior}" for name, prior in said.items())
    several = "priors" if len(said) > 1 else "prior"
    match before["step"], step["step"]:
        case _, name if name == FLAT_TAU:
            return uncertain
        case earlier, name if name == MU_PRIOR:
            both = f"{uncertain} and " if earlier == PLUG_IN else ""
            return f"{both}using the {several} {others}"
        case earlier, _ if earlier == MU_PRIOR:
            return f"using tau's prior {alone}" if taus == [schema.TAU] else f"using {tau}"
        case earlier, name if name == TAU_PRIOR:
            whose = "its prior" if len(taus) == 1 else "the priors"
            return f"{f'{uncertain} with' if earlier == PLUG_IN else 'using'} {whose} {alone}"
        case earlier, _ if earlier in (FLAT_TAU, PLUG_IN) and tau:
            return f"using all priors ({others}, {tau})"
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
    if printed.effect.kind is Kind.RATIO:
        return _factor(ends[1][part] - ends[0][part], part)
    change = measured(ends[1], part, printed) - measured(ends[0], part, printed)
    error = float(np.nansum([end[f"{part}_error"] for end in ends]))
    size = as_difference(change_precision(printed, part)).number(abs(change), error)
    if not digits.read(size):
        return _same(part)
    return f"{_VERBS[part][change < 0]} {_WHAT[part]} by {size}"


def as_difference(precision: Precision) -> Precision:
    """Return how a difference between printed numbers is printed."""
    return replace(precision, kind=Kind.NUMBER, marks=(0.0,))


def measured(step: Record, part: str, printed: Printing) -> float:
    """Return an estimate or a width of a step, on the scale that it is read on."""
    shown = printed.effect.shown
    if part == "estimate":
        return shown(step[part])
    lower, upper = (shown(step[name]) for name in _ENDS[part])
    return upper - lower


def _same(part: str) -> str:
    return f"leaves {_WHAT[part]} {'where' if part == 'estimate' else 'as wide as'} it was"


def _factor(change: float, part: str) -> str:
    """Return the change of a ratio, or of its interval's upper limit over the lower: a factor."""
    size = factor(abs(change) if part != "estimate" else change)
    if digits.read(size) == 1:
        return _same(part)
    return _BY[part].format(size=size, verb=_VERBS[part][change < 0])


def factor(change: float) -> str:
    """Return the factor that a logarithm's change is, with three decimals near 1.

    Examples
    --------
    >>> factor(0.0), factor(-0.0202), factor(1.2)
    ('1', '0.980', '3.32')
    """
    value = math.exp(change)
    places = 3 if 0.8 < value < 1.25 else digits.ratio_places(value)  # noqa: PLR2004
    text = digits.fixed(value, places)
    return "1" if digits.read(text) == 1 else text


def _span(step: Record, level: str, printed: Printing) -> str:
    names = ("estimate", "lower", "upper")
    values = [step[name] for name in names]
    found = printed.effect.span(values, [np.nan_to_num(step[f"{name}_error"]) for name in names])
    return f"{found.point} ({level}{found.lower} to {found.upper})"


def _name(gap: "pd.DataFrame") -> str:
    """Return what is estimated, with its unit."""
    quantity, unit = gap.attrs["quantity"], wording.unit(gap.attrs)
    title = wording.measure_title(gap.attrs)
    title = title[:1].lower() + title[1:]
    if quantity == schema.MU:
        return f"the pooled {title}{f' in {unit}' if unit else ''}"
    said = wording.quantity_title(gap.attrs, quantity)
    name, _, inside = said.rpartition(", ") if ", " in said else (said, "", "")
    return f"the {name[:1].lower()}{name[1:]}{f' in {inside}' if inside else ''}"


def _has_tau(gap: "pd.DataFrame") -> bool:
    return bool(gap.attrs["spreads"])


def _absent(gap: "pd.DataFrame") -> str:
    """Return which steps are not there, and why, in brackets."""
    rows = gap.loc[gap["skipped"] != "", ["step", "skipped"]].itertuples(index=False)
    said = [f"{step}: {str(reason).partition(';')[0].rstrip('.')}" for step, reason in rows]
    return f" (left out: {'; '.join(said)})" if said and _has_tau(gap) else ""
