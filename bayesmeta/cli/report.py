"""`bayesmeta report`: one document of an analysis file or a saved posterior."""

from pathlib import Path
from shlex import join
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bayesmeta.cli import options
from bayesmeta.errors import AnalysisError


def report(  # noqa: PLR0913  (a command's options)
    source: Annotated[
        Path,
        typer.Argument(metavar="ANALYSIS.toml|FILE.nc", help="Analysis file, or saved posterior."),
    ],
    output: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Ends in .html, .md, .docx; .tex, .zip (the tables)."),
    ],
    *,
    title: Annotated[str, typer.Option(help="Heading of a saved posterior's report.")] = "",
    interval: options.Interval = options.LEVEL,
    shortest: options.Shortest = False,
    benefit: options.Benefit = None,
    minimal_important_difference: options.Difference = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that write tables and figures.")] = 1,
    force: options.Force = False,
) -> None:
    """Write one document that answers a reviewer: numbers, figures, errors, checklist."""
    from bayesmeta.analysis.reporting import write_report
    from bayesmeta.archive import read_posterior

    if source.suffix.lower() == ".toml":
        chosen = (title, shortest, benefit, minimal_important_difference)
        if any(chosen) or interval != options.LEVEL:
            raise AnalysisError(
                f"{source}: --title, --benefit, --minimal-important-difference, --interval and "
                "--shortest are for a saved posterior; an analysis file has keys of these names."
            )
        _of_analysis(source, output, jobs=jobs, force=force)
    else:
        write_report(
            read_posterior(source), output, title=title, interval=interval, shortest=shortest,
            benefit=benefit, minimal_important_difference=minimal_important_difference,
            command=_command(
                source, output, title=title, interval=interval, benefit=benefit,
                minimal_important_difference=minimal_important_difference, shortest=shortest,
            ),
            force=force,
        )  # fmt: skip
    typer.echo(f"Report: {output}")


def _command(source: Path, output: Path, *, shortest: bool, **chosen: object) -> str:
    """Return what was typed, where the saved posterior is."""
    said = ["bayesmeta", "report", source.name, "--output", output.name]
    for name, value in chosen.items():
        if value not in (None, "") and not (name == "interval" and value == options.LEVEL):
            said += [f"--{name.replace('_', '-')}", str(value)]
    return join([*said, *(["--shortest"] if shortest else [])])


def _of_analysis(source: Path, output: Path, *, jobs: int, force: bool) -> None:
    import sys

    from bayesmeta.analysis.running import run

    with TemporaryDirectory() as folder:
        run(
            source, output=folder, report=output, force=force, jobs=jobs,
            progress=sys.stderr.isatty(), say=lambda line: typer.echo(line, err=True),
        )  # fmt: skip
