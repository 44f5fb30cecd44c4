"""The numbers of trials beside cohorts in words: effects with their unit, ratios as ratios."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.cohorts.result import Designs
from bayesmeta.measures import MEASURES
from bayesmeta.summaries.digits import number, ratio
from bayesmeta.summaries.own_scale import is_moved, on_scale, read_as, symbol
from bayesmeta.summaries.prior_words import prior_phrase

if TYPE_CHECKING:
    import pandas as pd

type Ends = Mapping[str, float]
"""Median, lower and upper of a quantity."""


def heading(found: Designs, title: str = "") -> str:
    """Return title or outcome; simulated data are called so even where the title does not."""
    effects = found.question.effects
    shown = title or effects.outcome or f"{found.names.first} beside {found.names.cohorts}"
    simulated = "simulated" in f"{title} {effects.outcome} {effects.studies.source}".lower()
    return f"SIMULATED DATA. {shown}" if simulated and "SIMULATED" not in shown else shown


def is_ratio(found: Designs) -> bool:
    """Return whether effects are logarithms of a ratio."""
    return found.measure in MEASURES and MEASURES[found.measure].ratio


def scale(found: Designs) -> str:
    """Return measure and unit: a ratio has none."""
    return f"{found.measure}{f' in {found.unit}' if _unit(found) else ''}"


def event(found: Designs) -> str:
    """Return benefit as a probability's argument: of a ratio, ``"RR < 1"``."""
    own = found.question.event.replace("mu", symbol(found.measure))
    return own.replace("0", "1") if is_ratio(found) else own


def beyond(found: Designs, difference: float) -> str:
    """Return what lies beyond a minimal important difference: of a ratio, ``"RR < 0.80"``."""
    low = found.question.benefit == "lower"
    side = shown(found, -difference if low else difference)
    return f"{symbol(found.measure)} {'<' if low else '>'} {side}"


def plain(value: float) -> str:
    """Return a number as sentences have it."""
    return number(value, significant=3)


def shown(found: Designs, value: float) -> str:
    """Return an effect as it is read: a log ratio as the ratio, Fisher's z as r."""
    own = read_as(found.measure, value)
    return ratio(own) if is_ratio(found) else plain(own)


def between(found: Designs, known: Ends) -> str:
    """Return the ends of an effect's interval, as effects are read."""
    return f"{shown(found, known['lower'])} to {shown(found, known['upper'])}"


def with_interval(found: Designs, known: Ends) -> str:
    """Return an effect with its interval in a sentence, and as it is pooled, where that differs."""
    level = f"{100 * found.question.interval:g} %"
    name = f"{symbol(found.measure)} " if is_moved(found.measure) else ""
    point = f"{name}{shown(found, known['median'])}{_unit(found)}"
    first = f"{point} ({level} interval {between(found, known)}"
    if not is_moved(found.measure):
        return f"{first})"
    median, lower, upper = (plain(known[name]) for name in ("median", "lower", "upper"))
    return f"{first}; {'log' if is_ratio(found) else 'z'} {median}, {lower} to {upper})"


def at_mean(found: Designs) -> str:
    """Return where mu stands, led by a space; nothing without moderators."""
    if found.question.moderators is None:
        return ""
    return " mu: where each moderator has its mean over all studies together."


def difference(found: Designs, value: float, beside: str) -> str:
    """Return a difference of effects with what stands beside it in brackets.

    Of log ratios the factor between the ratios, the logarithm behind it.
    """
    if not is_ratio(found):
        return f"{plain(value)}{_unit(found)}{on_scale(found.measure)} ({beside})"
    factor = f"a factor of {shown(found, value)} on the {found.measure}"
    return f"{factor} (log {plain(value)}, {beside})"


def _unit(found: Designs) -> str:
    return f" {found.unit}" if found.unit and not is_moved(found.measure) else ""


def spread(found: Designs, value: float) -> str:
    """Return a standard deviation with its unit, in unit-information SDs too, or its scale."""
    if is_moved(found.measure):
        return f"{plain(value)}{on_scale(found.measure)}"
    uisd = f", {value / found.uisd:.3g} uisd" if found.uisd else ""
    return f"{plain(value)}{_unit(found)}{uisd}"


def priors(found: Designs) -> list[str]:
    """Return each prior in a line; of what is fixed its number."""
    return [prior_phrase(name, prior) for name, prior in found.priors.items()]


def no_weight(found: Designs) -> str:
    """Return when the cohorts' share in mu is none, led by a space; or nothing."""
    if not any(np.isnan(member.cohort_share) for member in found.rows):
        return ""
    return " (n/a for t effects with a power between 0 and 1, and for priors that are not normal)"


def sided(found: Designs, words: str) -> str:
    """Return words of trials and cohorts with what both are called."""
    names = found.names
    for own, other in (("trials", names.trials), ("Trials", names.first),
                       ("cohorts", names.cohorts), ("Cohorts", names.second)):  # fmt: skip
        words = words.replace(own, other)
    return words


def chosen(found: Designs, over_bias: "pd.DataFrame") -> "pd.DataFrame":
    """Return a dial over the bias under the spread of the analysis."""
    return over_bias[over_bias["spread"] == found.question.spreads["design-bias"]]


def spreads(found: Designs) -> str:
    """Return how the effects of cohorts spread beside those of trials, in a sentence."""
    own = found.question.spreads
    biased, others = (_SPREADS[own[model]] for model in ("design-bias", "power-prior"))
    if biased == others:
        said = f"Effects of cohorts spread {biased}; in the members that pool designs as trials do."
    else:
        said = f"Effects of cohorts spread {biased} where they have a bias, else {others}."
    return sided(found, said)


_SPREADS = {
    "common": "as those of trials do",
    "ratio": "by a multiple of the variance of trials",
    "own": "by a tau of their own (tau_cohort)",
    "extra": "further than those of trials (by kappa)",
}
