"""An analysis of trials beside cohorts as plain text, for the terminal and a discussion section."""

import re
from typing import TYPE_CHECKING

from bayesmeta.cohorts.member_rows import ends_of, head, key, read, rows
from bayesmeta.cohorts.members import Member
from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.tipping import Crossing
from bayesmeta.errors import AnalysisError
from bayesmeta.summaries.digits import number, per_cent, probability, stated
from bayesmeta.summaries.own_scale import is_moved, kind_of, symbol
from bayesmeta.summaries.page import wrapped
from bayesmeta.summaries.precision import Kind

if TYPE_CHECKING:
    import pandas as pd


def designs_text(found: Designs, *, title: str = "") -> str:
    """Return the analysis as plain text: sentences first, then the members, then warnings.

    Parameters
    ----------
    found
        From `bayesmeta.designs`.
    title
        Heading; the outcome without one.

    Raises
    ------
    AnalysisError
        If this is no answer of `bayesmeta.designs`.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.designs(effects, spread="common", points=5)
    >>> bm.designs_text(found).splitlines()[0]
    'SIMULATED DATA. TNF-alpha: MD in pg/mL, 6 RCT, 6 cohort'
    """
    if not isinstance(found, Designs):
        raise AnalysisError(
            f"The text is of an answer of bayesmeta.designs, not of a {type(found).__name__}."
        )
    parts = [
        [f"{heading(found, title)}: {scale(found)}, {_designs(found)}", ""],
        [f"- {sentence}" for sentence in sentences(found)],
        ["", head(found), *rows(found), *wrapped([key(found)])],
        [
            "",
            f"Priors, {found.unit or "the outcome's unit"}",
            *(f"  {name} ~ {_rounded(prior)}" for name, prior in found.priors.items()),
        ],
        ["", "Mind", *(f"- {sentence}" for sentence in found.warnings)] if found.warnings else [],
        ["", *found.notes] if found.notes else [],
    ]
    return "\n".join(line for part in parts for line in part)


def heading(found: Designs, title: str = "") -> str:
    """Return title or outcome; simulated data are called so even where the title does not."""
    effects = found.question.effects
    shown = title or effects.outcome or "Trials beside cohorts"
    simulated = "simulated" in f"{title} {effects.outcome} {effects.studies.source}".lower()
    return f"SIMULATED DATA. {shown}" if simulated and "SIMULATED" not in shown else shown


def scale(found: Designs) -> str:
    """Return measure and unit: ratios and correlations are read as such."""
    unit = f" in {found.unit}" if found.unit and not is_moved(found.measure) else ""
    return f"{symbol(found.measure, found.measure)}{unit}"


def _designs(found: Designs) -> str:
    return ", ".join(f"{count} {level}" for level, count in found.counts.items())


def sentences(found: Designs) -> tuple[str, ...]:
    """Return the answer in sentences fit for a discussion section."""
    return (_ends(found), *_shares(found), *_tips(found), _conflict(found), *_confounded(found))


def _ends(found: Designs) -> str:
    trials, naive = found.member("trials-only"), found.member("naive")
    biased = found.member("design-bias")
    return (
        f"Trials alone say {_interval(trials, found)}; pooled with the cohorts as one design "
        f"{_interval(naive, found)}; with a bias of the cohorts, "
        f"{_rounded(found.priors['bias'])} a priori, {_interval(biased, found)}."
    )


def _shares(found: Designs) -> list[str]:
    biased, naive = found.member("design-bias"), found.member("naive")
    first = (
        f"The cohorts' share in mu is {per_cent(biased.cohort_share)} with that prior "
        f"(u = {_sd(found, found.question.bias_sd)}), "
        f"{per_cent(found.halved_share)} with u = {_sd(found, found.question.bias_sd / 2)}, and "
        f"{per_cent(naive.cohort_share)} where designs are pooled."
    )
    bias = biased.parameters.get("bias")
    if bias is None:
        return [first]
    ratio = kind_of(found.measure) is Kind.RATIO
    shown = [read("OR" if ratio else "", bias[name]) for name in ("median", "lower", "upper")]
    unit = "" if ratio else f" {found.unit}".rstrip()
    second = (
        f"The bias of the cohorts is {'a factor of ' if ratio else ''}{shown[0]}{unit} ({shown[1]} "
        f"to {shown[2]}) a posteriori, P(bias < {1 if ratio else 0}) "
        f"{stated(probability(bias['p_below_0']))}."
    )
    return [first, second]


