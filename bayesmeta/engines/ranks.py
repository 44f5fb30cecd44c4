"""Whether chains agree, judged by the ranks of their draws, which every tail has.

References
----------
Vehtari A, Gelman A, Simpson D, Carpenter B, Bürkner PC (2021). Rank-normalization, folding, and
localization: an improved R-hat for assessing convergence of MCMC. Bayesian Analysis 16:667-718,
section 4.
"""

import numpy as np
from scipy.special import ndtri

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.monte_carlo import effective_draws, effective_of_halves, halves

_BLOM = 3 / 8
_TAILS = (0.05, 0.95)


def rhat(values: FloatArray) -> float:
    """Return R-hat of draws, shape (chain, draw): the larger of where they are and how far spread.

    Examples
    --------
    >>> draws = np.random.default_rng(1).normal(size=(4, 1000))
    >>> rhat(draws) < 1.01 < rhat(draws + np.array([[0], [0], [0], [1]]))
    True
    """
    chains = halves(values)
    folded = np.abs(chains - np.median(chains))
    return max(_between_and_within(normal_scores(each)) for each in (chains, folded))


def ess_bulk(values: FloatArray) -> float:
    """Return the effective draws for the centre, of draws of shape (chain, draw)."""
    return float(effective_of_halves(normal_scores(halves(values))[np.newaxis])[0])


def ess_tail(values: FloatArray) -> float:
    """Return the effective draws for the 5 % or the 95 % quantile, whichever has fewer."""
    ends = np.quantile(values, _TAILS)
    return float(effective_draws((values <= ends[:, np.newaxis, np.newaxis]).astype(float)).min())


def normal_scores(values: FloatArray) -> FloatArray:
    """Return the quantiles of a normal that the ranks of draws are (equation 14); ties share one.

    Examples
    --------
    >>> normal_scores(np.array([[30.0, 10.0, 20.0]])).round(2)
    array([[ 0.82, -0.82,  0.  ]])
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    rank = (last - (count - 1) / 2)[place].reshape(values.shape)
    return np.asarray(ndtri((rank - _BLOM) / (values.size - 2 * _BLOM + 1)))


def _between_and_within(chains: FloatArray) -> float:
    """Return the root of all variance over the variance within chains (equations 1 to 4)."""
    draws = chains.shape[-1]
    within = chains.var(axis=-1, ddof=1).mean()
    between = chains.mean(axis=-1).var(ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):  # of halves that do not move
        return float(np.sqrt(between / within + (draws - 1) / draws))
