"""Quantiles and tails of the reference distributions, without scipy.stats."""

import math

import numpy as np
from scipy.special import chdtrc, chdtri, fdtrc, ndtr, ndtri, stdtr, stdtrit


def two_sided_quantile(level: float, degrees_of_freedom: float) -> float:
    """Return the t quantile of a central interval; normal at infinite degrees of freedom.

    Not a number without degrees of freedom.

    Examples
    --------
    >>> round(two_sided_quantile(0.95, math.inf), 6), round(two_sided_quantile(0.95, 1), 4)
    (1.959964, 12.7062)
    """
    tail = 0.5 * (1.0 + level)
    if math.isinf(degrees_of_freedom):
        return float(ndtri(tail))
    return float(stdtrit(degrees_of_freedom, tail)) if degrees_of_freedom > 0 else math.nan


def two_sided_p(statistic: float, degrees_of_freedom: float) -> float:
    """Return the probability of a t or normal variate at least this far from zero."""
    if math.isinf(degrees_of_freedom):
        return float(2.0 * ndtr(-abs(statistic)))
    if degrees_of_freedom <= 0:
        return math.nan
    return float(2.0 * stdtr(degrees_of_freedom, -abs(statistic)))


def chi_square_tail(value: float, degrees_of_freedom: int) -> float:
    """Return P(chi-square > value); 1 without degrees of freedom."""
    return float(chdtrc(degrees_of_freedom, value)) if degrees_of_freedom > 0 else 1.0


def chi_square_quantile(upper_tail: float, degrees_of_freedom: int) -> float:
    """Return the value that a chi-square variate passes with this probability."""
    return float(chdtri(degrees_of_freedom, upper_tail))


def wald_tail(value: float, terms: int, degrees_of_freedom: float) -> float:
    """Return the tail of an omnibus statistic: F, or chi-square over its number of terms."""
    if math.isinf(degrees_of_freedom):
        return chi_square_tail(value, terms)
    usable = degrees_of_freedom > 0 and np.isfinite(value)
    return float(fdtrc(terms, degrees_of_freedom, value)) if usable else math.nan
