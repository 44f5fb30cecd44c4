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
    engine: options.Engine = "exact",
    form: options.Form = "marginal",
    missing: options.Missing = "error",
    column: options.Column = None,
    outcome: options.Outcome = None,
    unit: options.Unit = None,
    variance: options.Variance = "unpooled",
    interval: options.Interval = 0.95,
    shortest: options.Shortest = False,
    benefit: options.Benefit = None,
    minimal_important_difference: options.Difference = None,
    seed: options.Seed = 1,
    draws: options.Draws = 1000,
    tune: options.Tune = 1000,
    chains: options.Chains = 4,
    cores: options.Cores = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the tables and figures.")
    ] = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Compare with the classical estimators, always exactly: sampling options change nothing."""
    import json

    from bayesmeta.comparison import comparison_text, contract
    from bayesmeta.comparison.both import compare_and_explain
    from bayesmeta.sections.comparison import write
    from bayesmeta.sections.folder import filled, require_usable

    if output is not None:
        require_usable(output, force=force)
    _say_what_changes_nothing(engine, shortest)
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


def _say_what_changes_nothing(engine: str, shortest: bool) -> None:  # noqa: FBT001
    named = {"--engine nuts": engine == "nuts", "--shortest": shortest}
    given = [name for name, there in named.items() if there]
    if given:
        said = f"{', '.join(given)}: no use here; rows are exact, intervals central."
        typer.echo(f"bayesmeta compare: {said}", err=True)
