"""The further questions that a run answers, a folder each; ``SECTIONS`` is the register."""

from collections.abc import Callable
from pathlib import Path

from bayesmeta import schema
from bayesmeta.analysis.artefacts import Fitted
from bayesmeta.analysis.plan import OF_DESIGNS
from bayesmeta.errors import BayesmetaError, OutputError

NOT_DONE = "not-done.txt"
_WEEKS, _DESIGN, _REFERENCE, _LEAST = "duration_weeks", "design", "RCT", 2


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
    write(found, folder, title=plan.title)


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
        **plan.settings.chosen(),
    )
    difference = plan.minimal_important_difference
    write(found, folder, title=plan.title, minimal_important_difference=difference)


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
    )
    write(found, folder, title=plan.title)


def _designs(fitted: Fitted, folder: Path) -> None:
    from bayesmeta.cohorts import designs
    from bayesmeta.cohorts.question import known_prior
    from bayesmeta.sections.designs import write

    plan, roles = fitted.plan, fitted.plan.roles
    ratio = roles.get("ratio")
    found = designs(
        fitted.effects,
        design=roles.get("design", _DESIGN),
        reference=roles.get("reference", _REFERENCE),
        spread=roles.get("spread"),
        ratio=None if ratio is None else float(ratio),
        shared_bias=bool(roles.get("shared_bias", False)),
        moderators=plan.moderators,
        priors={name: prior for name, prior in fitted.priors.items() if known_prior(name)},
        missing=plan.missing,
        benefit=plan.benefit or "lower",
        minimal_important_difference=plan.minimal_important_difference,
        interval=plan.interval,
    )
    write(found, folder, title=plan.title)


SECTIONS: dict[str, Callable[[Fitted, Path], None]] = {
    "comparison": _comparison,
    "sensitivity": _sensitivity,
    "duration": _duration,
    "designs": _designs,
}


def sections_of(fitted: Fitted) -> tuple[str, ...]:
    """Return the sections that an outcome has: duration and designs where the table gives them."""
    there = {"duration": _WEEKS in fitted.effects.studies, "designs": _has_designs(fitted)}
    return tuple(name for name in SECTIONS if there.get(name, True))


def _has_designs(fitted: Fitted) -> bool:
    """Return whether two studies have the reference's design, and two another; or it is asked."""
    roles, studies = fitted.plan.roles, fitted.effects.studies
    column = roles.get("design", _DESIGN)
    if any(name in roles for name in OF_DESIGNS):
        return True  # asked for: where it cannot be had, the folder says why
    if column not in studies:
        return False
    words = [str(word) for word in studies[column]]
    trials = words.count(roles.get("reference", _REFERENCE))
    return min(trials, len(words) - trials) >= _LEAST


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
