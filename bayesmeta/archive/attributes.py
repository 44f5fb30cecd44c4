"""Whether the attributes of a posterior that this package made can be read."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import xarray as xr

from bayesmeta.engines.fitting import ENGINES
from bayesmeta.measures import MEASURES
from bayesmeta.spec import model_from_toml, parse_prior
from bayesmeta.within import is_number

_MARKS = ("data_sha256", "versions")
"""What no model written by hand needs to say; a specification says what such a model is."""
_NEEDED = ("measure", "unit", "model", "specification", "priors", "formula", "seed", "dropped",
           "notes", "versions", "data_sha256", "engine", "diagnostics")  # fmt: skip
_SIDES = ("lower", "higher")


def is_ours(tree: xr.DataTree) -> bool:
    """Return whether a posterior says that this package made it."""
    return any(mark in tree.attrs for mark in _MARKS)


def attribute_problems(tree: xr.DataTree) -> Iterator[str]:
    """Yield the attributes that are absent or cannot be read."""
    for name in _NEEDED:
        if name not in tree.attrs:
            yield f"attribute {name} is not there"
    for name, reads in _READERS.items():
        if name in tree.attrs and not _readable(reads, tree.attrs[name]):
            yield f"attribute {name} cannot be read"


def _readable(reads: Callable[[Any], bool], value: object) -> bool:
    try:
        return reads(value)
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return False


def _is_table(value: object) -> bool:
    return isinstance(json.loads(str(value)), dict)


def _are_priors(value: object) -> bool:
    found = json.loads(str(value))
    return all(str(parse_prior(text)) for text in found.values()) if _is_table(value) else False


def _are_dropped(value: object) -> bool:
    return all({"study", "reason"} <= set(item) for item in json.loads(str(value)))


def _are_provenance(value: object) -> bool:
    found = json.loads(str(value))
    return all(
        isinstance(item["study"], str)
        and _are_notes(json.dumps(item["columns"]))
        and _are_notes(json.dumps(item["conversions"]))
        for item in found
    )


def _are_notes(value: object) -> bool:
    found = json.loads(str(value))
    return isinstance(found, list) and all(isinstance(item, str) for item in found)


def _is_verdict(value: object) -> bool:
    found = json.loads(str(value))
    return isinstance(found["ok"], bool) and _are_notes(json.dumps(found["messages"]))


def _are_moments(value: object) -> bool:
    return _is_table(value) and all(
        isinstance(count, int | float) for count in json.loads(str(value)).values()
    )


_READERS: Mapping[str, Callable[[Any], bool]] = {
    "measure": lambda value: value in MEASURES,
    "unit": lambda value: isinstance(value, str),
    "units": _is_table,
    "formula": lambda value: isinstance(value, str),
    "engine": lambda value: value in ENGINES,
    "specification": lambda value: bool(model_from_toml(value, name="stored", source="stored")),
    "priors": _are_priors,
    "settings": _is_table,
    "seed": lambda value: is_number(value) and value == int(value) >= 0,
    "dropped": _are_dropped,
    "notes": _are_notes,
    "provenance": _are_provenance,
    "versions": _is_table,
    "diagnostics": _is_verdict,
    "moments": _are_moments,
    "coefficients": _are_notes,
    "hyperparameters": _are_notes,
    "benefit": lambda value: value in _SIDES,
    "minimal_important_difference": lambda value: is_number(value) and 0 < value < np.inf,
    "log_marginal_likelihood": is_number,
    "log_marginal_likelihood_error": is_number,
}
