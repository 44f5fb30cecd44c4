"""`bayesmeta sensitivity`: what if the priors or the studies were other."""

from typing import Annotated, Unpack

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import give, progress
from bayesmeta.cli.door import chosen
from bayesmeta.cli.table import read_effects, read_model
from bayesmeta.engines.settings import Chosen


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
    at: options.At = None,
    benefit: options.Benefit = None,
    null: Annotated[
        float | None,
        typer.Option(
            help="No effect, on the scale of the estimates; 0 by default, "
            "none of one group's proportions and rates."
        ),
    ] = None,
    minimal_important_difference: options.Difference = None,
    threshold: Annotated[
        float, typer.Option(help="P(benefit) that benefit is concluded at.")
    ] = 0.975,
    cumulative: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Add studies in this order; or precision.")
    ] = None,
    engine: options.Engine = "exact",
    interval: options.Interval = 0.95,
    output: options.Folder = None,
    force: options.Force = False,
    as_json: options.Json = False,
    **settings: Unpack[Chosen],
) -> None:
    """Say how far the conclusion holds under other priors and without single studies."""
    from bayesmeta.sections.folder import require_usable
    from bayesmeta.sections.sensitivity import write
    from bayesmeta.sensitivity.contract import contract
    from bayesmeta.sensitivity.examination import examine
    from bayesmeta.sensitivity.text import text

    if output is not None:
        require_usable(output, force=force)
    asked = read_model(model, moderators)
    effects = read_effects(studies, measure, asked)
    values = options.values(at)
    no_effect = _null(null, minimal_important_difference, measure=effects.measure,
                      benefit=benefit or "lower")  # fmt: skip
    side = options.told_side(benefit)
    with progress("Refits") as tell:
        found = examine(
            effects, asked, threshold=threshold, cumulative_by=cumulative, moderators=moderators,
            priors=options.pairs(prior, option="--prior"), missing=chosen()["missing"],
            at=values or None, quantity=quantity or ("effect" if values else "mu"), **side,
            null=no_effect, interval=interval, engine=engine, progress=tell, **settings,
        )  # fmt: skip
    give(found, output, write=write, contract=contract, text=text, as_json=as_json)
    raise typer.Exit(3 if found.alarms else 0)


def _null(
    null: float | None, difference: float | None, *, measure: str, benefit: str
) -> float | None:
    """Return what benefit lies beyond: the null, or the minimal important difference."""
    from bayesmeta.errors import AnalysisError
    from bayesmeta.sensitivity.nulls import beyond

    if difference is None:
        return null
    if null is not None:
        raise AnalysisError(
            "--null and --minimal-important-difference both say where benefit begins; give one."
        )
    return beyond(measure, difference, benefit=benefit)
