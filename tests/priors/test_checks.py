"""Bad priors, each refused in one clear message."""

import pytest

from bayesmeta.errors import PriorError
from bayesmeta.priors import check_prior, families_for
from bayesmeta.spec import Prior, parse_prior

BAD = {
    ("tau", "HalfNorml(sigma=5)"): "unknown distribution 'HalfNorml'; did you mean HalfNormal?",
    ("tau", "Kumaraswamy(a=1, b=1)"): "known: HalfNormal, HalfStudentT, HalfCauchy",
    ("tau", "Beta(alpha=1, beta=1)"): "is for a share, between 0 and 1; known for tau: HalfNormal",
    ("mu", "Beta(alpha=1, beta=1)"): "is for a share, between 0 and 1; known for mu: Uniform",
    ("tau", "HalfNormal(scale=5)"): "HalfNormal takes sigma; given: scale",
    ("tau", "HalfNormal"): "HalfNormal takes sigma; given: none",
    ("tau", "HalfNormal(sigma=5, nu=3)"): "HalfNormal takes sigma; given: sigma, nu",
    ("tau", "Gamma(alpha=1)"): "Gamma takes alpha, beta or mu, sigma; given: alpha",
    ("tau", "Gamma(alpha=1, sigma=1)"): "Gamma takes alpha, beta or mu, sigma",
    ("tau", "Jeffreys(sigma=1)"): "Jeffreys takes no parameters; given: sigma",
    ("tau", "HalfNormal(sigma=0)"): "sigma is 0; a finite number above 0 is needed",
    ("tau", "HalfNormal(sigma=-1)"): "sigma is -1; a finite number above 0 is needed",
    ("tau", "HalfNormal(sigma=inf)"): "sigma is inf; a finite number above 0 is needed",
    ("tau", "LogNormal(mu=inf, sigma=1)"): "mu is inf; a finite number, on the log scale",
    ("tau", "Normal(mu=0, sigma=5)"): "reaches below 0, where tau cannot be; write HalfNormal",
    ("tau", "Cauchy(alpha=0, beta=5)"): "write HalfCauchy",
    ("tau", "flat"): "write uniform",
    ("tau", "Uniform(lower=-1, upper=5)"): "reaches below 0, where tau cannot be; set lower=0",
    ("tau", "Truncated(dist=Normal(mu=0, sigma=1), upper=3)"): "reaches below 0",
    ("tau", "Uniform(lower=5, upper=5)"): "lower must be below upper",
    ("tau", "Uniform(lower=0, upper=inf)"): "bounds of a uniform distribution are finite",
    ("tau", "Truncated(dist=HalfNormal(sigma=1), lower=3, upper=2)"): "lower must be below upper",
    ("tau", "Truncated(dist=HalfNormal(sigma=1), lower=99)"): "no mass between the bounds",
    ("tau", "Truncated(dist=3, lower=0)"): "dist is 3; a distribution is needed",
    ("tau", "Truncated(dist=HalfNormal(sigma=-1), lower=0)"): "sigma is -1",
    ("tau", "Truncated(dist=uniform(), lower=0)"): "cannot stand inside another",
    ("tau", "Truncated(dist=HalfNormal(sigma=1, unit='uisd'), lower=0)"): "outer distribution only",
    ("tau", "Jeffreys(on='tau2')"): "Jeffreys is defined on tau; leave out on",
    ("tau", "HalfNormal(sigma=1, unit='uisd per SD')"): "is for slopes",
    ("mu", "HalfNormal(sigma=5)"): "is for tau; known for effects and slopes: Uniform, Normal",
    ("mu", "uniform"): "is for tau; known for effects and slopes",
    ("mu", "Normal(mu=0, sigma=1, on='tau2')"): 'on="tau2" is for tau',
    ("mu", "Mixture(w=[0.5, 0.5], comp_dists=[Normal(mu=0, sigma=1)])"): "2 weights for 1",
    ("mu", "Mixture(w=[0.5], comp_dists=[Normal(mu=0, sigma=1)])"): "sum to 0.5, not to 1",
    ("mu", "Mixture(w=[1], comp_dists=[HalfNormal(sigma=1)])"): "HalfNormal.* is for tau",
    ("beta[weeks]", "StudentT(nu=3, mu=0)"): "StudentT takes nu, mu, sigma; given: nu, mu",
}


@pytest.mark.parametrize(("parameter", "text"), BAD)
def test_a_bad_prior_is_refused_by_name_and_value(parameter, text):
    """The message says which parameter, which prior, what is wrong and what would do."""
    with pytest.raises(PriorError, match=BAD[parameter, text]) as caught:
        check_prior(parse_prior(text), parameter)

    assert str(caught.value).startswith(f"{parameter}: ")


def test_several_problems_make_one_message():
    """Two bad numbers are two lines of one error."""
    with pytest.raises(PriorError) as caught:
        check_prior(Prior("HalfStudentT", {"nu": -1, "sigma": float("nan")}), "tau")

    assert len(str(caught.value).splitlines()) == 2


def test_a_number_in_quotes_is_no_number():
    """A text where a number belongs is shown as it was given."""
    with pytest.raises(PriorError, match="sigma is '5'; a finite number above 0 is needed"):
        check_prior(Prior("HalfNormal", {"sigma": "5"}), "tau")


def test_an_unknown_parameter_of_the_model_is_refused():
    """Priors are for mu, tau and slopes."""
    with pytest.raises(PriorError, match="Unknown parameter 'theta'"):
        check_prior(Prior("flat"), "theta")


def test_good_priors_of_tau_pass(any_tau_text):
    """What the laws run over suits tau."""
    check_prior(parse_prior(any_tau_text), "tau")


def test_good_priors_of_effects_pass(mu_text):
    """What the laws run over suits mu and slopes."""
    check_prior(parse_prior(mu_text), "mu")
    check_prior(parse_prior(mu_text), "beta[weeks]")


def test_no_family_is_for_nothing():
    """Every family suits tau, or effects and slopes, or both."""
    assert {"HalfNormal", "Jeffreys", "Truncated"} <= set(families_for("tau"))
    assert {"Normal", "flat", "Truncated"} <= set(families_for("mu"))
