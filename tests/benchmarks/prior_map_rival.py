"""The rival of the prior map: one prior at a time, in a plain NumPy loop.

What a careful analyst would write by hand for the normal-normal model with a flat mean: 256
Gauss-Legendre nodes in log tau, closed forms at each, the quantiles of mu by the root finding of
the vectorised core, those of tau by Newton's method on the same 256 nodes moved below each trial
point. No adaptation and no error estimates.
"""

from collections.abc import Callable, Sequence

import numpy as np

from bayesmeta.mixtures import NormalMixture

PLACE, SHARE = np.polynomial.legendre.leggauss(256)
LEVELS = (0.025, 0.975)
NEWTON_STEPS = 4

type LogPrior = Callable[[np.ndarray], np.ndarray]


def posterior_numbers(estimate, standard_error, log_priors: Sequence[LogPrior]) -> np.ndarray:
    """Return mean, sd and 95 % interval of mu, then of tau, one row a prior, shape (prior, 8)."""
    return np.array([_one(estimate, standard_error, log_prior) for log_prior in log_priors])


def _one(estimate, standard_error, log_prior):
    left = np.log(standard_error.min() / 1000)
    right = np.log(100 * (np.ptp(estimate) + standard_error.max()))
    log_tau = left + (right - left) * (PLACE + 1) / 2
    log_value, mean, total = _integrand(estimate, standard_error, log_prior, log_tau)
    top = log_value.max()
    probability = SHARE * np.exp(log_value - top)
    area = probability.sum() * (right - left) / 2
    probability /= probability.sum()
    mu = NormalMixture(probability, mean, np.sqrt(1 / total))
    tau = np.exp(log_tau)
    tau_mean = probability @ tau
    tau_sd = np.sqrt(probability @ (tau - tau_mean) ** 2)

    def density_and_area(end):
        nodes = left + (end - left) * (PLACE + 1) / 2
        value = np.exp(_integrand(estimate, standard_error, log_prior, nodes)[0] - top) / area
        at_end = _integrand(estimate, standard_error, log_prior, np.array([end]))[0] - top
        return np.exp(at_end[0]) / area, (SHARE @ value) * (end - left) / 2

    starts = np.interp(LEVELS, np.cumsum(probability) - probability / 2, log_tau)
    ends = [_newton(density_and_area, *pair) for pair in zip(starts, LEVELS, strict=True)]
    return [mu.mean(), mu.sd(), *mu.interval(0.95), tau_mean, tau_sd, *np.exp(ends)]


def _integrand(estimate, standard_error, log_prior, log_tau):
    """Return log p(y | tau) p(tau) tau, with mean and precision of mu given tau."""
    weight = 1 / (standard_error**2 + np.exp(2 * log_tau)[:, np.newaxis])
    total = weight.sum(axis=1)
    mean = weight @ estimate / total
    misfit = (weight * (estimate - mean[:, np.newaxis]) ** 2).sum(axis=1)
    log_value = 0.5 * (np.log(weight).sum(axis=1) - np.log(total) - misfit)
    return log_value + log_prior(log_tau) + log_tau, mean, total


def _newton(density_and_area, end, level):
    for _ in range(NEWTON_STEPS):
        density, area = density_and_area(end)
        end += (level - area) / density
    return end
