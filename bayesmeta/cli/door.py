"""Options on how a table is read, the same for every command that takes one."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Annotated, Any, Literal

import typer

type Choices = Mapping[str, Any]

OPTIONS: dict[str, Any] = {
    "study": Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help='Column of study names; two joined: "author, year".'),
    ],
    "sheet": Annotated[
        str | None, typer.Option(metavar="NAME", help="Which sheet, or file in an archive.")
    ],
    "comparison": Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Which comparison of a review.")
    ],
    "subgroup": Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Which subgroup of an analysis.")
    ],
    "arm": Annotated[
        str | None,
        typer.Option(metavar="COLUMN=CONTROL", help="One row per arm: which are controls."),
    ],
    "treated": Annotated[
        str | None, typer.Option(metavar="ARM", help="Which arm is compared with the control.")
    ],
    "controls": Annotated[
        str | None,
        typer.Option(metavar="SET", help="Arms side by side: which set of columns is the control."),
    ],
    "totals": Annotated[
        Literal["drop", "keep"] | None, typer.Option(help="Rows that may sum up the others.")
    ],
    "values": Annotated[
        Literal["natural", "log", "r", "z"] | None,
        typer.Option(help="Scale of ready-made ratios (natural, log) or correlations (r, z)."),
    ],
    "errors": Annotated[
        Literal["natural", "log", "r", "z"] | None,
        typer.Option(help="Scale of standard errors beside natural ratios, or correlations."),
    ],
    "confidence": Annotated[
        float | None,
        typer.Option(metavar="PERCENT", help="Level of ready-made intervals, if not 95."),
    ],
    "decimal": Annotated[
        Literal["point", "comma"] | None, typer.Option(help="Decimal mark, if both could be.")
    ],
}
"""By the name of the option. A command gets them from `with_door`, not from its signature."""

READING = ("sheet", "decimal", "arm", "treated", "controls", "totals")
"""Those that say how a table is read, as `read_studies` has them."""

_NONE: Choices = MappingProxyType(dict.fromkeys(OPTIONS))
_CHOSEN: ContextVar[Choices] = ContextVar("door", default=_NONE)


def chosen() -> Choices:
    """Return the options on reading that the command was given, by name."""
    return _CHOSEN.get()


def with_door(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with the options on reading a table, if it takes a table.

    The options reach `read_effects` without passing through every command. Messages inside speak
    of options.
    """
    signature = inspect.signature(command)

    @functools.wraps(command)
    def opened(*arguments: object, **options: Any) -> None:  # noqa: ANN401
        given = {name: options.pop(name, None) for name in OPTIONS if name in added}
        with _using({**dict.fromkeys(OPTIONS), **given}):
            command(*arguments, **options)

    added = OPTIONS if "column" in signature.parameters else {}
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in added.items()
    ]
    opened.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*signature.parameters.values(), *parameters]
    )
    opened.__annotations__ = {**command.__annotations__, **added}
    return opened


@contextmanager
def _using(choices: Choices) -> Iterator[None]:
    from bayesmeta.studies.wording import speaking

    token = _CHOSEN.set(choices)
    try:
        with speaking("command line"):
            yield
    finally:
        _CHOSEN.reset(token)
