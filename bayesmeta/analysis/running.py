"""Run an analysis file: every outcome fitted, everything written."""

import json
import re
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shlex import join

from bayesmeta.analysis.artefacts import ARTEFACTS, FURTHER, Fitted, priors_of
from bayesmeta.analysis.forest_keys import require_columns
from bayesmeta.analysis.plan import Analysis, Plan, Say
from bayesmeta.analysis.reading import read_analysis
from bayesmeta.analysis.reporting import REPORT, formats_of, page_of, report_of
from bayesmeta.analysis.sections import SECTIONS
from bayesmeta.analysis.writing import WARNING, effects_of, studies_of, write_outcomes
from bayesmeta.assembly import assemble
from bayesmeta.duration_response.grouping import grouped
from bayesmeta.engines.announcing import announced
from bayesmeta.engines.fitting import fit
from bayesmeta.errors import AnalysisError, OutputError
from bayesmeta.files import require_free, whole_file, written
from bayesmeta.plots.saving import saved_as
from bayesmeta.sections.folder import files_in, filled, require_folder, require_replaceable
from bayesmeta.studies import Studies
from bayesmeta.studies.wording import number_of, speaking
from bayesmeta.summaries.shown import Said

_RESULTS = (*ARTEFACTS, *FURTHER, *SECTIONS, WARNING, REPORT)


@dataclass(frozen=True)
class Result:
    """One outcome, done: its files, its summary, whether its diagnostics passed."""

    files: tuple[Path, ...]
    text: str
    ok: bool

    def _repr_html_(self) -> str:
        """Return the text for a notebook."""
        return Said(self.text)._repr_html_()


def run(  # noqa: PLR0913  (each a choice of its own)
    path: str | Path,
    *,
    output: str | Path,
    report: str | Path | None = None,
    force: bool = False,
    progress: bool = False,
    jobs: int = 1,
    say: Say = lambda _line: None,
) -> tuple[Result, ...]:
    r"""Return what every outcome of an analysis file says, all of it written to a folder.

    Nothing is written until all outcomes are fitted, and no folder's files appear until those of
    every outcome are whole.

    Parameters
    ----------
    path
        The analysis file, TOML.
    output
        Folder for the results: the files themselves for one outcome, a folder an outcome for more.
    report
        The report of all outcomes: its name ends as `write_report` has it.
        ``report.html`` in the output folder unless another is named.
    force
        Whether files of an earlier run may be replaced.
    progress
        Whether to show the sampler's progress bar on standard error.
    jobs
        How many processes write the tables and figures; with one it is this one. Workers import
        the package anew: a script guards its call by ``if __name__ == "__main__"``, and parts
        that it registered itself are not known to them.
    say
        Takes a line of progress.

    Returns
    -------
    tuple of Result
        One an outcome: its ``files``, its ``text``, and whether its diagnostics are ``ok``.

    Raises
    ------
    BayesmetaError
        If the file, its table or its model cannot be used, or results are in the way.

    Examples
    --------
    The nine trials of `examples/data`, integrated; with ``engine = "nuts"`` they are sampled.

    >>> import bayesmeta as bm
    >>> from tempfile import TemporaryDirectory
    >>> table = Path("examples/data/normand1999.csv").resolve().as_posix()
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "stroke.toml")
    ...     _ = file.write_text(f'studies = "{table}"\nmeasure = "MD"\nengine = "exact"\n')
    ...     (result,) = bm.run(file, output=f"{folder}/results")
    >>> result.ok, [path.name for path in result.files if path.suffix == ".nc"]
    (True, ['posterior.nc'])
    """
    if jobs < 1:
        raise AnalysisError(f"jobs is {jobs}; at least one process is needed.")
    analysis = read_analysis(path)
    folders = _folders(analysis, Path(output))
    for folder in folders.values():
        _require_free(folder, _RESULTS, force=force)
    target = _target(report, Path(output), force=force)
    say(f"Reading {analysis.studies}")
    studies = studies_of(analysis)
    fitted = [_fitted(plan, studies, progress=progress, say=say) for plan in analysis.plans]
    places = [folders[item.plan.key] for item in fitted]
    with ExitStack() as stack:  # the folders are published together, when it ends
        partial = [stack.enter_context(filled(folder, former=_RESULTS)) for folder in places]
        chapters = write_outcomes(fitted, partial, source=analysis.source, jobs=jobs, say=say)
        say(f"Report: {target}")
        with saved_as(formats_of(target)):
            found = report_of(
                fitted, partial, chapters, title=analysis.title,
                command=join(["bayesmeta", "run", analysis.source.name, "--output", "results"]),
            )  # fmt: skip
        own = report is None and len(fitted) == 1  # it appears with the other files
        place = partial[0] / REPORT if own else stack.enter_context(whole_file(target))
        place.write_bytes(page_of(target)(found))
        files = [
            tuple(place / path.relative_to(folder) for path in files_in(folder))
            for place, folder in zip(places, partial, strict=True)
        ]
    for item, place, written_ in zip(fitted, places, files, strict=True):
        say(f"{item.name}: {len(written_)} files in {place}")
    return tuple(
        Result(written_, item.text, bool(json.loads(item.posterior.attrs["diagnostics"])["ok"]))
        for item, written_ in zip(fitted, files, strict=True)
    )


def _target(report: str | Path | None, output: Path, *, force: bool) -> Path:
    """Return where the report goes; raise unless it may."""
    if report is None:
        _require_free(output, (REPORT,), force=force)
        return output / REPORT
    page_of(Path(report))
    require_free(report, force=force)
    return Path(report)


def _folders(analysis: Analysis, output: Path) -> Mapping[str | None, Path]:
    if len(analysis.plans) == 1 and not analysis.plans[0].outcomes:
        return {analysis.plans[0].key: output}
    outcomes = [plan.key for plan in analysis.plans]
    names = {name: re.sub(r"[^\w.-]+", "-", str(name)).strip(".-") for name in outcomes}
    if len({folder.lower() for folder in names.values()}) < len(names) or not all(names.values()):
        raise AnalysisError(
            f"{analysis.source}: the outcomes {', '.join(map(str, names))} would share a folder; "
            "give them names that differ in letters or digits."
        )
    return {name: output / folder for name, folder in names.items()}


def _require_free(folder: Path, names: Collection[str], *, force: bool) -> None:
    with written(folder):
        require_folder(folder)
        present = require_replaceable(folder, names)
    if present and not force:
        raise OutputError(
            f"{folder}: holds {', '.join(present)} of an earlier run; "
            "choose another folder, or replace them with --force."
        )


def _fitted(plan: Plan, studies: Studies, *, progress: bool, say: Say) -> Fitted:
    effects = effects_of(plan, studies)
    require_columns(plan.forest, effects)
    if plan.subgroups is not None:
        grouped(effects, plan.subgroups, None)  # a name that is none is found at once
    say(f"{plan.key or plan.title}: {number_of(len(effects))}, engine {plan.engine}")
    with speaking("toml"):
        posed = assemble(effects, plan.spec, moderators=plan.moderators, priors=priors_of(plan),
                         missing=plan.missing)  # fmt: skip
        for line in announced(posed, plan.engine):
            say(line)
        posterior = fit(
            effects,
            plan.spec,
            moderators=plan.moderators,
            priors=priors_of(plan),
            engine=plan.engine,
            missing=plan.missing,
            progress=progress,
            **plan.settings.chosen(),
        )
    return Fitted(plan, effects, posterior)
