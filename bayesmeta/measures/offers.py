"""Columns that may be what a measure lacks, as choices to paste."""

from collections.abc import Iterator

from bayesmeta.studies import Studies, key_of
from bayesmeta.studies.wording import columns_choice

_SPREADS = {
    "standard_error": ("se", "stderr", "standarderror", "sem"),
    "variance": ("var", "variance", "v"),
}
_LIMITS = (("lower", "upper"), ("lci", "uci"), ("cil", "ciu"), ("ll", "ul"), ("low", "high"),
           ("lo", "hi"), ("lb", "ub"), ("cilower", "ciupper"), ("lowerci", "upperci"))  # fmt: skip
_CELLS = {"a": "events_treatment", "b": "non_events_treatment", "c": "events_control",
          "d": "non_events_control"}  # fmt: skip
_MOST = 4


def offers(studies: Studies) -> list[str]:
    """Return choices of columns by names that belong together, a few at most.

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
    found = [*_spreads(names), *_limits(names)]
    if set(_CELLS) <= set(names):
        found.append({ours: names[key] for key, ours in _CELLS.items()})
    return [columns_choice(chosen) for chosen in found[:_MOST]]


def _spreads(names: dict[str, str]) -> Iterator[dict[str, str]]:
    for key, name in names.items():
        for role, words in _SPREADS.items():
            for word in words:
                beside = names.get(f"{word}{key}") or names.get(f"{key}{word}")
                if beside:
                    yield {"estimate": name, role: beside}


def _limits(names: dict[str, str]) -> Iterator[dict[str, str]]:
    for key, name in names.items():
        for low, high in _LIMITS:
            pair = names.get(f"{key}{low}"), names.get(f"{key}{high}")
            pair = pair if all(pair) else (names.get(f"{low}{key}"), names.get(f"{high}{key}"))
            if pair[0] and pair[1]:
                yield {"estimate": name, "ci_lower": pair[0], "ci_upper": pair[1]}
