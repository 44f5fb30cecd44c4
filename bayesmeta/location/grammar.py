"""What a formula may say: columns, numbers and listed functions, nothing else.

A formula library evaluates Python; a formula from a file must not. So the formula is read as
a syntax tree first, and what is handed on is written anew from what was let through.
"""

import ast
import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass

from bayesmeta.errors import ModelError
from bayesmeta.location.columns import quoted, without_quotes, written
from bayesmeta.location.factors import Factor, Unfit
from bayesmeta.location.terms import Term, named, terms_of
from bayesmeta.near import did_you_mean
from bayesmeta.studies.wording import choice, column_choice

_LONGEST = 1000
_SHOWN = 100


@dataclass(frozen=True)
class Formula:
    """A formula, read.

    Parameters
    ----------
    text
        As it was written.
    terms
        What it adds up, beside the intercept; each once.
    """

    text: str
    terms: tuple[Term, ...]

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors of all terms, each once."""
        return tuple(dict.fromkeys(part for term in self.terms for part in term))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads, in order of appearance."""
        return tuple(dict.fromkeys(name for part in self.factors for name in part.reads))

    @property
    def categories(self) -> frozenset[str]:
        """The columns whose values are levels even where they are numbers."""
        return frozenset(part.reads[0] for part in self.factors if part.function == "C")

    @property
    def canonical(self) -> str:
        """The same formula in the words of the formula library, crossings written out."""
        return " + ".join(["1", *(named(term) for term in self.terms)])


def columns_of(formula: str, *, known: Collection[str]) -> tuple[str, ...]:
    """Return the columns that a formula reads, in order of appearance.

    Raises
    ------
    ModelError
        If the formula is not one, or names an absent column.

    Examples
    --------
    >>> columns_of("log(duration_weeks) * C(design)", known=["design", "duration_weeks"])
    ('duration_weeks', 'design')
    """
    return read_formula(formula, known=known).columns


def read_formula(text: str, *, known: Collection[str]) -> Formula:
    """Return a formula, its crossings and powers written out as terms.

    Raises
    ------
    ModelError
        If it is not one, names an absent column, calls an unlisted function, takes the intercept
        away, is longer or deeper than any formula for a table of studies, or a term says the same
        thing twice.

    Examples
    --------
    >>> read_formula("weeks*C(design) + log(dose)", known=["weeks", "dose", "design"]).canonical
    '1 + weeks + C(design) + weeks:C(design) + log(dose)'
    >>> read_formula("(a + b + c)**2", known=["a", "b", "c"]).canonical
    '1 + a + b + c + a:b + a:c + b:c'
    """
    try:
        plain, aliases = without_quotes(text)
        terms = terms_of(_parsed(plain))
        found = Formula(
            text, tuple(tuple(quoted(part, aliases) for part in term) for term in terms)
        )
    except Unfit as error:
        renamed = _rename(text, known)
        hint = "" if renamed else did_you_mean(text, known)
        raise _refused(text, f"{error}{renamed}", hint) from None
    absent = [name for name in found.columns if name not in known]
    if absent:
        raise _refused(
            text,
            f"no column {absent[0]!r} in the table of studies; it has: {', '.join(known)}",
            did_you_mean(absent[0], known),
        )
    return found


def _refused(text: str, why: str, hint: str = "") -> ModelError:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return ModelError(f"Moderators {shown!r}: {why.replace(' @ ', ':')}.{hint}")


def _rename(text: str, known: Collection[str]) -> str:
    """Return how a column is written whose name is none of a formula, where one seems meant."""
    odd = [name for name in known if name in text and written(name) != name]
    if not odd:
        return ""
    longest = max(odd, key=len)
    letters = re.sub(r"\W+", "_", longest).strip("_") or "moderator"
    letters = letters if written(letters) == letters else f"{letters}_"
    other = column_choice(letters, longest)
    return (
        f". Write {choice('moderators', written(longest))}, or give it a name of letters: {other}"
    )


def _parsed(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise Unfit(f"{len(text)} characters; a formula has {_LONGEST} at most")
    try:
        # `a:b` is no Python expression; outside of quotes `@` stands for it.
        expression = re.sub(r"'[^']*'|\"[^\"]*\"|[:@#\\]", _stand_in, text.strip())
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unfit("not a formula; write such as duration_weeks + C(design)") from None


def _stand_in(match: re.Match[str]) -> str:
    if match[0] in ("@", "#", "\\"):
        raise SyntaxError
    return "@" if match[0] == ":" else match[0]
