"""Arguments and options that several commands share."""

from math import inf
from pathlib import Path
from typing import Annotated, Literal

import typer

from bayesmeta.cli.listing import one_of
from bayesmeta.errors import AnalysisError


def _not_empty(value: str | None) -> str | None:
    """Refuse an empty text: it would count as none, and the default would stand in its place."""
    if value is not None and not value.strip():
        raise typer.BadParameter("nothing is given; leave the option out for the default.")
    return value


def _above_0(value: float | None) -> float | None:
    """Refuse what is no size of a difference: whichever direction helps, it is above 0."""
    if value is not None and not 0 < value < inf:
        raise typer.BadParameter(f"{value} is no size of a difference; it must be above 0.")
    return value


Table = Annotated[
    Path, typer.Argument(metavar="STUDIES.csv", help="Table: text, Excel, RevMan, Cochrane, zip.")
]
Measure = Annotated[
    str, typer.Option(help="Effect measure: {measures} (generic: ready-made estimates).")
]
Column = Annotated[
    list[str] | None,
    typer.Option(metavar="OURS=THEIRS", help="Map a column by hand; n= takes none for n."),
]
Outcome = Annotated[str | None, typer.Option(help="Which value of the column `outcome`.")]
Unit = Annotated[str | None, typer.Option(help="Unit of the outcome, such as days.")]
Variance = Annotated[
    Literal["unpooled", "pooled"], typer.Option(help="MD: SDs of each arm, or one for both.")
]
Missing = Annotated[
    Literal["error", "drop"], typer.Option(help="drop: leave incomplete rows out, listed.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, alone, on standard output.")]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE",
        help="Model on the shelf ({models}), or a model file.",
        callback=_not_empty,
    ),
]
Moderators = Annotated[
    str | None,
    typer.Option(
        metavar="FORMULA", help='Such as "duration_weeks + C(design)".', callback=_not_empty
    ),
]
Priors = Annotated[
    list[str] | None,
    typer.Option("--prior", metavar="NAME=PRIOR", help='Such as "tau=HalfNormal(sigma=5)".'),
]
Engine = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="One of {engines}: nuts samples, exact integrates in milliseconds.",
        callback=one_of("engines"),
    ),
]
Interval = Annotated[float, typer.Option(help="Probability of the intervals.")]
Shortest = Annotated[bool, typer.Option("--shortest", help="Shortest intervals, not central ones.")]
Benefit = Annotated[
    Literal["lower", "higher"] | None, typer.Option(help="Which direction is benefit.")
]
Difference = Annotated[
    float | None,
    typer.Option(
        "--minimal-important-difference",
        help="Smallest difference that matters.",
        callback=_above_0,
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace files of an earlier run.")]


def pairs(words: list[str] | None, *, option: str, empty: bool = False) -> dict[str, str]:
    """Return ``NAME=VALUE`` words as a mapping.

    Parameters
    ----------
    empty
        Whether a value may be empty.

    Raises
    ------
    AnalysisError
        If a word has no equals sign, or a name stands twice.

    Examples
    --------
    >>> pairs(["tau=HalfNormal(sigma=5)"], option="--prior")
    {'tau': 'HalfNormal(sigma=5)'}
    """
    found: dict[str, str] = {}
    for word in words or []:
        name, equals, value = word.partition("=")
        if not equals or not name.strip() or not (value.strip() or empty):
            raise AnalysisError(f"{option} {word!r}: write NAME=VALUE.")
        if name.strip() in found:
            raise AnalysisError(f"{option}: {name.strip()!r} stands twice.")
        found[name.strip()] = value.strip()
    return found
