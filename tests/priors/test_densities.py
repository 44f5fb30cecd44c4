"""Laws of densities, distribution functions and draws."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.errors import PriorError
from bayesmeta.priors import (
    cdf,
    density,
    draw,
    is_proper,
    log_densities,
    log_density,
    quantile,
    rescale,
    structure,
    support,
    survival,
)
from bayesmeta.spec import Prior, parse_prior

LEVELS = np.array([1e-6, 1e-3, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.999, 1 - 1e-6])
KS_LEVEL = 1e-3
NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)


def mass_between(prior, ends, context):
    """Integrate the density by Gauss-Legendre, on the log scale where both ends are positive."""
    logs = ends[0] > 0
    low, high = np.log(ends) if logs else ends
    x = (high + low) / 2 + (high - low) / 2 * NODES
    points = np.exp(x) if logs else x
    jacobian = points if logs else 1.0
    values = np.exp(log_density(prior, points, context)) * jacobian
    return (high - low) / 2 * WEIGHTS @ values


def test_between_two_quantiles_lies_their_probability(proper_text, context):
    """The integral of the density from Q(p) to Q(q) is q - p: density, cdf, quantile agree."""
    prior = parse_prior(proper_text)
    ends = quantile(prior, LEVELS, context)

    masses = [mass_between(prior, ends[at : at + 2], context) for at in range(len(LEVELS) - 1)]

    assert masses == pytest.approx(np.diff(LEVELS), abs=2e-9)


def test_the_whole_support_has_mass_one(proper_text, context):
    """The cdf is 0 at the lower end of the support and 1 at the upper."""
    prior = parse_prior(proper_text)
    ends = support(prior)

    assert cdf(prior, ends, context) == pytest.approx([0, 1], abs=1e-15)


def test_the_quantile_inverts_the_cdf(proper_text, context):
    """F(Q(p)) = p."""
    prior = parse_prior(proper_text)

    found = cdf(prior, quantile(prior, LEVELS, context), context)

    assert found == pytest.approx(LEVELS, rel=1e-7, abs=1e-15)


def test_cdf_and_survival_sum_to_one(proper_text, context):
    """F(x) + S(x) = 1."""
    prior = parse_prior(proper_text)
    x = quantile(prior, LEVELS, context)

    assert cdf(prior, x, context) + survival(prior, x, context) == pytest.approx(1, abs=1e-14)


def test_survival_keeps_its_digits_far_out():
    """The t survival function at 1e9 is that of scipy.stats, where 1 - F is 0."""
    prior = parse_prior("StudentT(nu=3, mu=0, sigma=1)")

    assert survival(prior, 1e9) == pytest.approx(stats.t(3).sf(1e9), rel=1e-10)


def test_draws_follow_the_distribution(proper_text, context):
    """200 draws pass a Kolmogorov-Smirnov test at the stated level."""
    prior = parse_prior(proper_text)

    values = draw(prior, 200, seed=20261123, context=context)

    result = stats.kstest(values, lambda x: cdf(prior, x, context))
    assert result.pvalue > KS_LEVEL


def test_draws_repeat_with_their_seed():
    """Equal seeds give equal draws, whether as a number or as a generator."""
    prior = parse_prior("HalfNormal(sigma=2)")

    generator = np.random.default_rng(7)

    assert np.array_equal(draw(prior, (3, 4), seed=7), draw(prior, (3, 4), seed=generator))


def test_rescaling_multiplies_the_outcome_and_nothing_else(plain_text):
    """If x has density f, then c x has density f(y / c) / c."""
    prior, factor = parse_prior(plain_text), 26.03
    x = quantile(prior, LEVELS)

    found = log_density(rescale(prior, factor), factor * x)

    assert found == pytest.approx(log_density(prior, x) - np.log(factor), abs=1e-9)


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_no_scale_is_special(plain_text, factor):
    """Quantiles of the rescaled prior are the rescaled quantiles, at any scale."""
    prior = parse_prior(plain_text)

    found = quantile(rescale(prior, factor), LEVELS)

    assert found == pytest.approx(factor * quantile(prior, LEVELS), rel=1e-9, abs=1e-15 * factor)


def test_extreme_arguments_give_no_nan(any_tau_text, context):
    """At 0, next to 0, far out and at infinity the log density is a number or infinite."""
    x = [-1.0, 0.0, 5e-324, 1e-300, 1.0, 1e300, np.inf]

    values = log_density(parse_prior(any_tau_text), x, context)

    assert not np.isnan(values).any()
    assert values[0] == -np.inf


def test_the_log_argument_reaches_where_doubles_end(any_tau_text, context):
    """At exp(u) the density from u equals the density from x, and beyond doubles it is finite."""
    member = density(parse_prior(any_tau_text), context)
    logs = np.array([-600.0, -3.0, 0.5, 1.0])

    found = member.log_density_at_log(logs)

    assert found == pytest.approx(member.log_density(np.exp(logs)), rel=1e-12)
    assert not np.isnan(member.log_density_at_log([-2000.0, 2000.0])).any()


def test_a_density_on_tau2_is_that_of_the_root():
    """If tau**2 is gamma(1/2, 1/2) then tau is half-normal(1), also at 0."""
    on_variance = parse_prior('Gamma(alpha=0.5, beta=0.5, on="tau2")')
    x = [0.0, 1e-200, 0.3, 2.0]

    expected = log_density(parse_prior("HalfNormal(sigma=1)"), x)

    assert log_density(on_variance, x) == pytest.approx(expected, abs=1e-9)


def test_turner_and_rhodes_forms_halve_on_tau():
    """If tau**2 is log-t(nu, mu, sigma) then tau is log-t(nu, mu / 2, sigma / 2)."""
    on_variance = parse_prior('LogStudentT(nu=5, mu=-3.27, sigma=2.66, on="tau2")')
    on_tau = parse_prior("LogStudentT(nu=5, mu=-1.635, sigma=1.33)")
    x = [1e-250, 1e-3, 0.2, 50.0]

    assert log_density(on_variance, x) == pytest.approx(log_density(on_tau, x), rel=1e-12)


def test_many_priors_at_once_are_each_on_its_own(proper_text, context):
    """Stacked densities equal single ones, for numbers that differ within one structure."""
    first = parse_prior(proper_text)
    priors = [first, rescale(first, 3.0), parse_prior("HalfNormal(sigma=1)"), rescale(first, 0.1)]
    x = np.array([0.01, 0.5, 2.0])

    found = log_densities(priors, x, context)

    single = [log_density(prior, x, context) for prior in priors]
    assert found == pytest.approx(np.array(single), rel=1e-12)


def test_stacked_priors_take_points_of_their_own():
    """With x of shape (prior, node), each prior is evaluated at its own row."""
    priors = [Prior("HalfNormal", {"sigma": scale}) for scale in (0.5, 2.0)]
    x = np.array([[0.1, 0.2], [3.0, 4.0]])

    found = log_densities(priors, x)

    assert found[1] == pytest.approx(stats.halfnorm(scale=2).logpdf([3.0, 4.0]), rel=1e-12)


def test_structure_forgets_numbers_and_nothing_else():
    """Numbers do not matter to a graph; families, forms, scales and infinite bounds do."""
    texts = [
        "Gamma(alpha=1, beta=2)",
        "Gamma(mu=1, sigma=2)",
        'Gamma(alpha=1, beta=2, on="tau2")',
        "Truncated(dist=Normal(mu=0, sigma=1), lower=0)",
        "Truncated(dist=Normal(mu=0, sigma=1), lower=0, upper=3)",
        "Truncated(dist=Cauchy(alpha=0, beta=1), lower=0)",
    ]
    priors = [parse_prior(text) for text in texts]

    assert len({structure(prior) for prior in priors}) == len(texts)
    assert structure(rescale(priors[0], 9.0)) == structure(priors[0])


def test_an_improper_prior_has_no_quantiles(improper_text, context):
    """What has no total mass has neither probabilities nor draws, and says so."""
    prior = parse_prior(improper_text)

    assert not is_proper(prior)
    with pytest.raises(PriorError, match="no total mass"):
        quantile(prior, 0.5, context)
