"""What figures of trials beside cohorts share: words of effects and of members."""

import numpy as np

from bayesmeta.cohorts.members import Member
from bayesmeta.cohorts.result import Designs
from bayesmeta.measures import MEASURES
from bayesmeta.summaries.digits import number, ratio
from bayesmeta.summaries.wording import with_unit

_MEMBERS = {
    "trials-only": "Trials only",
    "naive": "Pooled as one design",
    "design-bias": "Bias of cohorts",
    "power-prior": "Power",
    "probably-biased": "Probably biased",
    "moderator": "Design a moderator",
    "cohorts-only": "Cohorts only",
}


def is_ratio(found: Designs) -> bool:
    """Return whether effects are logarithms of a ratio."""
    return found.measure in MEASURES and MEASURES[found.measure].ratio


def effect_words(found: Designs) -> str:
    """Return the effect's name and unit for an axis."""
    code = found.measure
    title = MEASURES[code].title if code in MEASURES and code != "generic" else "Effect"
    return f"{title} (log scale)" if is_ratio(found) else with_unit(title, found.unit)


def member_name(member: Member) -> str:
    """Return a member's name, with its power."""
    shown = _MEMBERS[member.member]
    return shown if member.power is None else f"{shown} {member.power:g}"


def bracketed(found: Designs, point: float, ends: tuple[float, float]) -> str:
    """Return an estimate and its interval as text; ratios as ratios."""
    values = (point, *ends)
    as_ratio = is_ratio(found)
    shown = [
        ratio(float(np.exp(value))) if as_ratio else number(value, significant=3)
        for value in values
    ]
    return f"{shown[0]} [{shown[1]} to {shown[2]}]"
