"""`bayesmeta effects`: effect sizes only."""

from typing import TYPE_CHECKING

import typer

from bayesmeta.cli import options
from bayesmeta.cli.table import read_effects

if TYPE_CHECKING:
    from bayesmeta.measures.effects import Effects


def effects(  # noqa: PLR0913  (a command's options)
    studies: options.Table,
    measure: options.Measure,
    *,
    missing: options.Missing = "error",
    column: options.Column = None,
    outcome: options.Outcome = None,
    unit: options.Unit = None,
    variance: options.Variance = "unpooled",
    as_json: options.Json = False,
) -> None:
    """Print estimates and standard errors."""
    import json

    found = read_effects(
        studies, measure, column=column, outcome=outcome, unit=unit, variance=variance,
        missing=missing,
    )  # fmt: skip
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
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))
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
