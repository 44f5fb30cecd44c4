"""The posterior that the exact engine hands over."""

import json
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from bayesmeta.assembly import assemble
from bayesmeta.engines import exact
from bayesmeta.engines.settings import Settings
from bayesmeta.errors import ImproperPosteriorError
from bayesmeta.sinc import restored

HALF_NORMAL = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}


@pytest.fixture(scope="module")
def assembly(normand):
    """Random effects on Normand's trials, with tau ~ HalfNormal(10) and a flat mu."""
    return assemble(normand, "random-effects", priors=HALF_NORMAL)


@pytest.fixture(scope="module")
def integral(assembly):
    """Return the exact answer."""
    return exact.integrate_assembly(assembly)


@pytest.fixture(scope="module")
def posterior(assembly):
    """Return the DataTree."""
    return exact.sample(assembly, Settings(seed=1))


def test_normand_is_as_an_independent_program_found(integral):
    """E(mu) -14.728063887, sd 7.495624430; E(tau) 21.282488017, sd 4.178361531."""
    mu, tau = integral.combination(np.ones(1)), integral.heterogeneity()
    found = [mu.mean()[0], mu.sd()[0], tau.mean()[0], tau.sd()[0]]

    assert found == pytest.approx([-14.728063887, 7.495624430, 21.282488017, 4.178361531], abs=1e-9)


def test_draws_of_mu_and_tau_follow_the_exact_distribution(posterior, integral):
    """Kolmogorov and Smirnov find nothing in 4 x 1 000 draws."""
    drawn = posterior["posterior"]
    exactly = {"mu": integral.combination(np.ones(1)), "tau": integral.heterogeneity()}
    p = [stats.kstest(drawn[name].to_numpy().ravel(), lambda x, d=d: d.cdf(x)[0]).pvalue
         for name, d in exactly.items()]  # fmt: skip

    assert min(p) > 0.001


def test_draws_of_mu_given_tau_are_normal(posterior, integral):
    """(mu - m(tau)) / sd(tau), from the closed form at each drawn tau, is standard normal."""
    drawn = posterior["posterior"]
    mu, tau = (drawn[name].to_numpy().ravel() for name in ("mu", "tau"))
    weight = 1 / (integral.problem.variance + tau[:, np.newaxis] ** 2)
    mean = (weight * integral.problem.estimate).sum(axis=1) / weight.sum(axis=1)

    assert stats.kstest((mu - mean) * np.sqrt(weight.sum(axis=1)), stats.norm.cdf).pvalue > 0.001


def test_the_same_seed_gives_the_same_draws(assembly, posterior):
    """Draws depend on the seed alone."""
    again = exact.sample(assembly, Settings(seed=1))

    assert np.array_equal(again["posterior"]["mu"], posterior["posterior"]["mu"])


def test_the_mixture_is_stored_whole(posterior, integral):
    """Mean of mu and median of tau follow from the file alone."""
    group = posterior["mixture"]
    mean = float(group["weight"].to_numpy() @ group["mean"].to_numpy()[:, 0])
    tau = restored(group["tau_log_weight"].to_numpy(), group.attrs)

    expected = [integral.combination(np.ones(1)).mean()[0], integral.heterogeneity().median()[0]]
    assert [mean, float(tau.median())] == pytest.approx(expected, rel=1e-13)


def test_weights_sum_to_one_with_the_priors(normand):
    """Shares of the studies and of the prior make a whole."""
    priors = {"mu": "Normal(mu=0, sigma=10)", "tau": "HalfNormal(sigma=10)"}
    weights = exact.sample(assemble(normand, priors=priors), Settings())["weights"]

    assert float(weights["weight"].sum() + weights["prior_weight"]) == pytest.approx(1, rel=1e-12)


def test_a_common_effect_has_no_tau(normand):
    """Without heterogeneity there is one node, and nothing is called tau."""
    tree = exact.sample(assemble(normand, "common-effect", priors={"mu": "flat"}), Settings())

    assert "tau" not in tree["posterior"]
    assert tree["mixture"].sizes["node"] == 1


def test_moments_that_do_not_exist_are_stated(normand):
    """Four studies, flat and uniform: mu, tau and a new study's effect have one moment."""
    few = normand.take(np.arange(4))
    tree = exact.sample(assemble(few, priors={"mu": "flat", "tau": "uniform"}), Settings())

    assert json.loads(tree.attrs["moments"]) == {"mu": 1.0, "tau": 1.0, "theta_new": 1.0}


def test_an_improper_posterior_is_refused_before_integrating(normand):
    """Two studies, flat and uniform."""
    few = normand.take(np.arange(2))

    with pytest.raises(ImproperPosteriorError, match="needs at least 3 studies"):
        exact.sample(assemble(few, priors={"mu": "flat", "tau": "uniform"}), Settings())


def test_the_exact_engine_never_imports_pymc():
    """Nor ArviZ, nor scipy.stats: what makes other imports slow."""
    code = (
        "import sys, numpy as np; from bayesmeta.engines import exact, integration;"
        "print([m for m in ('pymc', 'arviz', 'scipy.stats', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
