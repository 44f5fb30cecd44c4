"""The priors that are a word, against their definitions in Röver (2020), section 2."""

import numpy as np
import pytest
from scipy import integrate

from bayesmeta.errors import PriorError
from bayesmeta.priors import (
    Context,
    cdf,
    density,
    integrable_at_zero,
    log_density,
    needs_context,
    tail_exponent,
    tail_integrable,
)
from bayesmeta.spec import Prior, parse_prior

S = np.array([0.5, 1.0, 2.0, 0.8, 0.3])
TAU = np.array([1e-3, 0.1, 0.7, 3.0, 200.0])
S0 = np.sqrt(len(S) / np.sum(S**-2))
W = S**-2.0
TYPICAL = (len(S) - 1) * W.sum() / (W.sum() ** 2 - (W**2).sum())


def over_studies(function):
    """Return a function of tau that combines a function of (s, tau) over the studies."""
    return lambda tau: np.array([function(S, t) for t in tau])


KERNELS = {
    "uniform": np.ones_like,
    "sqrt": lambda tau: tau**-0.5,
    "Jeffreys": over_studies(lambda s, t: np.sqrt(np.sum((t / (s**2 + t**2)) ** 2))),
    "overallJeffreys": over_studies(
        lambda s, t: np.sqrt(np.sum((t / (s**2 + t**2)) ** 2) * np.sum(1 / (s**2 + t**2)))
    ),
    "BergerDeely": over_studies(lambda s, t: np.prod((t / (s**2 + t**2)) ** (1 / len(s)))),
    "conventional": over_studies(lambda s, t: np.prod((t / (s**2 + t**2) ** 1.5) ** (1 / len(s)))),
    "DuMouchel": lambda tau: S0 / (S0 + tau) ** 2,
    "shrinkage": lambda tau: 2 * S0**2 * tau / (S0**2 + tau**2) ** 2,
    "I2": lambda tau: 2 * TYPICAL * tau / (TYPICAL + tau**2) ** 2,
}


@pytest.mark.parametrize("word", KERNELS)
def test_each_word_has_the_published_density(word):
    """Equal to the definition, up to a constant."""
    found = log_density(Prior(word), TAU, Context(S)) - np.log(KERNELS[word](TAU))

    assert found == pytest.approx(np.full(TAU.shape, found[0]), abs=1e-12)


@pytest.mark.parametrize("word", ["DuMouchel", "shrinkage", "I2"])
def test_closed_forms_carry_their_constants(word):
    """The three with a closed form are normalised as printed."""
    assert log_density(Prior(word), TAU, Context(S)) == pytest.approx(np.log(KERNELS[word](TAU)))


def test_the_conventional_prior_is_normalised():
    """Its constant is one over the integral of its kernel, by adaptive quadrature."""
    mass, _ = integrate.quad(
        lambda u: float(KERNELS["conventional"](np.exp([u]))[0] * np.exp(u)), -40, 40, limit=500
    )

    found = log_density(Prior("conventional"), TAU, Context(S))

    assert found == pytest.approx(np.log(KERNELS["conventional"](TAU) / mass), abs=1e-9)


def test_with_equal_standard_errors_the_conventional_prior_has_a_closed_form():
    """The kernel tau / (s**2 + tau**2)**1.5 integrates to 1 / s; its cdf is 1 - s / root."""
    context, s = Context(np.full(3, 0.7)), 0.7

    found = cdf(Prior("conventional"), TAU, context)

    assert found == pytest.approx(1 - s / np.sqrt(s**2 + TAU**2), abs=1e-13)


def test_the_i2_prior_makes_i2_uniform():
    """P(tau**2 / (tau**2 + v) < q) = q for the typical variance v."""
    share = np.array([0.05, 0.5, 0.9])
    tau = np.sqrt(TYPICAL * share / (1 - share))

    assert cdf(Prior("I2"), tau, Context(S)) == pytest.approx(share, rel=1e-12)


def test_the_typical_variance_heeds_the_moderators():
    """With a design it is (k - p) / trace(P), here by plain matrices."""
    design = np.column_stack([np.ones(5), [-2.0, -1.0, 0.0, 1.0, 2.0]])
    weight = np.diag(W)
    inner = np.linalg.inv(design.T @ weight @ design)
    projection = weight - weight @ design @ inner @ design.T @ weight

    found = Context(S, design).typical_sd ** 2

    assert found == pytest.approx(3 / np.trace(projection), rel=1e-12)


