"""Coefficient priors beyond the normal: Student-t, Cauchy, mixtures."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bayesmeta.assembly import assemble
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.errors import PriorError
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

Y, S = np.array([0.1, 0.5, -0.2, 0.4]), np.array([0.2, 0.3, 0.25, 0.5])


@pytest.fixture(scope="module")
def assembled():
    """Return a model on four made-up studies."""
    table = pd.DataFrame({"study": list("abcd"), "estimate": Y, "standard_error": S})
    effects = effect_sizes(read_studies(table), measure="generic")

    def assembly(mu, tau="HalfNormal(sigma=0.5)"):
        if tau is None:
            return assemble(effects, "common-effect", priors={"mu": mu})
        return assemble(effects, "random-effects", priors={"mu": mu, "tau": tau})

    return assembly


def on_a_grid(log_prior, log_prior_tau=None):
    """Return log evidence, mean and sd of mu by a plain grid over mu and tau."""
    mu = np.linspace(-5, 5, 8_001)
    tau = np.zeros(1) if log_prior_tau is None else (np.arange(1200) + 0.5) / 200
    value = log_prior(mu)[:, np.newaxis] + (0 if log_prior_tau is None else log_prior_tau(tau))
    for y, s in zip(Y, S, strict=True):
        value = value + stats.norm.logpdf(y, mu[:, np.newaxis], np.sqrt(s**2 + tau**2))
    cell = (mu[1] - mu[0]) * (1 if log_prior_tau is None else tau[1] - tau[0])
    mass = np.exp(value).sum(axis=1) * cell
    mean = (mass @ mu) / mass.sum()
    return np.log(mass.sum()), mean, np.sqrt(mass @ (mu - mean) ** 2 / mass.sum())


def numbers(posterior):
    """Return log evidence, mean and sd of mu."""
    mu = posterior.combination(np.ones(1))
    return posterior.log_marginal_likelihood[0], mu.mean()[0], mu.sd()[0]


@pytest.mark.parametrize(
    ("nu", "centre", "scale"), [(3, 0, 0.1), (3, 50, 1), (30, 20, 1), (1, 1e4, 1), (0.7, 0, 5)]
)
def test_student_t_priors_agree_with_a_grid(assembled, nu, centre, scale):
    """A common effect under a Student-t prior, in agreement and in conflict with the data."""
    posterior = integrate_assembly(
        assembled(f"StudentT(nu={nu}, mu={centre}, sigma={scale})", tau=None)
    )

    expected = on_a_grid(lambda mu: stats.t.logpdf(mu, nu, centre, scale))
    assert numbers(posterior) == pytest.approx(expected, rel=1e-10)


def test_a_cauchy_prior_with_heterogeneity_agrees_with_a_grid(assembled):
    """Mu ~ Cauchy(0, 0.3) and tau ~ HalfNormal(0.5), to the accuracy of the grid."""
    posterior = integrate_assembly(assembled("Cauchy(alpha=0, beta=0.3)"))

    expected = on_a_grid(
        lambda mu: stats.cauchy.logpdf(mu, 0, 0.3), lambda tau: stats.halfnorm.logpdf(tau, 0, 0.5)
    )
    assert numbers(posterior) == pytest.approx(expected, rel=3e-6)


def test_a_normal_mixture_agrees_with_a_grid(assembled):
    """A sceptical spike and a wide slab."""
    text = "Mixture(w=[0.4, 0.6], comp_dists=[Normal(mu=0, sigma=0.05), Normal(mu=0.5, sigma=1)])"
    posterior = integrate_assembly(assembled(text, tau=None))

    def log_prior(mu):
        return np.log(0.4 * stats.norm.pdf(mu, 0, 0.05) + 0.6 * stats.norm.pdf(mu, 0.5, 1))

    assert numbers(posterior) == pytest.approx(on_a_grid(log_prior), rel=1e-10)


def test_a_student_t_of_many_degrees_is_a_normal(assembled):
    """Nu = 1e8 gives the numbers of the normal prior."""
    wide = integrate_assembly(assembled("StudentT(nu=1e8, mu=0, sigma=1)"))
    normal = integrate_assembly(assembled("Normal(mu=0, sigma=1)"))

    assert numbers(wide) == pytest.approx(numbers(normal), rel=1e-7)


def test_the_error_of_a_student_t_covers_its_own_rule_too(assembled):
    """The coarse mixture has every other node of tau and of the prior's scale."""
    mu = integrate_assembly(assembled("Cauchy(alpha=0, beta=0.3)")).combination(np.ones(1))

    assert abs(mu.interval(0.95) - mu.coarse().interval(0.95)).max() < 1e-9


@pytest.mark.parametrize(
    "prior", ["Uniform(lower=-1, upper=1)", "Truncated(dist=Normal(mu=0, sigma=1), lower=0)"]
)
def test_priors_that_are_no_mixture_of_normals_are_refused(assembled, prior):
    """The message names the prior and the engine that can."""
    with pytest.raises(PriorError, match=r"on mu.*engine=\"nuts\""):
        integrate_assembly(assembled(prior))
