"""Posteriors with several bulks, edges and endless tails."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate as numerical
from scipy import stats
from scipy.special import gammaln

from bayesmeta.engines.quadrature import grid
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import Path, Support, restored, stored

NARROW = (
    "Mixture(w=[0.5, 0.5], comp_dists=[HalfNormal(sigma=0.00561), "
    "LogNormal(mu=-0.2875487, sigma=0.01)])"
)
APART = (
    "Mixture(w=[0.5, 0.5], comp_dists=[InverseGamma(alpha=298, beta=7503), "
    "Exponential(scale=2e-6)])"
)
Y, S = np.array([-0.275, -0.114, 0.489]), np.array([0.139, 0.126, 0.141])


def likelihood(tau, y, s, mean, sd):
    """Return p(y | tau) with mu ~ Normal(mean, sd), as one multivariate normal density."""
    covariance = np.diag(s**2 + tau**2) + sd**2
    return stats.multivariate_normal.pdf(y, np.full(y.size, mean), covariance)


def by_parts(parts, y, s, mean, sd):
    """Return log evidence and mean of tau, each prior component integrated between its ends."""
    areas = np.zeros(2)
    for weight, density, low, high in parts:
        for power in (0, 1):

            def at(u, power=power, density=density):
                tau = np.exp(u)
                return tau ** (power + 1) * likelihood(tau, y, s, mean, sd) * density(tau)

            area, _ = numerical.quad(at, low, high, limit=500, epsabs=0, epsrel=1e-11)
            areas[power] += weight * area
    return np.log(areas[0]), areas[1] / areas[0]


def test_a_narrow_component_of_the_prior_is_found(solve):
    """Half HalfNormal(0.0056), half LogNormal(-0.29, 0.01): tau's mean is 0.7426, not 0.0045."""
    posterior = solve(Y, S, tau=NARROW, mu=["Normal(mu=0, sigma=10)"])
    parts = [(0.5, stats.halfnorm(scale=0.00561).pdf, -25, -3.0),
             (0.5, stats.lognorm(0.01, scale=np.exp(-0.2875487)).pdf, -0.41, -0.165)]  # fmt: skip

    expected = by_parts(parts, Y, S, 0.0, 10.0)
    found = (posterior.log_marginal_likelihood[0], posterior.heterogeneity().mean()[0])
    assert found == pytest.approx(expected, rel=1e-9)
    assert expected[1] == pytest.approx(0.7426, abs=5e-5)


def test_a_bulk_that_the_nodes_miss_is_noticed(solve, monkeypatch):
    """Were it not found, the mass by another rule would tell: the error is no smaller than it."""
    right = solve(Y, S, tau=NARROW, mu=["Normal(mu=0, sigma=10)"]).log_marginal_likelihood
    monkeypatch.setattr(grid, "separated", lambda _problem, path, _profile: path)

    blind = solve(Y, S, tau=NARROW, mu=["Normal(mu=0, sigma=10)"])
    off = np.abs(blind.log_marginal_likelihood - right)
    assert off > 1
    assert blind.error > 0.9 * off


def test_components_far_apart_are_found(solve):
    """A bulk at 25 of 6 % width, and one at 1e-6."""
    y, s = np.array([-0.1, 0.2, 0.1]), np.array([0.2, 0.2, 0.2])
    posterior = solve(y, s, tau=APART, mu=["Normal(mu=0, sigma=2)"])
    parts = [(0.5, stats.invgamma(298, scale=7503).pdf, 2.8, 3.7),
             (0.5, stats.expon(scale=2e-6).pdf, -36, -9)]  # fmt: skip

    expected = by_parts(parts, y, s, 0.0, 2.0)
    found = (posterior.log_marginal_likelihood[0], posterior.heterogeneity().mean()[0])
    assert found == pytest.approx(expected, rel=1e-9)


def test_a_prior_of_mu_far_from_the_data_makes_a_bulk_far_out(solve):
    """Mu ~ Normal(0, 0.3), data at 2, HalfCauchy(1e-6): tau is near 0, or about 2."""
    y, s = np.array([2.0, 2.1]), np.array([0.1, 0.1])
    posterior = solve(y, s, tau="HalfCauchy(beta=1e-6)", mu=["Normal(mu=0, sigma=0.3)"])
    ends = (-40, -14, -5, -1, 3, 20, 60)
    prior = stats.halfcauchy(scale=1e-6).pdf
    parts = [(1.0, prior, low, high) for low, high in pairwise(ends)]

    expected = by_parts(parts, y, s, 0.0, 0.3)[0]
    assert posterior.log_marginal_likelihood[0] == pytest.approx(expected, abs=1e-9)


def test_quantiles_of_two_bulks_invert_the_cdf(solve):
    """F(Q(p)) = p, and the stored density is the same when restored."""
    tau = solve(Y, S, tau=NARROW, mu=["Normal(mu=0, sigma=10)"]).heterogeneity()
    p = np.array([1e-6, 0.003, 0.01, 0.0102, 0.5, 0.975, 1 - 1e-6])
    again = restored(tau.log_weight[0], stored(tau))

    assert tau.path.bulks > 1
    assert tau.cdf(tau.quantile(p))[0] == pytest.approx(p, abs=1e-12)
    assert again.quantile(p).tolist() == tau.quantile(p)[0].tolist()


