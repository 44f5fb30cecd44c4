"""`bayesmeta subgroups`: a mean for each group, and whether they differ."""

from functools import partial
from typing import Annotated, Literal

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import give
from bayesmeta.cli.table import read_effects


def subgroups(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    by: Annotated[str, typer.Option(metavar="COLUMN", help="Column that says the subgroup.")],
    cut: Annotated[
        list[float] | None,
        typer.Option(help="Of a column of durations: a bound between groups; several."),
    ] = None,
    tau: Annotated[
        Literal["common", "own"], typer.Option(help="One tau for all groups, or one each.")
    ] = "common",
    prior: options.Priors = None,
    benefit: options.Benefit = "lower",
    interval: options.Interval = 0.95,
    title: Annotated[str, typer.Option(help="Heading of text and figure.")] = "",
    output: options.Folder = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Give each subgroup its mean, tau and prediction, with contrasts and Bayes factors."""
    from bayesmeta.duration_response.subgroup_text import contract, text
    from bayesmeta.duration_response.subgroups import subgroups as analyse
    from bayesmeta.sections.folder import require_usable
    from bayesmeta.sections.subgroups import write

    if output is not None:
        require_usable(output, force=force)
    found = analyse(
        read_effects(studies, measure), column=by, cuts=cut or None, tau=tau,
        priors=options.pairs(prior, option="--prior"), benefit=benefit or "lower",
        interval=interval,
    )  # fmt: skip
    give(found, output, write=partial(write, title=title), contract=contract,
         text=partial(text, title=title), as_json=as_json)  # fmt: skip
