"""Mean difference in standard deviations of the control arm: Glass's delta."""

from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures import mean_difference
from bayesmeta.measures.contract import USUAL, USUAL_ONLY, Effect, Table
from bayesmeta.measures.hedges_g import correction, too_few

code = "SMD1"
title = "Standardised mean difference (Glass's delta)"
unit = "standard deviations of the control arm"
columns = mean_difference.columns
ratio = False
other_variances = USUAL_ONLY


def effect(table: Table) -> Effect:
    """Return the mean difference over the standard deviation of the control arm.

    With J Hedges' correction, on the control arm's degrees of freedom::

        estimate       = J(n_c - 1) * (m_t - m_c) / s_c
        standard_error = sqrt(1 / n_t + 1 / n_c + estimate**2 / (2 * (n_c - 1)))

    The standard error takes both arms to have one standard deviation, were they large.

    References
    ----------
    Glass GV (1976). Primary, secondary, and meta-analysis of research. Educational Researcher
    5(10), 3-8.
    Hedges LV (1981). Distribution theory for Glass's estimator of effect size and related
    estimators. Journal of Educational Statistics 6(2), 107-128.

    Examples
    --------
    Length of stay in Edinburgh (Normand 1999):

    >>> edinburgh = {"n_treatment": 155, "mean_treatment": 55, "sd_treatment": 47,
    ...              "n_control": 156, "mean_control": 75, "sd_control": 64}
    >>> effect({name: np.array([value]) for name, value in edinburgh.items()}).estimate.round(4)
    array([-0.311])
    """
    difference = table["mean_treatment"] - table["mean_control"]
    freedom = table["n_control"] - 1
    estimate = correction(freedom) * difference / table["sd_control"]
    own = np.sqrt(1 / table["n_treatment"] + 1 / table["n_control"])
    error = np.hypot(own, estimate / np.sqrt(2 * freedom))
    return Effect(estimate, error, refused=too_few(freedom))


def shared(table: Table) -> FloatArray:
    """Return what the control arm puts into delta: its mean, and its standard deviation.

    Rows i and j of one control arm have the covariance 1 / n_c + d_i * d_j / (2 * (n_c - 1)).

    References
    ----------
    Gleser LJ, Olkin I (2009). Stochastically dependent effect sizes. In: Cooper H, Hedges LV,
    Valentine JC (eds). The handbook of research synthesis and meta-analysis, 2nd ed., 357-376.
    """
    control = table["n_control"]
    spread = effect(table).estimate / np.sqrt(2 * (control - 1))
    return np.array([1 / np.sqrt(control), spread])


control_arm = MappingProxyType({USUAL: shared})
