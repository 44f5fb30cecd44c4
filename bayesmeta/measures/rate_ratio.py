"""Logarithm of the ratio of two rates of events."""

from types import MappingProxyType

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.measures.contract import USUAL, USUAL_ONLY, Effect, Table

code = "IRR"
title = "Incidence rate ratio"
unit = "log incidence rate ratio"
columns = ("events_treatment", "time_treatment", "events_control", "time_control")
ratio = True
other_variances = USUAL_ONLY


def effect(table: Table) -> Effect:
    """Return the log ratio of the rates of events in person-time.

    With x events in time t; 1/2 is added to both numbers of events of a study where one is zero::

        estimate       = log((x_t / t_t) / (x_c / t_c))
        standard_error = sqrt(1 / x_t + 1 / x_c)

    Examples
    --------
    >>> study = {"events_treatment": 8, "time_treatment": 400, "events_control": 16,
    ...          "time_control": 400}
    >>> found = effect({name: np.array([value]) for name, value in study.items()})
    >>> found.estimate.round(4), (found.standard_error**2).round(4)
    (array([-0.6931]), array([0.1875]))
    """
    zero = (table["events_treatment"] == 0) | (table["events_control"] == 0)
    added = np.where(zero, 0.5, 0.0)
    treatment, control = table["events_treatment"] + added, table["events_control"] + added
    times = table["time_treatment"] / table["time_control"]
    estimate = np.log((treatment / control) / times)
    converted = {"1/2 is added to the events of both arms, because one number is zero": zero}
    return Effect(estimate, np.sqrt(1 / treatment + 1 / control), converted=converted)


def shared(table: Table) -> FloatArray:
    """Return what the control arm puts into log ratios: with x_c events, 1 / sqrt(x_c).

    1/2 is added where there is no event, in all rows of the arm.
    """
    events = table["events_control"]
    return np.array([1 / np.sqrt(events + np.where(events == 0, 0.5, 0.0))])


control_arm = MappingProxyType({USUAL: shared})
