"""Where a moderator is zero, and in which unit it is, moves no digit of anything else."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from bayesmeta.errors import ModelError
from bayesmeta.frequentist import (
    ESTIMATORS,
    VARIANCE_INTERVALS,
    as_data,
    between_study_variances,
    bootstrap,
    kenward_roger,
    log_likelihood,
    pool,
    pool_many,
    variance_explained,
)

YEAR = np.array([1985.0, 1987, 1990, 1991, 1996, 1999, 2003, 2006, 2010, 2015])
ESTIMATE = np.array([0.31, -0.2, 0.75, 1.4, 0.12, 1.1, 0.9, 2.2, 1.3, 1.9])
VARIANCE = np.array([0.04, 0.3, 0.11, 0.52, 0.02, 0.09, 1.1, 0.25, 0.06, 0.17])
SINCE = YEAR - 2000

# The same moderator: (its numbers, how many of them make a year). Whole years are exact wherever
# zero is; a unit rounds each number by eps, which is eps * 2015 / 9.5 = 5e-14 of their spread.
SAME = {
    "years": (YEAR, 1.0),
    "years from far": (YEAR + 1e9, 1.0),
    "millennia": (YEAR * 1e-3, 1e-3),
    "thousandths": (YEAR * 1e3, 1e3),
}
TOLERANCE = 1e-11  # 200 times that rounding
METHODS = tuple(ESTIMATORS)


def line(moderator):
    """Return a design of ones and a moderator."""
    return np.column_stack([np.ones(len(moderator)), moderator])


BASE = line(SINCE)


def close(found, expected, scale=1.0):
    """Return whether numbers differ by rounding only, in units of a scale; nan is nan's equal."""
    apart = np.abs(np.subtract(found, expected)) > TOLERANCE * np.abs(scale)
    return not apart.any() and np.array_equal(np.isnan(found), np.isnan(expected))


@pytest.fixture(params=SAME)
def same(request):
    """Return a design with the same moderator, and how many of its units make a year."""
    moderator, unit = SAME[request.param]
    return line(moderator), unit


@pytest.mark.parametrize("test", ["z", "knha"])
@pytest.mark.parametrize("method", METHODS)
def test_the_moderators_zero_and_unit_move_no_digit(same, method, test):
    """mu, the slope, their errors and limits, tau2, Q, I2, QM and predictions are the same."""
    design, unit = same
    one, two = (pool(ESTIMATE, VARIANCE, d, method=method, test=test) for d in (BASE, design))

    slope = unit * np.array([two.coefficients[1], two.se[1], two.lower[1], two.upper[1]])
    expected = [one.coefficients[1], one.se[1], one.lower[1], one.upper[1]]
    rest = [[fit.tau2, fit.tau2_upper, fit.typical_variance, fit.Q, fit.H2, fit.QM, fit.mu_se]
            for fit in (two, one)]  # fmt: skip
    assert close(slope, expected, one.se[1])
    assert close(*rest, rest[1])
    assert close(two.mu, one.mu, one.mu_se)


@pytest.mark.parametrize("method", METHODS)
def test_every_mixture_of_the_columns_is_the_same_regression(method):
    """With the design times a matrix the coefficients are times its inverse, the rest stays."""
    design = np.column_stack([BASE, SINCE**2])
    mixing = np.array([[1.0, 2.0, 0.0], [0.25, 1.0, 3.0], [0.0, 0.125, -1.0]])
    one, two = (pool(ESTIMATE, VARIANCE, d, method=method) for d in (design, design @ mixing))

    assert close(mixing @ two.coefficients, one.coefficients, 10 * np.abs(one.coefficients))
    assert close([two.mu, two.mu_se], [one.mu, one.mu_se], one.mu_se)
    assert close([two.tau2, two.Q], [one.tau2, one.Q], [one.tau2, one.Q])


def test_kenward_roger_does_not_know_the_moderators_zero(same):
    """The slope's standard error, degrees of freedom and limits are the same."""
    design, unit = same
    one, two = (kenward_roger(ESTIMATE, VARIANCE, d) for d in (BASE, design))

    assert close(two.degrees_of_freedom[1], one.degrees_of_freedom[1], one.degrees_of_freedom[1])
    assert close(
        unit * np.array([two.se[1], two.lower[1], two.upper[1]]),
        [one.se[1], one.lower[1], one.upper[1]],
        one.se[1],
    )


@pytest.mark.parametrize("kind", VARIANCE_INTERVALS)
def test_intervals_of_tau2_do_not_know_the_moderators_zero(kind, same):
    """Q-profile, generalised Q and profile likelihood have the same limits."""
    one, two = (VARIANCE_INTERVALS[kind](as_data(ESTIMATE, VARIANCE, d), 0.95)
                for d in (BASE, same[0]))  # fmt: skip

    assert close(two, one, one[1])


@pytest.mark.parametrize("likelihood", ["ML", "REML"])
def test_the_likelihood_does_not_know_the_moderators_zero(likelihood, same):
    """Harville's form of the restricted likelihood is that of the contrasts, whatever columns."""
    one, two = (log_likelihood(as_data(ESTIMATE, VARIANCE, d), [0.0, 0.3, 5.0], likelihood)
                for d in (BASE, same[0]))  # fmt: skip

    assert close(two, one, one)


def test_the_bootstrap_does_not_know_the_moderators_zero(same):
    """The same draws give the same prediction interval, at the same mean year."""
    one, two = (bootstrap(ESTIMATE, VARIANCE, d, seed=1, draws=500) for d in (BASE, same[0]))

    assert close(two, one, 100 * np.ptp(one))


