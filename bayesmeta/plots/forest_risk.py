"""Risk of bias beside the studies of a forest plot: a mark a domain, in columns ``rob_*``."""

from typing import TYPE_CHECKING, NamedTuple

from bayesmeta.errors import StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.plots.forest_columns import Head
from bayesmeta.plots.ink import INK, RISKS, STRONG
from bayesmeta.summaries.forest import STUDY
from bayesmeta.summaries.wording import label_of

if TYPE_CHECKING:
    import pandas as pd

PREFIX = "rob_"
_LONGEST = 0.3
"""Of a domain's own name above its column, in inches; longer ones are lettered, and told below."""


class Risk(NamedTuple):
    """One judgement: its sign in the mark, its words, the colours of mark and sign."""

    sign: str
    said: str
    fill: str
    letter: str


LEVELS = {
    "L": Risk("L", "low risk of bias", RISKS[0], INK),
    "S": Risk("S", "some concerns", RISKS[1], INK),
    "?": Risk("?", "unclear", "white", INK),
    "H": Risk("H", "high risk of bias", RISKS[2], "white"),
    "C": Risk("C", "critical risk of bias", RISKS[3], "white"),
}
"""By the sign; signs tell them apart without colour, and so do greys."""

_WORDS = {
    "L": ("l", "low", "low risk", "low risk of bias", "+"),
    "S": ("s", "some", "some concerns", "moderate", "m", "moderate risk"),
    "?": ("?", "u", "unclear", "unclear risk", "ni", "no information"),
    "H": ("h", "high", "high risk", "high risk of bias", "serious", "-", "\N{MINUS SIGN}"),
    "C": ("c", "critical", "critical risk"),
    "": ("", "nan"),
}
_SIGN = {word: sign for sign, words in _WORDS.items() for word in words}


class Judged(NamedTuple):
    """The table with a column of signs a domain, their heads, and what letters stand for."""

    table: "pd.DataFrame"
    heads: dict[str, Head]
    note: str


def with_risk(table: "pd.DataFrame", effects: Effects) -> Judged:
    """Return a forest plot's table with the sign of each judgement.

    Raises
    ------
    StudiesError
        If a cell is no judgement.
    """
    names = [name for name in effects.studies.columns if name.startswith(PREFIX)]
    domains = [name.removeprefix(PREFIX).replace("_", " ").strip() for name in names]
    short = all(STRONG.width(domain) <= _LONGEST for domain in domains)
    above = domains if short else [chr(ord("A") + place) for place in range(len(domains))]
    signs = {name: _signs(effects, name) for name in names}
    texts = {
        f"mark {name}": [signs[name][label_of(str(quantity))] if kind == STUDY else ""
                         for kind, quantity in zip(table["kind"], table["quantity"], strict=True)]
        for name in names
    }  # fmt: skip
    heads = {f"mark {name}": Head((word,), "middle")
             for name, word in zip(names, above, strict=True)}  # fmt: skip
    told = "; ".join(f"{letter} {domain}" for letter, domain in zip(above, domains, strict=True))
    return Judged(table.assign(**texts), heads, "" if short else f"Risk of bias: {told}.")


def _signs(effects: Effects, name: str) -> dict[str, str]:
    column = effects.studies[name]
    found = {}
    for row, (label, cell) in enumerate(zip(effects.labels, column.tolist(), strict=True)):
        word = " ".join(str(cell).casefold().split())
        if word not in _SIGN:
            raise StudiesError(
                f"{effects.studies.place(row)}: {name} is {cell!r}, which is no judgement; write "
                "L or low, S or some concerns, ? or unclear, H or high, C or critical, or nothing."
            )
        found[label] = _SIGN[word]
    return found
