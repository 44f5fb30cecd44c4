"""A duration analysis' answers, a sentence each: prior beside posterior, units, nothing causal."""

import math
from collections.abc import Sequence

from bayesmeta.duration_response.first_week import FirstWeek
from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.words import (
    Row,
    chance,
    change_words,
    is_ratio,
    lasting,
    span,
    tau_words,
    threshold_words,
    unit_words,
    weeks_text,
    with_interval,
)
from bayesmeta.schema import TAU
from bayesmeta.studies.times import time_unit
from bayesmeta.summaries.digits import number
from bayesmeta.summaries.precision import Kind


def answers(found: Duration) -> tuple[str, ...]:
    """Return both questions answered, and how much of tau² goes with the duration."""
    return (_longer(found), *_factor(found), _line(found), *_between(found), *_enough(found),
            *_share(found))  # fmt: skip


def _longer(found: Duration) -> str:
    row = found.changes.to_dict("records")[0]
    better, same, worse = (
        f"{chance(found, row[f'p_{name}'], row['p_error'])} "
        f"(a priori {chance(found, found.prior_chances[f'p_{name}'])})"
        for name in ("better", "same", "worse")
    )
    return (
        f"Longer studies show the better effect with probability {better}: "
        f"{lasting(found, found.longest)} against {lasting(found, found.shortest)}, where "
        f"{found.benefit} is better; no difference {same}, worse {worse}; "
        f"change {change_words(found, row)}."
    )


def _factor(found: Duration) -> list[str]:
    """Return the Bayes factor of any change, where there is a constant to compare with."""
    factor, error = found.factor_of_change, found.factor_of_change_error
    if math.isnan(factor):
        return []
    shown = number(factor, error, significant=2)
    sentence = (
        f"Bayes factor of any change with duration against none: {shown}; it multiplies the prior "
        "odds, whatever they are."
    )
    return [sentence]


def _line(found: Duration) -> str:
    """Return the slope of the straight line alone, and why it says something else."""
    row = found.leave_one_out.to_dict("records")[0]
    each = f" per {time_unit(found.column)[:-1] or f'unit of {found.column}'}"
    on_log = " on the log scale" if is_ratio(found) else ""
    slope = span(row, kind=Kind.NUMBER)
    slope = slope._replace(point=f"{slope.point}{unit_words(found)}{each}{on_log}")
    return (
        f"A straight line alone, its change with the prior that all shapes have, has a slope of "
        f"{with_interval(found, slope)}; a meta-regression on {found.column} gives the slope a "
        "prior of its own, and so may find another. Both take the line as certain, while the "
        "answer above averages over shapes, with no change among them."
    )


def _between(found: Duration) -> list[str]:
    """Return how much of a line's information trials and cohorts tell by their difference."""
    if math.isnan(found.between_designs):
        return []
    share = number(100 * found.between_designs, significant=2)
    sentence = (
        f"Of what the studies say of a straight line {share} % lies between trials and cohorts, at "
        "the taus' medians."
    )
    return [sentence]


def _enough(found: Duration) -> list[str]:
    if found.threshold is None:
        return ["How long is enough is not said: that needs a minimal important difference."]
    return [
        _first_week(found, found.sufficient, what="mean effect"),
        _first_week(found, found.sufficient_new, what="effect in a new study"),
    ]


def _first_week(found: Duration, answer: FirstWeek | None, *, what: str) -> str:
    assert answer is not None  # noqa: S101  (there is a threshold)
    exists = chance(found, answer.exists, answer.exists_error)
    start = (
        f"There is a duration from which on the {what} is {threshold_words(found)}, up to "
        f"{lasting(found, found.longest)}, with probability {exists}"
    )
    if answer.weeks is None:
        return f"{start}; {found.required:g} is not reached."
    shown = lasting(found, answer.weeks, weeks_text(answer.weeks, answer.error))
    if answer.weeks == found.shortest:
        return f"{start}; it is the shortest, {shown}, with probability {found.required:g} or more."
    half = "" if answer.median is None else _half(found, answer.median)
    return f"{start}; it is {shown} or less with probability {found.required:g}{half}."


def _half(found: Duration, median: float) -> str:
    shown = lasting(found, median, f"{median:.3g}")
    if median == found.shortest:
        return f"; the shortest, {shown}, is enough with probability 0.5 or more"
    return f", {shown} or less with probability 0.5"


def _share(found: Duration) -> list[str]:
    row, *others = found.tau.to_dict("records")
    first = [_tau(found, row)] if row["parameter"] == TAU else _others(found, [row])
    told = [*filter(None, [found.study_effects]), *first, *_others(found, others)]
    if math.isnan(row["variance_share_median"]):
        return [*told, "No share of a variance goes with the duration: study effects have none."]
    share = span(row, "variance_share_", kind=Kind.PER_CENT)
    rest = "the variance of a new effect" if others or found.tau_is else "residual tau²"
    goes = (
        f"Of the variance between studies {with_interval(found, share)} goes with the duration: "
        f"the curve's variance over the studies' durations, in that and {rest} together."
    )
    return [*told, goes]


def _tau(found: Duration, row: Row) -> str:
    """Return the residual tau, and the SD of study effects where that is another."""
    said = f"Residual tau {tau_words(found, row)}"
    if not found.tau_is:
        return f"{said}."
    if not math.isfinite(found.sd_over_tau):
        infinite = "; that is infinite here" if math.isinf(found.sd_over_tau) else ""
        return f"{said}; {found.tau_is}{infinite}."
    names = ("median", "lower", "upper", "error")
    spread = {name: found.sd_over_tau * float(row[name]) for name in names}
    ratio = f"{found.sd_over_tau:.3f} tau"
    return f"{said}; {found.tau_is}: that is {ratio}, {tau_words(found, spread)}."


def _others(found: Duration, rows: Sequence[Row]) -> list[str]:
    """Return hyperparameters that a model has beside one tau, with what each is."""
    return [f"{_begun(row['says'])}, {row['parameter']}: {_spread_words(found, row)}."
            for row in rows]  # fmt: skip


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _spread_words(found: Duration, row: Row) -> str:
    """Return a hyperparameter with its interval, one in the outcome's unit with that."""
    return tau_words(found, row) if row["in_unit"] else with_interval(found, span(row))