@pytest.mark.parametrize("centres", [(-16.0, 3.0), (-1e3, 0.0, 300.0), (0.0, 0.1, 0.2, 5.0)])
def test_a_path_by_several_bulks_goes_there_and_back(centres):
    """t(v(t)) = t, and the slope is that of differences."""
    scales = np.geomspace(0.001, 1.0, len(centres))
    path = Path(Support(0.0, np.inf), np.array([centres]), scales[np.newaxis])
    t = np.linspace(-30, 30, 401)[np.newaxis]

    slope = (path.line(t + 1e-5) - path.line(t - 1e-5)) / 2e-5
    assert path.walked(path.line(t)) == pytest.approx(t, abs=1e-6)
    assert np.exp(path.log_stretch(t)) == pytest.approx(slope, rel=1e-4)


def test_a_bulk_of_infinite_scale_changes_nothing():
    """What fills up a batch leaves the path of one bulk as it is."""
    t = np.linspace(-9, 9, 181)[np.newaxis]
    one = Path(Support(0.0, np.inf), np.array([[2.0]]), np.array([[0.3]]))
    two = Path(one.support, np.array([[2.0, 0.0]]), np.array([[0.3, np.inf]]))

    assert two.line(t) == pytest.approx(one.line(t), rel=1e-13)


@pytest.mark.parametrize("alpha", [0.3, 0.03, 0.000587])
def test_a_mean_next_to_where_there_is_none_is_whole(solve, alpha):
    """K = 1 with tau ~ InverseGamma(alpha, 1): the mean of tau exists by alpha alone.

    Beyond tau = 1e8 the integrand is C tau**-(1 + alpha), whose integral is closed.
    """
    posterior = solve([1.0], [1.0], tau=f"InverseGamma(alpha={alpha}, beta=1)",
                      mu=["Normal(mu=0, sigma=2)"])  # fmt: skip

    def integrand(u, power):
        variance = 5 + np.exp(2 * u)
        log_prior = -alpha * u - np.exp(-u) - gammaln(alpha)
        return np.exp(power * u + log_prior - 0.5 / variance - 0.5 * np.log(2 * np.pi * variance))

    def area_of(power):
        pieces = (numerical.quad(integrand, u, u + 2, (power,), epsabs=0) for u in range(-8, 18, 2))
        return sum(piece[0] for piece in pieces)

    area, first = area_of(0), area_of(1)
    beyond = integrand(18.0, 1) / alpha
    expected = (first + beyond) / (area + integrand(18.0, 0) / (1 + alpha))
    assert posterior.heterogeneity().mean()[0] == pytest.approx(expected, rel=1e-7)


def test_quantiles_of_mu_are_found_among_components_of_any_size(solve):
    """K = 1 (y 1, s 1), flat mu, log-t tau: -1.208 to 3.208, by the integral over the prior."""
    posterior = solve([1.0], [1.0], tau="LogStudentT(nu=5, mu=-2, sigma=1)")

    def below(x):
        def at(z):
            return stats.norm.cdf((x - 1) / np.sqrt(1 + np.exp(2 * min(z - 2, 300)))) * stats.t.pdf(
                z, 5
            )

        return sum(numerical.quad(at, *ends, limit=200)[0]
                   for ends in ((-np.inf, -5), (-5, 0), (0, 5), (5, 50), (50, np.inf)))  # fmt: skip

    lower, upper = posterior.combination(np.ones(1)).interval(0.95)[0]
    assert [below(lower), below(upper)] == pytest.approx([0.025, 0.975], abs=1e-8)


@pytest.mark.parametrize("nu", [2.5, 5])
def test_draws_follow_where_tau_has_no_bounds_to_speak_of(solve, nu):
    """Kolmogorov and Smirnov find nothing in draws of mu under log-t priors of any tail."""
    posterior = solve([1.0, 1.5], [1.0, 0.5], tau=f"LogStudentT(nu={nu}, mu=0, sigma=4.5)")
    drawn = posterior.draw(4000, np.random.default_rng(2))
    exactly = posterior.combination(np.ones(1))

    p = stats.kstest(drawn.coefficients[:, 0], lambda x: exactly.cdf(x)[0]).pvalue
    assert p > 0.001


def test_a_posterior_beyond_all_numbers_is_refused(solve):
    """K = 1, flat mu, log-t with nu = 0.6: a fortieth of the probability is above 1e143."""
    with pytest.raises(PosteriorError, match=r"probability of 0\.02.*lighter tail"):
        solve([1.0], [1.0], tau="LogStudentT(nu=0.6, mu=0, sigma=4.5)")


def test_second_moments_reach_beyond_the_largest_tau(solve):
    """K = 3, flat mu, InverseGamma(0.01): E(tau**2) exists by 0.01, and var(mu) with it.

    Given tau, var(mu) is (s**2 + tau**2) / 3 with equal errors, so var(mu) = (1 + E(tau**2)) / 3.
    """
    posterior = solve([1.0, 1.0, 1.0], [1.0, 1.0, 1.0], tau="InverseGamma(alpha=0.01, beta=1)")
    second = posterior.heterogeneity().sd() ** 2 + posterior.heterogeneity().mean() ** 2

    mu = posterior.combination(np.ones(1))
    assert mu.sd() ** 2 == pytest.approx((1 + second) / 3, rel=1e-9)
    assert mu.coarse().sd() == pytest.approx(mu.sd(), rel=1e-6)


def test_the_end_of_a_support_is_at_infinity_whatever_bulks_others_have():
    """In a batch, one with fewer bulks has infinite scales: infinity over those adds nothing."""
    path = Path(Support(0.0, 10.0), np.array([[0.0, 0.0], [-1.0, 1.0]]),
                np.array([[1.0, np.inf], [1.0, 1.0]]))  # fmt: skip
    found = path.inverse(np.array([[0.0, 5.0, 10.0], [0.0, 5.0, 10.0]]))

    assert found.tolist() == [[-np.inf, 0.0, np.inf], [-np.inf, 0.0, np.inf]]
