"""Mean of the treatment arm minus mean of the control arm."""

from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures.contract import USUAL, Effect, Table

code = "MD"
title = "Mean difference"
unit = ""
columns = (
    "n_treatment", "mean_treatment", "sd_treatment", "n_control", "mean_control", "sd_control"
)  # fmt: skip
ratio = False


def effect(table: Table) -> Effect:
    """Return the mean difference, in the unit of the outcome, each arm with its own variance.

    With m, s, n the mean, standard deviation and size of an arm::

        estimate       = m_treatment - m_control
        standard_error = sqrt(s_treatment**2 / n_treatment + s_control**2 / n_control)

    Examples
    --------
    Length of stay in Edinburgh, days (Normand 1999):

    >>> edinburgh = {"n_treatment": 155, "mean_treatment": 55, "sd_treatment": 47,
    ...              "n_control": 156, "mean_control": 75, "sd_control": 64}
    >>> found = effect({name: np.array([value]) for name, value in edinburgh.items()})
    >>> found.estimate, (found.standard_error**2).round(3)
    (array([-20]), array([40.508]))
    """
    # Roots of sums of squares are lengths: hypot squares nothing that would leave the range.
    errors = (table[f"sd_{arm}"] / np.sqrt(table[f"n_{arm}"]) for arm in ("treatment", "control"))
    return Effect(_difference(table), np.hypot(*errors))


def effect_pooled(table: Table) -> Effect:
    """Return the mean difference with one variance for both arms.

    The standard deviation is that of both arms together::

        s**2           = ((n_t - 1) * s_t**2 + (n_c - 1) * s_c**2) / (n_t + n_c - 2)
        standard_error = sqrt(s**2 * (1 / n_t + 1 / n_c))

    References
    ----------
    Normand SLT (1999). Meta-analysis: formulating, evaluating, combining, and reporting.
    Statistics in Medicine 18(3), 321-359. Table VIII.

    Examples
    --------
    Edinburgh again; Table VIII prints 40.59:

    >>> edinburgh = {"n_treatment": 155, "mean_treatment": 55, "sd_treatment": 47,
    ...              "n_control": 156, "mean_control": 75, "sd_control": 64}
    >>> found = effect_pooled({name: np.array([value]) for name, value in edinburgh.items()})
    >>> (found.standard_error**2).round(4)
    array([40.5863])
    """
    factor = np.sqrt(1 / table["n_treatment"] + 1 / table["n_control"])
    return Effect(_difference(table), pooled_sd(table) * factor)


def pooled_sd(table: Table) -> FloatArray:
    """Return the standard deviation of both arms together, n - 2 degrees of freedom."""
    treatment, control = table["n_treatment"] - 1, table["n_control"] - 1
    freedom = treatment + control
    return np.hypot(
        table["sd_treatment"] * np.sqrt(treatment / freedom),
        table["sd_control"] * np.sqrt(control / freedom),
    )


def _difference(table: Table) -> FloatArray:
    return table["mean_treatment"] - table["mean_control"]


def shared(table: Table) -> FloatArray:
    """Return what the control arm puts into mean differences: s_c / sqrt(n_c)."""
    return np.asarray([table["sd_control"] / np.sqrt(table["n_control"])])


def shared_pooled(table: Table) -> FloatArray:
    """Return the same where both arms of a row have one standard deviation."""
    return np.asarray([pooled_sd(table) / np.sqrt(table["n_control"])])


other_variances = MappingProxyType({"pooled": effect_pooled})
control_arm = MappingProxyType({USUAL: shared, "pooled": shared_pooled})
