"""Begg's rank test: Kendall's correlation of the deviates with their variances."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.frequentist.entry import as_data
from bayesmeta.frequentist.funnel.asymmetry import Asymmetry, few_studies
from bayesmeta.frequentist.weighting import Data, weigh
from bayesmeta.measures.effects import Effects
from bayesmeta.studies.wording import number_of

EXACT_UP_TO = 50
FEWEST = 3


def begg(effects: Effects | ArrayLike, variance: ArrayLike | None = None) -> Asymmetry:
    """Return Kendall's tau between standardised deviates and variances, with its p value.

    Exact without ties up to 50 studies; else normal, with the variance that ties leave. Its
    power is low.

    Parameters
    ----------
    effects, variance
        As for `pool`; at least three studies.

    Raises
    ------
    ModelError
        With fewer than three studies, or with estimates or variances that are all equal.

    References
    ----------
    Begg CB, Mazumdar M (1994). Biometrics 50:1088-1101.

    Examples
    --------
    >>> test = begg([0.1, 0.3, 0.2, 0.8, 0.9], [0.01, 0.02, 0.04, 0.2, 0.5])
    >>> round(test.statistic, 3), round(test.p, 3)
    (0.6, 0.233)
    """
    data = as_data(effects, variance)
    if data.k < FEWEST:
        raise ModelError(f"{number_of(data.k)}; Begg's test needs at least {FEWEST}.")
    deviate = _deviates(data)
    ties = [_ties(column) for column in (deviate, data.variance)]
    pairs = data.k * (data.k - 1) // 2
    if pairs in ties:
        raise ModelError("Estimates or variances are all equal; there is nothing to rank.")
    excess = _excess(deviate, data.variance)
    statistic = excess / math.sqrt((pairs - ties[0]) * (pairs - ties[1]))
    exact = not any(ties) and data.k <= EXACT_UP_TO
    p = _exact_p(excess, data.k) if exact else _normal_p(excess, deviate, data.variance)
    return Asymmetry("Begg", statistic, p, math.nan, math.nan, few_studies(data.k))


def _deviates(data: Data) -> FloatArray:
    """Return (y - common effect) over its standard error."""
    fit = weigh(data, 0.0)
    residual = fit.residual / np.sqrt(fit.weight)
    return residual / np.sqrt(data.variance - 1.0 / fit.weight.sum())


def _excess(one: FloatArray, two: FloatArray) -> int:
    """Return concordant minus discordant pairs."""
    signs = np.sign(one[:, None] - one) * np.sign(two[:, None] - two)
    return round(float(signs.sum()) / 2.0)


def _ties(column: FloatArray) -> int:
    """Return the number of tied pairs."""
    size = np.unique(column, return_counts=True)[1]
    return int((size * (size - 1) // 2).sum())


def _exact_p(excess: int, k: int) -> float:
    """Return the probability of an excess at least this large, from the counts of inversions."""
    ways = np.ones(1)
    for size in range(2, k + 1):
        ways = np.convolve(ways, np.ones(size)) / size
    pairs = k * (k - 1) // 2
    return float(ways[np.abs(pairs - 2 * np.arange(pairs + 1)) >= abs(excess)].sum())


def _normal_p(excess: int, one: FloatArray, two: FloatArray) -> float:
    """Return the two-sided normal p value (Kendall and Gibbons 1990, chapter 4)."""
    k = one.size
    sizes = [np.unique(column, return_counts=True)[1].astype(float) for column in (one, two)]
    lost = [float((t * (t - 1.0) * (2.0 * t + 5.0)).sum()) for t in sizes]
    pair = [float((t * (t - 1.0)).sum()) for t in sizes]
    triple = [float((t * (t - 1.0) * (t - 2.0)).sum()) for t in sizes]
    variance = (k * (k - 1.0) * (2.0 * k + 5.0) - sum(lost)) / 18.0
    variance += pair[0] * pair[1] / (2.0 * k * (k - 1.0))
    variance += triple[0] * triple[1] / (9.0 * k * (k - 1.0) * (k - 2.0))
    return float(2.0 * ndtr(-abs(excess) / math.sqrt(variance)))
