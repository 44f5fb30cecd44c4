"""Mean difference in standard deviations, with unequal variances."""

from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures import mean_difference
from bayesmeta.measures.contract import USUAL, USUAL_ONLY, Effect, Table
from bayesmeta.measures.hedges_g import correction, too_few

code = "SMDH"
title = "Standardised mean difference, unequal variances"
unit = "standard deviations"
columns = mean_difference.columns
ratio = False
other_variances = USUAL_ONLY


def effect(table: Table) -> Effect:
    """Return the mean difference over the root mean square of the arms' standard deviations.

    With s**2 = (s_t**2 + s_c**2) / 2 and J Hedges' correction::

        estimate = J(n_t + n_c - 2) * (m_t - m_c) / s
        variance = estimate**2 / (8 s**4) * (s_t**4 / (n_t - 1) + s_c**4 / (n_c - 1))
                   + (s_t**2 / (n_t - 1) + s_c**2 / (n_c - 1)) / s**2

    References
    ----------
    Bonett DG (2009). Meta-analytic interval estimation for standardized and unstandardized mean
    differences. Psychological Methods 14(3), 225-238.

    Examples
    --------
    Length of stay in Edinburgh (Normand 1999):

    >>> edinburgh = {"n_treatment": 155, "mean_treatment": 55, "sd_treatment": 47,
    ...              "n_control": 156, "mean_control": 75, "sd_control": 64}
    >>> effect({name: np.array([value]) for name, value in edinburgh.items()}).estimate.round(4)
    array([-0.3553])
    """
    treatment, control = table["n_treatment"] - 1, table["n_control"] - 1
    root_two = np.sqrt(2.0)
    typical = np.hypot(table["sd_treatment"] / root_two, table["sd_control"] / root_two)
    ratio_treatment = (table["sd_treatment"] / typical) ** 2
    ratio_control = (table["sd_control"] / typical) ** 2
    difference = table["mean_treatment"] - table["mean_control"]
    estimate = correction(treatment + control) * difference / typical
    spread = np.sqrt((ratio_treatment**2 / treatment + ratio_control**2 / control) / 8)
    own = np.sqrt(ratio_treatment / treatment + ratio_control / control)
    return Effect(estimate, np.hypot(estimate * spread, own), refused=too_few(treatment + control))


def shared(table: Table) -> FloatArray:
    """Return what the control arm puts into the difference: its part of the variance.

    With s_i the standard deviation of row i, rows i and j of one control arm have the covariance::

        s_c**2 / (n_c - 1) / (s_i * s_j) + d_i * d_j * s_c**4 / (8 * (n_c - 1) * s_i**2 * s_j**2)
    """
    root_two, freedom = np.sqrt(2.0), np.sqrt(table["n_control"] - 1)
    typical = np.hypot(table["sd_treatment"] / root_two, table["sd_control"] / root_two)
    ratio = table["sd_control"] / typical
    spread = effect(table).estimate * ratio**2 / np.sqrt(8.0)
    return np.array([ratio / freedom, spread / freedom])


control_arm = MappingProxyType({USUAL: shared})
