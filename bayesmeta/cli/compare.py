"""`bayesmeta compare`: Bayesian and classical rows side by side, and why they differ."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmeta.cli import options
from bayesmeta.cli.table import read_effects


def compare(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    model: options.Model = None,
    moderators: options.Moderators = None,
    prior: options.Priors = None,
    missing: options.Missing = "error",
    column: options.Column = None,
    outcome: options.Outcome = None,
    unit: options.Unit = None,
    variance: options.Variance = "unpooled",
    interval: options.Interval = 0.95,
    benefit: options.Benefit = None,
    minimal_important_difference: options.Difference = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the tables and figures.")
    ] = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Compare exact Bayesian analyses with the classical estimators."""
    import json

    from bayesmeta.comparison import comparison_text, contract
    from bayesmeta.comparison.both import compare_and_explain
    from bayesmeta.sections.comparison import write
    from bayesmeta.sections.folder import filled, require_usable

    if output is not None:
        require_usable(output, force=force)
    effects = read_effects(
        studies, measure, column=column, outcome=outcome, unit=unit, variance=variance,
        missing=missing,
    )  # fmt: skip
    found = compare_and_explain(
        effects, model, priors=options.pairs(prior, option="--prior"), moderators=moderators,
        missing=missing, interval=interval, benefit=benefit,
        minimal_important_difference=minimal_important_difference,
    )  # fmt: skip
    if output is not None:
        with filled(output) as partial:
            write(found, partial)
    if as_json:
        content = contract(*found)
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(comparison_text(*found))
