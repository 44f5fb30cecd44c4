"""`bayesmeta effects`: effect sizes only."""

from typing import TYPE_CHECKING

import typer

from bayesmeta.cli import options
from bayesmeta.cli.answer import print_json
from bayesmeta.cli.table import read_effects

if TYPE_CHECKING:
    from bayesmeta.measures.effects import Effects


def effects(
    studies: options.Table,
    measure: options.Measure,
    *,
    as_json: options.Json = False,
) -> None:
    """Print estimates and standard errors."""
    found = read_effects(studies, measure)
    rows = [
        {
            "study": made["study"],
            "estimate": float(estimate),
            "standard_error": float(error),
            **made,
        }
        for estimate, error, made in zip(
            found.estimate, found.standard_error, found.made_of, strict=True
        )
    ]
    content = {
        "measure": found.measure, "unit": found.unit, "k": len(found), "studies": rows,
        "dropped": [item._asdict() for item in found.dropped], "notes": list(found.notes),
    }  # fmt: skip
    if as_json:
        print_json(content)
        return
    _print_table(found)


def _print_table(found: "Effects") -> None:
    width = max(len("study"), *(len(label) for label in found.labels))
    unit = f" in {found.unit}" if found.unit else ""
    typer.echo(f"{found.measure}{unit}, {len(found)} {'study' if len(found) == 1 else 'studies'}\n")
    made = [f"  {one}" for one in found.provenance]
    apart = len(set(made)) > 1
    head = "  made of" if apart else ""
    typer.echo(f"{'study':<{width}}  {'estimate':>12}  {'standard error':>14}{head}")
    for label, estimate, error, how in zip(
        found.labels, found.estimate, found.standard_error, made, strict=True
    ):
        typer.echo(f"{label:<{width}}  {estimate:>12.6g}  {error:>14.6g}{how if apart else ''}")
    if not apart:
        typer.echo(f"All are made of {made[0].strip()}.")
    for line in found.notes:
        typer.echo(line)
    for item in found.dropped:
        typer.echo(f"Left out: {item.study} ({item.reason}).")
