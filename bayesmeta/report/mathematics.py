"""A model's statement as mathematics: one line a distribution, in MathML."""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from bayesmeta.report.document import Formula

_TOKEN = re.compile(r"\s*([A-Za-z_]\w*|\d+(?:\.\d+)?|\*\*|[-+*/~()\[\],^=|<>])")
_GREEK = ("mu", "tau", "theta", "beta", "gamma", "rho", "kappa", "nu", "sigma", "alpha", "omega",
          "zeta")  # fmt: skip
_SIGNS = {"~": "\N{TILDE OPERATOR}", "*": "\N{MIDDLE DOT}", "-": "\N{MINUS SIGN}"}
_FUNCTIONS = {"sum": "∑"}


class _Reading(NamedTuple):
    """A term as MathML, and where the next one starts."""

    mathml: str
    place: int


def formula(line: str) -> Formula:
    """Return a line of a model's statement as mathematics.

    Parameters
    ----------
    line
        Such as ``theta[i] ~ Normal(mu, tau)``.

    Examples
    --------
    >>> formula("theta[i] ~ Normal(mu, tau)").mathml[:67]
    '<math display="block"><msub><mi>&theta;</mi><mrow><mi>i</mi></mrow>'
    """
    return Formula(f'<math display="block">{_row(list(_tokens(line)))}</math>', line)


def _tokens(line: str) -> Iterator[str]:
    place = 0
    while place < len(line.rstrip()):
        found = _TOKEN.match(line, place)
        if found is None:  # a sign that this grammar does not know stands as it is
            yield line[place]
            place += 1
            continue
        yield found.group(1)
        place = found.end()


def _row(tokens: list[str]) -> str:
    said, place = [], 0
    while place < len(tokens):
        term, place = _term(tokens, place)
        said.append(term)
    return "".join(said)


def _term(tokens: list[str], place: int) -> _Reading:
    """Read a name with its index, a power, a number, or a sign."""
    token = tokens[place]
    place += 1
    if not (token[0].isalnum() or token[0] == "_"):
        return _Reading(f"<mo>{escape(_SIGNS.get(token, token))}</mo>", place)
    base = _name(token)
    if place < len(tokens) and tokens[place] == "[":
        inside, place = _inside(tokens, place)
        base = f"<msub>{base}<mrow>{_row(inside)}</mrow></msub>"
    if place < len(tokens) and tokens[place] in ("^", "**"):
        power, place = _term(tokens, place + 1)
        base = f"<msup>{base}{power}</msup>"
    return _Reading(base, place)


def _inside(tokens: list[str], opening: int) -> tuple[list[str], int]:
    """Return what stands between a bracket and its partner, and where it goes on."""
    depth = 0
    for place in range(opening, len(tokens)):
        depth += {"[": 1, "]": -1}.get(tokens[place], 0)
        if depth == 0:
            return tokens[opening + 1 : place], place + 1
    return tokens[opening + 1 :], len(tokens)


def _name(token: str) -> str:
    if token[0].isdigit():
        return f"<mn>{token}</mn>"
    if token in _FUNCTIONS:
        return f"<mo>{_FUNCTIONS[token]}</mo>"
    head, _, tail = token.partition("_")
    if head in _GREEK and tail:
        return f"<msub><mi>&{head};</mi><mtext>{escape(tail)}</mtext></msub>"
    if token in _GREEK:
        return f"<mi>&{token};</mi>"
    return f"<mi>{escape(token.replace('_', ' '))}</mi>"
