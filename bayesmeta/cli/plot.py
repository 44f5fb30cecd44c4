"""`bayesmeta plot`: one figure of a saved posterior, or of several."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from bayesmeta.cli import options
from bayesmeta.cli.table import read_effects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

_SEVERAL = "outcomes"


def plot(  # noqa: PLR0913  (a command's options)
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of {plots}.")],
    posterior: Annotated[
        list[Path],
        typer.Argument(metavar="FILE.nc...", help="From fit --output; outcomes takes several."),
    ],
    output: Annotated[Path, typer.Option(metavar="FIGURE", help="A .png, .svg or .pdf file.")],
    *,
    title: Annotated[str | None, typer.Option(help="Heading.")] = None,
    interval: Annotated[float | None, typer.Option(help="Probability of the intervals.")] = None,
    benefit: options.Benefits = None,
    minimal_important_difference: options.Difference = None,
    studies: Annotated[
        Path | None,
        typer.Option(
            metavar="STUDIES.csv", help="Table that was fitted: arms, its columns, rob_* marks."
        ),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Order: estimate, weight, a column; -COLUMN falls."),
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Subgroups, each with its mean.")
    ] = None,
    tau: Annotated[
        Literal["common", "own"] | None, typer.Option(help="One tau for subgroups, or one each.")
    ] = None,
    show: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN", help="A column of the table; several.")
    ] = None,
    classical: Annotated[
        str | None, typer.Option(metavar="NAME", help="A classical row, such as REML+HKSJ.")
    ] = None,
    densities: Annotated[
        bool, typer.Option("--densities", help="Posterior densities on the rows.")
    ] = False,
    raindrops: Annotated[
        bool, typer.Option("--raindrops", help="Likelihoods around the estimates.")
    ] = False,
    rows_a_page: Annotated[
        int | None, typer.Option(min=1, help="Studies on a page of a forest's PDF.")
    ] = None,
    dpi: options.Dpi = None,
    force: options.Force = False,
) -> None:
    """Draw one figure of a posterior that was saved."""
    from bayesmeta.files import require_free
    from bayesmeta.plots.saving import require_figure

    require_figure(output)
    require_free(output, force=force)
    found = _posteriors(kind, posterior)
    said = {
        "title": title, "interval": interval, "benefit": options.sides(benefit), "order": order,
        "minimal_important_difference": minimal_important_difference, "subgroups": by,
        "subgroups_tau": tau, "columns": tuple(show or ()) or None, "classical": classical,
        "densities": densities or None, "raindrops": raindrops or None,
        "effects": None if studies is None else _effects(studies, found),
    }  # fmt: skip
    chosen = {name: value for name, value in said.items() if value is not None}
    typer.echo(_saved(kind, found, chosen, rows_a_page, output=output, dpi=dpi))


def _saved(
    kind: str,
    found: "xr.DataTree | Mapping[str, xr.DataTree]",
    chosen: dict[str, Any],
    rows_a_page: int | None,
    *,
    output: Path,
    dpi: int | None,
) -> Path:
    from bayesmeta.errors import OutputError
    from bayesmeta.plots.forest_pages import forest_pages
    from bayesmeta.plots.register import plot_named
    from bayesmeta.plots.saving import save_figure, save_pages

    if rows_a_page is None:
        return save_figure(plot_named(kind, found, **chosen), output, dpi=dpi)
    if kind != "forest" or output.suffix.lower() != ".pdf":
        raise OutputError(f"{output}: --rows-a-page is for forest plots that end in .pdf.")
    return save_pages(forest_pages(_one(found), rows_a_page=rows_a_page, **chosen), output)


def _posteriors(kind: str, files: "Sequence[Path]") -> "xr.DataTree | Mapping[str, xr.DataTree]":
    """Return the posterior, or of several each by its outcome's name."""
    from bayesmeta.archive import read_posterior
    from bayesmeta.errors import PosteriorError

    found = [read_posterior(file) for file in files]
    if len(found) == 1:
        return found[0]
    if kind != _SEVERAL:
        raise PosteriorError(f"The plot {kind!r} takes one file; {len(found)} are given.")
    names = [str(tree.attrs.get("outcome") or file.stem)
             for file, tree in zip(files, found, strict=True)]  # fmt: skip
    if len(set(names)) < len(names):
        raise PosteriorError(f"Two files are of one outcome: {', '.join(names)}.")
    return dict(zip(names, found, strict=True))


def _one(found: "xr.DataTree | Mapping[str, xr.DataTree]") -> "xr.DataTree":
    """Return the one posterior there is.

    Raises
    ------
    PosteriorError
        If there are several.
    """
    from bayesmeta.errors import PosteriorError

    if not hasattr(found, "children"):
        raise PosteriorError(f"{len(found)} posteriors are given; --studies is of one table.")
    return cast("xr.DataTree", found)


def _effects(table: Path, found: "xr.DataTree | Mapping[str, xr.DataTree]") -> object:
    """Return what a posterior was made of, read from its table again."""
    from bayesmeta.summaries.view import View

    view = View(_one(found))
    return read_effects(table, view.word("measure"), view.model)
