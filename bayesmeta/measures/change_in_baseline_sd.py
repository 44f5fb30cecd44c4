"""Mean change in standard deviations before treatment."""

import numpy as np

from bayesmeta.measures.contract import NO_CONTROL, USUAL_ONLY, Effect, Table
from bayesmeta.measures.hedges_g import correction, too_few

code = "SMCR"
title = "Standardised mean change (in standard deviations before treatment)"
unit = "standard deviations before treatment"
columns = ("n", "mean_after", "mean_before", "sd_before", "correlation")
ratio = False
other_variances = USUAL_ONLY
control_arm = NO_CONTROL


def effect(table: Table) -> Effect:
    """Return the mean change over the standard deviation before treatment.

    With r the correlation between the two measurements and J Hedges' correction::

        estimate       = J(n - 1) * (m_after - m_before) / s_before
        standard_error = sqrt(2 * (1 - r) / n + estimate**2 / (2 * n))

    References
    ----------
    Becker BJ (1988). Synthesizing standardized mean-change measures. British Journal of
    Mathematical and Statistical Psychology 41(2), 257-278.

    Examples
    --------
    >>> group = {"n": 22, "mean_after": 10.1, "mean_before": 13.5, "sd_before": 3.9,
    ...          "correlation": 0.55}
    >>> effect({name: np.array([value]) for name, value in group.items()}).estimate.round(4)
    array([-0.8402])
    """
    change = table["mean_after"] - table["mean_before"]
    freedom = table["n"] - 1
    estimate = correction(freedom) * change / table["sd_before"]
    length = np.hypot(np.sqrt(2 * (1 - table["correlation"])), estimate / np.sqrt(2.0))
    return Effect(estimate, length / np.sqrt(table["n"]), refused=too_few(freedom))
