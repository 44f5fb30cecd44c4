"""`bayesmeta plot`: one figure of a saved posterior."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmeta.cli import options


def plot(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of {plots}.")],
    posterior: Annotated[Path, typer.Argument(metavar="FILE.nc", help="From fit --output.")],
    output: Annotated[Path, typer.Option(metavar="FIGURE", help="A .png, .svg or .pdf file.")],
    *,
    dpi: Annotated[
        float | None, typer.Option(metavar="DPI", help="Pixels an inch of a .png; 200 if not said.")
    ] = None,
    force: options.Force = False,
) -> None:
    """Draw one figure of a posterior that was saved."""
    from bayesmeta.archive import read_posterior
    from bayesmeta.files import require_free
    from bayesmeta.plots.register import plot_named
    from bayesmeta.plots.saving import require_figure, save_figure

    require_figure(output)
    require_free(output, force=force)
    figure = plot_named(kind, read_posterior(posterior))
    typer.echo(save_figure(figure, output, dpi=dpi))
