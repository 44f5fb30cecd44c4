"""`bayesmeta models`: the shelf; one model in full."""

from typing import Annotated

import typer


def models(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show one in full.")] = None,
) -> None:
    """List the models, or show one."""
    from bayesmeta.catalogue import load_model, model_names

    if name is None:
        for known in model_names():
            typer.echo(f"{known:<18} {load_model(known).summary}")
        return
    model = load_model(name)
    typer.echo(f"{model.name}: {model.title}\n\n{model.summary}\n\n{model.statement.rstrip()}\n")
    for parameter, prior in model.priors.items():
        typer.echo(f"{parameter} ~ {prior}")
    parts = ", ".join(f"{slot} {part}" for slot, part in model.parts.items())
    typer.echo(f"\nParts: {parts}")
    typer.echo("\nReferences:\n" + "\n".join(f"- {item}" for item in model.references))
