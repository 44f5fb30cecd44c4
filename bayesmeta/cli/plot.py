"""`bayesmeta plot`: one figure of a saved posterior."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bayesmeta.cli import options

if TYPE_CHECKING:
    from bayesmeta.measures.effects import Effects
    from bayesmeta.summaries.view import View


def plot(  # noqa: PLR0913  (a command's options)
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of {plots}.")],
    posterior: Annotated[Path, typer.Argument(metavar="FILE.nc", help="From fit --output.")],
    output: Annotated[Path, typer.Option(metavar="FIGURE", help="A .png, .svg or .pdf file.")],
    *,
    title: Annotated[str | None, typer.Option(help="Heading.")] = None,
    interval: Annotated[float | None, typer.Option(help="Probability of the intervals.")] = None,
    benefit: options.Benefit = None,
    minimal_important_difference: options.Difference = None,
    quantity: Annotated[
        str | None, typer.Option(help="posterior: which one, such as mu, tau, theta_new.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="cumulative: the order of the studies.")
    ] = None,
    studies: Annotated[
        Path | None,
        typer.Option(metavar="STUDIES.csv", help="forest, labbe: the table, for its arms."),
    ] = None,
    dpi: options.Dpi = None,
    width: options.Width = None,
    force: options.Force = False,
) -> None:
    """Draw one figure of a posterior that was saved."""
    from bayesmeta.archive import read_posterior
    from bayesmeta.files import require_free
    from bayesmeta.plots.column import figure_width
    from bayesmeta.plots.register import plot_named
    from bayesmeta.plots.saving import require_figure, save_figure
    from bayesmeta.summaries.view import View

    require_figure(output)
    require_free(output, force=force)
    said: dict[str, object] = {
        "title": title, "interval": interval, "benefit": benefit,
        "minimal_important_difference": minimal_important_difference, "quantity": quantity,
        "by": by,
    }  # fmt: skip
    with figure_width(width):
        view = View(read_posterior(posterior))
        said["effects"] = None if studies is None else _effects(studies, view)
        chosen = {name: value for name, value in said.items() if value is not None}
        figure = plot_named(kind, view, **chosen)
    typer.echo(save_figure(figure, output, dpi=dpi, width=width))


def _effects(studies: Path, view: "View") -> "Effects":
    """Return the effects of the table that a posterior was fitted to."""
    from bayesmeta.measures import effect_sizes
    from bayesmeta.studies import read_studies

    return effect_sizes(
        read_studies(studies), view.word("measure"), unit=view.word("unit") or None,
        outcome=view.word("outcome") or None,
    )  # fmt: skip
