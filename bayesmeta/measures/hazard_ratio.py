"""Logarithm of the ratio of two hazards, ready-made: no table of counts has it."""

from bayesmeta.measures import ready_made
from bayesmeta.measures.contract import USUAL_ONLY, Effect, Table

code = "HR"
title = "Hazard ratio"
unit = "log hazard ratio"
columns = ready_made.columns
ratio = True
other_variances = USUAL_ONLY


def effect(table: Table) -> Effect:
    """Return the estimates, with standard errors from what stands beside them.

    Examples
    --------
    >>> import numpy as np
    >>> row = {"estimate": np.array([-0.22]), "variance": np.array([0.01])}
    >>> effect(row).standard_error
    array([0.1])
    """
    return ready_made.effect(table)
