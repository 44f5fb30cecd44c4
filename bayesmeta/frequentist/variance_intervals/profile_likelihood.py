"""Profile likelihood: the between-study variances that fit nearly as well as the best."""

import math
from collections.abc import Callable

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.distributions import chi_square_quantile
from bayesmeta.frequentist.likelihood import RESTRICTED, Likelihood
from bayesmeta.frequentist.modes import NODES_PER_FOLD, global_mode
from bayesmeta.frequentist.weighting import Data, q, weigh
from bayesmeta.roots import Bracket, halve

type Inside = Callable[[FloatArray], FloatArray]


def interval(
    data: Data, level: float, *, likelihood: Likelihood = RESTRICTED
) -> tuple[float, float]:
    """Return the outermost tau2 whose log-likelihood is within half a chi-square of the top.

    Where the likelihood has two modes the set may have a hole; these are its ends.

    References
    ----------
    Hardy RJ, Thompson SG (1996). Stat Med 15:619-629.

    Examples
    --------
    >>> from bayesmeta.frequentist.likelihood import FULL
    >>> from bayesmeta.frequentist.entry import as_data
    >>> schools = as_data([28.0, 8, -3, 7, -1, 1, 18, 12],
    ...                   np.array([15.0, 10, 16, 11, 9, 11, 10, 18]) ** 2)
    >>> lower, upper = interval(schools, 0.95, likelihood=FULL)
    >>> round(lower, 1), round(upper, 1)
    (0.0, 169.5)
    """
    if not data.spare:
        return math.nan, math.nan
    floor = float(data.variance.min())
    fold = _folds(data, chi_square_quantile(1.0 - level, 1))
    threshold = float(_height(data, global_mode(data, likelihood)[None], likelihood)[0])
    threshold -= 0.5 * chi_square_quantile(1.0 - level, 1)

    def inside(at: FloatArray) -> FloatArray:
        return _height(data, floor * np.expm1(at), likelihood) - threshold

    best = float(np.log1p(global_mode(data, likelihood) / floor))
    fold = np.sort(np.append(fold, best))
    lower, upper = _ends(fold, inside)
    return floor * math.expm1(lower), floor * math.expm1(upper)


def _height(data: Data, tau2: FloatArray, likelihood: Likelihood) -> FloatArray:
    return likelihood.log_density(weigh(data.spread(), tau2))


def _folds(data: Data, drop: float) -> FloatArray:
    """Return a grid that ends where the likelihood has surely fallen by half the drop."""
    unweighted = float(q(weigh(data.reweighted(np.ones(data.k)), 0.0)))
    beyond = math.log(unweighted + float(data.variance.max())) + (drop + data.k) / data.spare
    end = beyond - math.log(float(data.variance.min())) + 1.0
    return np.linspace(0.0, end, int(NODES_PER_FOLD * end) + 2)


def _ends(fold: FloatArray, inside: Inside) -> tuple[float, float]:
    """Return the first and the last point that is inside, refined."""
    within = np.flatnonzero(inside(fold) >= 0.0)
    first, last = int(within[0]), int(within[-1])
    lower = _crossed(inside, fold[[first - 1]], fold[[first]]) if first else 0.0
    upper = _crossed(lambda at: -inside(at), fold[[last]], fold[[last + 1]])
    return lower, upper


def _crossed(rises: Inside, low: FloatArray, high: FloatArray) -> float:
    """Return where a function goes from below 0 to above."""
    return float(halve(lambda at: rises(at) > 0.0, Bracket(low, high))[0])
