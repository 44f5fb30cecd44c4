"""Logarithm of the ratio of two odds."""

from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures import two_by_two
from bayesmeta.measures.contract import USUAL, USUAL_ONLY, Effect, Table

code = "OR"
title = "Odds ratio"
unit = "log odds ratio"
columns = two_by_two.COLUMNS
ratio = True
other_variances = USUAL_ONLY


def effect(table: Table) -> Effect:
    """Return the log odds ratio.

    With a, b events and others in the treatment arm, c, d in the control arm::

        estimate       = log(a * d / (b * c))
        standard_error = sqrt(1 / a + 1 / b + 1 / c + 1 / d)

    References
    ----------
    Woolf B (1955). On estimating the relation between blood group and disease. Annals of Human
    Genetics 19(4), 251-253.

    Examples
    --------
    BCG vaccine and tuberculosis, Aronson 1948 (Colditz et al. 1994):

    >>> aronson = {"events_treatment": 4, "n_treatment": 123, "events_control": 11,
    ...            "n_control": 139}
    >>> found = effect({name: np.array([value]) for name, value in aronson.items()})
    >>> found.estimate.round(4), (found.standard_error**2).round(4)
    (array([-0.9387]), array([0.3571]))
    """
    cells = two_by_two.cells(table)
    a, b, c, d = cells[:4]
    return Effect(
        np.log((a / b) / (c / d)),
        np.sqrt(1 / a + 1 / b + 1 / c + 1 / d),
        cells.remarks,
        converted=cells.converted,
    )


def shared(table: Table) -> FloatArray:
    """Return what the control arm puts into log odds ratios.

    With x_c events of n_c participants, the root of 1 / x_c + 1 / (n_c - x_c).
    """
    events, others = two_by_two.control_cells(table)
    return np.array([np.sqrt(1 / events + 1 / others)])


control_arm = MappingProxyType({USUAL: shared})
