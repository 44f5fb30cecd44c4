"""TOML out of a file or a text, of a size and depth that a hand has written."""

import tomllib
from pathlib import Path

_LARGEST = 2**20
_DEEPEST = 20
_SHOWN = 200


class UnreadableError(ValueError):
    """Why something is no TOML of ours: `read_model` and `read_analysis` say it with the file."""


def read_toml(path: Path) -> dict[str, object]:
    """Return the content of a TOML file.

    Raises
    ------
    UnreadableError
        If there is no such file, it is not text in UTF-8, larger than 1 MiB, or no TOML.
    """
    return parse_toml(read_text(path))


def read_text(path: Path) -> str:
    """Return the text of a TOML file.

    Raises
    ------
    UnreadableError
        If there is no such file, it is not text in UTF-8, or larger than 1 MiB.
    """
    try:
        with path.open("rb") as file:  # no more than that, should it have no end
            content = file.read(_LARGEST + 1)
    except FileNotFoundError as error:
        raise UnreadableError("no such file") from error
    except (OSError, ValueError) as error:
        raise UnreadableError(f"not a readable text file ({error})") from error
    if len(content) > _LARGEST:
        raise UnreadableError("larger than 1 MiB, which no such file is")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"not a readable text file ({error})") from error


def parse_toml(text: str) -> dict[str, object]:
    r"""Return the content of a TOML text.

    Raises
    ------
    UnreadableError
        If it is no TOML, or nested deeper than 20.

    Examples
    --------
    >>> parse_toml("[priors]\ntau = 'uniform'")
    {'priors': {'tau': 'uniform'}}
    """
    try:
        content = tomllib.loads(text)
    except RecursionError as error:
        raise UnreadableError(f"nested deeper than {_DEEPEST}") from error
    except ValueError as error:  # a number of thousands of digits is no TOMLDecodeError
        raise UnreadableError(f"not TOML: {error}") from error
    if _deeper_than(content, _DEEPEST):
        raise UnreadableError(f"nested deeper than {_DEEPEST}")
    return content


def _deeper_than(content: object, most: int) -> bool:
    pending = [(content, 0)]
    while pending:
        item, depth = pending.pop()
        if depth > most:
            return True
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        pending += [(value, depth + 1) for value in inner]
    return False


def shown(value: object) -> str:
    """Return a value for a message, cut short where it is long.

    Examples
    --------
    >>> shown("x" * 500)[-5:]
    'xx...'
    """
    try:
        found = repr(value)
    except ValueError:  # a number of thousands of digits has no decimal text
        return "a number of thousands of digits"
    return found if len(found) <= _SHOWN else f"{found[:_SHOWN]}..."
