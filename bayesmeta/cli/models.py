"""`bayesmeta models`: the shelf; one model in full."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bayesmeta.spec import ModelSpec


def models(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show one in full.")] = None,
) -> None:
    """List the models, or show one."""
    from bayesmeta.catalogue import load_model, model_names

    if name is None:
        width = max(map(len, model_names()))
        for known in model_names():
            typer.echo(f"{known:<{width}} {load_model(known).summary}")
        return
    model = load_model(name)
    typer.echo(f"{model.name}: {model.title}\n\n{model.summary}\n\n{model.statement.rstrip()}\n")
    for line in _priors(model):
        typer.echo(line)
    parts = ", ".join(f"{slot} {part}" for slot, part in model.parts.items())
    typer.echo(f"\nParts: {parts}")
    typer.echo("\nReferences:\n" + "\n".join(f"- {item}" for item in model.references))


def _priors(model: "ModelSpec") -> Iterator[str]:
    """Yield each parameter's prior; for a default, that on each kind of scale."""
    from bayesmeta.assembly import parts_of
    from bayesmeta.covariance import Groups, Layout, Use
    from bayesmeta.location import MU, slopes
    from bayesmeta.priors import STANDINGS

    parts = parts_of(model)
    # Two rows of two groups: a parameter that each group has is there.
    groups = {role.name: Groups.of("ab") for role in parts.roles if role.use is Use.GROUPS}
    every = (MU, *slopes(["term"]), *parts.hyperparameters(Layout(groups)))
    kinds = {item.variable: item.default for item in every}
    for parameter, prior in model.priors.items():
        if not prior.is_default:
            yield f"{parameter} ~ {prior}"
            continue
        for standing in STANDINGS:
            yield f"{parameter} ~ {standing.told(kinds[parameter])}   ({standing.words})"
