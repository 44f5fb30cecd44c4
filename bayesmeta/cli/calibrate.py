"""`bayesmeta calibrate`: what intervals are worth on this design."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bayesmeta.cli import options
from bayesmeta.cli.table import read_effects


def calibrate(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    tau: Annotated[
        str, typer.Option(metavar="NUMBER|PRIOR", help="True tau, or what to draw it from.")
    ],
    mu: Annotated[
        str, typer.Option(metavar="NUMBER|PRIOR", help="True mu, or what to draw it from.")
    ] = "0",
    shape: Annotated[str, typer.Option(help="Of study effects: {spreads}.")] = "normal",
    estimated_sd: Annotated[
        bool, typer.Option("--estimated-sd", help="Standard errors from SDs of n participants.")
    ] = False,
    prior: options.Priors = None,
    row: Annotated[
        list[str] | None,
        typer.Option(help='A method: {estimators}, "REML+HKSJ" and the like, or a Bayesian row.'),
    ] = None,
    simulations: Annotated[
        int, typer.Option(min=2, max=10_000_000, help="Simulated meta-analyses.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same simulations.")] = 1,
    interval: options.Interval = 0.95,
    missing: options.Missing = "error",
    column: options.Column = None,
    outcome: options.Outcome = None,
    unit: options.Unit = None,
    variance: options.Variance = "unpooled",
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the table and the figure.")
    ] = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Simulate meta-analyses of this design; print coverage, width, bias of each method."""
    import json

    from bayesmeta.calibration import calibrate as calibrate_design
    from bayesmeta.calibration import calibration_text, contract
    from bayesmeta.sections.calibration import write
    from bayesmeta.sections.folder import filled, require_usable

    if output is not None:
        require_usable(output, force=force)
    effects = read_effects(
        studies, measure, column=column, outcome=outcome, unit=unit, variance=variance,
        missing=missing,
    )  # fmt: skip
    with _progress() as say:
        found = calibrate_design(
            effects, tau=_truth(tau), mu=_truth(mu), shape=shape, estimated_sd=estimated_sd,
            priors=options.pairs(prior, option="--prior"), rows=row, simulations=simulations,
            seed=seed, interval=interval, say=say,
        )  # fmt: skip
    if output is not None:
        with filled(output) as partial:
            write(found, partial)
    if as_json:
        typer.echo(json.dumps(contract(found), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(calibration_text(found))


def _truth(word: str) -> float | str:
    """Return a number where the word is one; else the word, which states a prior."""
    try:
        return float(word)
    except ValueError:
        return word


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error, where somebody looks at it."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Simulating", total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)
