"""Numbers that callers give, held against their limits, whatever was given in their place."""

import math
from numbers import Real
from typing import TypeGuard


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a real number, NumPy's too; True and False are none.

    Examples
    --------
    >>> import numpy as np
    >>> [is_number(value) for value in (3, 0.5, np.float64(2), np.True_, True, "3", None, [3])]
    [True, True, True, False, False, False, False, False]
    """
    return isinstance(value, Real) and not isinstance(value, bool)


def within(value: object, least: float, most: float) -> TypeGuard[float]:
    """Return whether a value is a number between two others, and neither of them.

    Examples
    --------
    >>> [within(value, 0, 1) for value in (0.95, 1, float("nan"), "0.95", None, (0.05, 0.95))]
    [True, False, False, False, False, False]
    """
    return is_number(value) and least < value < most


def is_positive(value: object) -> TypeGuard[float]:
    """Return whether a value is a finite number above 0.

    Examples
    --------
    >>> [is_positive(value) for value in (3, 0, -1, float("inf"), "3 days", True)]
    [True, False, False, False, False, False]
    """
    return within(value, 0, math.inf)
