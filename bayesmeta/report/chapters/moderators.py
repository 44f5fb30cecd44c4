"""What the effect depends on: the slopes of a meta-regression."""

from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Chapter, Words, table
from bayesmeta.schema import slope
from bayesmeta.summaries import wording
from bayesmeta.summaries.remarks import at_mean

_STUDY_LEVEL = (
    "A slope is of studies, not of patients: what differs with a moderator may come with anything "
    "else that does."
)


def moderators(asked: Asked) -> Chapter | None:
    """Return the slopes with their units; None where there are none."""
    view, page = asked.view, asked.page
    names = {term: slope(term) for term in view.terms if slope(term) in page}
    if not names:
        return None
    rows = []
    for term, name in names.items():
        span, unit = page.span(name), wording.quantity_unit(view, name)
        shown = unit or ("log scale" if view.is_ratio else "")
        rows.append(
            [term, shown, span.point, span.lower, span.upper, page.shown(name, "p_below_0")]
        )
    head = ["moderator", "unit of its slope", "median", "lower", "upper", "P(slope < 0)"]
    slopes = table("slopes", f"Slopes: medians, {page.interval}s", head, rows, [_STUDY_LEVEL])
    return Chapter("moderators", "Moderators", (slopes, Words(at_mean(view))))
