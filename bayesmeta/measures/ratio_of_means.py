"""Logarithm of the ratio of two means."""

from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures import mean_difference
from bayesmeta.measures.contract import USUAL, USUAL_ONLY, Effect, Table

code = "ROM"
title = "Ratio of means"
unit = "log ratio of means"
columns = mean_difference.columns
ratio = True
other_variances = USUAL_ONLY


def effect(table: Table) -> Effect:
    """Return the log ratio of the means, which must have the same sign.

    ::

        estimate       = log(m_t / m_c)
        standard_error = sqrt(s_t**2 / (n_t * m_t**2) + s_c**2 / (n_c * m_c**2))

    There is no correction for few participants (metafor has one by default from version 5 on).

    References
    ----------
    Hedges LV, Gurevitch J, Curtis PS (1999). The meta-analysis of response ratios in
    experimental ecology. Ecology 80(4), 1150-1156.

    Examples
    --------
    Length of stay in Edinburgh (Normand 1999):

    >>> edinburgh = {"n_treatment": 155, "mean_treatment": 55, "sd_treatment": 47,
    ...              "n_control": 156, "mean_control": 75, "sd_control": 64}
    >>> found = effect({name: np.array([value]) for name, value in edinburgh.items()})
    >>> found.estimate.round(5), (found.standard_error**2).round(6)
    (array([-0.31015]), array([0.009379]))
    """
    treatment, control = table["mean_treatment"], table["mean_control"]
    opposite = np.sign(treatment) * np.sign(control) <= 0
    # A ratio of 1 stands in where there is none: the row is refused.
    quotient = np.where(opposite, 1.0, treatment) / np.where(opposite, 1.0, control)
    error = np.hypot(_relative_error(table, "treatment"), _relative_error(table, "control"))
    why = "the means of the arms do not have the same sign, so their ratio has no logarithm"
    return Effect(np.log(quotient), error, refused={why: opposite})


def _relative_error(table: Table, arm: str) -> FloatArray:
    mean = np.where(table[f"mean_{arm}"] == 0, 1.0, table[f"mean_{arm}"])
    return np.asarray(table[f"sd_{arm}"] / np.sqrt(table[f"n_{arm}"]) / np.abs(mean))


def shared(table: Table) -> FloatArray:
    """Return what the control arm puts into log ratios: s_c / (sqrt(n_c) * m_c)."""
    return np.array([_relative_error(table, "control")])


control_arm = MappingProxyType({USUAL: shared})
