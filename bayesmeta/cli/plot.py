"""`bayesmeta plot`: one figure of a saved posterior, or of several."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bayesmeta.measures.effects import Effects
    from bayesmeta.summaries.view import View

_SEVERAL = "outcomes"


def plot(  # noqa: PLR0913  (a command's options)
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of {plots}.")],
    posterior: Annotated[
        list[Path],
        typer.Argument(metavar="FILE.nc...", help="From fit --output; outcomes takes several."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(metavar="FIGURE", help="A .png, .svg or .pdf file; or the last argument."),
    ] = None,
    *,
    title: Annotated[str | None, typer.Option(help="Heading.")] = None,
    interval: Annotated[float | None, typer.Option(help="Probability of the intervals.")] = None,
    benefit: options.Benefits = None,
    minimal_important_difference: options.Difference = None,
    studies: Annotated[
        Path | None,
        typer.Option(metavar="STUDIES.csv", help="forest, labbe: the table that was fitted."),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="forest: its order; -COLUMN falls."),
    ] = None,
    quantity: Annotated[
        str | None, typer.Option(help="posterior: which one, such as mu, tau, theta_new.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="cumulative: the order of the studies.")
    ] = None,
    subgroups: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="forest: subgroups, each with its mean.")
    ] = None,
    tau: Annotated[
        Literal["common", "own"] | None, typer.Option(help="One tau for subgroups, or one each.")
    ] = None,
    show: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="forest: a column of the table; several."),
    ] = None,
    classical: Annotated[
        str | None, typer.Option(metavar="NAME", help="forest: a classical row, such as REML+HKSJ.")
    ] = None,
    densities: Annotated[
        bool, typer.Option("--densities", help="forest: densities on the rows.")
    ] = False,
    raindrops: Annotated[
        bool, typer.Option("--raindrops", help="forest: likelihoods around the estimates.")
    ] = False,
    rows_a_page: Annotated[
        int | None, typer.Option(min=1, help="Studies on a page of a forest's PDF.")
    ] = None,
    dpi: options.Dpi = None,
    width: options.Width = None,
    force: options.Force = False,
) -> None:
    """Draw one figure of a posterior that was saved."""
    from bayesmeta.files import require_free
    from bayesmeta.plots.column import figure_width
    from bayesmeta.plots.register import plot_named, takes
    from bayesmeta.plots.saving import require_figure, save_figure

    posterior, output = _parted(posterior, output)
    require_figure(output)
    require_free(output, force=force)
    found = _posteriors(kind, posterior)
    said = {
        "title": title, "interval": interval, "benefit": options.sides(benefit), "order": order,
        "minimal_important_difference": minimal_important_difference, "quantity": quantity,
        "by": by, "subgroups": subgroups, "subgroups_tau": tau,
        "columns": tuple(show or ()) or None,
        "classical": classical, "densities": densities or None, "raindrops": raindrops or None,
        "effects": None if studies is None else _effects(studies, found),
    }  # fmt: skip
    chosen = {name: value for name, value in said.items() if value is not None}
    with figure_width(width):
        if rows_a_page is not None:
            typer.echo(_paged(kind, found, chosen, rows_a_page, output=output))
            return
        with progress("Refits") as tell:
            told = {"progress": tell} if tell and takes(kind, "progress") else {}
            figure = plot_named(kind, found, **chosen, **told)
    typer.echo(save_figure(figure, output, dpi=dpi, width=width))


def _parted(files: "Sequence[Path]", output: Path | None) -> tuple[list[Path], Path]:
    """Return the posteriors' files and the figure's: named by its option, or last of all.

    Raises
    ------
    OutputError
        If no figure's file is named.
    """
    from bayesmeta.errors import OutputError

    if output is not None:
        return list(files), output
    *rest, last = files
    if not rest:
        raise OutputError(f"Which file is drawn to? Say {last} FIGURE.png, or --output FIGURE.png.")
    return rest, last


def _paged(
    kind: str,
    found: "View | Mapping[str, View]",
    chosen: dict[str, Any],
    rows: int,
    *,
    output: Path,
) -> Path:
    from bayesmeta.errors import OutputError
    from bayesmeta.plots.forest_pages import forest_pages
    from bayesmeta.plots.saving import save_pages

    if kind != "forest" or output.suffix.lower() != ".pdf":
        raise OutputError(f"{output}: --rows-a-page is for forest plots that end in .pdf.")
    return save_pages(forest_pages(_one(found), rows_a_page=rows, **chosen), output)


def _posteriors(kind: str, files: "Sequence[Path]") -> "View | Mapping[str, View]":
    """Return the posterior, or of several each by its outcome's name."""
    from bayesmeta.archive import read_posterior
    from bayesmeta.errors import PosteriorError
    from bayesmeta.summaries.view import View

    found = [View(read_posterior(file)) for file in files]
    if len(found) == 1:
        return found[0]
    if kind != _SEVERAL:
        raise PosteriorError(f"The plot {kind!r} takes one file; {len(found)} are given.")
    names = [view.word("outcome") or file.stem for file, view in zip(files, found, strict=True)]
    if len(set(names)) < len(names):
        raise PosteriorError(f"Two files are of one outcome: {', '.join(names)}.")
    return dict(zip(names, found, strict=True))


def _one(found: "View | Mapping[str, View]") -> "View":
    """Return the one posterior there is.

    Raises
    ------
    PosteriorError
        If there are several.
    """
    from bayesmeta.errors import PosteriorError
    from bayesmeta.summaries.view import View

    if not isinstance(found, View):
        raise PosteriorError(f"{len(found)} posteriors are given; --studies is of one table.")
    return found


def _effects(table: Path, found: "View | Mapping[str, View]") -> "Effects":
    """Return what a posterior was made of, read from its table again.

    Outcome and unit are those of the posterior, where no option says another.
    """
    from bayesmeta.cli.door import chosen
    from bayesmeta.cli.table import read_effects

    view = _one(found)
    told = {name: chosen()[name] or view.word(name) or None for name in ("outcome", "unit")}
    return read_effects(table, view.word("measure"), view.model, **told)
