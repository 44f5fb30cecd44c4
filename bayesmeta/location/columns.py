"""Names of columns in a formula: as they are where they can be, else in backticks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from keyword import iskeyword

from bayesmeta.errors import ModelError
from bayesmeta.location.factors import Factor

_QUOTED = re.compile(r"`([^`]+)`")
_CALL = re.compile(r"\w+\(.*\)|.*[+*:].*", re.DOTALL)
_ALIAS = "quoted_column_"


def written(name: str) -> str:
    """Return a column's name as a formula has it.

    Examples
    --------
    >>> written("duration_weeks"), written("dose per day"), written("class")
    ('duration_weeks', '`dose per day`', '`class`')
    """
    return name if name.isidentifier() and not iskeyword(name) else f"`{name}`"


def joined(moderators: str | Sequence[str] | None) -> str | None:
    """Return moderators as one formula: a sequence of terms is added up.

    Raises
    ------
    ModelError
        If they are neither a text nor a sequence of texts.

    Examples
    --------
    >>> joined(["year", "C(design)", "dose per day"]), joined("~ year"), joined(None)
    ('year + C(design) + `dose per day`', 'year', None)
    """
    if moderators is None:
        return None
    if isinstance(moderators, str):
        return moderators.strip().removeprefix("~").strip() or None
    terms = list(moderators) if isinstance(moderators, Iterable) else [moderators]
    if not all(isinstance(term, str) for term in terms):
        raise ModelError(f"Moderators {moderators!r}: write a formula, such as 'year + C(design)'.")
    return " + ".join(term if _is_term(term) else written(term) for term in terms) or None


def _is_term(text: str) -> bool:
    return bool(_CALL.fullmatch(text) or _QUOTED.fullmatch(text))


def without_quotes(text: str) -> tuple[str, dict[str, str]]:
    """Return a formula with a plain name for each column in backticks, and what they stand for.

    Examples
    --------
    >>> without_quotes("year + C(`dose per day`)")
    ('year + C(quoted_column_0)', {'quoted_column_0': 'dose per day'})
    """
    names = list(dict.fromkeys(_QUOTED.findall(text)))
    aliases = {name: f"{_ALIAS}{place}" for place, name in enumerate(names)}
    plain = _QUOTED.sub(lambda match: aliases[match[1]], text)
    return plain, {alias: name for name, alias in aliases.items()}


def named(text: str, aliases: Mapping[str, str]) -> str:
    """Return a text with the columns' names, as they are, in the places of plain ones.

    Examples
    --------
    >>> named("C(quoted_column_0)[T.b]", {"quoted_column_0": "dose per day"})
    'C(dose per day)[T.b]'
    """
    for alias, name in aliases.items():
        text = re.sub(rf"\b{alias}\b", name.replace("\\", r"\\"), text)
    return text


def quoted(factor: Factor, aliases: Mapping[str, str]) -> Factor:
    """Return a factor with the columns' names in the places of plain ones."""
    text = factor.text
    for alias, name in aliases.items():
        text = re.sub(rf"\b{alias}\b", written(name).replace("\\", r"\\"), text)
    reads = tuple(aliases.get(name, name) for name in factor.reads)
    return replace(factor, text=text, reads=reads)
