"""The engines' settings as options, from their one record, for every command that samples."""

import inspect
from collections.abc import Callable
from math import inf
from typing import Annotated, Any, Literal

import typer

from bayesmeta.engines.settings import SETTINGS, Setting, parameters


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
