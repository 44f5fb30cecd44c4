"""Arguments and options that several commands share."""

import inspect
import re
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bayesmeta.cli.listing import one_of
from bayesmeta.engines.settings import SETTINGS, Setting, parameters
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


_SIDES = re.compile(r"([^=]+)=(lower|higher)(?:,|$)")


def sides(value: str | None) -> str | dict[str, str] | None:
    """Return which direction is benefit: one word, or one a name.

    Examples
    --------
    >>> sides("lower"), sides("TNF-alpha=lower,BDNF=higher")
    ('lower', {'TNF-alpha': 'lower', 'BDNF': 'higher'})
    """
    if value is None or "=" not in value:
        return value
    return {name.strip(): side for name, side in _SIDES.findall(value)}


def _directions(value: str | None) -> str | None:
    """Refuse what names no direction."""
    whole = value is None or value in ("lower", "higher")
    if not whole and _SIDES.sub("", str(value)):
        raise typer.BadParameter(
            f"{value!r} is neither lower nor higher, nor such as TNF=lower,BDNF=higher."
        )
    return value


Table = Annotated[
    Path, typer.Argument(metavar="STUDIES.csv", help="Table: text, Excel, RevMan, Cochrane, zip.")
]
Measure = Annotated[
    str, typer.Option(help="Effect measure: {measures} (generic: ready-made estimates).")
]
Folder = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for tables and figures.")]
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
        help="One of {engines}: nuts samples, exact integrates (normal effects in milliseconds).",
        callback=one_of("engines"),
    ),
]
LEVEL = 0.95
"""What intervals are of, unless another level is asked for."""

Interval = Annotated[float, typer.Option(help="Probability of the intervals.")]
Shortest = Annotated[bool, typer.Option("--shortest", help="Shortest intervals, not central ones.")]
Benefit = Annotated[
    Literal["lower", "higher"] | None, typer.Option(help="Which direction is benefit.")
]
Benefits = Annotated[
    str | None,
    typer.Option(
        metavar="lower|higher",
        help="Which direction is benefit; of several outcomes: TNF=lower,BDNF=higher.",
        callback=_directions,
    ),
]
Difference = Annotated[
    float | None,
    typer.Option(
        "--minimal-important-difference",
        help="Smallest difference that matters.",
        callback=_above_0,
    ),
]
Dpi = Annotated[
    int | None, typer.Option(min=20, max=2400, help="Dots an inch of PNG figures; 200 by default.")
]
Width = Annotated[
    str | None,
    typer.Option(
        metavar="WIDTH", help='How wide the figure is printed, such as "85 mm" or "3.35 in".'
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace files of an earlier run.")]


At = Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="A moderator's value.")]


def values(words: list[str] | None) -> dict[str, float | str]:
    """Return moderators' values of the option ``--at``: numbers where they are.

    Examples
    --------
    >>> values(["design=RCT", "dose=20"])
    {'design': 'RCT', 'dose': 20.0}
    """
    return {name: _number(value) for name, value in pairs(words, option="--at").items()}


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


_PARAMETER = re.compile(r"[^\W\d]\w*(?:\[.*\])?", re.DOTALL)
"""What a parameter is called."""


def told_side(benefit: str | None) -> dict[str, Any]:
    """Return the direction of benefit as a keyword, where it was said."""
    return {} if benefit is None else {"benefit": benefit}


def unsaid(benefit: str | None, difference: float | None) -> tuple[str, ...]:
    """Return the sentence on a difference that matters in a direction that was not said.

    Examples
    --------
    >>> unsaid("lower", 3.0), unsaid(None, None)
    ((), ())
    """
    if benefit is not None or difference is None:
        return ()
    taken = "Which direction is benefit was not said: lower is taken for it"
    return (f"{taken}; say --benefit lower or --benefit higher.",)


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
        if option == "--prior" and not _PARAMETER.fullmatch(name.strip()):
            raise AnalysisError(
                f"{option} {word!r}: write NAME=PRIOR, such as tau=HalfNormal(sigma=5)."
            )
        if not equals or not name.strip() or not (value.strip() or empty):
            raise AnalysisError(f"{option} {word!r}: write NAME=VALUE.")
        if name.strip() in found:
            raise AnalysisError(f"{option}: {name.strip()!r} stands twice.")
        found[name.strip()] = value.strip()
    return found


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with an option for each setting in the place of its ``**settings``."""
    shape = inspect.signature(command)
    own = [item for item in shape.parameters.values() if item.kind is not item.VAR_KEYWORD]
    if len(own) < len(shape.parameters):
        options = [item.replace(annotation=_option(SETTINGS[item.name])) for item in parameters()]
        command.__signature__ = shape.replace(  # type: ignore[attr-defined]
            parameters=[*own, *options]
        )
    return command


def _option(setting: Setting) -> Any:  # noqa: ANN401  (an annotation)
    if setting.choices:
        return Annotated[Literal[setting.choices], typer.Option(help=setting.said)]
    # A number between two ends is refused by the record: an option's range would take the ends.
    whole = setting.kind is not float
    least, most = (end if whole and abs(end) < inf else None
                   for end in (setting.least, setting.most))  # fmt: skip
    return Annotated[setting.kind, typer.Option(min=least, max=most, help=setting.said)]
