"""The members: ways to let cohorts count, each a posterior."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.answers import Posed, effect, parameters
from bayesmeta.cohorts.by_row import chances
from bayesmeta.cohorts.evidence import evidence, pooled_designs
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.sampled import Sampled
from bayesmeta.cohorts.tails.tailed import Tailed
from bayesmeta.engines.lines import Lines
from bayesmeta.location import slopes
from bayesmeta.location.design import Location

POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the power prior's rows."""
_BIASED = ("design-bias", "probably-biased")
"""Members with a bias, which has a standard deviation."""


@dataclass(frozen=True, eq=False)
class Member:
    """One way to let cohorts count.

    Parameters
    ----------
    member
        Its name.
    u, power
        SD of the bias's prior, power of the cohorts' likelihood; None where it has none.
    parameters
        mean, sd, median, lower, upper, p_below_0, error by parameter; ``mu`` is the effect in
        trials, of the cohorts in the member that leaves trials out.
    p_benefit, p_beyond
        Probability of benefit, and of one beyond the minimal important difference, None where
        none was stated.
    cohort_share
        The cohorts' share in mu: what they say of all that is known of it.
    log_trials_given_cohorts
        The log density of the trials' estimates given those of the cohorts, which all members
        share; None without trials, or where a prior has no total mass.
    p_biased
        Probability that each cohort is biased, by study; empty where nobody asks.
    posed
        The posterior.
    heterogeneity
        How study effects spread around their centre.
    """

    member: str
    u: float | None
    power: float | None
    parameters: dict[str, dict[str, float]]
    p_benefit: float
    p_beyond: float | None
    cohort_share: float
    log_trials_given_cohorts: float | None
    p_biased: dict[str, float]
    posed: Posed
    heterogeneity: str = "normal"

    @property
    def label(self) -> str:
        """Its name with its power and its effects, as a row of a table has it."""
        return self.named(self.member)

    @property
    def is_sampled(self) -> bool:
        """Whether it is known by draws, its errors those of Monte Carlo."""
        return isinstance(self.posed.integral, Sampled)

    def named(self, words: str) -> str:
        """Return words for its name with its power, its effects if not normal, and draws."""
        tails = "" if self.heterogeneity == "normal" else ", t effects"
        tails += ", sampled" if self.is_sampled else ""
        return f"{words}{'' if self.power is None else f' {self.power:g}'}{tails}"


def members(question: Question) -> list[Member]:
    """Return every member, those without the cohorts or the trials at both ends.

    Raises
    ------
    BayesmetaError
        If a model does not fit the table, or a posterior would be improper.
    """
    return [integrated(question, way) for way in routes(question)]


class Route(NamedTuple):
    """A member before it is asked."""

    name: str
    assembled: Callable[[], Assembly]
    taking_part: FloatArray
    power: float | None = None


def routes(question: Question) -> Iterator[Route]:
    """Return the ways to every member."""
    pooled = pooled_designs(question)
    trials, everyone = 1 - question.cohort, np.ones_like(question.cohort)
    yield Route("trials-only", lambda: pooled, trials)
    yield Route("naive", lambda: pooled, everyone)
    yield Route("design-bias", lambda: question.biased, everyone)
    for power in POWERS:
        yield Route("power-prior", partial(_powered, question, power), everyone, power)
    if not question.no_probable_biases:
        yield Route("probably-biased", partial(_probable, question), everyone)
    yield Route("moderator", partial(moderated, question), everyone)
    yield Route("cohorts-only", lambda: pooled, question.cohort)


def _powered(question: Question, power: float) -> Assembly:
    choices = {**question.choices("power-prior"), "power": str(power)}
    return question.assembled("power-prior", choices)


def _probable(question: Question) -> Assembly:
    return question.assembled("probably-biased", question.choices("probably-biased"))


def moderated(question: Question) -> Assembly:
    """Return the table with design as an ordinary moderator: a centred slope, mu at its mean.

    The slope has the prior of any other; that of the bias where nobody states one and the table
    does not say how many took part.
    """
    pooled = pooled_designs(question)
    own, mean = pooled.location, float(question.cohort.mean())
    terms = (*own.terms, schema.IS_COHORT)
    location = Location(
        np.column_stack([own.design, question.cohort - mean]),
        terms,
        np.append(own.column_means, mean),
        own.formula,
        own.moderators,
        (*own.coefficients, slopes(terms)[-1]),
    )
    stated = {name: prior for name, prior in question.priors.items()
              if name in (schema.BETA, schema.slope(schema.IS_COHORT))}  # fmt: skip
    if not stated and question.effects.n is None:
        stated = {schema.slope(schema.IS_COHORT): question.biased.priors[schema.BIAS]}
    model = pooled.model.with_priors(**stated)
    return replace(pooled, location=location).under(model)


def integrated(question: Question, way: Route) -> Member:
    """Return a member, its posterior by the exact engine."""
    assembly = way.assembled()
    whole = None if way.taking_part.all() else way.taking_part
    integral = question.answered(assembly, whole)
    posed = Posed(assembly, integral, effect_row(assembly), whole)
    return member_of(question, way, posed, evidence(way.name, posed, question))


def member_of(question: Question, way: Route, posed: Posed, log_given: float | None) -> Member:
    """Return a member of its posterior.

    Parameters
    ----------
    log_given
        The log density of the trials' estimates given those of the cohorts.
    """
    name, known = way.name, effect(posed, question)
    beyond = known.get("p_beyond")
    return Member(
        name, question.bias_sd if name in _BIASED else None, way.power, parameters(posed, question),
        float(known["p_benefit"][0]), None if beyond is None else float(beyond[0]),
        float(known["cohort_share"][0]), log_given, _biased(posed), posed,
        question.heterogeneity,
    )  # fmt: skip


def effect_row(assembly: Assembly) -> FloatArray:
    """Return the effect in trials: where design is a moderator, where its column is 0."""
    row: FloatArray = np.eye(len(assembly.coefficients))[0]
    if schema.IS_COHORT in assembly.terms:
        place = assembly.terms.index(schema.IS_COHORT)
        row[assembly.location.means + place] = -assembly.location.column_means[place]
    return row


def _biased(posed: Posed) -> dict[str, float]:
    assembly, integral = posed.assembly, posed.integral
    if isinstance(integral, Tailed | Sampled):
        return {}
    if isinstance(integral, Lines):
        if integral.widening is None:
            return {}
        each = integral.points.weight @ chances(assembly, integral)
        return {assembly.effects.labels[row]: float(each[row])
                for row in np.flatnonzero(assembly.layout.marks[schema.IS_COHORT])}  # fmt: skip
    weight = integral.weight[0].sum(axis=-1)
    found = {}
    for row, label in enumerate(assembly.effects.labels):
        name = f"biased[{row}]"
        if name in integral.further:
            found[label] = float(weight @ integral.further[name][0])
    return found


type Say = Callable[[int, int], None]
"""Takes how much is done, and of how much."""
