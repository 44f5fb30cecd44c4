"""`bayesmeta fit`: one table, one model, one posterior."""

from pathlib import Path
from typing import Annotated, Unpack

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import print_json
from bayesmeta.cli.door import chosen
from bayesmeta.cli.table import read_effects, read_model
from bayesmeta.engines.settings import Chosen


def fit(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    model: options.Model = None,
    moderators: options.Moderators = None,
    prior: options.Priors = None,
    engine: options.Engine = "nuts",
    interval: options.Interval = 0.95,
    shortest: options.Shortest = False,
    benefit: options.Benefits = None,
    minimal_important_difference: options.Difference = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE.nc", help="Save the posterior.")
    ] = None,
    force: options.Force = False,
    as_json: options.Json = False,
    **settings: Unpack[Chosen],
) -> None:
    """Fit one model to one table of studies."""
    import sys

    from bayesmeta.archive import save_posterior
    from bayesmeta.engines.fitting import fit as fit_model
    from bayesmeta.files import require_free
    from bayesmeta.summaries.contract import contract
    from bayesmeta.summaries.quantities import require_level
    from bayesmeta.summaries.remembered import remember
    from bayesmeta.summaries.text import text

    require_level(interval)
    if output is not None:
        require_free(output, force=force)
    asked = read_model(model, moderators)
    effects = read_effects(studies, measure, asked)
    posterior = fit_model(
        effects, asked, moderators=moderators, priors=options.pairs(prior, option="--prior"),
        engine=engine, missing=chosen()["missing"], progress=sys.stderr.isatty(), **settings,
    )  # fmt: skip
    content = contract(posterior, interval=interval, shortest=shortest)
    if output is not None:
        save_posterior(remember(posterior, benefit, minimal_important_difference), output)
    if as_json:
        print_json(content)
    else:
        typer.echo(
            text(posterior, interval=interval, shortest=shortest, benefit=options.sides(benefit),
                 minimal_important_difference=minimal_important_difference)
        )  # fmt: skip
    raise typer.Exit(0 if content["diagnostics"]["ok"] else 3)
