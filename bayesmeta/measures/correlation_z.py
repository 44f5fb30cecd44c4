"""Fisher's z of a correlation."""

import numpy as np

from bayesmeta.measures.contract import NO_CONTROL, USUAL_ONLY, Effect, Table

code = "ZCOR"
title = "Correlation (Fisher's z)"
unit = "Fisher's z"
columns = ("correlation", "n")
ratio = False
other_variances = USUAL_ONLY
control_arm = NO_CONTROL

_FEWEST = 4


def effect(table: Table) -> Effect:
    """Return Fisher's z, artanh(r), with standard error 1 / sqrt(n - 3).

    References
    ----------
    Fisher RA (1921). On the "probable error" of a coefficient of correlation deduced from a small
    sample. Metron 1, 3-32.

    Examples
    --------
    >>> found = effect({"correlation": np.array([0.5]), "n": np.array([28.0])})
    >>> found.estimate.round(4), found.standard_error
    (array([0.5493]), array([0.2]))
    """
    few = table["n"] < _FEWEST
    freedom = np.where(few, 1.0, table["n"] - 3)
    why = "Fisher's z needs at least 4 participants"
    return Effect(np.arctanh(table["correlation"]), 1 / np.sqrt(freedom), refused={why: few})