def _sd(found: Designs, value: float) -> str:
    unit = f" {found.unit}" if found.unit else ""
    ratio = kind_of(found.measure) is Kind.RATIO
    uisd = f", {value / found.uisd:.3g} uisd" if found.uisd and not ratio else ""
    return f"{number(value, significant=3)}{unit}{uisd}"


def _tips(found: Designs) -> list[str]:
    return [tipping_sentence(found, "u"), tipping_sentence(found, "power")]


def tipping_sentence(found: Designs, dial: str) -> str:
    """Return where the conclusion changes along a dial, in a sentence fit for a discussion."""
    question = found.question
    own = sorted((item for item in found.crossings if item.dial == dial), key=lambda item: item.at)
    what = f"P({question.event})"
    table = found.over_power if dial == "power" else _chosen(found)
    p = table["p_benefit"].to_numpy()
    along = (
        "the power of the cohorts' likelihood goes from 0 to 1"
        if dial == "power"
        else "the SD u of the cohorts' bias goes from 0 to infinity"
    )
    shown = [probability(float(end)) for end in (p[0], p[-1])]
    low, high = shown
    ends = f"goes from {low} to {high}" if low != high else f"is {low} at both ends"
    if not own:
        side = _side(float(p[0]), question.threshold)
        return (
            f"As {along}, {what} {ends} and {side} throughout: no weight of the cohorts "
            "changes the conclusion."
        )
    where = "; ".join(_crossed(found, item) for item in own)
    return f"As {along}, {what} {ends}: {where}."


def _chosen(found: Designs) -> "pd.DataFrame":
    return found.over_bias[found.over_bias["spread"] == found.question.spreads["design-bias"]]


def _side(p: float, threshold: float) -> str:
    if p >= threshold:
        return f"stays at {threshold:g} or above"
    if p <= 1 - threshold:
        return f"stays at {1 - threshold:g} or below"
    return f"stays between {1 - threshold:g} and {threshold:g}"


def _crossed(found: Designs, item: Crossing) -> str:
    place = number(item.at, significant=3) if item.dial == "power" else _sd(found, item.at)
    way = "above" if item.above else "below"
    return (
        f"{way} {item.threshold:g} beyond {item.dial} = {place}, where the cohorts' share in mu is "
        f"{per_cent(item.cohort_share)}"
    )


def _conflict(found: Designs) -> str:
    known = found.conflict
    return (
        f"Cohorts lie {_apart(found)} from trials: a bias of that size would make the designs "
        f"agree; a difference as large or larger has probability {probability(known.p)} under the "
        "bias's prior."
    )


def _apart(found: Designs) -> str:
    """Return the difference between the designs, of ratios a factor, with the SD of its log."""
    difference, sd = found.conflict.difference, _plain(found.conflict.sd)
    if kind_of(found.measure) is Kind.RATIO:
        return f"a factor of {read(found.measure, difference)} (SD of its log {sd})"
    return f"{_plain(difference)}{f' {found.unit}' if found.unit else ''} (SD {sd})"


def _confounded(found: Designs) -> list[str]:
    return [
        f"{100 * item.between:.0f} % of the information on {item.term} lies between the designs."
        for item in found.confounded
    ]


def _interval(member: Member, found: Designs) -> str:
    mu = member.parameters["mu"]
    level = f"{100 * found.question.interval:g} %"
    unit = f" {found.unit}" if found.unit and not is_moved(found.measure) else ""
    middle = read(found.measure, mu["median"])
    return f"{middle}{unit} ({level} interval {ends_of(found, mu)})"


def _plain(value: float) -> str:
    return number(value, significant=3)


def _rounded(prior: str) -> str:
    return re.sub(r"\d+\.\d+", lambda part: f"{float(part.group()):.4g}", prior)
