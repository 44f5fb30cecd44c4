"""The known name that an unknown one was probably meant to be, as a hint for a message."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.75
_SHORTEST = 3


def near(name: object, known: Iterable[object]) -> str | None:
    """Return the known name that another is nearest to; None where none is near.

    The same letters in another case or with other joints come first, then a name that has it as
    one of its words, then one that is spelt nearly so.

    Examples
    --------
    >>> columns = ["study", "duration_weeks", "design"]
    >>> [near(name, columns) for name in ("Duration-Weeks", "weeks", "dsgn", "sex")]
    ['duration_weeks', 'duration_weeks', 'design', None]
    """
    keys = {str(one): _key(str(one)) for one in known}
    wanted = _key(str(name))
    same = [one for one, key in keys.items() if key == wanted and one != str(name)]
    words = [one for one in keys if len(wanted) >= _SHORTEST and wanted in _words(one)]
    by_key = {key: one for one, key in reversed(keys.items()) if one != str(name)}
    spelt = [by_key[key] for key in get_close_matches(wanted, by_key, n=1, cutoff=_ALIKE)]
    return next(iter([*same, *words, *spelt]), None)


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """Return the question for the end of a message, with a blank before it; "" where none is near.

    Examples
    --------
    >>> did_you_mean("Emax", ["linear", "emax"]), did_you_mean("wavy", ["linear", "emax"])
    (" Did you mean 'emax'?", '')
    """
    return asked_back(near(name, known))


def asked_back(meant: str | None, more: str = "") -> str:
    """Return the same question of a name that is known to be meant; "" where none is.

    Parameters
    ----------
    more
        What is said of the name, behind it.

    Examples
    --------
    >>> asked_back("HR", " (Hazard ratio)"), asked_back(None)
    (" Did you mean 'HR' (Hazard ratio)?", '')
    """
    return f" Did you mean {meant!r}{more}?" if meant else ""


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _words(name: str) -> list[str]:
    return re.split(r"[\W_]+", name.casefold())
