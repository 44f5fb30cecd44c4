"""Each family against the one of scipy.stats, an independent implementation."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.priors import cdf, log_density, quantile, survival
from bayesmeta.spec import parse_prior

PAIRS = {
    "HalfNormal(sigma=5)": stats.halfnorm(scale=5),
    "HalfCauchy(beta=2)": stats.halfcauchy(scale=2),
    "HalfLogistic(scale=0.5)": stats.halflogistic(scale=0.5),
    "HalfStudentT(nu=1, sigma=2)": stats.halfcauchy(scale=2),
    "Exponential(lam=4)": stats.expon(scale=0.25),
    "Exponential(scale=4)": stats.expon(scale=4),
    "Uniform(lower=1, upper=4)": stats.uniform(1, 3),
    "Gamma(alpha=0.7, beta=3)": stats.gamma(0.7, scale=1 / 3),
    "Gamma(mu=2, sigma=4)": stats.gamma(0.25, scale=8),
    "InverseGamma(alpha=0.4, beta=3)": stats.invgamma(0.4, scale=3),
    "LogNormal(mu=-1, sigma=2)": stats.lognorm(2, scale=np.exp(-1)),
    "Weibull(alpha=1.5, beta=3)": stats.weibull_min(1.5, scale=3),
    "Lomax(alpha=2, scale=3)": stats.lomax(2, scale=3),
    "Normal(mu=1, sigma=3)": stats.norm(1, 3),
    "StudentT(nu=2.5, mu=1, sigma=3)": stats.t(2.5, 1, 3),
    "StudentT(nu=1e8, mu=1, sigma=3)": stats.norm(1, 3),
    "Cauchy(alpha=1, beta=3)": stats.cauchy(1, 3),
    "Truncated(dist=Normal(mu=1, sigma=3), lower=0, upper=5)": stats.truncnorm(-1 / 3, 4 / 3, 1, 3),
    "Truncated(dist=Normal(mu=0, sigma=1), lower=9)": stats.truncnorm(9, np.inf),
}
NEARLY_NORMAL = 1e-6  # what a t with nu = 1e8 differs from a normal distribution
LEVELS = np.array([1e-9, 1e-3, 0.1, 0.5, 0.9, 0.999])


@pytest.mark.parametrize("text", PAIRS)
def test_the_log_density_is_scipys(text):
    """Equal to 1e-10, or to what nu = 1e8 differs from a normal."""
    x = PAIRS[text].ppf(LEVELS)
    tolerance = NEARLY_NORMAL if "1e8" in text else 1e-10

    found = log_density(parse_prior(text), x)

    assert found == pytest.approx(PAIRS[text].logpdf(x), rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("text", PAIRS)
def test_probabilities_are_scipys(text):
    """Cdf and survival function are those of scipy.stats."""
    prior, x = parse_prior(text), PAIRS[text].ppf(LEVELS)

    tolerance = NEARLY_NORMAL if "1e8" in text else 1e-7

    assert cdf(prior, x) == pytest.approx(PAIRS[text].cdf(x), rel=tolerance, abs=1e-14)
    assert survival(prior, x) == pytest.approx(PAIRS[text].sf(x), rel=tolerance)


@pytest.mark.parametrize("text", PAIRS)
def test_quantiles_are_scipys(text):
    """The quantile function is that of scipy.stats, in the lower tail too."""
    expected = PAIRS[text].ppf(LEVELS)

    assert quantile(parse_prior(text), LEVELS) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_a_log_t_is_the_exponential_of_a_t():
    """If log(x) ~ t(nu, mu, sigma), x has that density over x."""
    x, log_t = np.array([1e-4, 0.2, 7.0]), stats.t(5, -1.635, 1.33)

    found = log_density(parse_prior("LogStudentT(nu=5, mu=-1.635, sigma=1.33)"), x)

    assert found == pytest.approx(log_t.logpdf(np.log(x)) - np.log(x), rel=1e-12)


def test_a_half_t_is_a_folded_t():
    """HalfStudentT doubles the t density on the positive half."""
    x = np.array([0.0, 1e-8, 0.5, 40.0])

    found = log_density(parse_prior("HalfStudentT(nu=4, sigma=2)"), x)

    assert found == pytest.approx(np.log(2) + stats.t(4, scale=2).logpdf(x), rel=1e-12)


def test_a_mixture_is_the_weighted_sum_of_its_members():
    """The robust MAP density is w f1 + (1 - w) f2."""
    x = np.array([-30.0, -1.0, 0.0, 4.0])
    first, second = stats.norm(-0.5, 0.2), stats.norm(0, 10)
    text = "Mixture(w=[0.8, 0.2], comp_dists=[Normal(mu=-0.5, sigma=0.2), Normal(mu=0, sigma=10)])"

    found = log_density(parse_prior(text), x)

    expected = np.log(0.8 * first.pdf(x) + 0.2 * second.pdf(x))
    assert found == pytest.approx(expected, rel=1e-12)
