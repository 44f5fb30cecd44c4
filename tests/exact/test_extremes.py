"""Numbers as large and as small as they come: computed, or refused by name."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bayesmeta.assembly import assemble
from bayesmeta.errors import PosteriorError, PriorError, StudiesError
from bayesmeta.measures import effect_sizes
from bayesmeta.priors import density
from bayesmeta.spec import parse_prior
from bayesmeta.studies import read_studies

Y, S = np.array([1.0, 2.0, -0.5, 3.0]), np.array([0.5, 1.0, 0.7, 0.9])


def table(estimate, error):
    """Return effects of studies a, b and so on."""
    names = [f"study {place}" for place in range(len(estimate))]
    columns = {"study": names, "estimate": estimate, "standard_error": error}
    return effect_sizes(read_studies(pd.DataFrame(columns)), measure="generic")


@pytest.mark.parametrize("unit", [1e-100, 1e100])
@pytest.mark.parametrize("prior", ["HalfNormal(sigma={})", "HalfCauchy(beta={})"])
def test_a_unit_of_any_size_changes_nothing_else(solve, numbers, prior, unit):
    """Data and priors times 1e-100 or 1e100: every number of the answer times that."""
    plain = numbers(solve(Y, S, tau=prior.format(0.8), mu=["Normal(mu=0.5, sigma=2)"]))
    mu = [f"Normal(mu={0.5 * unit!r}, sigma={2 * unit!r})"]
    other = solve(Y * unit, S * unit, tau=prior.format(repr(0.8 * unit)), mu=mu)

    assert numbers(other) / unit == pytest.approx(plain, rel=1e-10)


@pytest.mark.parametrize(
    "prior", ["HalfNormal(sigma=1e155)", "HalfCauchy(beta=1e155)", "Uniform(lower=0, upper=1e300)"]
)
def test_a_prior_wider_than_all_data_is_the_uniform_one(solve, numbers, prior):
    """K = 4: the posterior is that of a uniform tau, where its numbers exist."""
    found, flat = (solve(Y, S, tau=text) for text in (prior, "uniform"))

    quantiles = [0, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 14]  # means and what follows, but no sd
    assert numbers(found)[quantiles] == pytest.approx(numbers(flat)[quantiles], rel=1e-9)


@pytest.mark.parametrize(
    "prior", ["HalfNormal(sigma=1e-200)", "HalfCauchy(beta=1e-200)", "LogNormal(mu=-1e6, sigma=1)"]
)
def test_a_prior_narrower_than_all_data_is_the_common_effect(solve, prior):
    """The evidence and mu's interval are those without tau."""
    found, common = (solve(Y, S, tau=text) for text in (prior, None))
    ends = [each.combination(np.ones(1)).interval(0.95)[0] for each in (found, common)]

    assert ends[0] == pytest.approx(ends[1], rel=1e-9)
    assert found.log_marginal_likelihood == pytest.approx(common.log_marginal_likelihood, abs=1e-9)


@pytest.mark.parametrize(
    "prior",
    ["Normal(mu=0, sigma=1e155)", "Normal(mu=0, sigma=1e-200)", "Normal(mu=1e160, sigma=1)",
     "StudentT(nu=3, mu=0, sigma=1e160)", "Cauchy(alpha=0, beta=1e-170)",
     "Mixture(w=[0.5, 0.5], comp_dists=[Normal(mu=0, sigma=1), Normal(mu=0, sigma=1e200)])"],
)  # fmt: skip
def test_a_prior_of_mu_whose_square_is_no_number_is_refused(prior):
    """The message names the prior, the number and what would do."""
    with pytest.raises(PriorError, match=r"mu.* is 1e[+-]\d+; .*use flat, or another unit"):
        assemble(table(Y, S), priors={"mu": prior, "tau": "HalfNormal(sigma=1)"})


@pytest.mark.parametrize(("estimate", "error"), [(1.0, 1e-170), (1e200, 1.0), (1.0, 1e200)])
def test_a_study_whose_square_is_no_number_is_refused(estimate, error):
    """The message names the study."""
    effects = table([0.0, estimate], [1.0, error])

    with pytest.raises(StudiesError, match=r"study 1: .* another unit"):
        assemble(effects, priors={"mu": "flat", "tau": "HalfNormal(sigma=1)"})


@pytest.mark.parametrize(
    "prior", ["Gamma(alpha=1e200, beta=1)", "LogNormal(mu=0, sigma=1e-200)",
              "Weibull(alpha=1e200, beta=1)"],
)  # fmt: skip
def test_a_prior_narrower_than_numbers_is_refused(solve, prior):
    """No nodes lie within: the message says how wide it is, and why."""
    with pytest.raises(PosteriorError, match="too narrow to compute with"):
        solve(Y, S, tau=prior)


def test_parameters_that_stand_for_no_number_are_refused():
    """Gamma(mu, sigma) has the shape (mu / sigma)**2, which may be infinite."""
    with pytest.raises(PriorError, match="alpha comes out as inf"):
        density(parse_prior("Gamma(mu=1e200, sigma=1e-200)"))


@pytest.mark.parametrize("alpha", [3.0, 300.0, 1e6, 1e9])
def test_a_gamma_of_any_shape_has_its_digits(alpha):
    """Around its mode the log density of log tau is the normal one's, with Stirling's terms.

    log f(log z) = -alpha (e**w - 1 - w) + log(alpha / 2 pi) / 2 - 1 / (12 alpha) + ..., w from
    the mode: by the known series, of which 1 / (360 alpha**3) is the next term.
    """
    w = np.linspace(-4, 4, 9) / np.sqrt(alpha)
    prior = density(parse_prior(f"Gamma(alpha={alpha!r}, beta=1)"))
    long = w.astype(np.longdouble)
    deviance = (np.expm1(long) - long).astype(float)
    if alpha < 100:
        expected = stats.gamma.logpdf(alpha * np.exp(w), alpha) + np.log(alpha) + w
    else:
        expected = 0.5 * np.log(alpha / (2 * np.pi)) - 1 / (12 * alpha) - alpha * deviance

    found = prior.log_density_of_log(np.log(alpha) + w)
    assert found == pytest.approx(expected, abs=max(1e-9, 3e-15 * alpha**0.5 * 4 * 22))
