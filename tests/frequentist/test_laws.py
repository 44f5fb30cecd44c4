"""Laws that every classical row obeys, whatever the data."""

import numpy as np
import pytest

from bayesmeta.frequentist import ESTIMATORS, between_study_variances, classical, pool, pool_many

METHODS = tuple(ESTIMATORS)
TESTS = ("z", "t", "knha", "adhoc")


@pytest.fixture(params=range(4), ids="seed {}".format)
def table(request):
    """Estimates, variances and a design with one moderator, of heterogeneous studies."""
    random = np.random.default_rng(request.param)
    k = 5 + 3 * request.param
    variance = random.uniform(0.05, 2.0, k)
    estimate = 1.0 + random.standard_normal(k) * np.sqrt(variance + 0.8)
    return estimate, variance, np.column_stack([np.ones(k), random.standard_normal(k)])


def numbers(fit):
    """Return the row's numbers in order; nan where there is none."""
    row = list(fit.row().values())[1:]
    return np.array([np.nan if value is None else value for value in row])


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_studies_is_irrelevant(table, method, test):
    """Permuting the rows changes nothing."""
    estimate, variance, design = table
    order = np.random.default_rng(9).permutation(estimate.size)
    one = pool(estimate, variance, design, method=method, test=test)
    two = pool(estimate[order], variance[order], design[order], method=method, test=test)

    assert numbers(two) == pytest.approx(numbers(one), rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("method", METHODS)
def test_a_shift_moves_the_estimate_alone(table, method, test):
    """Adding a constant to all estimates adds it to mu and its limits."""
    estimate, variance, _ = table
    shift = np.array([5.0, 0.0, 5.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0])
    one = numbers(pool(estimate, variance, method=method, test=test))
    two = numbers(pool(estimate + 5.0, variance, method=method, test=test))

    assert two == pytest.approx(one + shift, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
@pytest.mark.parametrize("method", METHODS)
def test_the_unit_of_the_outcome_is_irrelevant(table, method, unit):
    """In another unit everything is multiplied, variances by the square, I2 and Q not at all."""
    estimate, variance, design = table
    factor = np.array([*[unit] * 6, unit**2, 1.0, 1.0])
    one = numbers(pool(estimate, variance, design, method=method, test="knha"))
    two = pool(estimate * unit, variance * unit**2, design, method=method, test="knha")

    assert numbers(two) == pytest.approx(one * factor, rel=1e-8, nan_ok=True)


@pytest.mark.parametrize("method", METHODS)
def test_swapping_the_sign_swaps_the_limits(table, method):
    """The negative estimates give the negative interval."""
    estimate, variance, design = table
    one = pool(estimate, variance, design, method=method)
    two = pool(-estimate, variance, design, method=method)

    assert two.upper == pytest.approx(-one.lower)
    assert two.tau2 == pytest.approx(one.tau2)


@pytest.mark.parametrize("method", METHODS)
def test_centring_a_moderator_moves_the_intercept_alone(table, method):
    """mu, tau2, slope and their errors do not depend on where the moderator is zero.

    The shift rounds the moderator to 1e4 * eps = 2e-12 of its spread; limits may be near zero and
    are compared in standard errors.
    """
    estimate, variance, design = table
    far = design + np.array([0.0, 1e4])
    one = pool(estimate, variance, design, method=method)
    two = pool(estimate, variance, far, method=method)

    near = {"rel": 1e-10, "abs": 1e-10 * one.mu_se}
    assert numbers(two) == pytest.approx(numbers(one), **near, nan_ok=True)
    assert two.coefficients[1] == pytest.approx(one.coefficients[1], **near)


@pytest.mark.parametrize("method", [name for name in METHODS if name != "SJ"])
def test_without_heterogeneity_every_row_is_the_common_effect(method):
    """Where Q is below its degrees of freedom tau2 is 0; SJ alone is always positive."""
    estimate, variance = [1.0, 1.1, 0.9, 1.05], [0.5, 1.0, 0.7, 0.3]
    row = pool(estimate, variance, method=method)
    common = pool(estimate, variance, method="CE")

    assert row.tau2 == 0.0
    assert [row.mu, row.mu_se] == pytest.approx([common.mu, common.mu_se], rel=1e-14)


@pytest.mark.parametrize("method", classical())
def test_equal_variances_have_closed_forms(method):
    """With equal variances v and S the sum of squares every estimator is elementary.

    tau2 + v is S / (k - 1) for the moment estimators, REML, EB and PM, and S / k for ML; HS is
    v (S / v - k) / k; SJ is S0 / k * S / (S / k + v) / (k - 1).
    """
    estimate, v, k = np.array([1.0, 4.0, 9.0, 16.0, 25.0]), 2.0, 5
    squares = ((estimate - estimate.mean()) ** 2).sum()
    unbiased = squares / (k - 1) - v
    expected = {
        "CE": 0.0, "ML": squares / k - v, "HS": v * (squares / v - k) / k,
        "SJ": squares / k * squares / (squares / k + v) / (k - 1),
    }.get(method, unbiased)  # fmt: skip

    assert pool(estimate, np.full(k, v), method=method).tau2 == pytest.approx(expected, rel=1e-12)


def test_the_two_step_estimator_weighs_by_the_first_step():
    """DL2 is the moment equation of DerSimonian and Kacker (2007), written out for one mean."""
    y, v = np.array([0.1, 0.9, 2.0, 0.4, 1.7]), np.array([0.1, 0.4, 0.2, 0.9, 0.3])
    a = 1 / (v + pool(y, v, method="DL").tau2)
    q = a @ (y - a @ y / a.sum()) ** 2
    expected = (q - (a @ v - a**2 @ v / a.sum())) / (a.sum() - a @ a / a.sum())

    assert pool(y, v, method="DL2").tau2 == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("test", TESTS)
def test_a_batch_is_its_members(method, test):
    """Many meta-analyses at once give what each gives alone."""
    random = np.random.default_rng(3)
    estimate, variance = random.standard_normal((6, 7)), random.uniform(0.01, 1.0, (6, 7))
    tau2 = between_study_variances(estimate, variance, method=method)
    many = pool_many(estimate, variance, tau2, test=test, interval=0.9)
    alone = [pool(*pair, method=method, test=test, interval=0.9)
             for pair in zip(estimate, variance, strict=True)]  # fmt: skip

    assert many.tau2 == pytest.approx([fit.tau2 for fit in alone], rel=1e-10)
    assert many.upper == pytest.approx([fit.upper[0] for fit in alone], rel=1e-10)


def test_the_ad_hoc_interval_is_never_the_narrower():
    """The ad hoc interval covers both the t interval and Knapp and Hartung's."""
    agreeing = ([1.0, 1.1, 0.9, 1.05], [0.5, 1.0, 0.7, 0.3])
    width = {test: float(pool(*agreeing, test=test).mu_se) for test in ("t", "knha", "adhoc")}

    assert width["adhoc"] == max(width["t"], width["knha"])
    assert width["knha"] < width["t"]
