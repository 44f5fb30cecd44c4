"""The further questions that a run answers, a folder each; ``SECTIONS`` is the register."""

from collections.abc import Callable
from pathlib import Path

from bayesmeta.analysis.artefacts import Fitted
from bayesmeta.errors import BayesmetaError

NOT_DONE = "not-done.txt"


def _sensitivity(fitted: Fitted, folder: Path) -> None:
    from bayesmeta.sections.sensitivity import write
    from bayesmeta.sensitivity.examination import examine

    plan = fitted.plan
    found = examine(
        fitted.effects,
        plan.model,
        moderators=plan.moderators,
        priors=fitted.priors,
        missing=plan.missing,
        benefit=plan.benefit or "lower",
        interval=plan.interval,
    )
    write(found, folder)


SECTIONS: dict[str, Callable[[Fitted, Path], None]] = {"sensitivity": _sensitivity}


def write_section(name: str, fitted: Fitted, folder: Path) -> None:
    """Write one section into its folder; where it cannot be had, the reason."""
    place = folder / name
    place.mkdir()
    try:
        SECTIONS[name](fitted, place)
    except BayesmetaError as error:
        (place / NOT_DONE).write_text(f"{error}\n", encoding="utf-8")
