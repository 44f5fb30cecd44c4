"""The answer of trials beside cohorts in sentences fit for a discussion section."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.cohorts import words
from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.tipping import Crossing
from bayesmeta.summaries.digits import number, per_cent, probability, stated
from bayesmeta.summaries.phrases import chance
from bayesmeta.summaries.prior_words import rounded

if TYPE_CHECKING:
    import pandas as pd


def sentences(found: Designs) -> tuple[str, ...]:
    """Return the answer in sentences fit for a discussion section."""
    return (_ends(found), *_shares(found), *_tips(found), _conflict(found), *_confounded(found))


def _ends(found: Designs) -> str:
    trials, naive, biased = (
        words.with_interval(found, found.member(name).parameters["mu"])
        for name in ("trials-only", "naive", "design-bias")
    )
    others = found.names.cohorts
    return (
        f"{found.names.first} alone say {trials}; pooled with the {others} as one design {naive}; "
        f"with a bias of the {others}, {rounded(found.priors['bias'])} a priori, {biased}."
    )


def _shares(found: Designs) -> list[str]:
    biased, naive = found.member("design-bias"), found.member("naive")
    first = (
        f"The {found.names.cohorts}' share in mu is {per_cent(biased.cohort_share)} with that "
        f"prior (u = {words.spread(found, found.question.bias_sd)}), "
        f"{per_cent(found.halved_share)} with u = "
        f"{words.spread(found, found.question.bias_sd / 2)}, and "
        f"{per_cent(naive.cohort_share)} where designs are pooled."
    )
    bias = biased.parameters.get("bias")
    if bias is None:
        return [first]
    level = f"{100 * found.question.interval:g} % interval"
    ends = f"{level} {words.plain(bias['lower'])} to {words.plain(bias['upper'])}"
    second = (
        f"The bias is {words.difference(found, bias['median'], ends)} a posteriori, "
        f"P(bias < {1 if words.is_ratio(found) else 0}) {stated(probability(bias['p_below_0']))}."
    )
    return [first, second]


def _tips(found: Designs) -> list[str]:
    normal = [tipping_sentence(found, dial) for dial in _DIALS]
    if found.tails is None:
        return normal
    return [*normal, *(tipping_sentence(found, dial, tails=True) for dial in _DIALS)]


_DIALS = ("u", "power")


def tipping_sentence(found: Designs, dial: str, *, tails: bool = False) -> str:
    """Return where the conclusion changes along a dial, in a sentence fit for a discussion.

    Parameters
    ----------
    tails
        Whether of the dial with t effects.
    """
    question = found.question
    table, tips = _dial(found, dial, tails=tails)
    own = sorted((item for item in tips if item.dial == dial), key=lambda item: item.at)
    what = f"{'with t effects ' if tails else ''}P({words.event(found)})"
    p = table["p_benefit"].to_numpy()
    along = (
        f"the power of the {found.names.cohorts}' likelihood goes from 0 to 1"
        if dial == "power"
        else f"the SD u of the {found.names.cohorts}' bias goes from 0 to infinity"
    )
    first, last = (chance(probability(float(end))) for end in (p[0], p[-1]))
    goes = f"is {first} at both ends" if first == last else f"goes from {first} to {last}"
    if not own:
        side = _side(float(p[0]), question.threshold)
        return (
            f"As {along}, {what} {goes} and {side} throughout: no weight of the "
            f"{found.names.cohorts} changes the conclusion."
        )
    where = "; ".join(_crossed(found, item) for item in own)
    return f"As {along}, {what} {goes}: {where}."


def _dial(found: Designs, dial: str, *, tails: bool) -> tuple["pd.DataFrame", tuple[Crossing, ...]]:
    """Return a dial's points and all crossings beside them."""
    if tails and found.tails is not None:
        own = found.tails
        return (
            own.over_power if dial == "power" else words.chosen(found, own.over_bias)
        ), own.crossings
    return (
        found.over_power if dial == "power" else words.chosen(found, found.over_bias)
    ), found.crossings


def _side(p: float, threshold: float) -> str:
    if p >= threshold:
        return f"stays at {threshold:g} or above"
    if p <= 1 - threshold:
        return f"stays at {1 - threshold:g} or below"
    return f"stays between {1 - threshold:g} and {threshold:g}"


def _crossed(found: Designs, item: Crossing) -> str:
    at = number(item.at, significant=3) if item.dial == "power" else words.spread(found, item.at)
    way = "above" if item.above else "below"
    return (
        f"{way} {item.threshold:g} beyond {item.dial} = {at}, where the {found.names.cohorts}' "
        f"share in mu is {per_cent(item.cohort_share)}"
    )


def _conflict(found: Designs) -> str:
    known = found.conflict
    if np.isnan(known.difference):
        return (
            f"The moderators say exactly which studies are {found.names.cohorts}: with them held "
            "there is no difference between the designs to compare with the bias's prior."
        )
    apart = words.difference(found, known.difference, f"SD {words.plain(known.sd)}")
    return (
        f"{found.names.second} lie {apart} from {found.names.trials}: a bias of "
        f"that size would make the designs agree; a difference as large or larger has probability "
        f"{chance(probability(known.p))} under the bias's prior."
    )


def _confounded(found: Designs) -> list[str]:
    return [
        f"{100 * item.between:.0f} % of the information on {item.term} lies between the designs."
        for item in found.confounded
    ]
