"""Statements in plain terms."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from bayesmeta.errors import PriorError
from bayesmeta.priors import cdf, draw, effect_between, latex, studies_differ_by, tau_below
from bayesmeta.spec import Prior

MEMBERS = [
    ("HalfNormal", {}),
    ("HalfCauchy", {}),
    ("HalfLogistic", {}),
    ("HalfStudentT", {"nu": 4}),
    ("Exponential", {}),
    ("Lomax", {"alpha": 2}),
    ("Weibull", {"alpha": 1.5}),
    ("InverseGamma", {"alpha": 2}),
]


@pytest.mark.parametrize(("family", "shapes"), MEMBERS)
def test_tau_is_below_the_value_with_the_probability(family, shapes):
    """The cdf at the value is the stated probability."""
    prior = tau_below(5, probability=0.9, family=family, **shapes)

    assert cdf(prior, 5) == pytest.approx(0.9, rel=1e-10)


@pytest.mark.parametrize(("family", "shapes"), MEMBERS)
def test_two_new_studies_differ_by_no_more(family, shapes):
    """Simulated differences of two study effects are below the value 95 times in 100."""
    prior = studies_differ_by(10, family=family, **shapes)
    rng = np.random.default_rng(3)
    tau = draw(prior, 200_000, seed=rng)

    differences = tau * rng.standard_normal(200_000) - tau * rng.standard_normal(200_000)

    share = np.mean(np.abs(differences) < 10)
    assert share == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 200_000))


def test_half_normal_differences_follow_a_bessel_function():
    """Tau times a normal difference is a product of two normals, whose density is K0 / pi."""
    sigma = studies_differ_by(10).parameters["sigma"]
    limit = 10 / (np.sqrt(2) * sigma)

    inside = 2 * integrate.quad(lambda x: special.k0(x) / np.pi, 0, limit)[0]

    assert inside == pytest.approx(0.95, abs=1e-8)


def test_an_effect_lies_between_two_values():
    """The normal prior has the stated probability between them, equal tails outside."""
    prior = effect_between(-4, 10, probability=0.8)

    normal = stats.norm(prior.parameters["mu"], prior.parameters["sigma"])
    assert normal.cdf([-4, 10]) == pytest.approx([0.1, 0.9])


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (lambda: tau_below(-1, probability=0.9), "The value is -1"),
        (lambda: tau_below(5, probability=95), "The probability is 95; it lies between 0 and 1"),
        (lambda: tau_below(5, probability=0.9, family="LogNormal"), "LogNormal has no single"),
        (lambda: tau_below(5, probability=0.9, family="HalfStudentT"), "takes nu, sigma"),
        (lambda: studies_differ_by(10, probability=1), "The probability is 1"),
        (lambda: effect_between(3, 3), "No effect lies between 3 and 3"),
    ],
)
def test_a_statement_that_makes_no_sense_is_refused(statement, message):
    """Values are above 0, probabilities between 0 and 1, families have one scale."""
    with pytest.raises(PriorError, match=message):
        statement()


def test_a_prior_is_lettered_for_a_paper():
    """Families upright, parameters in Greek, the slope's column as index, the unit in words."""
    prior = Prior("Normal", {"mu": 0, "sigma": 0.25}, unit="uisd per SD")

    found = latex(prior, "beta[weeks]")

    assert found == (
        r"\beta_{\text{weeks}} \sim \mathrm{Normal}(\mu = 0,\ \sigma = 0.25)"
        r"\ \text{(in uisd per SD)}"
    )
