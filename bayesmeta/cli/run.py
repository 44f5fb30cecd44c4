"""`bayesmeta run`: an analysis file, start to end."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmeta.cli.options import Force


def _print_keys(asked: bool) -> None:  # noqa: FBT001 - typer hands it over so
    if asked:
        from bayesmeta.analysis.keys import keys_text

        typer.echo(keys_text())
        raise typer.Exit


def run(
    analysis: Annotated[
        Path, typer.Argument(metavar="ANALYSIS.toml", help="Analysis file; its keys: --help-keys.")
    ],
    output: Annotated[Path, typer.Option(help="Folder for the results.")],
    *,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that write tables and figures.")] = 1,
    force: Force = False,
    help_keys: Annotated[
        bool,
        typer.Option(
            "--help-keys",
            help="List the keys of an analysis file.",
            is_eager=True,
            callback=_print_keys,
        ),
    ] = False,
) -> None:
    """Analyse every outcome of a file; write tables, figures and posteriors."""
    import sys

    from bayesmeta.analysis import run as run_analysis

    results = run_analysis(
        analysis,
        output=output,
        force=force,
        jobs=jobs,
        progress=sys.stderr.isatty(),
        say=lambda line: typer.echo(line, err=True),
    )
    for result in results:
        typer.echo(result.text)
        typer.echo("\nFiles:\n" + "\n".join(f"  {path}" for path in result.files) + "\n")
    raise typer.Exit(0 if all(result.ok for result in results) else 3)
