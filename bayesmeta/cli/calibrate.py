"""`bayesmeta calibrate`: what intervals are worth on this design."""

from typing import Annotated

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import give, progress
from bayesmeta.cli.table import read_effects, read_model


def calibrate(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    model: options.Model = None,
    moderators: options.Moderators = None,
    tau: Annotated[
        str, typer.Option(metavar="NUMBER|PRIOR", help="True tau, or what to draw it from.")
    ],
    mu: Annotated[
        str, typer.Option(metavar="NUMBER|PRIOR", help="True mu, or what to draw it from.")
    ] = "0",
    truth: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=NUMBER|PRIOR", help="The same of the model's further parameters."
        ),
    ] = None,
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
    output: options.Folder = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Simulate meta-analyses of this design; print coverage, width, bias of each method."""
    from bayesmeta.calibration import calibrate as calibrate_design
    from bayesmeta.calibration import calibration_text, contract
    from bayesmeta.sections.calibration import write
    from bayesmeta.sections.folder import require_usable

    if output is not None:
        require_usable(output, force=force)
    asked = read_model(model, moderators)
    effects = read_effects(studies, measure, asked)
    with progress("Simulating") as say:
        found = calibrate_design(
            effects, asked, moderators=moderators, tau=tau, mu=mu,
            truth=options.pairs(truth, option="--truth"), shape=shape, estimated_sd=estimated_sd,
            priors=options.pairs(prior, option="--prior"), rows=row, simulations=simulations,
            seed=seed, interval=interval, say=say or (lambda _done, _every: None),
        )  # fmt: skip
    give(found, output, write=write, contract=contract, text=calibration_text, as_json=as_json)
