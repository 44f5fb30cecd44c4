"""How well members predict the trials' estimates from those of the cohorts."""

from dataclasses import replace

import numpy as np

from bayesmeta import schema
from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.answers import Posed
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.sampled import Sampled
from bayesmeta.engines.answering import goes_by_row
from bayesmeta.priors import is_proper, normal
from bayesmeta.spec import Prior


def pooled_designs(question: Question) -> Assembly:
    """Return the table as if all its studies had one design."""
    return question.assembled("meta-regression" if question.moderators else "random-effects")


def evidence(name: str, posed: Posed, question: Question) -> float | None:
    """Return log p(trials | cohorts): that of both less that of the cohorts alone.

    Parameters
    ----------
    name
        Of the member.
    posed
        Its posterior.
    """
    if name == "cohorts-only" or isinstance(posed.integral, Sampled):
        return None  # draws have no evidence
    if not all(is_proper(prior) for prior in posed.assembly.priors.values()):
        return None
    both = float(posed.integral.log_marginal_likelihood[0])
    powers = posed.assembly.powers
    if name == "trials-only" or (powers is not None and not np.any(powers * question.cohort)):
        return both  # nothing is said by the cohorts
    alone = question.answered(cohorts_alone(posed.assembly, question), question.cohort)
    return both - float(alone.log_marginal_likelihood[0])


def cohorts_alone(assembly: Assembly, question: Question) -> Assembly:
    """Return a model that says of cohorts alone what the member does.

    Row by row, cohorts that have one centre are integrated over that centre, and not over the
    coefficients whose sum it is: a sum of normals is normal.
    """
    known = [normal(prior) for prior in assembly.coefficient_priors.values()]
    found = [each for each in known if each is not None]
    rows = assembly.design[question.cohort > 0]
    several = goes_by_row(assembly) and len(known) > 1
    if not several or len(found) < len(known) or np.any(rows != rows[0]):
        return assembly
    mean = sum(c * each.mean for c, each in zip(rows[0], found, strict=True))
    variance = sum((c * each.sd) ** 2 for c, each in zip(rows[0], found, strict=True))
    one = pooled_designs(question)
    centre = Prior("Normal", {"mu": float(mean), "sigma": float(np.sqrt(variance))})
    return replace(one, priors={**one.priors, schema.MU: centre})
