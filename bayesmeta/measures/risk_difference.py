"""Difference of two risks."""

from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures import two_by_two
from bayesmeta.measures.contract import USUAL, USUAL_ONLY, Effect, Table

code = "RD"
title = "Risk difference"
unit = "risk difference"
columns = two_by_two.COLUMNS
ratio = False
other_variances = USUAL_ONLY


def effect(table: Table) -> Effect:
    """Return the risk difference, a fraction.

    With a, b events and others in the treatment arm, c, d in the control arm::

        estimate       = a / (a + b) - c / (c + d)
        standard_error = sqrt(a * b / (a + b)**3 + c * d / (c + d)**3)

    Examples
    --------
    BCG vaccine and tuberculosis, Aronson 1948 (Colditz et al. 1994):

    >>> aronson = {"events_treatment": 4, "n_treatment": 123, "events_control": 11,
    ...            "n_control": 139}
    >>> found = effect({name: np.array([value]) for name, value in aronson.items()})
    >>> found.estimate.round(4), (found.standard_error**2).round(5)
    (array([-0.0466]), array([0.00078]))
    """
    cells = two_by_two.cells(table)
    a, b, c, d = cells[:4]
    error = np.hypot(_error(a, b), _error(c, d))
    return Effect(
        cells.risk_treatment - cells.risk_control, error, cells.remarks, converted=cells.converted
    )


def _error(events: FloatArray, others: FloatArray) -> FloatArray:
    total = events + others
    return np.sqrt(events / total) * np.sqrt(others / total) / np.sqrt(total)


def shared(table: Table) -> FloatArray:
    """Return what the control arm puts into risk differences: the root of p_c * (1 - p_c) / n_c."""
    events, others = two_by_two.control_cells(table)
    return np.array([_error(events, others)])


control_arm = MappingProxyType({USUAL: shared})
