"""Columns that may be what a measure lacks, as choices to paste."""

import re
from collections.abc import Iterable, Iterator

from bayesmeta.measures.arm_offers import arm_offers
from bayesmeta.studies import Studies, key_of
from bayesmeta.studies.names.ours import NUMERIC
from bayesmeta.studies.recognition import recognised
from bayesmeta.studies.wording import columns_choice

_SPREADS = {
    "standard_error": ("se", "stderr", "standarderror", "sem"),
    "variance": ("var", "variance", "v"),
}
_LIMITS = (("lower", "upper"), ("lci", "uci"), ("cil", "ciu"), ("ll", "ul"), ("low", "high"),
           ("lo", "hi"), ("lb", "ub"), ("cilower", "ciupper"), ("lowerci", "upperci"))  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+|\d+")
_ESTIMATES = ("y", "yi", "es", "te", "d", "g", "b", "effect", "estimate", "est", "smd", "md")
_ENTRIES = {"v": "variance", "vi": "variance", "var": "variance", "variance": "variance",
            "se": "standard_error", "sei": "standard_error", "stderr": "standard_error",
            "sete": "standard_error"}  # fmt: skip
_CELLS = {"a": "events_treatment", "b": "non_events_treatment", "c": "events_control",
          "d": "non_events_control"}  # fmt: skip
_UNIT = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$|,\s*\S+$")
"""What names a unit at the end of a column's name."""
_MOST = 4
_MOST_NAMES = 200


def offers(studies: Studies, *, counts: bool = False) -> list[str]:
    """Return choices of columns by names that belong together, a few at most.

    Parameters
    ----------
    counts
        Whether columns of events in two arms are what is lacking.

    Examples
    --------
    >>> import pandas as pd
    >>> from bayesmeta.studies import read_studies
    >>> frame = pd.DataFrame({"study": ["Ash"], "os": [-0.4], "se_os": [0.2]})
    >>> offers(read_studies(frame))
    ['columns={"estimate": "os", "standard_error": "se_os"}']
    """
    names = {
        key_of(name): name for name, column in studies.columns.items() if column.dtype.kind == "f"
    }
    found = [*_with_units(studies), *_spreads(names), *_limits(names), *_within(names.values())]
    if set(_CELLS) <= set(names):
        found.append({ours: names[key] for key, ours in _CELLS.items()})
    found = arm_offers(studies) + found if counts else found
    found = [one for place, one in enumerate(found) if one not in found[:place]]
    return [columns_choice(chosen) for chosen in found[:_MOST]]


def _with_units(studies: Studies) -> Iterator[dict[str, str]]:
    """Yield the columns that are ours but for a unit in brackets: ``estimate (days)``."""
    bare = {
        _UNIT.sub("", name): name
        for name in studies.columns
        if _UNIT.search(name) and _UNIT.sub("", name)
    }
    known = recognised([*bare, *(name for name in studies.columns if name not in bare.values())])
    chosen = {known[short]: name for short, name in bare.items()
              if known[short] in NUMERIC and known[short] not in studies}  # fmt: skip
    if chosen:
        yield chosen


def _spreads(names: dict[str, str]) -> Iterator[dict[str, str]]:
    for key, name in names.items():
        for role, words in _SPREADS.items():
            for word in words:
                beside = names.get(f"{word}{key}") or names.get(f"{key}{word}")
                if beside:
                    yield {"estimate": name, role: beside}


def _within(names: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield estimates with spreads whose names differ in one word or letter: `y1i v1i`, `es.z`."""
    words = {name: _WORD.findall(name) for name in names}
    if len(words) > _MOST_NAMES:
        return
    for name, mine in words.items():
        for beside, theirs in words.items():
            apart = [(one.lower(), two.lower()) for one, two in zip(mine, theirs, strict=False)
                     if one != two]  # fmt: skip
            if len(mine) != len(theirs) or len(apart) != 1:
                continue
            role = _ENTRIES.get(apart[0][1])
            if apart[0][0] in _ESTIMATES and role:
                yield {"estimate": name, role: beside}


def _limits(names: dict[str, str]) -> Iterator[dict[str, str]]:
    for key, name in names.items():
        for low, high in _LIMITS:
            pair = names.get(f"{key}{low}"), names.get(f"{key}{high}")
            pair = pair if all(pair) else (names.get(f"{low}{key}"), names.get(f"{high}{key}"))
            if pair[0] and pair[1]:
                yield {"estimate": name, "ci_lower": pair[0], "ci_upper": pair[1]}
