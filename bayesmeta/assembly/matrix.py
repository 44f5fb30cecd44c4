"""Correlations of estimates, from a file or from columns of the table."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Groups
from bayesmeta.errors import StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.studies.wording import choice

CLOSE = 1e-3
"""How far a given variance may be from the squared standard error, relative to it: rounding."""

_SINGULAR = 1e-10
"""Correlations with an eigenvalue as small are singular but for rounding."""


def correlations(named: str, effects: Effects, groups: Mapping[str, Groups]) -> FloatArray:
    """Return the correlations of the estimates, shape (row, row).

    Parameters
    ----------
    named
        The path of a CSV file of n x n covariances in the order of the rows, without a header; or
        columns as metafor has them, ``"v1i v2i"``: the k-th holds each row's covariance with the
        k-th row of its trial.
    groups
        Which rows are of one trial.

    Raises
    ------
    StudiesError
        If there is no such file or column, its size is not that of the table, or it is not
        symmetric, positive definite, and of the estimates' own variances.
    """
    columns = named.split()
    if all(column in effects.studies for column in columns):
        matrix = _of_columns(columns, effects, groups)
    else:
        matrix = _of_file(Path(named), effects)
    return _checked(matrix, named, effects)


def _of_columns(columns: list[str], effects: Effects, groups: Mapping[str, Groups]) -> FloatArray:
    if "trial" not in groups:
        raise StudiesError(
            f"Columns {', '.join(columns)} are covariances of the rows of one trial: name the "
            f"column that says which rows those are, {choice('trial', 'COLUMN')}."
        )
    trials = groups["trial"]
    if int(trials.sizes.max()) > len(columns):
        raise StudiesError(
            f"Trial {trials.labels[int(trials.sizes.argmax())]!r} has {int(trials.sizes.max())} "
            f"rows, and covariances stand in fewer columns: {', '.join(columns)}."
        )
    given = np.column_stack([effects.studies[column] for column in columns])
    rows = np.arange(len(effects))
    matrix: FloatArray = np.where(trials.same, given[rows[:, np.newaxis], trials.place], 0.0)
    return matrix


def _of_file(path: Path, effects: Effects) -> FloatArray:
    if not path.is_file():
        there = ", ".join(effects.studies.columns)
        absent = [name for name in str(path).split() if name not in effects.studies]
        raise StudiesError(
            f"Covariance {path}: there is no such file, and no column {', '.join(absent)}; "
            f"columns of {effects.studies.source}: {there}."
        )
    try:
        matrix = np.loadtxt(path, delimiter=",", ndmin=2)
    except ValueError as error:
        raise StudiesError(
            f"{path}: not a table of numbers with commas between them, without a header ({error})."
        ) from error
    if matrix.shape != (len(effects), len(effects)):
        raise StudiesError(
            f"{path}: {matrix.shape[0]} x {matrix.shape[1]} numbers for {len(effects)} estimates; "
            "it needs one row and one column an estimate, in the order of the table."
        )
    return np.asarray(matrix, dtype=float)


def _checked(matrix: FloatArray, named: str, effects: Effects) -> FloatArray:
    """Return the correlations of a covariance of the estimates."""
    _require_numbers(matrix, named, effects)
    error = effects.standard_error
    for row, own in enumerate(np.diagonal(matrix).tolist()):
        if not abs(own / error[row] ** 2 - 1) <= CLOSE:
            raise StudiesError(
                f"{named}: the variance of {effects.studies.place(row)} is {own:g} there, and its "
                f"standard error {error[row]:g} gives {error[row] ** 2:g}."
            )
    correlation: FloatArray = matrix / np.sqrt(np.outer(np.diagonal(matrix), np.diagonal(matrix)))
    uneven = np.argwhere(~(np.abs(correlation - correlation.T) <= CLOSE))
    if uneven.size:
        one, other = (effects.studies.place(int(row)) for row in uneven[0])
        raise StudiesError(f"{named}: the covariances of {one} and {other} differ by direction.")
    correlation = (correlation + correlation.T) / 2
    require_definite(correlation, named, effects)
    return correlation


def _require_numbers(matrix: FloatArray, named: str, effects: Effects) -> None:
    absent = np.argwhere(~np.isfinite(matrix))
    if absent.size:
        one, other = (effects.studies.place(int(row)) for row in absent[0])
        raise StudiesError(
            f"{named}: the covariance of {one} and {other} is {matrix[tuple(absent[0])]:g}, "
            "and not a number; write 0 where estimates share nobody."
        )


def require_definite(correlation: FloatArray, named: str, effects: Effects) -> None:
    """Raise unless correlations are positive definite.

    Raises
    ------
    StudiesError
        With the two rows that the least eigenvalue is most of.
    """
    value, vector = np.linalg.eigh(correlation)
    if value[0] > _SINGULAR:
        return
    rows = np.sort(np.argsort(-np.abs(vector[:, 0]), kind="stable")[:2])
    one, other = (effects.studies.place(int(row)) for row in rows)
    raise StudiesError(
        f"{named}: not positive definite, the least eigenvalue of its correlations is "
        f"{value[0]:.3g}; look at {one} and {other}, whose correlation is "
        f"{correlation[tuple(rows)]:.3g}."
    )


def components(matrix: FloatArray) -> Groups:
    """Return the rows that hang together: those that a chain of correlations joins."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    _, found = connected_components(csr_matrix((matrix != 0).astype(float)), directed=False)
    return Groups.of(found.tolist())
