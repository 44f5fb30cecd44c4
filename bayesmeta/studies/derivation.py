"""Columns of arms that follow from others: sizes from cells, deviations from standard errors."""

from collections.abc import Mapping, Sequence

import numpy as np

from bayesmeta.studies.reviews import DIFFERENCES, SHOWN
from bayesmeta.studies.table import Column, Derived

_ARMS = ("treatment", "control")
_PETO = "(O - E) / V with variance 1 / V, Peto's"
PETO_MEANS = ("O - E", ("OR", "IRR"))
"""What that is called, with the measures of ours that it may be; hazard ratios are generic."""

OBSERVED = ("o_e", "o_e_variance")
"""Observed minus expected events, and the variance of that: a logarithm of a ratio."""


@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def completed(columns: Mapping[str, Column]) -> tuple[dict[str, Column], tuple[Derived, ...]]:
    """Return the columns with those that follow from others, and how each came about.

    The size of an arm is events + non-events, its standard deviation the standard error of its
    mean times the root of its size, each where the table does not give it.

    Examples
    --------
    >>> columns, how = completed({"n_control": np.array([16.0]), "se_control": np.array([2.0])})
    >>> columns["sd_control"], how[0].how
    (array([8.]), 'se_control * sqrt(n_control)')
    """
    # What overflows is refused by name where the effects are computed.
    complete, found = dict(columns), []
    for arm in _ARMS:
        cells = (f"events_{arm}", f"non_events_{arm}")
        if f"n_{arm}" not in complete and all(cell in complete for cell in cells):
            value = complete[cells[0]] + complete[cells[1]]
            found.append(_derived(complete, f"n_{arm}", value, f"{cells[0]} + {cells[1]}"))
        error, size = f"se_{arm}", f"n_{arm}"
        if error in complete and size in complete:
            value = complete[error] * np.sqrt(complete[size])
            found.append(_derived(complete, f"sd_{arm}", value, f"{error} * sqrt({size})"))
        variance = f"var_{arm}"
        if variance in complete:
            value = np.sqrt(complete[variance])
            found.append(_derived(complete, f"sd_{arm}", value, f"the root of {variance}"))
    if "data_type" in complete and "estimate" in complete:
        peto = np.asarray(complete["data_type"] == DIFFERENCES)
        found.append(Derived("estimate", _PETO, peto))
        if SHOWN in complete:
            moved = np.asarray(~np.isnan(complete[SHOWN]))
            found.append(Derived("estimate", "the logarithm of the ratio that RevMan shows", moved))
    found += _of_differences(complete)
    return complete, tuple(one for one in found if np.any(one.rows))


def _of_differences(complete: dict[str, Column]) -> list[Derived]:
    """Fill estimates from observed minus expected events with their variances, Peto's."""
    if not set(OBSERVED) <= set(complete) or "estimate" in complete:
        return []
    difference, variance = (complete[name] for name in OBSERVED)
    complete["estimate"], complete["variance"] = difference / variance, 1 / variance
    there = np.asarray(~np.isnan(complete["estimate"]))
    return [Derived("estimate", _PETO, there)]


def _derived(complete: dict[str, Column], name: str, value: Column, how: str) -> Derived:
    """Fill the gaps of a column, and return what was done."""
    given = complete.get(name, np.full_like(value, np.nan))
    complete[name] = np.where(np.isnan(given), value, given)
    return Derived(name, how, np.asarray(np.isnan(given) & ~np.isnan(value)))


def said(derived: Sequence[Derived], columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return a sentence for each column that was computed, with the studies if they are some."""
    sentences = []
    for one in derived:
        if one.column == "estimate" and "data_type" in columns:
            continue  # the layout has said it
        filled = ~np.isnan(columns[one.column])
        who = ", ".join(str(label) for label in columns["study"][one.rows])
        some = "" if np.all(one.rows == filled) else f": {who}"
        sentences.append(f"{one.column} is {one.how}{some}.")
    return tuple(sentences)
