"""Whether chains agree and how many draws they are worth, by the normal scores of their ranks.

References
----------
Vehtari A, Gelman A, Simpson D, Carpenter B, Bürkner PC (2021). Rank-normalization, folding, and
localization: an improved R-hat for assessing convergence of MCMC. Bayesian Analysis 16:667-718,
sections 3 and 4.
"""

import numpy as np
from scipy.special import ndtri

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.monte_carlo import effective_draws

_BLOM = 3 / 8


def rhat(draws: FloatArray) -> float:
    """Return the larger R-hat of split chains: of the draws' ranks, and of their distances'.

    Parameters
    ----------
    draws
        Shape (chain, draw), at least two chains of four draws.

    Examples
    --------
    >>> draws = np.random.default_rng(1).normal(size=(4, 1000))
    >>> round(rhat(draws), 2), round(rhat(draws + np.arange(4.0)[:, np.newaxis]), 1)
    (1.0, 1.5)
    """
    halves = np.concatenate(np.split(_even(draws), 2, axis=1))
    folded = np.abs(halves - np.median(halves))
    return max(_rhat(normal_scores(each)) for each in (halves, folded))


def ess_bulk(draws: FloatArray) -> float:
    """Return the effective draws for the centre; draws have shape (chain, draw)."""
    return float(effective_draws(normal_scores(_even(draws))))


def ess_tail(draws: FloatArray, probabilities: tuple[float, float] = (0.05, 0.95)) -> float:
    """Return the effective draws for two quantiles, the fewer; draws have shape (chain, draw)."""
    ends = np.quantile(draws, probabilities)
    return float(min(effective_draws((draws <= end).astype(float)) for end in ends))


def normal_scores(draws: FloatArray) -> FloatArray:
    """Return normal deviates that stand as the draws do among all of them; ties share theirs.

    Examples
    --------
    >>> normal_scores(np.array([[10.0, 1.0, 7.0, 7.0]])).round(2)
    array([[ 1.05, -1.05,  0.  ,  0.  ]])
    """
    _, place, count = np.unique(draws, return_inverse=True, return_counts=True)
    rank = np.cumsum(count) - (count - 1) / 2
    scores = ndtri((rank - _BLOM) / (draws.size - 2 * _BLOM + 1))
    return np.asarray(scores[place].reshape(draws.shape))


def _even(draws: FloatArray) -> FloatArray:
    """Return the first and the last half of each chain, without the draw between of an odd one."""
    half = draws.shape[1] // 2
    return draws if draws.shape[1] == 2 * half else np.delete(draws, half, axis=1)


def _rhat(chains: FloatArray) -> float:
    count = chains.shape[1]
    between = count * chains.mean(axis=1).var(ddof=1)
    within = chains.var(axis=1, ddof=1).mean()
    return float(np.sqrt((between / within + count - 1) / count))
