"""Members with t effects beside more slopes than their tables have."""

from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.answers import Posed
from bayesmeta.cohorts.members import Member, Route, effect_row, integrated, member_of
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.sampled import SETTINGS, Sampled
from bayesmeta.cohorts.tails import sides
from bayesmeta.engines import lines
from bayesmeta.refits.sampled import taking_part


def serves(pooled: Assembly) -> bool:
    """Return whether the tables that members share have room for the slopes of a table."""
    return len(pooled.coefficients) <= sides.MOST + 1


def beside_slopes(question: Question, way: Route, assembly: Assembly) -> Member:
    """Return a member row by row: integrated, or by draws where it has too many coefficients.

    Raises
    ------
    BayesmetaError
        If its posterior is not integrated, or not sampled.
    """
    if len(assembly.coefficients) <= lines.MOST:
        return integrated(question, way)
    whole = None if way.taking_part.all() else way.taking_part
    own = assembly if whole is None else taking_part(assembly, whole)
    return member_of(question, way, Posed(own, Sampled.of(own), effect_row(own)), None)


def by_draws(member: Member) -> tuple[str, ...]:
    """Return what is to be said of a member that was sampled; nothing of another."""
    found = member.posed.integral
    if not isinstance(found, Sampled):
        return ()
    error = member.parameters["mu"]["error"]
    said = (
        f"The member {member.label}: it has {len(member.posed.assembly.coefficients)} "
        f"coefficients, the exact engine integrates {lines.MOST}; drawn by NUTS "
        f"({SETTINGS.chains} chains of {SETTINGS.draws}, seed {found.seed}), mean of mu to a "
        f"Monte Carlo error of {error:.2g}; log p(trials | cohorts) is left out: draws have none."
    )
    return (said, *(f"The member {member.label}: {each}" for each in found.messages))
