"""How an engine is told to draw: every setting said once, for all who take it.

A setting is a field of `Settings`, with what may be said of it, and a keyword in `Chosen`.
`bayesmeta.fit`, the analysis file and the commands that sample take it from here; only the
engine that heeds it has to be told besides.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from inspect import Parameter, Signature, cleandoc, signature
from math import inf
from types import MappingProxyType
from typing import Any, TypedDict, get_args, get_type_hints

from bayesmeta.errors import ModelError

_MOST = 10_000_000
_IDLE = ("cores",)
"""What changes how long the engine takes, and nothing that it gives."""


@dataclass(frozen=True)
class Setting:
    """What may be said of one setting.

    Parameters
    ----------
    said
        What it does, in a line.
    least, most
        The ends of a whole number's range; a real number lies between them.
    choices
        Of a word.
    """

    said: str
    least: float = -inf
    most: float = inf
    choices: tuple[str, ...] = ()
    kind: Any = str
    default: Any = None

    def wrong(self, value: object) -> str:
        """Return what is wrong with a value; nothing if it will do.

        Examples
        --------
        >>> SETTINGS["draws"].wrong(0), SETTINGS["draws"].wrong(500)
        ('it must be at least 1', '')
        """
        if value is None and self.default is None:
            return ""
        if self.choices:
            listed = ", ".join(self.choices)
            return "" if value in self.choices else f"it must be one of: {listed}"
        if self.kind is float:
            return self._wrong_number(value)
        if not isinstance(value, int) or isinstance(value, bool):
            return "it must be a whole number"
        if value < self.least:
            return f"it must be at least {self.least}"
        return f"it must be at most {self.most}" if value > self.most else ""

    def _wrong_number(self, value: object) -> str:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        within = number and self.least < value < self.most  # type: ignore[operator]
        return "" if within else f"it must be between {self.least} and {self.most}"


def _setting(default: Any, said: str, **limits: Any) -> Any:  # noqa: ANN401  (a field's default)
    return field(default=default, metadata={"said": said, **limits})


@dataclass(frozen=True)
class Settings:
    """What an engine is told besides the model; `SETTINGS` has what may be said of each.

    Parameters
    ----------
    progress
        Whether to show a progress bar on standard error: a matter of the session, no setting.

    Raises
    ------
    ModelError
        If no engine can do it.
    """

    seed: int = _setting(1, "Same seed, same draws, on any number of cores.",
                         least=0, most=2**63 - 1)  # fmt: skip
    draws: int = _setting(1000, "Kept draws of each chain.", least=1, most=_MOST)
    tune: int = _setting(1000, "NUTS: warm-up steps of each chain.", least=1, most=_MOST)
    chains: int = _setting(4, "Chains.", least=1, most=1000)
    cores: int | None = _setting(None, "Processor cores; as many as there are, if not given.",
                                 least=1)  # fmt: skip
    # 0.9 gave no divergence in 180 fits of few studies; PyMC's 0.8 gave some.
    target_accept: float = _setting(
        0.9, "NUTS: higher takes smaller steps, against divergences.", least=0, most=1
    )
    form: str = _setting("marginal", "NUTS: study effects integrated out, or sampled.",
                         choices=("marginal", "hierarchical"))  # fmt: skip
    progress: bool = False

    def __post_init__(self) -> None:
        """Refuse what no engine can do."""
        for name, setting in SETTINGS.items():
            value = getattr(self, name)
            if wrong := setting.wrong(value):
                raise ModelError(f"{name} is {value!r}; {wrong}.")

    def chosen(self) -> "Chosen":
        """Return the settings as keywords."""
        return {name: getattr(self, name) for name in SETTINGS}  # type: ignore[return-value]

    def said(self) -> dict[str, Any]:
        """Return what a posterior says it was made with: all but what no number depends on."""
        return {name: value for name, value in self.chosen().items() if name not in _IDLE}


class Seeded(TypedDict, total=False):
    """The seed as a keyword."""

    seed: int


class Unseeded(TypedDict, total=False):
    """The other settings as keywords, for who has a seed of its own."""

    draws: int
    tune: int
    chains: int
    cores: int | None
    target_accept: float
    form: str


class Chosen(Unseeded, Seeded, total=False):
    """The settings as keywords, for who takes them by ``**``."""


SETTINGS = MappingProxyType({
    item.name: Setting(**item.metadata, kind=item.type, default=item.default)
    for item in fields(Settings) if item.metadata
})  # fmt: skip
"""What may be said of each setting, by its name."""


def parameters() -> list[Parameter]:
    """Return the settings as parameters of a function."""
    return [
        Parameter(name, Parameter.KEYWORD_ONLY, default=setting.default, annotation=setting.kind)
        for name, setting in SETTINGS.items()
    ]


def taking_settings[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Return a function of ``**settings`` whose signature and documentation name each of them.

    Its docstring has the line ``{settings}`` where they are to stand. What its keywords are
    besides stands in the signature too.
    """
    shape = signature(function)
    kept = [item for item in shape.parameters.values() if item.kind is not Parameter.VAR_KEYWORD]
    every = [*kept, *parameters(), *_others(shape)]
    function.__signature__ = shape.replace(parameters=every)  # type: ignore[attr-defined]
    listed = "\n".join(f"{name}\n    {item.said}" for name, item in SETTINGS.items())
    function.__doc__ = cleandoc(function.__doc__ or "").replace("{settings}", listed)
    return function


def _others(shape: Signature) -> list[Parameter]:
    """Return the keywords that are no settings, as parameters of a function."""
    keywords = [item for item in shape.parameters.values() if item.kind is Parameter.VAR_KEYWORD]
    names = [name for item in keywords for known in get_args(item.annotation)
             for name in get_type_hints(known) if name not in SETTINGS]  # fmt: skip
    return [Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=str | None)
            for name in names]  # fmt: skip
