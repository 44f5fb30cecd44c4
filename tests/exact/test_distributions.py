"""The distributions that integrals give: normal mixtures, and densities on sinc grids."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate as numerical
from scipy import stats

from bayesmeta.mixtures import NormalMixture
from bayesmeta.sinc import Fraction, Path, SincDensity, Square, Support, restored, stored

EIGHT = ([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])  # Rubin (1981)
LEVELS = np.array([1e-6, 0.025, 0.3, 0.5, 0.9, 0.975, 1 - 1e-6])
LAWS = settings(derandomize=True, deadline=None, max_examples=12, database=None)
PRIORS = ("HalfNormal(sigma=10)", "uniform", "Uniform(lower=0, upper=30)", "HalfCauchy(beta=5)",
          "LogNormal(mu=1, sigma=1)")  # fmt: skip

parts = st.lists(
    st.tuples(st.floats(0.05, 1), st.floats(-5, 5), st.floats(0.1, 3)), min_size=1, max_size=6
)


def mixture(table):
    """Return a normal mixture from weights, locations and scales."""
    weight, location, scale = np.array(table).T
    return NormalMixture(weight / weight.sum(), location, scale)


@pytest.fixture(scope="module", params=PRIORS)
def tau(request, solve):
    """Return the posterior of tau of eight schools under one prior."""
    return solve(*EIGHT, tau=request.param).heterogeneity()


@pytest.mark.parametrize("steepness", [3, 8, 12])
def test_a_quantile_beside_a_steep_end_is_where_the_distribution_function_has_it(steepness):
    """Half of a bell, cut off within two nodes: Newton's steps are not taken for settled."""
    t = np.arange(-8, 9) / 2
    log_mass = -0.5 * t**2 - np.exp(np.minimum(steepness * (t - 0.5), 300))
    log_mass -= np.log(np.exp(log_mass).sum())
    path = Path(Support(0.0, np.inf), np.zeros(1), np.ones(1))
    found = SincDensity(path, np.array(-4.0), np.array(0.5), log_mass)
    p = np.array([0.025, 0.5, 0.9, 0.975])

    np.testing.assert_allclose(found.cdf(found.quantile(p)), p, atol=1e-6)


@LAWS
@given(parts, st.floats(-8, 8))
def test_a_mixtures_cdf_is_the_integral_of_its_density(table, x):
    """F(x) equals the numerical integral of the density up to x."""
    found = mixture(table)
    area, _ = numerical.quad(found.density, -60, x, points=[-5, 0, min(x, 5)], limit=400)

    assert found.cdf(x) == pytest.approx(area, abs=1e-8)


@LAWS
@given(parts)
def test_a_mixtures_quantiles_invert_its_cdf(table):
    """F(Q(p)) = p, in both tails."""
    found = mixture(table)

    reached = found.cdf(found.quantile(LEVELS))
    assert reached == pytest.approx(LEVELS, rel=1e-9)


@LAWS
@given(parts)
def test_no_point_is_denser_than_the_mode(table):
    """The density at the mode is no less than anywhere on a fine grid."""
    found = mixture(table)
    grid = np.linspace(-15, 15, 20_001)

    assert found.density(found.mode()) >= found.density(grid).max() * (1 - 1e-12)


@LAWS
@given(parts, st.floats(0.3, 0.99))
def test_no_interval_of_a_mixture_is_shorter_than_the_shortest(table, level):
    """The shortest interval holds its level and is no longer than any of 2 000 others."""
    found = mixture(table)
    interval = found.interval(level, shortest=True)
    p = np.linspace(1e-9, 1 - level - 1e-9, 2_000)
    others = found.quantile(p + level) - found.quantile(p)

    assert np.diff(found.cdf(interval)) == pytest.approx(level, abs=1e-9)
    assert np.diff(interval) <= others.min() * (1 + 1e-6)


def test_the_mode_of_two_humps_is_the_higher_one():
    """A narrow hump off the centre of mass is found."""
    pair = NormalMixture(np.array([0.7, 0.3]), np.array([0.0, 6.0]), np.array([2.0, 0.1]))

    assert pair.mode() == pytest.approx(6.0, abs=1e-3)


def test_quantiles_hold_where_components_differ_by_powers_of_ten():
    """A component 1e12 wide with weight 1e-3 leaves the bulk in place and owns the far tail."""
    wide = NormalMixture(np.array([0.999, 0.001]), np.zeros(2), np.array([1.0, 1e12]))

    expected = [stats.norm.ppf((0.9 - 0.0005) / 0.999), 1e12 * stats.norm.ppf(0.9)]
    assert wide.quantile(np.array([0.9, 0.9999])) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("moments", "mean"), [(1.0, 0.0), (0.0, np.nan)])
def test_a_mean_that_does_not_exist_is_no_number_and_a_sd_infinite(moments, mean):
    """A quantity with a sign has no mean then, and infinity would need a side."""
    table = (np.ones(1), np.zeros(1), np.ones(1))
    found = NormalMixture(*table, moments=moments)

    assert np.array([found.mean(), found.sd()]) == pytest.approx([mean, np.inf], nan_ok=True)


