"""The rival of the prior map: one prior at a time, in a plain NumPy loop.

What a careful analyst would write by hand for the normal-normal model with a flat mean: 256
Gauss-Legendre nodes in log tau, closed forms at each, and the quantiles of the mixture by the
same root finding that the vectorised core uses. No adaptation, no error estimates.
"""

from collections.abc import Callable, Sequence

import numpy as np

from bayesmeta.mixtures import NormalMixture

PLACE, SHARE = np.polynomial.legendre.leggauss(256)


def posterior_numbers(estimate, standard_error, log_priors: Sequence[Callable]) -> np.ndarray:
    """Return mean, sd and 95 % interval of mu and of tau, one row a prior, shape (prior, 8)."""
    return np.array([_one(estimate, standard_error, log_prior) for log_prior in log_priors])


def _one(estimate, standard_error, log_prior):
    left = np.log(standard_error.min() / 1000)
    right = np.log(100 * (np.ptp(estimate) + standard_error.max()))
    log_tau = left + (right - left) * (PLACE + 1) / 2
    tau = np.exp(log_tau)
    weight = 1 / (standard_error**2 + tau[:, np.newaxis] ** 2)
    total = weight.sum(axis=1)
    mean = weight @ estimate / total
    misfit = (weight * (estimate - mean[:, np.newaxis]) ** 2).sum(axis=1)
    log_value = 0.5 * np.log(weight).sum(axis=1) - 0.5 * np.log(total) - 0.5 * misfit
    log_value += log_prior(log_tau) + log_tau
    probability = SHARE * np.exp(log_value - log_value.max())
    probability /= probability.sum()
    mu = NormalMixture(probability, mean, np.sqrt(1 / total))
    return [mu.mean(), mu.sd(), *mu.interval(0.95), *_tau(tau, probability)]


def _tau(tau, probability):
    mean = probability @ tau
    sd = np.sqrt(probability @ (tau - mean) ** 2)
    upto = np.cumsum(probability) - probability / 2
    return [mean, sd, *np.interp([0.025, 0.975], upto, tau)]