def test_the_overall_jeffreys_prior_heeds_the_design():
    """With moderators the information of the mean is det(X'WX)."""
    design = np.column_stack([np.ones(5), [-2.0, -1.0, 0.0, 1.0, 2.0]])
    weights = [np.diag(1 / (S**2 + tau**2)) for tau in TAU]
    determinant = [np.linalg.det(design.T @ weight @ design) for weight in weights]
    expected = np.log(KERNELS["Jeffreys"](TAU)) + 0.5 * np.log(determinant)

    found = log_density(Prior("overallJeffreys"), TAU, Context(S, design))

    assert found == pytest.approx(expected, abs=1e-10)


def test_many_studies_are_summed_in_blocks():
    """5000 studies give the density of the plain sum."""
    s = np.random.default_rng(1).uniform(0.1, 3, 5000)
    expected = [0.5 * np.log(np.sum((t / (s**2 + t**2)) ** 2)) for t in TAU]

    found = log_density(Prior("Jeffreys"), TAU, Context(s))

    assert found == pytest.approx(np.array(expected), rel=1e-12)


@pytest.mark.parametrize("word", ["Jeffreys", "conventional", "I2"])
def test_a_change_of_unit_changes_nothing_else(word):
    """With standard errors c s, the density at c tau is that at tau, over c, up to a constant."""
    plain = log_density(Prior(word), TAU, Context(S))

    scaled = log_density(Prior(word), 1e9 * TAU, Context(1e9 * S))

    assert scaled - scaled[0] == pytest.approx(plain - plain[0], abs=1e-9)


TAILS = {
    "uniform": 0,
    "sqrt": 0.5,
    "Jeffreys": 1,
    "BergerDeely": 1,
    "overallJeffreys": 2,
    "conventional": 2,
    "DuMouchel": 2,
    "shrinkage": 3,
    "I2": 3,
    "HalfNormal(sigma=1)": np.inf,
    "HalfCauchy(beta=1)": 2,
    "HalfStudentT(nu=4, sigma=1)": 5,
    "InverseGamma(alpha=0.5, beta=1)": 1.5,
    'InverseGamma(alpha=1, beta=1, on="tau2")': 3,
    'uniform(on="tau2")': -1,
    "Lomax(alpha=1, scale=1)": 2,
    "LogNormal(mu=0, sigma=1)": np.inf,
    "LogStudentT(nu=5, mu=0, sigma=1)": 1,
    'LogStudentT(nu=5, mu=0, sigma=1, on="tau2")': 1,
    "Truncated(dist=Cauchy(alpha=0, beta=1), lower=0)": 2,
    "Truncated(dist=Cauchy(alpha=0, beta=1), lower=0, upper=9)": np.inf,
    "Mixture(w=[0.5, 0.5], comp_dists=[HalfNormal(sigma=1), HalfCauchy(beta=3)])": 2,
}


@pytest.mark.parametrize("text", TAILS)
def test_the_tail_exponent_is_the_slope_far_out(text):
    """-d log f / d log tau far out is the exponent; lighter tails fall ever faster."""
    prior, context, far = parse_prior(text), Context(S), np.array([1e12, 1e13])

    with np.errstate(invalid="ignore"):
        slope = -np.diff(log_density(prior, far, context))[0] / np.log(10)

    # The log-t's slowly varying factor still shows: (nu + 1) / log(tau) = 0.2.
    slack = 0.25 if "LogStudentT" in text else 1e-6
    assert tail_exponent(prior, context) == TAILS[text]
    assert slope == pytest.approx(TAILS[text], abs=slack) or not slope < 8


def test_a_log_t_is_integrable_where_a_power_of_minus_one_is_not():
    """Röver's moments: log-t has exactly those that k - d >= m gives; Jeffreys needs one more."""
    log_t, jeffreys = parse_prior("LogStudentT(nu=5, mu=0, sigma=1)"), Prior("Jeffreys")

    assert [tail_integrable(log_t, power) for power in (-1, 0, 1)] == [True, True, False]
    assert [tail_integrable(jeffreys, power) for power in (-1, 0, 1)] == [True, False, False]


def test_every_prior_is_integrable_at_zero(any_tau_text):
    """Near 0 the densities rise more slowly than 1 / tau: tau f(tau) falls towards 0."""
    prior = parse_prior(any_tau_text)
    logs = np.array([-5000.0, -500.0])

    with np.errstate(invalid="ignore"):
        nearer, farther = density(prior, Context(S)).log_density_at_log(logs) + logs

    assert integrable_at_zero(prior)
    assert nearer < farther or nearer == -np.inf


def test_a_word_without_its_data_says_what_it_needs():
    """Data-dependent priors name the context they lack."""
    assert needs_context(Prior("Jeffreys"))
    with pytest.raises(PriorError, match="standard errors"):
        log_density(Prior("Jeffreys"), TAU)


def test_i2_needs_more_studies_than_coefficients():
    """One study has no typical variance."""
    with pytest.raises(PriorError, match="more studies than coefficients"):
        log_density(Prior("I2"), TAU, Context(np.array([1.0])))
