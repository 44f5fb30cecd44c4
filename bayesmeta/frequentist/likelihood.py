"""The likelihood of the between-study variance, full or restricted."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.weighting import (
    Data,
    Weighted,
    q,
    q_curvature,
    q_slope,
    trace,
    trace_of_square,
    weigh,
)

type Curve = Callable[[Weighted], FloatArray]


class Likelihood(NamedTuple):
    """A log-likelihood of tau2, coefficients at their best, less a constant; two derivatives."""

    log_density: Curve
    score: Curve
    score_slope: Curve


def _full(fit: Weighted) -> FloatArray:
    return 0.5 * (np.log(fit.weight).sum(axis=-1) - q(fit))


def _full_score(fit: Weighted) -> FloatArray:
    return 0.5 * (q_slope(fit) - fit.weight.sum(axis=-1))


def _full_score_slope(fit: Weighted) -> FloatArray:
    return 0.5 * (fit.weight**2).sum(axis=-1) - q_curvature(fit)


def _restricted(fit: Weighted) -> FloatArray:
    diagonal = np.diagonal(fit.triangle, axis1=-2, axis2=-1)
    penalty: FloatArray = np.log(diagonal).sum(axis=-1)
    return _full(fit) - penalty


def _restricted_score(fit: Weighted) -> FloatArray:
    return 0.5 * (q_slope(fit) - trace(fit))


def _restricted_score_slope(fit: Weighted) -> FloatArray:
    return 0.5 * trace_of_square(fit) - q_curvature(fit)


FULL = Likelihood(_full, _full_score, _full_score_slope)
RESTRICTED = Likelihood(_restricted, _restricted_score, _restricted_score_slope)

LIKELIHOODS: dict[str, Likelihood] = {"ML": FULL, "REML": RESTRICTED}


def log_likelihood(data: Data, tau2: ArrayLike, likelihood: str = "REML") -> FloatArray:
    """Return the log-likelihood on a grid of tau2, with all its constants.

    ::

        ML    -1/2 (k log 2 pi + sum log(v + tau2) + Q(tau2))
        REML  ML of the k - p error contrasts, with + 1/2 log|X'X| as Harville (1974) has it

    Parameters
    ----------
    data
        One meta-analysis.
    tau2
        Between-study variances, shape (node,).
    likelihood
        ``"ML"`` or ``"REML"``.

    References
    ----------
    Harville DA (1974). Biometrika 61:383-385.

    Examples
    --------
    >>> from bayesmeta.frequentist.entry import as_data
    >>> schools = as_data([28.0, 8, -3, 7, -1, 1, 18, 12],
    ...                   np.array([15.0, 10, 16, 11, 9, 11, 10, 18]) ** 2)
    >>> log_likelihood(schools, [0.0, 100.0], "ML").round(4)
    array([-29.6742, -30.8923])
    """
    fit = weigh(data.spread(), np.asarray(tau2, dtype=float))
    height = LIKELIHOODS[likelihood].log_density(fit)
    if likelihood == "ML":
        return height - 0.5 * data.k * math.log(2.0 * math.pi)
    # The design's vectors are orthogonal with k as their squared length: |X'X| is k^p.
    information = data.p * math.log(data.k)
    return height + 0.5 * information - 0.5 * data.spare * math.log(2.0 * math.pi)
