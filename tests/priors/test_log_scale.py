"""The density of log tau, near 0 and far out."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.priors import density
from bayesmeta.spec import parse_prior

HEAVY = (
    "LogStudentT(nu=1, mu=2, sigma=3)",
    'LogStudentT(nu=2, mu=-3.44, sigma=2.59, on="tau2")',
    "Gamma(alpha=1e-9, beta=2)",
    "InverseGamma(alpha=1e-9, beta=2)",
    'InverseGamma(alpha=1e-3, beta=2, on="tau2")',
    "Weibull(alpha=1e-9, beta=2)",
    "Lomax(alpha=1e-9, scale=2)",
    "HalfStudentT(nu=1e-9, sigma=2)",
    "Mixture(w=[0.5, 0.5], comp_dists=[LogStudentT(nu=1, mu=0, sigma=1), HalfNormal(sigma=1)])",
)


def test_the_density_of_log_tau_is_that_of_tau_times_tau(any_tau_text, context):
    """f(log x) = f(x) x, by the other way to compute it."""
    prior = density(parse_prior(any_tau_text), context)
    log_x = np.linspace(-12, 3, 61)

    expected = prior.log_density_at_log(log_x) + log_x
    assert prior.log_density_of_log(log_x) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("text", HEAVY)
def test_the_density_of_log_tau_has_mass_one_however_far_it_reaches(text):
    """Trapezoids in asinh(log tau) out to |log tau| = 1e200; mass in a tail falls as a power."""
    walk = np.linspace(-461, 461, 400_001)
    prior = density(parse_prior(text))

    height = np.exp(prior.log_density_of_log(np.sinh(walk)) + np.log(np.cosh(walk)))

    assert height.sum() * (walk[1] - walk[0]) == pytest.approx(1, abs=2e-8)


def test_the_density_of_log_tau_keeps_its_digits_far_out():
    """At log tau = -1e15 a log-t density is that of the t distribution (scipy), to rounding."""
    prior = density(parse_prior("LogStudentT(nu=4, mu=-1, sigma=2)"))

    expected = stats.t.logpdf(-1e15, 4, -1, 2)
    assert prior.log_density_of_log(-1e15) == pytest.approx(expected, rel=1e-14)


def test_a_density_on_tau_squared_is_finite_wherever_tau_is_not_zero():
    """Log-t on tau**2 at tau = exp(-1e7): the log density of tau is finite, +inf at 0 alone."""
    prior = density(parse_prior('LogStudentT(nu=4, mu=-3.44, sigma=2.59, on="tau2")'))

    expected = stats.t.logpdf(-2e7, 4, -3.44, 2.59) + np.log(2) + 1e7
    assert prior.log_density_at_log(-1e7) == pytest.approx(expected, rel=1e-12)
    assert prior.log_density(0.0) == np.inf