def test_draws_of_a_mixture_follow_its_cdf():
    """Kolmogorov and Smirnov find nothing in 4 000 draws."""
    found = mixture([(0.2, -2, 0.5), (0.5, 0, 1), (0.3, 3, 0.2)])

    assert stats.kstest(found.draw(4000, seed=1), found.cdf).pvalue > 0.001


def test_the_cdf_of_tau_is_the_integral_of_its_density(tau):
    """F(x) equals the numerical integral of the density from 0."""
    x = tau.quantile(np.array([0.1, 0.5, 0.9, 0.99]))[0]
    areas = [numerical.quad(lambda t: tau.density(t)[0], 0, end, limit=400)[0] for end in x]

    assert tau.cdf(x)[0] == pytest.approx(areas, abs=1e-9)


def test_the_quantiles_of_tau_invert_its_cdf(tau):
    """F(Q(p)) = p to rounding."""
    assert tau.cdf(tau.quantile(LEVELS))[0] == pytest.approx(LEVELS, abs=1e-13)


def test_no_tau_is_denser_than_the_mode(tau):
    """The density at the mode is no less than anywhere on a fine grid."""
    densest = tau.density(tau.mode()[:, np.newaxis])[0, 0]

    assert densest >= tau.density(np.linspace(0, 29.9, 30_001))[0].max() * (1 - 1e-9)


def test_no_interval_of_tau_is_shorter_than_the_shortest(tau):
    """The shortest interval holds its level and is no longer than any of 2 000 others."""
    interval = tau.interval(0.8, shortest=True)[0]
    p = np.linspace(0, 0.2, 2_000)
    others = tau.quantile(p + 0.8)[0] - tau.quantile(p)[0]

    assert np.diff(tau.cdf(interval)[0]) == pytest.approx(0.8, abs=1e-9)
    assert np.diff(interval) <= others.min() * (1 + 1e-6)


def test_the_density_of_tau_at_zero_is_the_savage_dickey_ratio(solve):
    """p(tau = 0 | y) / p(tau = 0) = p(y | tau = 0) / p(y) (Dickey 1971)."""
    posterior, without = (solve(*EIGHT, tau=prior) for prior in ("HalfNormal(sigma=10)", None))
    prior = np.sqrt(2 / np.pi) / 10
    ratio = np.exp(without.log_marginal_likelihood - posterior.log_marginal_likelihood)

    assert posterior.heterogeneity().density(0.0) / prior == pytest.approx(ratio, rel=1e-9)


def test_nothing_lies_outside_the_support(tau):
    """Below 0 there is neither probability nor density."""
    assert [tau.cdf(-1.0)[0], tau.density(-1.0)[0]] == [0.0, 0.0]


def test_the_ends_of_probability_are_the_ends_of_the_support(solve):
    """Q(0) and Q(1) are the prior's bounds."""
    tau = solve(*EIGHT, tau="Uniform(lower=2, upper=30)").heterogeneity()

    assert tau.quantile(np.array([0.0, 1.0]))[0].tolist() == [2.0, 30.0]


def test_tau_squared_has_the_squares_of_taus_quantiles(tau):
    """An increasing function carries quantiles along, and the density by its slope."""
    squared = tau.transformed(Square())
    p = np.array([0.1, 0.5, 0.9])
    x = tau.quantile(p)

    assert squared.quantile(p) == pytest.approx(x**2, rel=1e-12)
    assert squared.density(x**2) * 2 * x == pytest.approx(tau.density(x), rel=1e-9)


def test_i2_has_the_mean_of_its_quantile_function(tau):
    """E(I2) is the integral of the quantile function; the interval starts at 0 where it may."""
    share = tau.transformed(Fraction(100.0))
    mean, _ = numerical.quad(lambda p: share.quantile(p)[0], 0, 1, limit=200)

    assert share.mean()[0] == pytest.approx(mean, abs=1e-7)


def test_a_stored_density_is_the_same_when_restored(tau):
    """What a file holds is enough for every quantile."""
    again = restored(tau.log_weight[0], stored(tau))

    assert again.quantile(LEVELS).tolist() == tau.quantile(LEVELS)[0].tolist()


def test_draws_of_tau_follow_its_cdf(tau):
    """Kolmogorov and Smirnov find nothing in 4 000 draws."""
    drawn = tau.draw(4000, seed=7)[0]

    assert stats.kstest(drawn, lambda x: tau.cdf(x)[0]).pvalue > 0.001


def test_draws_come_from_a_table_that_is_the_distribution(tau):
    """A drawn level's tau is its quantile, to 1e-6, far out in the tails too."""
    level = np.concatenate([LEVELS, np.random.default_rng(1).random(500)])
    known = tau.quantile(level)

    np.testing.assert_allclose(tau.drawn(level[np.newaxis]), known, rtol=1e-6, atol=0)
