"""Estimates that the table has ready, on the scale they are pooled on."""

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesmeta.arrays import FloatArray
from bayesmeta.measures.contract import NO_CONTROL, USUAL_ONLY, Effect, Remarks, Table

code = "generic"
title = "Ready-made estimate"
unit = ""
columns = ("estimate", "standard_error")
ratio = False
other_variances = USUAL_ONLY
control_arm = NO_CONTROL

INTERVAL = ("ci_lower", "ci_upper")
STATISTIC = "test_statistic"
"""Column of estimates in their standard errors, where nothing else gives these."""

SPREADS = (("standard_error",), ("variance",), INTERVAL, (STATISTIC,))
"""Columns that give a standard error; the first one filled in a row is used."""

CONFIDENCE = "confidence"
"""Column of the intervals' confidence levels, above 0 and below 1; without it they are 95 %."""

USUAL_LEVEL = 0.95
_LOPSIDED = 0.2


def effect(table: Table) -> Effect:
    """Return the estimates, with standard errors from what stands beside them.

    A standard error is taken as it is, else it is the root of the variance, else the width of
    the confidence interval divided by 2 * 1.96 (a normal interval of 95 %, or of the level that
    the table has).

    Examples
    --------
    TNF-alpha under rTMS, -6.65 (-10.47 to -2.83) (Asadizeidabadi et al. 2025, abstract):

    >>> row = {"estimate": -6.65, "ci_lower": -10.47, "ci_upper": -2.83}
    >>> found = effect({name: np.array([value]) for name, value in row.items()})
    >>> found.standard_error.round(3)
    array([1.949])
    """
    return Effect(
        table["estimate"],
        first_error(table),
        _remarks(table),
        _refused(table),
        converted=_converted(table),
    )


def levels(table: Table) -> FloatArray:
    """Return the confidence level of each row's interval, shape (study,)."""
    if CONFIDENCE not in table:
        return np.full(table["estimate"].shape, USUAL_LEVEL)
    return np.where(np.isnan(table[CONFIDENCE]), USUAL_LEVEL, table[CONFIDENCE])


def limit(table: Table) -> FloatArray:
    """Return the standard errors from an estimate to the limit of its interval, shape (study,).

    Examples
    --------
    >>> limit({"estimate": np.array([0.0])}).round(4)
    array([1.96])
    """
    normal = NormalDist()
    return np.array([normal.inv_cdf((1 + level) / 2) for level in levels(table)], dtype=np.float64)


def spread(table: Table, names: tuple[str, ...]) -> FloatArray:
    """Return the standard errors that one kind of column gives, shape (study,)."""
    if names == ("standard_error",):
        return table["standard_error"]
    if names == ("variance",):
        return np.sqrt(table["variance"])
    if names == (STATISTIC,):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.abs(table["estimate"]) / table[STATISTIC]
    return (table["ci_upper"] / 2 - table["ci_lower"] / 2) / limit(table)


def stated_error(table: Table) -> FloatArray:
    """Return the standard errors that the table states: its own, or the roots of variances."""
    own = ("estimate", "standard_error", "variance")
    return first_error({name: column for name, column in table.items() if name in own})


def first_error(table: Table) -> FloatArray:
    """Return the standard errors, each from the first kind of column that is filled in its row."""
    found = np.full_like(table["estimate"], np.nan, dtype=np.float64)
    for names in SPREADS:
        if set(names) <= set(table):
            found = np.where(np.isnan(found), spread(table, names), found)
    return found


def source(table: Table) -> NDArray[Any]:
    """Return the place in `SPREADS` of what each row's standard error comes from; -1 for none."""
    found = np.full(table["estimate"].shape, -1)
    for place, names in enumerate(SPREADS):
        if set(names) <= set(table):
            found = np.where((found < 0) & ~np.isnan(spread(table, names)), place, found)
    return found


def of_interval(mask: NDArray[np.bool_], table: Table, *, where: str = "") -> Remarks:
    """Return the sentences that say of which level the interval behind a standard error is."""
    of_level = levels(table)
    return {
        f"the standard error comes from ci_lower and ci_upper ({100 * level:.6g} %, normal{where})":
        np.asarray(mask & (of_level == level))
        for level in np.unique(of_level[mask]).tolist()
    }  # fmt: skip


def _converted(table: Table) -> Remarks:
    first = source(table)
    root = {"the standard error is the root of the variance": np.asarray(first == 1)}
    return {**root, **of_interval(np.asarray(first == 2), table)}  # noqa: PLR2004  (its place)


def _remarks(table: Table) -> Remarks:
    if not set(INTERVAL) <= set(table):
        return {}
    low, high = table["ci_lower"] / 2, table["ci_upper"] / 2
    lopsided = np.abs(table["estimate"] / 2 - (low + high) / 2) > _LOPSIDED * (high - low) / 2
    why = "the estimate is not in the middle of its interval; is it on the scale of the interval?"
    return {why: np.asarray(lopsided & (source(table) == 2))}  # noqa: PLR2004  (its place)


def _refused(table: Table) -> Remarks:
    if not set(INTERVAL) <= set(table):
        return {}
    outside = (table["estimate"] < table["ci_lower"]) | (table["estimate"] > table["ci_upper"])
    why = "the estimate lies outside its confidence interval (ratios go in on the log scale)"
    return {why: np.asarray(outside & (source(table) == 2))}  # noqa: PLR2004  (its place)
