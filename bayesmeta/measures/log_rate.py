"""Logarithm of the rate of events in one group."""

import numpy as np

from bayesmeta.measures.contract import NO_CONTROL, USUAL_ONLY, Effect, Table

code = "IRLN"
title = "Incidence rate (log)"
unit = "log rate"
columns = ("events", "time")
ratio = False
other_variances = USUAL_ONLY
control_arm = NO_CONTROL


def effect(table: Table) -> Effect:
    """Return the log of the events in a unit of person-time.

    With x events in time t; 1/2 is added to the events where there are none::

        estimate       = log(x / t)
        standard_error = sqrt(1 / x)

    Examples
    --------
    >>> found = effect({"events": np.array([8.0]), "time": np.array([400.0])})
    >>> found.estimate.round(4), (found.standard_error**2).round(4)
    (array([-3.912]), array([0.125]))
    """
    none = np.asarray(table["events"] == 0)
    events = table["events"] + np.where(none, 0.5, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate, error = np.log(events / table["time"]), np.sqrt(1 / events)
    impossible = np.asarray((events < 0) | (table["time"] <= 0))
    return Effect(
        estimate,
        error,
        refused={"events must be 0 or more, and time above 0": impossible},
        converted={"1/2 is added to the events, because there are none": none},
    )
