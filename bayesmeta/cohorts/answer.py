"""Trials beside cohorts: the one call from a table to every way of letting cohorts count."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bayesmeta.assembly import PriorLike, cohorts
from bayesmeta.cohorts.answers import effect
from bayesmeta.cohorts.cautions import cautions
from bayesmeta.cohorts.conflict import conflict
from bayesmeta.cohorts.confounding import confounding
from bayesmeta.cohorts.dial import (
    POINTS,
    biased_by,
    default_sds,
    dial_over_bias,
    dial_over_power,
)
from bayesmeta.cohorts.heavy_tails import require_known, with_tails
from bayesmeta.cohorts.known_bias import Judged, less_known_biases
from bayesmeta.cohorts.members import Member, Say, members
from bayesmeta.cohorts.question import Question, counts, require_choices, require_differences
from bayesmeta.cohorts.result import Designs, with_ratios
from bayesmeta.cohorts.tipping import crossings
from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.location import LOCATIONS
from bayesmeta.location.grammar import read_formula
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import unit_information_sd
from bayesmeta.studies.table import in_words
from bayesmeta.studies.wording import choice
from bayesmeta.summaries.own_scale import pooled_as
from bayesmeta.within import is_positive

_STEPS, _TAILED = 4, 13
"""Of an answer; and more of one with t effects: a step a member, and one for their dials."""


def designs(  # noqa: PLR0913  (a question has as many parts)
    effects: Effects,
    *,
    design: str = "design",
    reference: str = "RCT",
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    spread: str | None = None,
    ratio: float | None = None,
    shared_bias: bool = False,
    heterogeneity: str = "normal",
    known_biases: Judged | None = None,
    missing: str = "error",
    benefit: str = "lower",
    minimal_important_difference: float | None = None,
    threshold: float = 0.975,
    interval: float = 0.95,
    points: int = POINTS,
    say: Say = lambda _done, _every: None,
) -> Designs:
    """Return how much the cohorts may count beside the trials: every member, and both dials.

    All posteriors are integrated exactly, but for those that say that they are sampled. ``mu`` is
    the effect in trials throughout, but for the member of cohorts alone.

    Parameters
    ----------
    effects
        Effect sizes, from `effect_sizes`. Columns ``bias_mean`` and ``bias_sd``, where the table
        has them, are biases of single studies, and taken off first.
    design, reference
        The column of designs, and its level that stands for trials; all others are cohorts.
    moderators, missing
        As in `fit`.
    priors
        Of ``mu``, ``tau``, ``beta``, ``bias``, ``kappa``, ``tau_cohort`` and ``share``, as
        `fit` takes them. The dial is the standard deviation of the bias's prior, a normal one.
    spread, ratio
        How cohorts' effects spread beside those of trials: ``"common"``, ``"ratio"`` (variance
        ``ratio`` times that of trials, 2 without), ``"own"`` or ``"extra"``; by default ``"extra"``
        for the member with a bias, ``"common"`` for others.
    shared_bias
        Whether cohorts that may be biased share one bias, or none has any.
    heterogeneity
        ``"student-t"`` for further rows, the members with t effects of 4 degrees of freedom, and
        for their dials, ``tails``, beside one slope at most. ``spread`` is of their scales as it
        is of the SDs of normal effects. Members of more than three coefficients are drawn by NUTS,
        and say so. All else is of normal effects.
    known_biases
        Mean and SD of the bias that a column of judgements says:
        ``{"rob_overall": {"high": (-0.2, 0.1), "low": (0, 0)}}``.
    benefit, threshold
        Which direction helps, ``"lower"`` or ``"higher"``; how probable benefit must be.
    minimal_important_difference
        Above 0, in the unit; for ratio measures a ratio.
    interval
        Probability of the intervals.
    points
        Of each dial, at least 5.
    say
        Takes how many steps are done, and of how many.

    Returns
    -------
    Designs
        ``members``, ``over_bias``, ``over_power`` are data frames; ``crossings``, ``conflict``.

    Raises
    ------
    BayesmetaError
        If the table has no such designs, or fewer than two studies on one side; if a model does
        not fit the table, or a posterior would be improper.

    References
    ----------
    Turner RM, Spiegelhalter DJ, Smith GCS, Thompson SG (2009). Bias modelling in evidence
    synthesis. J R Stat Soc A 172:21-47. doi:10.1111/j.1467-985X.2008.00547.x

    Examples
    --------
    Six simulated trials beside six simulated cohorts:

    >>> import bayesmeta as bm
    >>> table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    >>> effects = bm.effect_sizes(table, "MD", outcome="TNF-alpha")
    >>> found = bm.designs(effects, spread="common")
    >>> found.members.set_index("member").loc["naive", ["median", "cohort_share"]].round(2).tolist()
    [-6.55, 0.49]
    """
    require_differences(effects)
    stated = require_choices(benefit, threshold, interval, priors or {})
    require_known(heterogeneity)
    if points < 5:  # noqa: PLR2004  (both ends, and something between)
        raise AnalysisError(f"points is {points}; a dial has at least 5.")
    reference = in_words(reference)
    used = _complete(effects, moderators, design, missing)
    cohort = cohorts(used, design, reference)
    _require_two(used, cohort, design, reference)
    if ratio is not None and spread != "ratio":
        raise AnalysisError(
            f"A ratio ({ratio:g}) goes with the spread ratio, and the spread is "
            f"{spread or 'not stated'}; add {choice('spread', 'ratio')}."
        )
    question = Question(
        used, less_known_biases(used, known_biases), design, reference, cohort, moderators, missing,
        stated, spread, ratio, shared_bias, benefit, threshold, interval,
        _difference(used.measure, minimal_important_difference),
    )  # fmt: skip
    question.require_dial()
    if heterogeneity == "normal":
        return _answered(question, points, say)
    every = _STEPS + _TAILED
    found = _answered(question, points, lambda done, _every: say(done, every))
    found = with_tails(found, heterogeneity, points, lambda done, _every: say(_STEPS + done, every))
    say(every, every)
    return found


def _answered(question: Question, points: int, say: Say) -> Designs:
    rows = members(question)
    say(1, _STEPS)
    over_bias, over_power = _dials(question, points)
    say(2, _STEPS)
    chosen = over_bias[over_bias["spread"] == question.spreads["design-bias"]]
    tips = crossings(question, chosen, over_power)
    say(3, _STEPS)
    biased = next(row for row in rows if row.member == "design-bias").posed
    apart, confounded = conflict(biased, question), confounding(question, biased)
    halved = effect(biased_by(question, question.bias_sd / 2), question)
    say(4, _STEPS)
    designs_of = counts(question)
    return Designs(
        question, designs_of, _uisd(question.effects), _priors(question, rows), tuple(rows),
        over_bias, over_power, tuple(tips), apart, tuple(confounded),
        float(halved["cohort_share"][0]), float(halved["p_benefit"][0]),
        cautions(question, designs_of, confounded, apart),
        question.adjusted.said,
    )  # fmt: skip


def _dials(question: Question, points: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    sds, uisd = default_sds(question, points), _uisd(question.effects)
    tables = []
    for spread in dict.fromkeys([question.spreads["design-bias"], "common"]):
        table = dial_over_bias(question, sds, spread=spread)
        table.insert(0, "spread", spread)
        table.insert(2, "u_uisd", table["u"] / uisd if uisd else np.nan)
        tables.append(table)
    over_bias = pd.concat(tables, ignore_index=True)
    over_power = dial_over_power(question, np.linspace(0, 1, points))
    measure = question.effects.measure
    return with_ratios(over_bias, measure), with_ratios(over_power, measure)


def _complete(effects: Effects, moderators: str | None, design: str, missing: str) -> Effects:
    """Return the studies with every moderator: priors and shares are of these."""
    if moderators is None:
        return effects
    if design in read_formula(moderators, known=tuple(effects.studies.columns)).columns:
        raise AnalysisError(
            f"Moderators {moderators!r} have the column of designs, {design!r}: the members "
            "have it already; leave it out."
        )
    return LOCATIONS["formula"].locate(effects, moderators, missing=missing)[0]


def _require_two(effects: Effects, cohort: np.ndarray, design: str, reference: str) -> None:
    trials = int(effects.estimate.size - cohort.sum())
    known = repr(reference)
    for count, name in ((trials, known), (int(cohort.sum()), f"other than {known}")):
        if count < 2:  # noqa: PLR2004  (one study says nothing of its design)
            raise AnalysisError(
                f"{effects.studies.source}: {count} study has {design} {name}; at least two of "
                "each side are needed."
            )


def _difference(measure: str, difference: float | None) -> float | None:
    """Return a minimal important difference on the scale of the estimates, above 0."""
    if difference is None:
        return None
    if not is_positive(difference):
        raise AnalysisError(
            f"The minimal important difference is {difference!r}; it must be above 0."
        )
    found = pooled_as(measure, difference)
    if found == 0:
        raise AnalysisError(f"A ratio of 1 is no difference; give {measure} of 0.8, for example.")
    return found


def _uisd(effects: Effects) -> float | None:
    try:
        return unit_information_sd(effects)
    except PriorError:
        return None


def _priors(question: Question, rows: Sequence[Member]) -> dict[str, str]:
    """Return the priors of the member with a bias, then what others have beside them."""
    found = {name: str(prior) for name, prior in question.biased.stated().items()}
    for row in rows:
        for name, prior in row.posed.assembly.stated().items():
            if name != "power":  # a row each
                found.setdefault(name, str(prior))
    return found
