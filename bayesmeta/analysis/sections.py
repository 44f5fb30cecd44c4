"""The further questions that a run answers, a folder each; ``SECTIONS`` is the register."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bayesmeta import schema
from bayesmeta.analysis.artefacts import Fitted
from bayesmeta.errors import BayesmetaError, OutputError

NOT_DONE = "not-done.txt"
_WEEKS = "duration_weeks"


def _comparison(fitted: Fitted, folder: Path) -> None:
    from bayesmeta.comparison.both import compare_and_explain
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


def _sensitivity(fitted: Fitted, folder: Path) -> None:
    from bayesmeta.sections.sensitivity import write
    from bayesmeta.sensitivity.examination import examine

    plan = fitted.plan
    found = examine(
        fitted.effects,
        plan.spec,
        moderators=plan.moderators,
        priors=fitted.priors,
        missing=plan.missing,
        benefit=plan.benefit or "lower",
        interval=plan.interval,
        engine=_engine(fitted),
        at=dict(plan.at) or None,
        quantity="effect" if plan.at else "mu",
        **plan.settings.chosen(),
    )
    difference = plan.minimal_important_difference
    write(found, folder, title=fitted.title, minimal_important_difference=difference)


def _engine(fitted: Fitted) -> str:
    """Return "exact" wherever that engine takes the priors: its numbers are stored then."""
    return "exact" if schema.MIXTURE in fitted.posterior.children else "nuts"


def _duration(fitted: Fitted, folder: Path) -> None:
    from bayesmeta.duration_response import duration
    from bayesmeta.sections.duration import write

    plan = fitted.plan
    found = duration(
        fitted.effects,
        priors={name: prior for name, prior in fitted.priors.items() if "[" not in name},
        benefit=plan.benefit or "lower",
        minimal_important_difference=plan.minimal_important_difference,
        interval=plan.interval,
        **_beside(fitted),
    )
    write(found, folder, title=fitted.title)


def _beside(fitted: Fitted) -> dict[str, Any]:
    """Return the moderators beside the duration, where values of them are asked for."""
    at = {name: value for name, value in fitted.plan.at.items() if name != _WEEKS}
    return {"moderators": fitted.plan.moderators, "at": at} if at else {}


SECTIONS: dict[str, Callable[[Fitted, Path], None]] = {
    "comparison": _comparison,
    "sensitivity": _sensitivity,
    "duration": _duration,
}


def sections_of(fitted: Fitted) -> tuple[str, ...]:
    """Return the sections that an outcome has: duration where the table gives it."""
    return tuple(
        name for name in SECTIONS if name != "duration" or _WEEKS in fitted.effects.studies
    )


def write_section(name: str, fitted: Fitted, folder: Path) -> None:
    """Write one section into its folder; where it cannot be had, the reason.

    Raises
    ------
    OutputError
        If the folder cannot be written: that is no answer's fault.
    """
    place = folder / name
    place.mkdir()
    try:
        SECTIONS[name](fitted, place)
    except OutputError:
        raise
    except BayesmetaError as error:
        (place / NOT_DONE).write_text(f"{error}\n", encoding="utf-8")
