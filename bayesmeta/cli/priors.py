"""`bayesmeta priors`: the families, and the empirical library."""

from typing import Annotated

import typer


def priors(
    *,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Published priors that the words lead to.")
    ] = None,
) -> None:
    """List the families of priors, or search the published ones."""
    if search is None:
        _print_families()
    else:
        _print_found(search)


def _print_families() -> None:
    from bayesmeta.priors import families_for

    said = {"tau": "tau", "mu": "mu and beta", "share": "a share", "correlation": "a correlation"}
    for parameter, name in said.items():
        typer.echo(f"{name}: {', '.join(families_for(parameter))}")
    typer.echo(
        '\nWritten as PyMC writes them: HalfNormal(sigma=5), HalfCauchy(beta=0.25, unit="uisd").'
    )
    typer.echo("default is what is usual for the measure: bayesmeta models random-effects")
    typer.echo("Published priors: bayesmeta priors --search cytokine")


def _print_found(text: str) -> None:
    from bayesmeta.errors import PriorError
    from bayesmeta.priors import search_priors

    found = search_priors(text)
    if not found:
        raise PriorError(f"No published prior answers to {text!r}; try an outcome or a field.")
    for row in found:
        typer.echo(f"{row.parameter} ~ {row.prior}   ({row.measure} scale)")
        cell = ", ".join(part for part in (row.outcome, row.comparison, row.area) if part)
        typer.echo(f"  {row.collection}: {cell}")
        typer.echo(f"  {row.source}")
