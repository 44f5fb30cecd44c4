"""Estimates that the table has ready, on the scale they are pooled on."""

from statistics import NormalDist

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures.contract import USUAL_ONLY, Effect, Remarks, Table

code = "generic"
title = "Ready-made estimate"
unit = ""
columns = ("estimate", "standard_error")
ratio = False
other_variances = USUAL_ONLY

SPREADS = (("standard_error",), ("variance",), ("ci_lower", "ci_upper"))
"""Columns that give a standard error; the first one filled in a row is used."""

LIMIT = NormalDist().inv_cdf(0.975)
"""Standard errors from an estimate to the limit of its 95 % interval."""

_LOPSIDED = 0.2


def effect(table: Table) -> Effect:
    """Return the estimates, with standard errors from what stands beside them.

    A standard error is taken as it is, else it is the root of the variance, else the width of
    the 95 % confidence interval divided by 2 * 1.96 (a normal interval).

    Examples
    --------
    TNF-alpha under rTMS, -6.65 (-10.47 to -2.83) (Asadizeidabadi et al. 2025, abstract):

    >>> row = {"estimate": -6.65, "ci_lower": -10.47, "ci_upper": -2.83}
    >>> found = effect({name: np.array([value]) for name, value in row.items()})
    >>> found.standard_error.round(3)
    array([1.949])
    """
    given = [(names, spread(table, names)) for names in SPREADS if set(names) <= set(table)]
    standard_error = np.full_like(table["estimate"], np.nan, dtype=np.float64)
    source = np.full(standard_error.shape, "", dtype="<U40")
    for names, values in given:
        empty = np.isnan(standard_error)
        standard_error = np.where(empty, values, standard_error)
        source = np.where(empty & ~np.isnan(values), " and ".join(names), source)
    return Effect(
        table["estimate"], standard_error, _remarks(table, source), _refused(table, source)
    )


def spread(table: Table, names: tuple[str, ...]) -> FloatArray:
    """Return the standard errors that one kind of column gives, shape (study,)."""
    if names == ("standard_error",):
        return table["standard_error"]
    if names == ("variance",):
        return np.sqrt(table["variance"])
    return (table["ci_upper"] / 2 - table["ci_lower"] / 2) / LIMIT


def first_error(table: Table) -> FloatArray:
    """Return the standard errors, each from the first kind of column that is filled in its row."""
    found = np.full_like(table["estimate"], np.nan, dtype=np.float64)
    for names in SPREADS:
        if set(names) <= set(table):
            found = np.where(np.isnan(found), spread(table, names), found)
    return found


def _remarks(table: Table, source: np.ndarray[tuple[int], np.dtype[np.str_]]) -> Remarks:
    derived = {
        "the standard error is the root of the variance": np.asarray(source == "variance"),
        "the standard error comes from ci_lower and ci_upper (95 %, normal)": np.asarray(
            source == "ci_lower and ci_upper"
        ),
    }
    if "ci_lower" not in table or "ci_upper" not in table:
        return derived
    low, high = table["ci_lower"] / 2, table["ci_upper"] / 2
    lopsided = np.abs(table["estimate"] / 2 - (low + high) / 2) > _LOPSIDED * (high - low) / 2
    why = "the estimate is not in the middle of its interval; is it on the scale of the interval?"
    return derived | {why: lopsided & (source == "ci_lower and ci_upper")}


def _refused(table: Table, source: np.ndarray[tuple[int], np.dtype[np.str_]]) -> Remarks:
    if "ci_lower" not in table or "ci_upper" not in table:
        return {}
    outside = (table["estimate"] < table["ci_lower"]) | (table["estimate"] > table["ci_upper"])
    why = "the estimate lies outside its confidence interval (ratios go in on the log scale)"
    return {why: outside & (source == "ci_lower and ci_upper")}
