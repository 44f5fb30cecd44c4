"""Intervals for tau2, the distribution they rest on, and prediction intervals."""

import math

import numpy as np
import pytest
from scipy import stats

from bayesmeta.frequentist import VARIANCE_INTERVALS, as_data, bootstrap, higgins, pool
from bayesmeta.frequentist.chi_squares import survival
from bayesmeta.frequentist.likelihood import FULL, log_likelihood
from bayesmeta.frequentist.variance_intervals import (
    generalised_q,
    profile_likelihood,
    q_profile,
)

ESTIMATE = np.array([0.1, 0.9, 2.0, 0.4, 1.7, -0.3])
VARIANCE = np.array([0.1, 0.4, 0.2, 0.9, 0.3, 0.05])
DATA = as_data(ESTIMATE, VARIANCE)


@pytest.mark.parametrize("terms", [1, 2, 3, 7, 60])
@pytest.mark.parametrize("value", [1e-3, 0.3, 1.0, 5.0, 80.0])
def test_equal_weights_are_a_chi_square(terms, value):
    """A sum of n equal terms is a chi-square on n degrees of freedom."""
    tail = survival(np.array(value), np.ones(terms))

    assert float(tail) == pytest.approx(stats.chi2.sf(value, terms), rel=1e-11, abs=1e-15)


@pytest.mark.parametrize("value", [1e-6, 1e-3, 0.1, 1.0, 5.0, 30.0])
def test_pairs_of_weights_are_a_sum_of_exponentials(value):
    """Weights in pairs give a hypoexponential variate, whose tail is elementary."""
    pairs = np.array([1.0, 0.3, 1e-3, 1e-5])
    rates = 1 / (2 * pairs)
    expected = sum(
        math.exp(-rate * value) * math.prod(o / (o - rate) for o in rates if o != rate)
        for rate in rates
    )

    assert float(survival(np.array(value), np.repeat(pairs, 2))) == pytest.approx(
        expected, rel=1e-12
    )


def test_unequal_weights_agree_with_a_simulation():
    """Three unequal weights, against 400 000 draws, within 4 Monte Carlo errors."""
    weight = np.array([2.0, 0.7, 0.05])
    draws = np.random.default_rng(5).chisquare(1, (400_000, 3)) @ weight
    value = np.array([0.5, 2.0, 8.0])
    share = (draws[:, None] > value).mean(axis=0)
    error = np.sqrt(share * (1 - share) / len(draws))

    assert (np.abs(survival(value, np.tile(weight, (3, 1))) - share) < 4 * error).all()


@pytest.mark.parametrize("kind", VARIANCE_INTERVALS)
def test_a_wider_level_gives_a_wider_interval(kind):
    """The 99 % interval contains the 80 % interval."""
    narrow, wide = (VARIANCE_INTERVALS[kind](DATA, level) for level in (0.8, 0.99))

    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@pytest.mark.parametrize("kind", VARIANCE_INTERVALS)
def test_a_single_study_bounds_nothing(kind):
    """Without degrees of freedom both limits are not a number."""
    assert all(math.isnan(limit) for limit in VARIANCE_INTERVALS[kind](as_data([1.0], [1.0]), 0.95))


def test_q_meets_its_quantiles_at_the_q_profile_limits():
    """Q at the limits is the 97.5 % and 2.5 % point of chi-square on k - 1."""
    limits = q_profile.interval(DATA, 0.95)

    for tau2, tail in zip(limits, (0.975, 0.025), strict=True):
        weight = 1 / (VARIANCE + tau2)
        q = weight @ (ESTIMATE - weight @ ESTIMATE / weight.sum()) ** 2
        assert q == pytest.approx(stats.chi2.ppf(tail, 5), rel=1e-9)


def test_studies_that_agree_too_well_give_an_interval_of_nothing():
    """Where Q(0) is below its 2.5 % point both limits are zero."""
    assert q_profile.interval(as_data([1.0, 1.0, 1.001], [1.0, 1.0, 1.0]), 0.95) == (0.0, 0.0)


def test_the_generalised_interval_is_the_q_profile_interval_for_equal_variances():
    """With equal variances any fixed weights that are equal give the same Q."""
    equal = as_data(ESTIMATE, np.full(6, 0.2))

    assert generalised_q.interval(equal, 0.95) == pytest.approx(q_profile.interval(equal, 0.95))


