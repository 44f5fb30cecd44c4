"""Design rows at chosen values of the moderators."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.location.design import Location, Values
from bayesmeta.location.grammar import read_formula
from bayesmeta.location.matrix import evaluate
from bayesmeta.studies import Column


def new_rows(location: Location, values: Values) -> tuple[FloatArray, dict[str, Column]]:
    """Return centred design rows at chosen moderator values, with all values used.

    A numeric moderator that is not given stands at its mean over the studies, unless its values
    are levels.

    Returns
    -------
    tuple
        Rows of shape (row, 1 + term); every moderator's values, each of shape (row,).

    Raises
    ------
    ModelError
        If a name is no moderator, lengths differ, a number is not finite, a level is unknown, or
        a categorical moderator is not given.
    """
    given = _filled(location, values)
    matrix, _ = evaluate(location.formula, location.moderators, at=given)
    matrix[:, 1:] -= location.column_means
    return matrix, given


def _filled(location: Location, values: Values) -> dict[str, Column]:
    for name in values:
        if name not in location.moderators:
            known = ", ".join(location.moderators) or "none"
            raise ModelError(f"{name!r} is not a moderator of this model; its moderators: {known}.")
    given = {name: np.atleast_1d(np.asarray(value)) for name, value in values.items()}
    lengths = {column.size for column in given.values()}
    if len(lengths) > 1:
        raise ModelError(
            f"The moderators' values differ in number: {sorted(lengths)}; give as many of each."
        )
    rows = lengths.pop() if lengths else 1
    levels = read_formula(location.formula, known=tuple(location.moderators)).categories
    return {
        name: _checked(name, given[name], column, levels=name in levels)
        if name in given
        else _at_mean(name, column, rows, levels=name in levels)
        for name, column in location.moderators.items()
    }


def _at_mean(name: str, column: Column, rows: int, *, levels: bool) -> Column:
    if levels or column.dtype.kind != "f":
        raise ModelError(f"Give a value of {name}; its levels: {_listed(column)}.")
    return np.full(rows, column.mean())


def _checked(name: str, given: Column, column: Column, *, levels: bool) -> Column:
    if column.dtype.kind == "f":
        found = _numbers(name, given)
    else:
        found = np.array([_worded(value) for value in given.tolist()], dtype=object)
    known = set(column.tolist())
    unknown = [level for level in found.tolist() if level not in known]
    if unknown and (levels or column.dtype.kind != "f"):
        shown = _worded(unknown[0])
        raise ModelError(f"{name} has no level {shown!r}; its levels: {_listed(column)}.")
    return found


def _numbers(name: str, given: Column) -> Column:
    try:
        found = given.astype(float)
    except (ValueError, TypeError) as error:
        raise ModelError(
            f"{name} is a number in the table of studies; {given.tolist()} is not."
        ) from error
    if not np.isfinite(found).all():
        raise ModelError(f"{name} is {given.tolist()}; give finite numbers.")
    return found


def _listed(column: Column) -> str:
    return ", ".join(_worded(level) for level in sorted(set(column.tolist())))


def _worded(level: object) -> str:
    """Return a level as the table writes it: the level 1 may come as a number."""
    return f"{level:g}" if isinstance(level, float) else str(level)
