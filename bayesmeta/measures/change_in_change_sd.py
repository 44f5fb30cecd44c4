"""Mean change in standard deviations of the change."""

import numpy as np

from bayesmeta.measures import mean_change
from bayesmeta.measures.contract import NO_CONTROL, USUAL_ONLY, Effect, Table
from bayesmeta.measures.hedges_g import correction, too_few

code = "SMCC"
title = "Standardised mean change (in standard deviations of the change)"
unit = "standard deviations of the change"
columns = mean_change.columns
ratio = False
other_variances = USUAL_ONLY
control_arm = NO_CONTROL


def effect(table: Table) -> Effect:
    """Return the mean change over the standard deviation of the change.

    With s the standard deviation of the change and J Hedges' correction::

        estimate       = J(n - 1) * (m_after - m_before) / s
        standard_error = sqrt(1 / n + estimate**2 / (2 * n))

    References
    ----------
    Gibbons RD, Hedeker DR, Davis JM (1993). Estimation of effect size from a series of
    experiments involving paired comparisons. Journal of Educational Statistics 18(3), 271-279.

    Examples
    --------
    >>> group = {"n": 22, "mean_after": 10.1, "sd_after": 3.9, "mean_before": 13.5,
    ...          "sd_before": 4.4, "correlation": 0.55}
    >>> effect({name: np.array([value]) for name, value in group.items()}).estimate.round(4)
    array([-0.8272])
    """
    change = table["mean_after"] - table["mean_before"]
    freedom = table["n"] - 1
    estimate = correction(freedom) * change / mean_change.change_sd(table)
    standard_error = np.hypot(1.0, estimate / np.sqrt(2.0)) / np.sqrt(table["n"])
    return Effect(estimate, standard_error, refused=too_few(freedom))
