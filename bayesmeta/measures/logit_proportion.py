"""Logit of the share of one group that had an event."""

import numpy as np

from bayesmeta.measures.contract import NO_CONTROL, USUAL_ONLY, Effect, Table

code = "PLO"
title = "Proportion (logit)"
unit = "log odds"
columns = ("events", "n")
ratio = False
other_variances = USUAL_ONLY
control_arm = NO_CONTROL


def effect(table: Table) -> Effect:
    """Return the log odds of an event.

    With x events among n participants; 1/2 is added to events and others where one is zero::

        estimate       = log(x / (n - x))
        standard_error = sqrt(1 / x + 1 / (n - x))

    Examples
    --------
    >>> found = effect({"events": np.array([4.0]), "n": np.array([123.0])})
    >>> found.estimate.round(4), (found.standard_error**2).round(4)
    (array([-3.3928]), array([0.2584]))
    """
    events, others = table["events"], table["n"] - table["events"]
    zero = np.asarray((events == 0) | (others == 0))
    added = np.where(zero, 0.5, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = np.log((events + added) / (others + added))
        error = np.sqrt(1 / (events + added) + 1 / (others + added))
    impossible = np.asarray((events < 0) | (others < 0))
    return Effect(
        estimate,
        error,
        refused={"events must be 0 or more, and at most n": impossible},
        converted={"1/2 is added to events and others, because one is zero": zero},
    )
