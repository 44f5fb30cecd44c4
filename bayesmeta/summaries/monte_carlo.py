"""Monte Carlo standard errors, of whole batches of quantities at once.

Effective draws are Geyer's initial monotone sequence on split chains. ArviZ has the same
estimators for one quantity at a time; tables of many studies need them for thousands.

References
----------
Vehtari A, Gelman A, Simpson D, Carpenter B, Bürkner PC (2021). Rank-normalization, folding, and
localization: an improved R-hat for assessing convergence of MCMC. Bayesian Analysis 16:667-718,
sections 3.2 and 4.4.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import betaincinv

from bayesmeta.arrays import FloatArray

_BLOCK = 2_000_000
"""Most draws transformed at once."""
_FEWEST = 4  # each half of a chain needs two draws
_UNUSED = 3  # lags at the end, known from next to no draws
_ONE_SIGMA = (0.1586553, 0.8413447)


def mcse_mean(values: FloatArray) -> FloatArray:
    """Return the Monte Carlo standard error of means; (..., chain, draw) gives (...,).

    Examples
    --------
    >>> draws = np.random.default_rng(1).normal(size=(4, 2500))
    >>> float(mcse_mean(draws).round(3))
    0.01
    """
    spread = values.std(axis=(-2, -1), ddof=1)
    return np.asarray(spread / np.sqrt(effective_draws(values)))


def mcse_sd(values: FloatArray) -> FloatArray:
    """Return the Monte Carlo standard error of standard deviations, by the delta method."""
    squares = (values - values.mean(axis=(-2, -1), keepdims=True)) ** 2
    variance = squares.mean(axis=(-2, -1))
    of_variance = squares.var(axis=(-2, -1)) / effective_draws(squares)
    with np.errstate(invalid="ignore"):
        error = np.sqrt(of_variance / variance) / 2
    return np.where(variance == 0, 0.0, error)


def mcse_quantile(values: FloatArray, p: FloatArray) -> FloatArray:
    """Return the Monte Carlo standard error of each quantity's own quantile p, shape (...,).

    Half the distance between the two order statistics that hold the quantile with the
    probability of one sigma.
    """
    pooled = np.sort(values.reshape(*values.shape[:-2], -1), axis=-1)
    size = pooled.shape[-1]
    p = np.clip(p, 1 / size, 1 - 1 / size)
    rank = np.floor(p * (size - 1)).astype(np.intp)[..., np.newaxis]
    at = np.take_along_axis(pooled, rank, axis=-1)
    count = effective_draws((values <= at[..., np.newaxis]).astype(float))
    low, high = (betaincinv(count * p + 1, count * (1 - p) + 1, side) for side in _ONE_SIGMA)
    ends = np.stack([np.floor(low * size - 1), np.ceil(high * size - 1)], axis=-1)
    ranks = np.nan_to_num(ends).clip(0, size - 1).astype(np.intp)
    below, above = np.moveaxis(np.take_along_axis(pooled, ranks, axis=-1), -1, 0)
    return np.where(np.isnan(count), np.nan, (above - below) / 2)


def effective_draws(values: FloatArray) -> FloatArray:
    """Return the effective number of draws for means; (..., chain, draw) gives (...,).

    Constant draws count in full; with fewer than four a chain it is nan.
    """
    shape, size = values.shape[:-2], values.shape[-2] * values.shape[-1]
    if values.shape[-1] < _FEWEST:
        return np.full(shape, np.nan)
    flat = values.reshape(-1, *values.shape[-2:])
    found = _blockwise(flat, _effective)
    return np.where(np.ptp(flat, axis=(1, 2)) == 0, float(size), found).reshape(shape)


def _blockwise(flat: FloatArray, function: Callable[[FloatArray], FloatArray]) -> FloatArray:
    rows = max(1, _BLOCK // flat[0].size) if len(flat) else 1
    parts = [function(flat[start : start + rows]) for start in range(0, len(flat), rows)]
    return np.concatenate(parts) if parts else np.empty(0)


def _effective(values: FloatArray) -> FloatArray:
    half = values.shape[-1] // 2
    chains = np.concatenate([values[..., :half], values[..., -half:]], axis=1)
    correlation = _correlation(chains)
    size = chains.shape[1] * half
    most = max(0, (half - _UNUSED) // 2)
    pairs = correlation[:, : 2 * most].reshape(len(values), most, 2).sum(axis=-1)
    # Initial positive, then monotone: no pair counts after the first negative one.
    positive = np.logical_and.accumulate(pairs > 0, axis=1)
    monotone = np.minimum.accumulate(np.where(positive, pairs, np.inf), axis=1)
    time = -1 + 2 * np.where(positive, monotone, 0.0).sum(axis=1)
    # The even half of that pair counts once where it is positive, as in Stan and ArviZ.
    first = 2 * positive.sum(axis=1, keepdims=True)
    time += np.maximum(np.take_along_axis(correlation, first, axis=1)[:, 0], 0.0)
    return np.asarray(size / np.maximum(time, 1 / np.log10(size)))


def _correlation(chains: FloatArray) -> FloatArray:
    """Return the autocorrelation at each lag, chains combined (2021, equation 10).

    Shape (batch, chain, draw) gives (batch, lag).
    """
    draws = chains.shape[-1]
    centre = chains.mean(axis=-1, keepdims=True)
    spectrum = np.fft.rfft(chains - centre, n=2 * draws, axis=-1)
    power = np.fft.irfft(np.abs(spectrum) ** 2, axis=-1)[..., :draws].mean(axis=1) / draws
    within = power[:, :1] * draws / (draws - 1)
    total = power[:, :1] + centre[..., 0].var(axis=1, ddof=1)[:, np.newaxis]
    with np.errstate(invalid="ignore", divide="ignore"):  # constant draws are dealt with outside
        found = 1 - (within - power) / total
    found[:, 0] = 1.0
    return np.asarray(found)
