"""The further questions that a run answers, a folder each; ``SECTIONS`` is the register."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bayesmeta import schema
from bayesmeta.analysis.artefacts import Fitted
from bayesmeta.analysis.keys import OF_DESIGNS
from bayesmeta.analysis.plan import Plan
from bayesmeta.errors import BayesmetaError, OutputError
from bayesmeta.report.document import Chapter, Words
from bayesmeta.studies.wording import choice

NOT_DONE = "not-done.txt"
_TAILS = "student-t"
_SLOPE = f"{schema.BETA}["
_WEEKS, _DESIGN, _REFERENCE, _LEAST = "duration_weeks", "design", "RCT", 2


def _comparison(fitted: Fitted, folder: Path) -> Chapter:
    from bayesmeta.comparison.both import compare_and_explain
    from bayesmeta.report.chapters.comparison import comparison
    from bayesmeta.sections.comparison import write

    plan = fitted.plan
    found = compare_and_explain(
        fitted.effects,
        plan.spec,
        priors=fitted.priors or None,
        moderators=plan.moderators,
        missing=plan.missing,
        interval=plan.interval,
        benefit=plan.benefit,
        minimal_important_difference=plan.minimal_important_difference,
    )
    write(found, folder, title=fitted.title)
    return comparison(found, folder)


def _sensitivity(fitted: Fitted, folder: Path) -> Chapter:
    from bayesmeta.report.chapters.sensitivity import sensitivity
    from bayesmeta.sections.sensitivity import write
    from bayesmeta.sensitivity.examination import examine

    plan = fitted.plan
    side: dict[str, Any] = {"benefit": plan.benefit} if plan.benefit else {}
    found = examine(
        fitted.effects,
        plan.spec,
        moderators=plan.moderators,
        priors=fitted.priors,
        missing=plan.missing,
        **side,
        interval=plan.interval,
        engine=_engine(fitted),
        at=dict(plan.at) or None,
        quantity="effect" if plan.at else "mu",
        **plan.settings.chosen(),
    )
    difference = plan.minimal_important_difference
    write(found, folder, title=fitted.title, minimal_important_difference=difference)
    return sensitivity(found, folder, minimal_important_difference=difference)


def _engine(fitted: Fitted) -> str:
    """Return "exact" wherever that engine takes the priors: its numbers are stored then."""
    return "exact" if schema.MIXTURE in fitted.posterior.children else "nuts"


def _duration(fitted: Fitted, folder: Path) -> Chapter:
    from bayesmeta.duration_response import duration
    from bayesmeta.report.chapters import duration as chapters
    from bayesmeta.sections.duration import write

    plan = fitted.plan
    found = duration(
        fitted.effects,
        priors={
            name: prior for name, prior in fitted.priors.items() if not name.startswith(_SLOPE)
        },
        benefit=plan.benefit or "lower",
        minimal_important_difference=plan.minimal_important_difference if plan.benefit else None,
        interval=plan.interval,
        model=plan.spec,
        **_beside(fitted),
    )
    found = replace(found, warnings=(*found.warnings, *_silent(plan)))
    write(found, folder, title=fitted.title)
    return chapters.duration(found, folder)


def _silent(plan: Plan) -> tuple[str, ...]:
    """Return the sentence on a direction of benefit that was not said, but taken."""
    if plan.benefit:
        return ()
    ways = f"{choice('benefit', 'lower')} or {choice('benefit', 'higher')}"
    return (f"Which direction is benefit was not said: lower is taken for it; say {ways}.",)


def _beside(fitted: Fitted) -> dict[str, Any]:
    """Return the moderators beside the duration, where values of them are asked for."""
    at = {name: value for name, value in fitted.plan.at.items() if name != _WEEKS}
    return {"moderators": fitted.plan.moderators, "at": at} if at else {}


def _subgroups(fitted: Fitted, folder: Path) -> Chapter:
    from bayesmeta.report.chapters import subgroups as chapters
    from bayesmeta.sections.subgroups import write

    found = fitted.subgroups
    write(found, folder, title=fitted.title)
    return chapters.subgroups(found, folder)


def _borrowing(fitted: Fitted, folder: Path) -> Chapter:
    from bayesmeta.comparison.borrowing import borrowing
    from bayesmeta.report.chapters import borrowing as chapters
    from bayesmeta.sections.borrowing import write

    level = fitted.plan.interval
    found = borrowing(fitted.effects, fitted.view, interval=level)
    measure = fitted.effects.measure
    write(found, folder, measure=measure, interval=level)
    return chapters.borrowing(found, measure=measure, interval=level)


def _correlation(fitted: Fitted, folder: Path) -> Chapter:
    from bayesmeta.report.chapters.correlation import correlation
    from bayesmeta.sections.correlation import write

    write(fitted.strip, folder, title=fitted.title)
    return correlation(fitted.strip, folder)


def _designs(fitted: Fitted, folder: Path) -> Chapter:
    from bayesmeta.cohorts import designs
    from bayesmeta.cohorts.question import known_prior
    from bayesmeta.report.chapters import designs as chapters
    from bayesmeta.sections.designs import write

    plan, roles = fitted.plan, fitted.plan.roles
    ratio, (design, reference) = roles.get("ratio"), design_of(plan)
    found = designs(
        fitted.effects,
        design=design,
        reference=reference,
        spread=roles.get("spread"),
        ratio=None if ratio is None else float(ratio),
        shared_bias=bool(roles.get("shared_bias", False)),
        heterogeneity=_TAILS if roles.get("heterogeneity") == _TAILS else "normal",
        moderators=plan.moderators,
        priors={name: prior for name, prior in fitted.priors.items() if known_prior(name)},
        missing=plan.missing,
        benefit=plan.benefit or "lower",
        minimal_important_difference=plan.minimal_important_difference if plan.benefit else None,
        interval=plan.interval,
    )
    found = replace(found, warnings=(*found.warnings, *_silent(plan)))
    write(found, folder, title=fitted.title)
    return chapters.designs(found, folder)


SECTIONS: dict[str, Callable[[Fitted, Path], Chapter | None]] = {
    "comparison": _comparison,
    "sensitivity": _sensitivity,
    "duration": _duration,
    "designs": _designs,
    "subgroups": _subgroups,
    "borrowing": _borrowing,
    "correlation": _correlation,
}


def sections_of(fitted: Fitted) -> tuple[str, ...]:
    """Return the sections that an outcome has: duration where the table gives it.

    Subgroups where the analysis file names their column; what outcomes borrowed where there are
    several in one model, and of a joint plan that alone: each outcome has its own folder.
    Designs where the table gives them, correlation where the model's is unknown or assumed.
    """
    if fitted.plan.outcomes:
        return ("borrowing", "correlation") if fitted.has_strip else ("borrowing",)
    absent = {
        "duration": _WEEKS not in fitted.effects.studies,
        "designs": not has_designs(fitted),
        "subgroups": fitted.plan.subgroups is None,
        "borrowing": len(fitted.view.means) == 1,
        "correlation": not fitted.has_strip,
    }
    return tuple(name for name in SECTIONS if not absent.get(name, False))


def design_of(plan: Plan) -> tuple[str, str]:
    """Return the column of designs, and its level that stands for trials."""
    return plan.roles.get("design", _DESIGN), plan.roles.get("reference", _REFERENCE)


def has_designs(fitted: Fitted) -> bool:
    """Return whether two studies have the reference's design, and two another; or it is asked."""
    roles, studies = fitted.plan.roles, fitted.effects.studies
    column, reference = design_of(fitted.plan)
    if any(name in roles for name in OF_DESIGNS):
        return True  # asked for: where it cannot be had, the folder says why
    if column not in studies:
        return False
    words = [str(word) for word in studies[column]]
    trials = words.count(reference)
    return min(trials, len(words) - trials) >= _LEAST


def write_section(name: str, fitted: Fitted, folder: Path) -> Chapter | None:
    """Write one section into its folder; where it cannot be had, the reason.

    Returns
    -------
    Chapter or None
        The same for the report; None where a section has nothing to say there.

    Raises
    ------
    OutputError
        If the folder cannot be written: that is no answer's fault.
    """
    place = folder / name
    place.mkdir()
    try:
        return SECTIONS[name](fitted, place)
    except OutputError:
        raise
    except BayesmetaError as error:
        (place / NOT_DONE).write_text(f"{error}\n", encoding="utf-8")
        return Chapter(f"no_{name}", name.capitalize(), (Words(f"Not done: {error}"),))
