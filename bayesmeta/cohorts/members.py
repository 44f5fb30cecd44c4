"""The members: ways to let cohorts count, each a posterior."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.answers import Posed, effect, parameters
from bayesmeta.cohorts.by_row import chances
from bayesmeta.cohorts.question import Question
from bayesmeta.engines.lines import Lines
from bayesmeta.location import slopes
from bayesmeta.location.design import Location
from bayesmeta.priors import is_proper

POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the power prior's rows."""


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

    @property
    def label(self) -> str:
        """Its name with its power, as a row of a table has it."""
        return self.member if self.power is None else f"{self.member} {self.power:g}"


def members(question: Question) -> list[Member]:
    """Return every member, those without the cohorts or the trials at both ends.

    Raises
    ------
    BayesmetaError
        If a model does not fit the table, or a posterior would be improper.
    """
    return list(_members(question))


def _members(question: Question) -> Iterator[Member]:
    pooled = _pooled(question)
    trials, everyone = 1 - question.cohort, np.ones_like(question.cohort)
    yield _member("trials-only", question, pooled, trials)
    yield _member("naive", question, pooled, everyone)
    yield _member("design-bias", question, question.biased, everyone, u=question.bias_sd)
    for power in POWERS:
        choices = {**question.choices("power-prior"), "power": str(power)}
        own = question.assembled("power-prior", choices)
        yield _member("power-prior", question, own, everyone, power=power)
    if not question.no_probable_biases:
        probable = question.assembled("probably-biased", question.choices("probably-biased"))
        yield _member("probably-biased", question, probable, everyone, u=question.bias_sd)
    yield _member("moderator", question, moderated(question), everyone)
    yield _member("cohorts-only", question, pooled, question.cohort)


def _pooled(question: Question) -> Assembly:
    return question.assembled("meta-regression" if question.moderators else "random-effects")


def moderated(question: Question) -> Assembly:
    """Return the table with design as an ordinary moderator: a centred slope, mu at its mean.

    The slope has the prior of any other; that of the bias where nobody states one and the table
    does not say how many took part.
    """
    pooled = _pooled(question)
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


def _member(
    name: str, question: Question, assembly: Assembly, taking_part: FloatArray, *,
    u: float | None = None, power: float | None = None,
) -> Member:  # fmt: skip
    whole = None if taking_part.all() else taking_part
    integral = question.answered(assembly, whole)
    posed = Posed(assembly, integral, _row(assembly), whole)
    known = effect(posed, question)
    beyond = known.get("p_beyond")
    return Member(
        name, u, power, parameters(posed, question), float(known["p_benefit"][0]),
        None if beyond is None else float(beyond[0]), float(known["cohort_share"][0]),
        _evidence(name, posed, question), _biased(posed), posed,
    )  # fmt: skip


def _row(assembly: Assembly) -> FloatArray:
    """Return the effect in trials: where design is a moderator, where its column is 0."""
    row: FloatArray = np.eye(len(assembly.coefficients))[0]
    if schema.IS_COHORT in assembly.terms:
        place = assembly.terms.index(schema.IS_COHORT)
        row[assembly.location.means + place] = -assembly.location.column_means[place]
    return row


def _evidence(name: str, posed: Posed, question: Question) -> float | None:
    """Return log p(trials | cohorts): that of both less that of the cohorts alone."""
    if name == "cohorts-only":
        return None
    if not all(is_proper(prior) for prior in posed.assembly.priors.values()):
        return None
    both = float(posed.integral.log_marginal_likelihood[0])
    powers = posed.assembly.powers
    if name == "trials-only" or (powers is not None and not np.any(powers * question.cohort)):
        return both  # nothing is said by the cohorts
    alone = question.answered(posed.assembly, question.cohort)
    return both - float(alone.log_marginal_likelihood[0])


def _biased(posed: Posed) -> dict[str, float]:
    assembly, integral = posed.assembly, posed.integral
    if isinstance(integral, Lines):
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
