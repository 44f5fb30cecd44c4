"""The members of an analysis of trials beside cohorts, a line each."""

from collections.abc import Sequence

import numpy as np

from bayesmeta.cohorts.members import Member
from bayesmeta.cohorts.result import Designs
from bayesmeta.summaries.digits import MINUS, number, per_cent, probability, ratio
from bayesmeta.summaries.own_scale import kind_of, on_scale, read_as, symbol
from bayesmeta.summaries.precision import Kind

_SHOWN = {
    "trials-only": "trials only",
    "naive": "pooled as one design",
    "design-bias": "bias of cohorts",
    "power-prior": "power",
    "probably-biased": "probably biased",
    "moderator": "design a moderator",
    "cohorts-only": "cohorts only",
}


def key(found: Designs) -> str:
    """Return what the columns of the members are."""
    on = on_scale(found.measure) or (f", {found.unit}" if found.unit else "")
    return (
        f"{symbol(found.measure)}: posterior median; new trial: interval of the effect in one; "
        f"tau: posterior median, SD between trials{on}; "
        "share: the cohorts' in the pooled effect; log p(t|c): log probability of the trials' "
        "results given the cohorts', the higher the better predicted."
    )


def head(found: Designs) -> str:
    """Return the heads of the columns."""
    event = f"P({found.question.event})"
    return (
        f"{'member':<22}{symbol(found.measure):>9}  {'interval':<20}{'new trial':<20}{'tau':>7}"
        f"{event:>11}{'share':>8}{'log p(t|c)':>12}"
    )


def rows(found: Designs) -> Sequence[str]:
    """Return the members' lines."""
    return [_line(found, member) for member in found.rows]


def _line(found: Designs, member: Member) -> str:
    mu, tau = member.parameters["mu"], member.parameters.get("tau")
    new = member.parameters.get("theta_new", {"lower": np.nan, "upper": np.nan})
    name = _SHOWN[member.member] + ("" if member.power is None else f" {member.power:g}")
    evidence = member.log_trials_given_cohorts
    tau_shown, last = _plain(tau["median"]) if tau else "", ""
    if evidence is not None:
        last = f"{evidence:.2f}".replace("-", MINUS)
    return (
        f"{name:<22}{read(found.measure, mu['median']):>9}  {ends_of(found, mu):<20}"
        f"{ends_of(found, new):<20}{tau_shown:>7}"
        f"{probability(member.p_benefit):>11}{per_cent(member.cohort_share):>8}{last:>12}"
    )


def ends_of(found: Designs, known: dict[str, float]) -> str:
    """Return an interval as effects are read."""
    return " to ".join(read(found.measure, known[name]) for name in ("lower", "upper"))


def read(measure: str, value: float) -> str:
    """Return an effect as it is read: a log ratio as the ratio."""
    shown = read_as(measure, value)
    return ratio(shown) if kind_of(measure) is Kind.RATIO else _plain(shown)


def _plain(value: float) -> str:
    return number(value, significant=3)