def test_a_batch_does_not_know_the_moderators_zero(same):
    """Effects at the mean year, their limits and predictions are the same for many tables."""
    tables = np.random.default_rng(4).standard_normal((20, 10))
    one, two = (
        np.array(pool_many(tables, VARIANCE, between_study_variances(
            tables, VARIANCE, d, method="REML"), design=d, test="knha"))
        for d in (BASE, same[0])
    )  # fmt: skip

    assert close(two, one, np.abs(one).max(axis=1, keepdims=True))


def test_the_share_explained_does_not_know_the_moderators_zero(same):
    """R2 is the same."""
    one, two = (variance_explained(ESTIMATE, VARIANCE, design=d) for d in (BASE, same[0]))

    assert close(two, one)


def exactly(moderator, tau2):
    """Return slope, its variance, Q and tr(P) at a tau2, in exact fractions of the raw columns."""
    x, y, w = ([Fraction(float(each)) for each in column]
               for column in (moderator, ESTIMATE, VARIANCE))  # fmt: skip
    w = [1 / (each + Fraction(tau2)) for each in w]

    def total(*columns):
        return sum(np.prod(np.array(each, dtype=object)) for each in zip(w, *columns, strict=True))

    ones = [Fraction(1)] * len(x)
    s0, s1, s2 = total(ones), total(x), total(x, x)
    t0, t1 = total(y), total(x, y)
    det = s0 * s2 - s1**2
    slope, intercept = (s0 * t1 - s1 * t0) / det, (s2 * t0 - s1 * t1) / det
    q = sum(a * (b - intercept - slope * c) ** 2 for a, b, c in zip(w, y, x, strict=True))
    squared = [total(w), total(w, x), total(w, x, x)]
    trace = s0 - (s2 * squared[0] - 2 * s1 * squared[1] + s0 * squared[2]) / det
    return [float(each) for each in (slope, s0 / det, q, trace)]


@pytest.mark.parametrize("moderator", [YEAR, YEAR + 1e9], ids=["years", "years from far"])
def test_a_year_keeps_all_digits(moderator):
    """Slope, its variance, Q and tr(P) as exact rational arithmetic has them, to 1e-13."""
    fit = pool(ESTIMATE, VARIANCE, line(moderator), method="CE")

    found = [fit.coefficients[1], fit.se[1] ** 2, fit.Q, 8 / fit.typical_variance]
    assert found == pytest.approx(exactly(moderator, 0), rel=1e-13)


def test_dersimonian_laird_on_a_year_keeps_all_digits():
    """(Q - (k - p)) / tr(P), and the slope there, as exact rational arithmetic has them."""
    _, _, q, trace = exactly(YEAR, 0)
    fit = pool(ESTIMATE, VARIANCE, line(YEAR), method="DL")

    assert fit.tau2 == pytest.approx((q - 8) / trace, rel=1e-12)
    assert [fit.coefficients[1], fit.se[1] ** 2] == pytest.approx(
        exactly(YEAR, fit.tau2)[:2], rel=1e-13
    )


@pytest.mark.parametrize("unit", [1e-100, 1e-60, 1e60, 1e100])
@pytest.mark.parametrize("method", METHODS)
def test_an_extreme_unit_of_the_outcome_is_irrelevant(method, unit):
    """Neither squares nor cubes of weights under- or overflow."""
    one = pool(ESTIMATE, VARIANCE, BASE, method=method, test="knha")
    two = pool(ESTIMATE * unit, VARIANCE * unit**2, BASE, method=method, test="knha")

    found = [two.tau2 / unit**2, *two.coefficients / unit, *two.se / unit, two.QM, two.Q]
    assert found == pytest.approx(
        [one.tau2, *one.coefficients, *one.se, one.QM, one.Q], rel=1e-11, abs=1e-300
    )


@pytest.mark.parametrize("unit", [1e-100, 1e100])
def test_kenward_roger_bears_an_extreme_unit(unit):
    """Degrees of freedom have no unit; limits have the outcome's."""
    one = kenward_roger(ESTIMATE, VARIANCE, BASE)
    two = kenward_roger(ESTIMATE * unit, VARIANCE * unit**2, BASE)

    assert two.degrees_of_freedom == pytest.approx(one.degrees_of_freedom, rel=1e-11)
    assert two.upper / unit == pytest.approx(one.upper, rel=1e-11)


def test_one_thing_in_two_units_is_told_apart_by_nobody():
    """A year and the years since 2000, or degrees on two scales, say the same."""
    celsius = np.array([20.1, 21.3, 25.7, 19.9, 23.4, 18.2, 22.2, 20.6, 24.8, 21.1])
    for pair in ([YEAR, SINCE], [celsius, 1.8 * celsius + 32]):
        with pytest.raises(ModelError, match="told apart"):
            pool(ESTIMATE, VARIANCE, np.column_stack([np.ones(10), *pair]))


@pytest.mark.parametrize("design", [BASE, line(YEAR), np.column_stack([BASE, SINCE**2])])
def test_the_restricted_likelihood_is_the_density_of_the_contrasts(design):
    """Harville (1974): k - p orthonormal contrasts of y are multivariate normal with mean 0."""
    contrasts = np.linalg.svd(line(SINCE) if design.shape[1] == 2 else design)[0][
        :, design.shape[1] :
    ]
    expected = [
        stats.multivariate_normal(cov=contrasts.T @ np.diag(VARIANCE + tau2) @ contrasts).logpdf(
            contrasts.T @ ESTIMATE
        )
        for tau2 in (0.0, 0.7)
    ]

    found = log_likelihood(as_data(ESTIMATE, VARIANCE, design), [0.0, 0.7])
    assert found == pytest.approx(expected, rel=1e-11)
