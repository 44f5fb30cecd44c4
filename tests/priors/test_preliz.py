"""Priors to and from PreliZ."""

import sys

import numpy as np
import pytest

from bayesmeta.errors import PriorError
from bayesmeta.priors import log_density
from bayesmeta.priors.preliz import from_preliz, to_preliz
from bayesmeta.spec import parse_prior

BOTH = (
    "Normal(mu=-3, sigma=2)",
    "StudentT(nu=3, mu=1, sigma=2)",
    "Cauchy(alpha=-1, beta=2)",
    "Uniform(lower=0.5, upper=4)",
    "HalfNormal(sigma=5)",
    "HalfStudentT(nu=4, sigma=0.3)",
    "HalfCauchy(beta=6.5)",
    "Exponential(lam=2)",
    "Gamma(alpha=2, beta=3)",
    "InverseGamma(alpha=0.5, beta=1)",
    "LogNormal(mu=-1, sigma=2)",
    "Weibull(alpha=0.7, beta=2)",
    "Truncated(dist=Normal(mu=0, sigma=1), lower=0)",
    "Truncated(dist=StudentT(nu=3, mu=1, sigma=1), lower=0, upper=3)",
    "Mixture(w=[0.8, 0.2], comp_dists=[Normal(mu=-1, sigma=0.5), StudentT(nu=3, mu=0, sigma=9)])",
)


@pytest.mark.parametrize("text", BOTH)
def test_densities_are_the_same(text):
    """Of one name, PreliZ's distribution and ours have one density."""
    pytest.importorskip("preliz")
    x = np.array([0.6, 1.1, 2.9])

    theirs = to_preliz(parse_prior(text)).logpdf(x)

    assert log_density(parse_prior(text), x) == pytest.approx(theirs, rel=1e-8)


@pytest.mark.parametrize("text", BOTH)
def test_there_and_back_changes_nothing(text):
    """The round trip gives the same text."""
    pytest.importorskip("preliz")

    assert str(from_preliz(to_preliz(parse_prior(text)))) == str(parse_prior(text))


@pytest.mark.parametrize(
    ("name", "theirs", "ours"),
    [
        ("Gamma", {"mu": 2, "sigma": 1}, "Gamma(alpha=4, beta=2)"),
        ("Exponential", {"scale": 2}, "Exponential(lam=0.5)"),
        ("Normal", {"mu": 0, "tau": 4}, "Normal(mu=0, sigma=0.5)"),
    ],
)
def test_other_parametrisations_are_understood(name, theirs, ours):
    """PreliZ takes precisions, scales and moments too."""
    preliz = pytest.importorskip("preliz")

    assert str(from_preliz(getattr(preliz, name)(**theirs))) == ours


def test_an_elicited_prior_is_a_prior():
    """Maximum entropy: 90 % of a half-normal below 5 (scipy.stats.halfnorm.ppf(0.9) = 1.644854)."""
    preliz = pytest.importorskip("preliz")
    tau = preliz.HalfNormal()

    preliz.maxent(tau, 0, 5, 0.9, plot=False)

    assert from_preliz(tau).parameters["sigma"] == pytest.approx(5 / 1.644854, rel=1e-3)


def test_unit_and_scale_can_be_said():
    """PreliZ has only numbers."""
    preliz = pytest.importorskip("preliz")

    prior = from_preliz(preliz.HalfNormal(0.5), unit="uisd")

    assert str(prior) == 'HalfNormal(sigma=0.5, unit="uisd")'


def test_unknown_parameters_are_refused():
    """A family without numbers is no prior."""
    preliz = pytest.importorskip("preliz")

    with pytest.raises(PriorError, match="not known yet"):
        from_preliz(preliz.HalfNormal())


def test_a_family_that_is_none_of_ours_is_named():
    """The message lists those that both have."""
    preliz = pytest.importorskip("preliz")

    with pytest.raises(PriorError, match="Kumaraswamy; known: Normal"):
        from_preliz(preliz.Kumaraswamy(1, 2))


def test_something_else_is_refused():
    """A number is no distribution."""
    with pytest.raises(PriorError, match="no distribution of PreliZ"):
        from_preliz(3.0)


@pytest.mark.parametrize(
    "text", ['HalfNormal(sigma=1, unit="uisd")', 'LogNormal(mu=0, sigma=1, on="tau2")']
)
def test_what_preliz_cannot_say_is_refused(text):
    """Units and densities on tau2 would be lost."""
    with pytest.raises(PriorError, match="neither units nor tau2"):
        to_preliz(parse_prior(text))


def test_a_family_that_preliz_lacks_is_named():
    """Lomax is not there."""
    pytest.importorskip("preliz")

    with pytest.raises(PriorError, match="PreliZ has no Lomax"):
        to_preliz(parse_prior("Lomax(alpha=1, scale=2)"))


def test_without_preliz_the_message_says_how_to_get_it(monkeypatch):
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "preliz", None)

    with pytest.raises(PriorError, match=r"bayesmeta\[elicit\]"):
        to_preliz(parse_prior("HalfNormal(sigma=1)"))
