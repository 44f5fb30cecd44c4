"""Logarithm of the ratio of two risks."""

from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures import two_by_two
from bayesmeta.measures.contract import USUAL, USUAL_ONLY, Effect, Table

code = "RR"
title = "Risk ratio"
unit = "log risk ratio"
columns = two_by_two.COLUMNS
ratio = True
other_variances = USUAL_ONLY


def effect(table: Table) -> Effect:
    """Return the log risk ratio.

    With a, b events and others in the treatment arm, c, d in the control arm::

        estimate       = log(a / (a + b)) - log(c / (c + d))
        standard_error = sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))

    References
    ----------
    Katz D, Baptista J, Azen SP, Pike MC (1978). Obtaining confidence intervals for the risk
    ratio in cohort studies. Biometrics 34(3), 469-474.

    Examples
    --------
    BCG vaccine and tuberculosis, Aronson 1948 (Colditz et al. 1994):

    >>> aronson = {"events_treatment": 4, "n_treatment": 123, "events_control": 11,
    ...            "n_control": 139}
    >>> found = effect({name: np.array([value]) for name, value in aronson.items()})
    >>> found.estimate.round(4), (found.standard_error**2).round(4)
    (array([-0.8893]), array([0.3256]))
    """
    cells = two_by_two.cells(table)
    a, b, c, d = cells[:4]
    # b / (a (a + b)) is 1 / a - 1 / (a + b) without the cancellation.
    variance = b / a / (a + b) + d / c / (c + d)
    return Effect(
        np.log(cells.risk_treatment / cells.risk_control),
        np.sqrt(variance),
        cells.remarks,
        converted=cells.converted,
    )


def shared(table: Table) -> FloatArray:
    """Return what the control arm puts into log risk ratios.

    With x_c events of n_c participants, the root of 1 / x_c - 1 / n_c.
    """
    events, others = two_by_two.control_cells(table)
    return np.array([np.sqrt(others / events / (events + others))])


control_arm = MappingProxyType({USUAL: shared})
