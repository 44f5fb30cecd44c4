"""Choices that a message offers, in the language in which it is read."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

type Language = Literal["python", "command line", "toml"]

_LANGUAGE: ContextVar[Language] = ContextVar("language", default="python")
_PLAIN = re.compile(r"[\w./=+:-]+", re.ASCII)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let messages inside offer options, arguments or keys.

    Examples
    --------
    >>> with speaking("command line"):
    ...     choice("missing", "drop")
    '--missing drop'
    """
    token = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def language() -> Language:
    """Return the language in which a message is read.

    Examples
    --------
    >>> language()
    'python'
    """
    return _LANGUAGE.get()


def choice(name: str, value: str | float) -> str:
    """Return one choice, ready to paste; numbers stand without quotes.

    Examples
    --------
    >>> choice("missing", "drop")
    'missing="drop"'
    >>> with speaking("toml"):
    ...     choice("missing", "drop")
    'missing = "drop"'
    >>> choice("confidence", 90)
    'confidence=90'
    """
    language = _LANGUAGE.get()
    if language == "command line":
        return f"--{name} {_shell(value if isinstance(value, str) else f'{value:g}')}"
    written = _string(value) if isinstance(value, str) else f"{value:g}"
    key = name.replace("-", "_")
    if language == "toml":
        return f"{'name' if key == 'outcome' else key} = {written}"
    return f"{key}={written}"


def at_choice(moderator: str, value: float) -> str:
    """Return the choice of a moderator's value.

    Examples
    --------
    >>> at_choice("weeks", 6)
    'at={"weeks": 6}'
    >>> with speaking("command line"):
    ...     at_choice("weeks", 6)
    '--at weeks=6'
    """
    language = _LANGUAGE.get()
    if language == "command line":
        return f"--at {_shell(f'{moderator}={value:g}')}"
    if language == "toml":
        return f"at = {{ {moderator} = {value:g} }}"
    return f"at={{{_string(moderator)}: {value:g}}}"


def numbers_choice(stated: Mapping[str, float]) -> str:
    """Return the choice of numbers in place of priors.

    Examples
    --------
    >>> numbers_choice({"kappa": 1, "nu": 4})
    'priors={"kappa": 1, "nu": 4}'
    >>> with speaking("command line"):
    ...     numbers_choice({"kappa": 1, "tau[a]": 4})
    '--prior "kappa=1" --prior "tau[a]=4"'
    >>> with speaking("toml"):
    ...     numbers_choice({"kappa": 1})
    'priors."kappa" = 1'
    """
    language = _LANGUAGE.get()
    if language == "command line":
        return " ".join(f'--prior "{name}={value:g}"' for name, value in stated.items())
    if language == "toml":
        return " and ".join(f"priors.{_string(name)} = {value:g}" for name, value in stated.items())
    pairs = ", ".join(f"{_string(name)}: {value:g}" for name, value in stated.items())
    return f"priors={{{pairs}}}"


def together(*choices: str) -> str:
    """Return choices that go together: as they are pasted, in TOML each a line of its own.

    Examples
    --------
    >>> together(choice("model", "nested"), choice("cluster", "district"))
    'model="nested", cluster="district"'
    >>> with speaking("command line"):
    ...     together(choice("model", "nested"), choice("cluster", "district"))
    '--model nested --cluster district'
    """
    joints: dict[Language, str] = {"python": ", ", "command line": " ", "toml": " and "}
    return joints[_LANGUAGE.get()].join(choices)


def column_choice(ours: str, theirs: str) -> str:
    """Return the choice of a column, or with no column the refusal of a role.

    Examples
    --------
    >>> column_choice("study", "author, year")
    'columns={"study": "author, year"}'
    >>> with speaking("command line"):
    ...     column_choice("study", "author, year"), column_choice("outcome", "")
    ('--study "author, year"', '--column outcome=')
    >>> with speaking("toml"):
    ...     column_choice("study", "author, year")
    'columns.study = "author, year"'
    """
    language = _LANGUAGE.get()
    if language == "command line":
        if ours == "study":
            return f"--study {_shell(theirs)}"
        return f"--column {_shell(f'{ours}={theirs}')}"
    if language == "toml":
        return f"columns.{ours} = {_string(theirs)}"
    return f"columns={{{_string(ours)}: {_string(theirs)}}}"


def columns_choice(chosen: Mapping[str, str]) -> str:
    """Return the choice of several columns: ours to the table's.

    Examples
    --------
    >>> columns_choice({"estimate": "os", "standard_error": "se_os"})
    'columns={"estimate": "os", "standard_error": "se_os"}'
    >>> with speaking("command line"):
    ...     columns_choice({"estimate": "os", "standard_error": "se_os"})
    '--column estimate=os --column standard_error=se_os'
    """
    if _LANGUAGE.get() == "python":
        pairs = ", ".join(f"{_string(ours)}: {_string(theirs)}" for ours, theirs in chosen.items())
        return f"columns={{{pairs}}}"
    return together(*(column_choice(ours, theirs) for ours, theirs in chosen.items()))


def _shell(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return '"' + re.sub(r'([\\"$`])', r"\\\1", value) + '"'


def _string(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def number_of(count: int, one: str = "study", several: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> number_of(1), number_of(3), number_of(1, "row"), number_of(0, "row")
    ('1 study', '3 studies', '1 row', '0 rows')
    """
    several = several or ("studies" if one == "study" else f"{one}s")
    return f"{count} {one if count == 1 else several}"