@pytest.mark.parametrize("weight", [1 / VARIANCE, 1 / np.sqrt(VARIANCE)], ids=["1/v", "1/sd"])
def test_the_generalised_limits_make_the_observed_q_a_tail_event(weight):
    """At each limit simulated Qs exceed the observed one in 2.5 % or 97.5 %, within 4 errors."""
    shares = []
    random = np.random.default_rng(8)
    projection = np.diag(weight) - np.outer(weight, weight) / weight.sum()
    observed = ESTIMATE @ projection @ ESTIMATE
    for tau2 in generalised_q.interval(DATA, 0.95, weight=weight):
        y = random.standard_normal((200_000, 6)) * np.sqrt(VARIANCE + tau2)
        shares.append((np.einsum("bi,ij,bj->b", y, projection, y) > observed).mean())

    assert shares == pytest.approx([0.025, 0.975], abs=4 * math.sqrt(0.025 * 0.975 / 200_000))


@pytest.mark.parametrize("method", ["ML", "REML"])
def test_the_profile_falls_by_half_a_chi_square_at_its_limits(method):
    """At an interior limit the log-likelihood is 1.9207 below the top."""
    choice = {"likelihood": FULL} if method == "ML" else {}
    lower, upper = profile_likelihood.interval(DATA, 0.95, **choice)
    top = pool(ESTIMATE, VARIANCE, method=method).tau2
    height = log_likelihood(DATA, [lower, top, upper], method)

    assert lower > 0.0
    assert height[1] - height[[0, 2]] == pytest.approx(stats.chi2.ppf(0.95, 1) / 2)


def test_the_higgins_interval_is_its_formula():
    """The limits are mu -+ t(k - 2) sqrt(se^2 + tau2), also beside a Knapp-Hartung fit."""
    fit = pool(ESTIMATE, VARIANCE, test="knha")
    weight = 1 / (VARIANCE + fit.tau2)
    half = stats.t.ppf(0.975, 4) * math.sqrt(1 / weight.sum() + fit.tau2)

    assert higgins(fit) == pytest.approx((fit.mu - half, fit.mu + half))


def slow_bootstrap(seed, draws):
    """Return Nagashima's interval with tau2 by simulated Qs instead of their exact distribution.

    P(Q > q; tau2) as a function of tau2 is the confidence distribution: it is estimated from one
    set of normal variates on a grid, inverted, and sampled.
    """
    random = np.random.default_rng(seed)
    k = ESTIMATE.size
    weight = 1 / VARIANCE
    observed = weight @ (ESTIMATE - weight @ ESTIMATE / weight.sum()) ** 2
    standard = random.standard_normal((20_000, k))
    grid = np.concatenate([[0.0], np.geomspace(1e-3, 1e4, 400)])
    tail = []
    for tau2 in grid:
        y = standard * np.sqrt(VARIANCE + tau2)
        q = ((y - (y @ weight / weight.sum())[:, None]) ** 2) @ weight
        tail.append((q > observed).mean())
    tau2 = np.interp(random.random(draws), tail, grid)
    w = 1 / (VARIANCE + tau2[:, None])
    mu = w @ ESTIMATE / w.sum(axis=1)
    error = np.sqrt((w * (ESTIMATE - mu[:, None]) ** 2).sum(axis=1) / (k - 1) / w.sum(axis=1))
    new = mu - random.standard_t(k - 1, draws) * error
    return np.quantile(new + np.sqrt(tau2) * random.standard_normal(draws), [0.025, 0.975])


def test_the_bootstrap_interval_agrees_with_a_slow_one():
    """Exact and simulated distributions of Q give the same limits, within Monte Carlo error."""
    ours = bootstrap(ESTIMATE, VARIANCE, seed=1, draws=200_000)

    assert ours == pytest.approx(slow_bootstrap(2, 200_000), abs=0.15)


def test_the_bootstrap_is_reproducible():
    """The same seed gives the same interval, another seed another."""
    one, again, other = (bootstrap(ESTIMATE, VARIANCE, seed=s, draws=2000) for s in (1, 1, 2))

    assert one == again != other


def test_the_bootstrap_interval_is_the_wider_with_few_studies():
    """With three studies it is wider than metafor's plug-in interval, which takes tau as known."""
    fit = pool(ESTIMATE[:3], VARIANCE[:3], method="DL")
    lower, upper = bootstrap(ESTIMATE[:3], VARIANCE[:3], seed=1)

    assert upper - lower > fit.pi_upper - fit.pi_lower
