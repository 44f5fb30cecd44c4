"""Generalised Q: the between-study variances at which Q with fixed weights is not surprising."""

import math

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.chi_squares import survival
from bayesmeta.frequentist.weighting import Data, q, weigh
from bayesmeta.roots import Bracket, grown, halve


def interval(data: Data, level: float, *, weight: FloatArray | None = None) -> tuple[float, float]:
    """Return tau2 where the observed Q lies on the tails of its exact distribution.

    Parameters
    ----------
    data
        More studies than coefficients, or both limits are nan.
    level
        A fraction.
    weight
        Fixed weights, shape (study,); inverse variances (Cochran's Q) where absent.

    References
    ----------
    Jackson D (2013). Res Synth Methods 4:220-229; with moderators Jackson D, Turner R, Rhodes K,
    Viechtbauer W (2014). BMC Med Res Methodol 14:103.

    Examples
    --------
    With equal variances it is the Q-profile interval:

    >>> from bayesmeta.frequentist.entry import as_data
    >>> equal = as_data([1.0, 2.0, 4.0, 8.0], np.ones(4))
    >>> [round(limit, 4) for limit in interval(equal, 0.95)]
    [2.0754, 132.2281]
    """
    if not data.spare:
        return math.nan, math.nan
    tail = 0.5 * (1.0 - level)
    lower, upper = variance_at_tail(data, np.array([tail, 1.0 - tail]), weight=weight)
    return float(lower), float(upper)


def variance_at_tail(
    data: Data, tail: FloatArray, *, weight: FloatArray | None = None
) -> FloatArray:
    """Return tau2 at which Q is passed with the given probabilities, or 0 below that."""
    weights = 1.0 / data.variance if weight is None else weight
    floor = float(data.variance.min())
    observed = float(q(weigh(data.reweighted(weights), 0.0)))

    def above(fold: FloatArray) -> FloatArray:
        tau2 = floor * np.expm1(fold)
        return survival(np.full(fold.shape, observed), spectrum(data, weights, tau2)) - tail

    start = np.zeros(tail.shape)
    high = grown(lambda fold: above(fold) >= 0.0, np.ones(tail.shape), 2.0)
    found = halve(lambda fold: above(fold) > 0.0, Bracket(start, high))
    return np.where(above(start) < 0.0, floor * np.expm1(found), 0.0)


def spectrum(data: Data, weight: FloatArray, tau2: FloatArray) -> FloatArray:
    """Return the weights of the chi-squares that Q is made of at tau2, shape (..., k - p).

    They are the positive eigenvalues of S' P S with S S' = diag(variance + tau2).
    """
    fit = weigh(data.reweighted(weight), 0.0)
    root = np.sqrt(fit.weight)
    middle = np.eye(data.k) - fit.basis.T @ fit.basis
    scale = root * np.sqrt(data.variance + tau2[..., None])
    form = scale[..., :, None] * middle * scale[..., None, :]
    return np.linalg.eigvalsh(form)[..., data.p :]
