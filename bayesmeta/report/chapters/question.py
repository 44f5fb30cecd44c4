"""What was asked, of what, and what would count as benefit."""

from bayesmeta import schema
from bayesmeta.report.asked import Asked
from bayesmeta.report.document import Chapter, Items, Words
from bayesmeta.summaries import wording
from bayesmeta.summaries.own_scale import is_moved, no_null, scale_words
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.remarks import at_mean
from bayesmeta.summaries.text import counted

_PLURALS = {Kind.CORRELATION: "correlations", Kind.PROPORTION: "proportions", Kind.RATE: "rates"}


def question(asked: Asked) -> Chapter:
    """Return the question and what is estimated, with its unit."""
    view = asked.view
    k = len(view.studies.labels)
    unit = view.word("unit")
    outcome = view.word("outcome")
    said = [
        f"{counted(view, k)}." if k else "",
        f"Outcome: {outcome}." if outcome and outcome.lower() not in asked.title.lower() else "",
        f"Effect measure: {wording.with_unit(_measure(asked), wording.unit(view))}.",
        _scales(asked),
        ""
        if unit or is_moved(view.word("measure"))
        else "The unit is not stated: the author must add it.",
    ]
    return Chapter(
        "question",
        "Question and estimand",
        (
            Words(" ".join(each for each in said if each)),
            Words(_estimand(asked)),
            Items(_directions(asked)),
        ),
    )


def _scales(asked: Asked) -> str:
    """Return which numbers are on the scale that is pooled on, and what others are printed as."""
    view = asked.view
    measure = view.word("measure")
    if not is_moved(measure):
        return ""
    shown = measure if view.is_ratio else _PLURALS[view.kind]
    return f"Estimates and tau are on {scale_words(measure)}; effects are printed as {shown}."


def _measure(asked: Asked) -> str:
    return wording.measure_title(asked.view).lower()


def _estimand(asked: Asked) -> str:
    view = asked.view
    several = len(view.means) > 1
    mean = "each outcome's mean effect" if several else "the mean effect"
    said = (
        f"Estimated are {mean} (mu), which is the mean of the effects that studies like these "
        "estimate, the effect in a new study (theta_new), and how far the studies' effects lie "
        f"apart ({', '.join(view.hyperparameters) or 'nothing: they are taken as equal'})."
    )
    return f"{said} {at_mean(view)}" if view.terms else said


def _directions(asked: Asked) -> tuple[str, ...]:
    if said := no_null(asked.view.word("measure")):
        return (said,)
    difference, unit = asked.page.difference, wording.unit(asked.view)
    if asked.benefit is None:
        return ("Which direction is benefit was not stated: the author must add it.",)
    matters = (
        "No minimal important difference was stated: the author must add one, or say why not."
        if difference is None
        else f"Minimal important difference: {difference:g}{f' {unit}' if unit else ''}."
    )
    return (*(_side(asked, name) for name in asked.view.means), matters)


def _side(asked: Asked, name: str) -> str:
    label, side = wording.label_of(name), asked.side(name)
    away = "below" if side == "lower" else "above"
    said = f"ratios {away} 1" if asked.view.is_ratio else f"{schema.MU} {away} 0"
    return f"Benefit{f' in {label}' if label else ''}: {said}."
