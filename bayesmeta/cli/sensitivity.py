"""`bayesmeta sensitivity`: what if the priors or the studies were other."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmeta.cli import options


def sensitivity(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    model: options.Model = None,
    moderators: options.Moderators = None,
    prior: options.Priors = None,
    quantity: Annotated[
        str | None, typer.Option(help="mu, theta_new, beta[term]; effect or effect_new with --at.")
    ] = None,
    at: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A moderator's value.")
    ] = None,
    benefit: options.Benefit = "lower",
    null: Annotated[
        float, typer.Option(help="No effect, on the scale of the estimates (0 for ratios).")
    ] = 0.0,
    threshold: Annotated[
        float, typer.Option(help="P(benefit) that benefit is concluded at.")
    ] = 0.975,
    cumulative: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Add studies in this order; or precision.")
    ] = None,
    missing: options.Missing = "error",
    column: options.Column = None,
    outcome: options.Outcome = None,
    unit: options.Unit = None,
    variance: options.Variance = "unpooled",
    interval: options.Interval = 0.95,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for tables and figures.")
    ] = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Say how far the conclusion holds under other priors and without single studies."""
    import json

    from bayesmeta.measures import effect_sizes
    from bayesmeta.sections.folder import filled, require_usable
    from bayesmeta.sections.sensitivity import write
    from bayesmeta.sensitivity.contract import contract
    from bayesmeta.sensitivity.examination import examine
    from bayesmeta.sensitivity.text import text
    from bayesmeta.studies import read_studies

    if output is not None:
        require_usable(output, force=force)
    table = read_studies(studies, columns=options.pairs(column, option="--column") or None)
    effects = effect_sizes(
        table, measure, variance=variance, unit=unit, outcome=outcome, missing=missing
    )
    values = {name: _number(value) for name, value in options.pairs(at, option="--at").items()}
    found = examine(
        effects, model, threshold=threshold, cumulative_by=cumulative, moderators=moderators,
        priors=options.pairs(prior, option="--prior"), missing=missing, at=values or None,
        quantity=quantity or ("effect" if values else "mu"), benefit=benefit or "lower", null=null,
        interval=interval,
    )  # fmt: skip
    if output is not None:
        with filled(output) as partial:
            write(found, partial)
    if as_json:
        typer.echo(json.dumps(contract(found), indent=2, ensure_ascii=False, allow_nan=False))
        return
    typer.echo(text(found))
    if output is not None:
        typer.echo(f"\nTables and figures: {output}")


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
