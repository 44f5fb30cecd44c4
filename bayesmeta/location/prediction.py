"""Design rows at chosen values of the moderators."""

import numpy as np

from bayesmeta.errors import ModelError
from bayesmeta.location.design import Location, Values
from bayesmeta.location.matrix import evaluate
from bayesmeta.measures.effects import FloatArray
from bayesmeta.studies import Column


def new_rows(location: Location, values: Values) -> tuple[FloatArray, dict[str, Column]]:
    """Return centred design rows at chosen moderator values, with all values used.

    A numeric moderator that is not given stands at its mean over the studies.

    Returns
    -------
    tuple
        Rows of shape (row, 1 + term); every moderator's values, each of shape (row,).

    Raises
    ------
    ModelError
        If a name is no moderator, lengths differ, a level is unknown, or a categorical
        moderator is not given.
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
    return {
        name: _checked(name, given[name], column) if name in given else _at_mean(name, column, rows)
        for name, column in location.moderators.items()
    }


def _at_mean(name: str, column: Column, rows: int) -> Column:
    if column.dtype.kind != "f":
        levels = ", ".join(sorted(set(column)))
        raise ModelError(f"Give a value of {name}; its levels: {levels}.")
    return np.full(rows, column.mean())


def _checked(name: str, given: Column, column: Column) -> Column:
    if column.dtype.kind == "f":
        try:
            return given.astype(float)
        except ValueError as error:
            raise ModelError(
                f"{name} is a number in the table of studies; {list(given)} is not."
            ) from error
    unknown = [str(level) for level in given if level not in set(column)]
    if unknown:
        raise ModelError(
            f"{name} has no level {unknown[0]!r}; its levels: {', '.join(sorted(set(column)))}."
        )
    return given.astype(object)
