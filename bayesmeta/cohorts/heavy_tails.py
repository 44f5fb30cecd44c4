"""The members with t effects, in rows beside those whose study effects are normal."""

from dataclasses import replace

from bayesmeta.cohorts.members import tailed
from bayesmeta.cohorts.result import Designs
from bayesmeta.errors import AnalysisError
from bayesmeta.studies.wording import choice

HETEROGENEITIES = ("normal", "student-t")
"""How study effects may spread in the members."""
_COMMON = "Members with t effects have one tau: effects of cohorts spread as those of trials do."
_DIALS = (
    "Sentences, dials, tipping weights, conflict and confounding are of normal effects: with t "
    "effects a point of a dial is an integral over two coefficients that takes tens of seconds."
)


def require_known(heterogeneity: str, spread: str | None) -> None:
    """Look at how study effects are to spread, beside what is said of those of cohorts.

    Raises
    ------
    AnalysisError
        If no member has such effects, or t effects are to spread by two taus.
    """
    if heterogeneity not in HETEROGENEITIES:
        raise AnalysisError(
            f"heterogeneity is {heterogeneity!r}; the members have: {', '.join(HETEROGENEITIES)}."
        )
    if heterogeneity != "normal" and spread not in (None, "common"):
        raise AnalysisError(
            f"t effects have one tau, and the spread is {spread}; add {choice('spread', 'common')} "
            "or leave it out."
        )


def with_tails(found: Designs, heterogeneity: str) -> Designs:
    """Return an answer with the members with t effects too, or why without."""
    question = found.question
    if question.moderators:
        said = (
            "Members with t effects are left out: beside moderators each takes minutes; fit one "
            f"at a time, with {choice('heterogeneity', heterogeneity)}."
        )
        return replace(found, warnings=(*found.warnings, said))
    asked = replace(question, heterogeneity=heterogeneity, spread="common")
    rows, left_out = tailed(asked)
    notes = () if not rows else (_DIALS,) if question.spread else (_COMMON, _DIALS)
    known = {name: str(prior) for row in rows for name, prior in row.posed.assembly.stated().items()
             if name != "power"}  # fmt: skip
    return replace(found, rows=(*found.rows, *rows), priors={**known, **found.priors},
                   warnings=(*found.warnings, *left_out), notes=(*found.notes, *notes))  # fmt: skip
