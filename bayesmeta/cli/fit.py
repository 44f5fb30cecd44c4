"""`bayesmeta fit`: one table, one model, one posterior."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, Unpack

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import print_json
from bayesmeta.cli.door import chosen
from bayesmeta.cli.table import read_effects, read_model
from bayesmeta.engines.settings import Chosen

if TYPE_CHECKING:
    from bayesmeta.assembly import Assembly
    from bayesmeta.measures.effects import Effects
    from bayesmeta.plain import Json
    from bayesmeta.spec import ModelSpec
    from bayesmeta.summaries.view import View


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

    from bayesmeta.archive.saving import require_netcdf
    from bayesmeta.engines.fitting import fit as fit_model
    from bayesmeta.files import require_free
    from bayesmeta.summaries.contract import contract
    from bayesmeta.summaries.quantities import require_level
    from bayesmeta.summaries.text import text
    from bayesmeta.summaries.view import view_of

    require_level(interval)
    if output is not None:
        require_free(require_netcdf(output), force=force)
    asked = read_model(model, moderators)
    effects = read_effects(studies, measure, asked)
    assembly = _announced(effects, asked, moderators, prior, engine=engine)
    view = view_of(fit_model(
        effects, asked, moderators=moderators, priors=options.pairs(prior, option="--prior"),
        engine=engine, missing=chosen()["missing"], progress=sys.stderr.isatty(), **settings,
    ))  # fmt: skip
    content = contract(view, interval=interval, shortest=shortest)
    strip = _strip(assembly, view=view, interval=interval)
    if output is not None:
        _save(view, output, benefit, minimal_important_difference)
    if as_json:
        print_json(content | strip.content)
    else:
        typer.echo("\n\n".join([
            text(view, interval=interval, shortest=shortest, benefit=options.sides(benefit),
                 minimal_important_difference=minimal_important_difference),
            *strip.lines,
        ]))  # fmt: skip
    raise typer.Exit(0 if content["diagnostics"]["ok"] else 3)


def _announced(
    effects: "Effects",
    model: "str | ModelSpec | None",
    moderators: str | None,
    prior: list[str] | None,
    *,
    engine: str,
) -> "Assembly":
    """Return what is going to be fitted; on standard error what there is to know before."""
    from bayesmeta.assembly import assemble
    from bayesmeta.engines.announcing import announced

    priors = options.pairs(prior, option="--prior")
    assembly = assemble(effects, model, moderators=moderators, priors=priors,
                        missing=chosen()["missing"])  # fmt: skip
    for line in announced(assembly, engine):
        typer.echo(line, err=True)
    return assembly


def _save(view: "View", output: Path, benefit: str | None, difference: float | None) -> None:
    """Save a posterior with what it is read for."""
    from bayesmeta.archive.saving import save_posterior
    from bayesmeta.summaries.remembered import remember

    save_posterior(remember(view.tree, benefit, difference), output)


class _Said(NamedTuple):
    """What a strip adds to the JSON, and to the text; nothing where there is none."""

    content: "dict[str, Json]"
    lines: list[str]


def _strip(assembly: "Assembly", *, view: "View", interval: float) -> _Said:
    """Return the answer at assumed correlations, where one is unknown; why not, where not."""
    from bayesmeta.errors import BayesmetaError
    from bayesmeta.sensitivity.correlation_strip import has_strip, strip_of
    from bayesmeta.sensitivity.strip_words import strip_contract, strip_text
    from bayesmeta.summaries.summary import summary

    if not has_strip(assembly):
        return _Said({}, [])
    known = summary(view, interval=interval) if view.is_exact else None
    try:
        table = strip_of(assembly, interval=interval, known=known)
    except BayesmetaError as error:  # a prior or a dimension that the exact engine does not take
        why = f"Not shown at assumed correlations: {error}"
        return _Said({"correlation_strip": None}, [why])
    return _Said({"correlation_strip": strip_contract(table)}, [strip_text(table)])
