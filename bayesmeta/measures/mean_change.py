"""Mean after minus mean before, in one group measured twice."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures.contract import NO_CONTROL, USUAL_ONLY, Effect, Table

code = "MC"
title = "Mean change"
unit = ""
columns = ("n", "mean_after", "sd_after", "mean_before", "sd_before", "correlation")
ratio = False
other_variances = USUAL_ONLY
control_arm = NO_CONTROL


def effect(table: Table) -> Effect:
    """Return the mean change, in the unit of the outcome.

    With r the correlation between the two measurements::

        estimate       = m_after - m_before
        standard_error = sqrt((s_after**2 + s_before**2 - 2 * r * s_after * s_before) / n)

    Examples
    --------
    >>> group = {"n": 22, "mean_after": 10.1, "sd_after": 3.9, "mean_before": 13.5,
    ...          "sd_before": 4.4, "correlation": 0.55}
    >>> found = effect({name: np.array([value]) for name, value in group.items()})
    >>> found.estimate.round(4), (found.standard_error**2).round(4)
    (array([-3.4]), array([0.7134]))
    """
    change = table["mean_after"] - table["mean_before"]
    why = "a standard deviation needs at least 2 participants"
    few = np.asarray(table["n"] < _FEWEST)
    return Effect(change, change_sd(table) / np.sqrt(table["n"]), refused={why: few})


def change_sd(table: Table) -> FloatArray:
    """Return the standard deviation of one participant's change, shape (study,).

    Of ``(s_after - s_before)**2 + 2 * (1 - r) * s_after * s_before``, which is the same and does
    not cancel where r is near 1.
    """
    after, before = table["sd_after"], table["sd_before"]
    apart = np.sqrt(2 * (1 - table["correlation"])) * np.sqrt(after) * np.sqrt(before)
    return np.asarray(np.hypot(after - before, apart))


_FEWEST = 2
