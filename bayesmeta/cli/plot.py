"""`bayesmeta plot`: one figure of a saved posterior."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmeta.cli import options


def plot(  # noqa: PLR0913  (a command's options)
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of {plots}.")],
    posterior: Annotated[Path, typer.Argument(metavar="FILE.nc", help="From fit --output.")],
    output: Annotated[Path, typer.Option(metavar="FIGURE", help="A .png, .svg or .pdf file.")],
    *,
    title: Annotated[str | None, typer.Option(help="Heading.")] = None,
    interval: Annotated[float | None, typer.Option(help="Probability of the intervals.")] = None,
    benefit: options.Benefit = None,
    minimal_important_difference: options.Difference = None,
    dpi: options.Dpi = None,
    force: options.Force = False,
) -> None:
    """Draw one figure of a posterior that was saved."""
    from bayesmeta.archive import read_posterior
    from bayesmeta.files import require_free
    from bayesmeta.plots.register import plot_named
    from bayesmeta.plots.saving import require_figure, save_figure

    require_figure(output)
    require_free(output, force=force)
    said = {
        "title": title, "interval": interval, "benefit": benefit,
        "minimal_important_difference": minimal_important_difference,
    }  # fmt: skip
    chosen = {name: value for name, value in said.items() if value is not None}
    figure = plot_named(kind, read_posterior(posterior), **chosen)
    typer.echo(save_figure(figure, output, dpi=dpi))
