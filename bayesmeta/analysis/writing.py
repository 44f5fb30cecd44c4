"""Write what a run says of its outcomes, piece by piece: here, or in worker processes.

A piece is an outcome's own files, or one of its sections. A worker reads the outcome anew from
the analysis file and the posterior saved beside its results, so that nothing but names is handed
over, and what is written is the same wherever.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bayesmeta.analysis.artefacts import ARTEFACTS, FURTHER, POSTERIOR, Fitted
from bayesmeta.analysis.plan import Analysis, Plan, Say
from bayesmeta.analysis.reading import read_analysis
from bayesmeta.analysis.sections import sections_of, write_section
from bayesmeta.archive import read_posterior
from bayesmeta.assembly import takes_repeated
from bayesmeta.measures import effect_sizes
from bayesmeta.measures.effects import Effects
from bayesmeta.report.document import Chapter
from bayesmeta.studies import Studies, read_studies
from bayesmeta.studies.wording import speaking

WARNING = "SIMULATED.txt"
_OWN = ""
"""The piece that is no section: the outcome's own files."""


class Task(NamedTuple):
    """Pieces of one outcome: by its place in the analysis file, and the folder they go to."""

    source: Path
    place: int
    folder: Path
    pieces: tuple[str, ...]


type Chapters = dict[str, Chapter]
"""What the report says of an outcome's sections, by their names."""


def write_outcomes(
    fitted: Sequence[Fitted], folders: Sequence[Path], *, source: Path, jobs: int, say: Say
) -> list[list[Chapter]]:
    """Write every piece of every outcome into its outcome's folder; return the report's chapters.

    Parameters
    ----------
    source
        The analysis file.
    jobs
        How many processes write; with one it is this one.
    """
    tasks = [
        Task(source, place, folder, (_OWN, *sections_of(item)))
        for place, (item, folder) in enumerate(zip(fitted, folders, strict=True))
    ]
    pieces = [task.pieces for task in tasks]
    write = _write_apart if jobs > 1 else _write_here
    found = write(fitted, tasks, jobs=jobs, say=say)
    return [
        [chapters[name] for name in names if name in chapters]
        for names, chapters in zip(pieces, found, strict=True)
    ]


def _write_here(
    fitted: Sequence[Fitted], tasks: list[Task], *, jobs: int, say: Say
) -> list[Chapters]:
    found: list[Chapters] = [{} for _ in fitted]
    for place, (item, task) in enumerate(zip(fitted, tasks, strict=True)):
        for piece in task.pieces:
            _say(item, piece, say)
            found[place] |= _write(item, piece, task.folder)
    return found


def _write_apart(
    fitted: Sequence[Fitted], tasks: list[Task], *, jobs: int, say: Say
) -> list[Chapters]:
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    for item, task in zip(fitted, tasks, strict=True):
        ARTEFACTS[POSTERIOR](item, task.folder / POSTERIOR)
    if len(tasks) < jobs:  # else each outcome is read but once
        tasks = [task._replace(pieces=(piece,)) for task in tasks for piece in task.pieces]
    found: list[Chapters] = [{} for _ in fitted]
    # A forked process would inherit locks that the sampler's threads held.
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(_write_anew, task): task for task in tasks}
        try:
            for done in as_completed(waiting):
                found[waiting[done].place].update(done.result())
                for piece in waiting[done].pieces:
                    _say(fitted[waiting[done].place], piece, say)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return found


def _write_anew(task: Task) -> Chapters:
    """Write pieces in a worker process."""
    fitted = _read(task.source, task.place, task.folder / POSTERIOR)
    found: Chapters = {}
    for piece in task.pieces:
        found |= _write(fitted, piece, task.folder)
    return found


@lru_cache(maxsize=1)
def _read(source: Path, place: int, posterior: Path) -> Fitted:
    analysis = read_analysis(source)
    plan = analysis.plans[place]
    return Fitted(plan, effects_of(plan, studies_of(analysis)), read_posterior(posterior))


def _write(fitted: Fitted, piece: str, folder: Path) -> Chapters:
    from bayesmeta.plots.column import figure_width
    from bayesmeta.plots.saving import resolution

    with resolution(fitted.plan.dpi), figure_width(fitted.plan.width), speaking("toml"):
        return _write_piece(fitted, piece, folder)


def _write_piece(fitted: Fitted, piece: str, folder: Path) -> Chapters:
    if piece != _OWN:
        chapter = write_section(piece, fitted, folder)
        return {} if chapter is None else {piece: chapter}
    if fitted.is_simulated:
        (folder / WARNING).write_text("SIMULATED data, not real: every file here.\n", "utf-8")
    for artefact, write in {**ARTEFACTS, **FURTHER}.items():
        if not (folder / artefact).exists():
            write(fitted, folder / artefact)
    return {}


def _say(fitted: Fitted, piece: str, say: Say) -> None:
    if piece != _OWN:
        say(f"{fitted.name}: {piece}")


def studies_of(analysis: Analysis) -> Studies:
    """Return the table of studies that an analysis names."""
    with speaking("toml"):
        return read_studies(
            analysis.studies, columns=analysis.columns or None, sheet=analysis.sheet,
            decimal=analysis.decimal, arm=analysis.arm, treated=analysis.treated,
            controls=analysis.controls, totals=analysis.totals,
        )  # fmt: skip


def effects_of(plan: Plan, studies: Studies) -> Effects:
    """Return the effect sizes of one outcome."""
    with speaking("toml"):
        return effect_sizes(
            studies, plan.measure, variance=plan.variance, unit=plan.units or plan.unit,
            outcome=plan.outcomes or plan.name,
            comparison=plan.comparison, subgroup=plan.subgroup, values=plan.values,
            errors=plan.errors, confidence=plan.confidence, p_values=plan.p_values,
            combine=plan.combine, missing=plan.missing,
            repeated=takes_repeated(plan.spec),
        )  # fmt: skip
