"""How finely a column of numbers is given."""

import numpy as np

from bayesmeta.arrays import FloatArray

_FINEST = 15


def step(column: FloatArray) -> float:
    """Return the unit of the last decimal that any number of a column has.

    Examples
    --------
    >>> step(np.array([0.95, 1.0, np.nan])), step(np.array([12.0]))
    (0.01, 1.0)
    """
    decimals = 0
    for value in column[np.isfinite(column)]:
        text = repr(float(value))
        mantissa, _, power = text.partition("e")
        places = len(mantissa.partition(".")[2]) if not mantissa.endswith(".0") else 0
        decimals = max(decimals, places - int(power or 0))
    return float(10.0 ** -min(decimals, _FINEST))
