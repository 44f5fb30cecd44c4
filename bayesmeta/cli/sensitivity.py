"""`bayesmeta sensitivity`: what if the priors or the studies were other."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Unpack

import typer

from bayesmeta.cli import options
from bayesmeta.cli.table import read_effects
from bayesmeta.engines.settings import Chosen

if TYPE_CHECKING:
    from bayesmeta.sensitivity.examination import Examination


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
        float | None, typer.Option(help="No effect, on the scale of the estimates; 0 by default.")
    ] = None,
    minimal_important_difference: options.Difference = None,
    threshold: Annotated[
        float, typer.Option(help="P(benefit) that benefit is concluded at.")
    ] = 0.975,
    cumulative: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Add studies in this order; or precision.")
    ] = None,
    engine: options.Engine = "exact",
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
    **settings: Unpack[Chosen],
) -> None:
    """Say how far the conclusion holds under other priors and without single studies."""
    from bayesmeta.sections.folder import require_usable
    from bayesmeta.sensitivity.examination import examine

    if output is not None:
        require_usable(output, force=force)
    effects = read_effects(
        studies, measure, column=column, outcome=outcome, unit=unit, variance=variance,
        missing=missing,
    )  # fmt: skip
    values = {name: _number(value) for name, value in options.pairs(at, option="--at").items()}
    side = benefit or "lower"
    no_effect = _null(null, minimal_important_difference, measure=effects.measure, benefit=side)
    with _progress(engine) as progress:
        found = examine(
            effects, model, threshold=threshold, cumulative_by=cumulative, moderators=moderators,
            priors=options.pairs(prior, option="--prior"), missing=missing, at=values or None,
            quantity=quantity or ("effect" if values else "mu"), benefit=side, null=no_effect,
            interval=interval, engine=engine, progress=progress, **settings,
        )  # fmt: skip
    if output is not None:
        _save(found, output)
    _print(found, output, as_json=as_json)
    raise typer.Exit(3 if found.alarms else 0)


def _save(found: "Examination", output: Path) -> None:
    from bayesmeta.sections.folder import filled
    from bayesmeta.sections.sensitivity import write

    with filled(output) as partial:
        write(found, partial)


def _print(found: "Examination", output: Path | None, *, as_json: bool) -> None:
    import json

    from bayesmeta.sensitivity.contract import contract
    from bayesmeta.sensitivity.text import text

    if as_json:
        typer.echo(json.dumps(contract(found), indent=2, ensure_ascii=False, allow_nan=False))
        return
    typer.echo(text(found))
    if output is not None:
        typer.echo(f"\nTables and figures: {output}")


def _null(null: float | None, difference: float | None, *, measure: str, benefit: str) -> float:
    """Return what benefit lies beyond: the null, or the minimal important difference."""
    from bayesmeta.errors import AnalysisError
    from bayesmeta.sensitivity.question import beyond

    if difference is None:
        return null or 0.0
    if null is not None:
        raise AnalysisError(
            "--null and --minimal-important-difference both say where benefit begins; give one."
        )
    return beyond(measure, difference, benefit=benefit)


@contextmanager
def _progress(engine: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar of NUTS refits on standard error, where somebody looks at it."""
    if engine != "nuts" or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("NUTS refits", total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
