"""What figures of trials beside cohorts share: words of effects and of members."""

from bayesmeta.cohorts.members import Member
from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.words import shown, sided
from bayesmeta.measures import MEASURES
from bayesmeta.summaries.digits import column_places, fixed
from bayesmeta.summaries.own_scale import is_moved, kind_of
from bayesmeta.summaries.wording import AXES, with_unit

_MEMBERS = {
    "trials-only": "Trials only",
    "naive": "Pooled as one design",
    "design-bias": "Bias of cohorts",
    "power-prior": "Power",
    "probably-biased": "Probably biased",
    "moderator": "Design a moderator",
    "cohorts-only": "Cohorts only",
}


def effect_words(found: Designs) -> str:
    """Return the effect's name and unit for an axis."""
    code = found.measure
    title = MEASURES[code].title if code in MEASURES and code != "generic" else "Effect"
    return with_unit(title + AXES[kind_of(code)], "" if is_moved(code) else found.unit)


def member_name(found: Designs, member: Member) -> str:
    """Return a member's name, with its power, and its effects where they are not normal."""
    return member.named(sided(found, _MEMBERS[member.member]))


def bracketed(found: Designs, point: float, ends: tuple[float, float]) -> str:
    """Return an estimate and its interval as text, as read, with a column's decimals."""
    if is_moved(found.measure):
        return f"{shown(found, point)} [{shown(found, ends[0])} to {shown(found, ends[1])}]"
    decimals = column_places(found.question.effects.standard_error)
    first, *limits = (fixed(value, decimals) for value in (point, *ends))
    return f"{first} [{' to '.join(limits)}]"
