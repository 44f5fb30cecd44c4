"""Correlations of estimates that share a control arm, out of what the table says of that arm."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.assembly.matrix import require_definite
from bayesmeta.covariance import Groups
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.measures import MEASURES
from bayesmeta.measures.contract import Measure, Table
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.inputs import inputs

_CLOSE = 1e-6
"""How far a standard error may be from that of the arms, relative to it: rounding."""


class _Shared(NamedTuple):
    """The rows that share a control arm with others.

    Parameters
    ----------
    rows
        Their places in the table, shape (sharing,).
    arms
        Which arm each of them has.
    table
        The measure's columns, shape (sharing,).
    """

    effects: Effects
    measure: Measure
    rows: IntArray
    arms: Groups
    table: Table

    def place(self, row: int) -> str:
        """Return where a row stands, for a message."""
        return self.effects.studies.place(int(self.rows[row]))


def shared_arm(column: str, effects: Effects, groups: Mapping[str, Groups]) -> FloatArray:
    """Return the correlations of the estimates, shape (row, row).

    Rows of one trial with the same value of the column have the covariance that their control arm
    puts into them, by the measure's formula; all others have none.

    Parameters
    ----------
    column
        Which control arm each row has, within its trial.
    groups
        Which rows are of one trial.

    Raises
    ------
    ModelError
        If the measure has no control arm.
    StudiesError
        If the table has no such column, or rows that share an arm differ in what it is, or are
        not made of arms.
    """
    measure = MEASURES[effects.measure]
    if not measure.control_arm:
        raise ModelError(
            f"{measure.code} has no control arm that rows could share; name the covariance of the "
            "estimates, or leave out the control arm for one that is unknown."
        )
    arms = Groups.of(zip(groups["trial"].names, effects.studies.groups(column), strict=True))
    correlation = np.eye(len(effects))
    rows = np.flatnonzero(arms.sizes[arms.code] > 1)
    if rows.size:
        correlation[np.ix_(rows, rows)] = _correlations(_sharing(effects, measure, rows, arms))
    require_definite(correlation, f"control arm {column}", effects)
    return correlation


def _sharing(effects: Effects, measure: Measure, rows: IntArray, arms: Groups) -> _Shared:
    """Return the rows that share an arm, with the numbers of their arms."""
    found = inputs(effects.studies, measure)
    ready = found.is_ready[rows]
    if ready.any():
        row = int(np.flatnonzero(ready)[0])
        raise StudiesError(
            f"{effects.studies.place(int(rows[row]))}: its estimate is not made of arms, and it "
            "shares a control arm with other rows; fill in "
            f"{', '.join(measure.columns)}, or name the covariance of the estimates."
        )
    table = {name: values[rows] for name, values in found.arms.items()}
    own = Groups.of(arms.code[rows].tolist())
    shared = _Shared(effects, measure, rows, own, table)
    _require_one_arm(shared)
    return shared


def _require_one_arm(shared: _Shared) -> None:
    """Raise where rows of one control arm say different things of it."""
    first = shared.arms.member[shared.arms.code, 0]
    for name in (name for name in shared.table if name.endswith("_control")):
        values = shared.table[name]
        other = np.flatnonzero(values != values[first])
        if other.size:
            row, like = int(other[0]), int(first[other[0]])
            raise StudiesError(
                f"{shared.place(like)} and {shared.place(row)} share a control arm, and {name} is "
                f"{values[like]:.15g} in one and {values[row]:.15g} in the other; give the whole "
                "arm in each of its rows, not a share of it."
            )


def _correlations(shared: _Shared) -> FloatArray:
    """Return the correlations of rows that share arms: products of what the arm puts in."""
    error = shared.effects.standard_error[shared.rows]
    loading = _loading(shared, error) / error
    together = np.einsum("di,dj->ij", loading, loading) * shared.arms.same
    np.fill_diagonal(together, 1.0)
    return np.asarray(together)


def _loading(shared: _Shared, error: FloatArray) -> FloatArray:
    """Return what the arm puts in by the variance that gave the standard errors."""
    measure, apart = shared.measure, np.zeros(len(error))
    for name, loading in measure.control_arm.items():
        formula = measure.other_variances.get(name, measure.effect)
        apart = np.abs(formula(shared.table).standard_error / error - 1)
        if np.all(apart <= _CLOSE):
            return loading(shared.table)
    row = int(np.argmax(apart))
    raise StudiesError(
        f"{shared.place(row)}: its standard error, {error[row]:.6g}, is not that of its arms, so "
        "what the shared control arm puts into it is unknown; name the covariance of the estimates."
    )
