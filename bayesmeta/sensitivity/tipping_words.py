"""Tipping points in words fit for a discussion section."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.scale_axes import REACH, ScaleAxis
from bayesmeta.sensitivity.scales import base_scale
from bayesmeta.summaries import digits
from bayesmeta.summaries.wording import counted

if TYPE_CHECKING:
    import pandas as pd

_DIGITS = 3


class Tip(NamedTuple):
    """Where a criterion tips: nan where it does not, and whether it holds at the own prior."""

    scale: float
    holds: bool
    error: float


def sentence(
    question: Question, axis: ScaleAxis, criterion: str, *, narrower: Tip, wider: Tip
) -> str:
    """Return a tipping point in words fit for a discussion section."""
    what, at = _claim(question, criterion), _scale(question, axis, axis.own)
    family = question.assembly.priors[axis.parameter].distribution
    state = "holds" if narrower.holds else "does not hold"
    opening = (
        f"That {what} {state} under the analysis' own prior on {axis.parameter} ({family}, {at})"
    )
    found = [
        f"{'below' if side == 'narrower' else 'above'} {_scale(question, axis, tip.scale)}"
        for side, tip in (("narrower", narrower), ("wider", wider))
        if np.isfinite(tip.scale)
    ]
    if not found:
        never = f"no other scale of the prior on {axis.parameter} changes this"
        ends = (digits.number(end, significant=_DIGITS) for end in
                (axis.base / REACH, axis.base * REACH))  # fmt: skip
        unit = question.assembly.effects.unit
        searched = f"searched from {' to '.join(ends)}{f' {unit}' if unit else ''}"
        return f"{opening}; {never} ({searched})."
    change = "would no longer hold" if narrower.holds else "would hold"
    return f"{opening}; it {change} with that scale {' or '.join(found)}."


def _claim(question: Question, criterion: str) -> str:
    if criterion.startswith("P("):
        own = criterion.replace(f"P({question.symbol})", f"P({question.event})")
        return own.replace(" = ", " is at least ")
    side = "below" if question.benefit == "lower" else "above"
    level = f"{100 * question.interval:g} % interval"
    return f"the {level} of {question.name} lies {side} {question.read_null:g}"


def _scale(question: Question, axis: ScaleAxis, scale: float) -> str:
    if not np.isfinite(scale):
        return "infinite scale"
    unit = axis.unit
    share = base_scale(question.assembly.effects)[1]
    own, multiple = (_told(size / base, axis.own / base) for size, base in
                     ((scale, 1.0), (scale, axis.base)))  # fmt: skip
    per = " per SD" if axis.per_sd else ""
    told = f"{own}{f' {counted(own, unit)}' if unit else ''}"
    return f"{told}, {multiple} {share}{per}" if share else f"{told}{per}"


def _told(scale: float, own: float) -> str:
    """Return a scale: the own as priors are printed, another with digits that tell it apart."""
    if scale == own:
        return f"{own:.4g}"
    places = digits.places(scale, significant=_DIGITS)
    return digits.fixed(scale, digits.telling(scale, own, places))


def tipping_sentences(table: "pd.DataFrame") -> list[str]:
    """Return the sentences of tipping points; what no scale of a prior changes is said once.

    Parameters
    ----------
    table
        From `tipping_point`.
    """
    found: list[str] = []
    for _, part in table.groupby(level="prior_of", sort=False):
        settled = part[part[["narrower", "wider"]].isna().all(axis=1)]
        for holds, alike in settled.groupby("holds", sort=False):
            found.append(_together(list(alike["sentence"]), holds=bool(holds)))
        found += list(part.drop(index=settled.index)["sentence"])
    return found


def _together(said: list[str], *, holds: bool) -> str:
    """Return sentences that end alike as one."""
    if len(said) == 1:
        return said[0]
    one, many = (" holds under", " hold under") if holds else (" does not hold", " do not hold")
    claims = [sentence.partition(one)[0].removeprefix("That ") for sentence in said]
    rest = said[0].partition(one)[2].replace("changes this", "changes any of it")
    return f"That {', that '.join(claims[:-1])} and that {claims[-1]}{many}{rest}"


def placement(found: Mapping[str, object], empirical: Mapping[str, object]) -> str:
    """Return where a tipping prior on tau lies among published ones, as a sentence."""
    said = [
        f"{100 * float(found[key]):.0f} % of {name}"  # type: ignore[arg-type]
        for side in ("narrower", "wider")
        for name in empirical
        if np.isfinite(found[key := f"{side}_quantile in {name}"])  # type: ignore[call-overload]
    ]
    return f" The median of that prior on tau is above {' and '.join(said)}." if said else ""
