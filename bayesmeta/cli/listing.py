"""What there is to choose from, read from the registers when help is asked for.

A help text names a list in braces, as ``{measures}``; `Listed` puts what is registered in its
place. A register's room is imported then and not before, so that other help pays for nothing.
"""

import re
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand

LISTS: dict[str, tuple[str, str]] = {
    "engines": ("bayesmeta.engines.fitting", "ENGINES"),
    "estimators": ("bayesmeta.frequentist.estimators", "ESTIMATORS"),
    "measures": ("bayesmeta.measures.register", "MEASURES"),
    "models": ("bayesmeta.catalogue", "model_names"),
    "plots": ("bayesmeta.plots.register", "PLOTS"),
    "shapes": ("bayesmeta.location.shapes", "SHAPES"),
    "spreads": ("bayesmeta.calibration.shapes", "SHAPES"),
}
"""Where each list stands: a register, or what returns the names."""


def listed(name: str) -> tuple[str, ...]:
    """Return the names on a list, in its order.

    Examples
    --------
    >>> listed("models")[:2]
    ('binomial', 'common-effect')
    """
    room, register = LISTS[name]
    found: Iterable[str] | Callable[[], Iterable[str]] = getattr(import_module(room), register)
    return tuple(found() if callable(found) else found)


def one_of(name: str) -> Callable[[str], str]:
    """Return what refuses a value that is on no list."""

    def checked(value: str) -> str:
        if value not in listed(name):
            raise typer.BadParameter(f"{value!r} is none of: {', '.join(listed(name))}.")
        return value

    return checked


class Listed(TyperCommand):
    """A command whose help says what there is to choose from."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  (typer's own click)
        """Write the help, lists in the place of their names."""
        for parameter in self.params:
            said = getattr(parameter, "help", None) or ""
            parameter.help = re.sub(r"\{(\w+)\}", _enumerated, said)  # type: ignore[attr-defined]
        super().format_help(ctx, formatter)


def _enumerated(name: re.Match[str]) -> str:
    return ", ".join(listed(name[1]))
