"""Draws against the exact engine, which knows the answer."""

import json

import numpy as np
import pytest

from bayesmeta.engines import nuts
from bayesmeta.engines.agreement import LIMIT, differences_from_exact, disagreements
from bayesmeta.engines.settings import Settings

COMPARED = {"mu", "tau", "theta_new"}


def shifted(posterior, name, amount):
    """Return a posterior in which one quantity's draws are moved."""
    copy = posterior.copy(deep=True)
    copy["posterior"][name] = copy["posterior"][name] + amount
    return copy


def test_nuts_agrees_with_the_integral(posterior, assembled):
    """Both engines have the same posterior, up to Monte Carlo error."""
    differences = differences_from_exact(posterior, assembled())

    assert set(differences) == COMPARED
    assert max(map(abs, differences.values())) <= LIMIT
    assert json.loads(posterior.attrs["diagnostics"])["exact_difference"] == differences


@pytest.mark.parametrize("name", ["mu", "tau", "theta_new"])
def test_draws_from_elsewhere_are_found(name, posterior, assembled):
    """A bias of a fifth of a standard deviation is ten Monte Carlo errors, and is said."""
    bias = 0.2 * float(posterior["posterior"][name].std())
    differences = differences_from_exact(shifted(posterior, name, bias), assembled())

    assert [text.split()[0] for text in disagreements(differences)] == [name]


def test_differences_are_in_monte_carlo_errors(posterior, assembled):
    """Moving the draws by their Monte Carlo error moves the difference by one."""
    group = posterior["posterior"]
    before = differences_from_exact(posterior, assembled())["mu"]
    # Independent of ArviZ: the error of the mean from 40 batches of each chain.
    batches = group["mu"].to_numpy().reshape(-1, 25).mean(axis=1)
    error = batches.std(ddof=1) / np.sqrt(batches.size)

    after = differences_from_exact(shifted(posterior, "mu", error), assembled())["mu"]

    assert after - before == pytest.approx(1, abs=0.25)


def test_medians_are_compared_where_the_spread_is_infinite(assembled, normand):
    """With two studies and a half-Cauchy prior, tau has a mean but no variance."""
    few = assembled(effects=normand.take(np.array([2, 3])), priors={"tau": "HalfCauchy(beta=10)"})
    posterior = nuts.sample(few, Settings())

    assert np.isfinite(list(differences_from_exact(posterior, few).values())).all()
    assert not disagreements(differences_from_exact(posterior, few))


def test_slopes_are_compared(normand, assembled):
    """Every slope has its difference."""
    priors = {"beta": "Normal(mu=0, sigma=2)"}
    regression = assembled(moderators="n_treatment", priors=priors)
    posterior = nuts.sample(regression, Settings())

    assert set(differences_from_exact(posterior, regression)) == {*COMPARED, "beta[n_treatment]"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "tau",
    [
        "HalfStudentT(nu=3, sigma=10)",
        "Uniform(lower=0, upper=50)",
        "Gamma(alpha=2, beta=0.1)",
        "InverseGamma(alpha=1, beta=100, on='tau2')",
        "LogNormal(mu=2, sigma=1)",
        "LogStudentT(nu=5, mu=2, sigma=2, on='tau2')",
        "Lomax(alpha=1, scale=10)",
        "DuMouchel",
        "conventional",
        "Mixture(w=[0.5, 0.5], comp_dists=[HalfNormal(sigma=1), HalfNormal(sigma=20)])",
    ],
)
def test_engines_agree_under_every_kind_of_prior(tau, assembled):
    """PyMC's variable and the exact engine's density are the same prior on tau."""
    posterior = nuts.sample(assembled(priors={"tau": tau}), Settings())
    said = json.loads(posterior.attrs["diagnostics"])

    assert said["ok"], said["messages"]
    assert set(said["exact_difference"]) == COMPARED


def test_priors_that_only_nuts_takes_are_not_compared(posterior, assembled):
    """Where the exact engine has no answer there is nothing to compare with."""
    odd = assembled(priors={"mu": "Uniform(lower=-100, upper=100)"})

    assert differences_from_exact(posterior, odd) == {}
