"""The default fit of Normand's trials: right, converged, complete."""

import json

import arviz as az
import numpy as np
import pytest


def within(draws, expected, *, errors=4):
    """Assert that the mean of draws lies within some Monte Carlo errors of a number."""
    error = float(az.mcse(draws.to_numpy()))

    assert float(draws.mean()) == pytest.approx(expected, abs=errors * error)


def test_the_grid_of_the_tests_gives_published_figures(assembled, integrated):
    """With a nearly flat mu the tests' own integral gives the exact engine's reference figures."""
    found = integrated(assembled(priors={"mu": "Normal(mu=0, sigma=1e5)"}))

    # Flat mu, tau ~ HalfNormal(10), unpooled MD; made by one program, confirmed by a second.
    assert found.coefficients[0] == pytest.approx(-14.728063887, rel=1e-6)
    assert found.tau == pytest.approx(21.282488017, rel=1e-6)
    assert found.tau_sd == pytest.approx(4.178361531, rel=1e-6)


def test_posterior_means_are_exact_up_to_monte_carlo_error(posterior, assembled, integrated):
    """The means of mu and tau lie within 4 Monte Carlo errors of the integral."""
    expected = integrated(assembled())

    within(posterior["posterior"]["mu"], expected.coefficients[0])
    within(posterior["posterior"]["tau"], expected.tau)
    within(posterior["posterior"]["theta_new"], expected.coefficients[0])


def test_chains_converge(posterior):
    """No divergence, R-hat at most 1.01, 2000 effective draws or more."""
    for name in ("mu", "tau"):
        draws = posterior["posterior"][name].to_numpy()
        assert float(az.rhat(draws)) <= 1.01
        assert float(az.ess(draws, method="bulk")) >= 2000

    assert not posterior["sample_stats"]["diverging"].any()
    assert json.loads(posterior.attrs["diagnostics"])["ok"]


def test_posterior_says_how_it_was_made(posterior):
    """Engine, form, sampler and its settings are stored with the draws."""
    said = {name: posterior.attrs[name] for name in ("engine", "form", "sampler", "tune", "seed")}

    assert said == {
        "engine": "nuts", "form": "marginal", "sampler": "nutpie", "tune": 1000, "seed": 1
    }  # fmt: skip
    assert set(posterior["sample_stats"]) == {"diverging", "energy", "n_steps", "step_size"}
    assert posterior["posterior"]["theta"].shape == (4, 1000, 9)


def test_study_effects_are_pulled_towards_the_pooled_effect(posterior, normand):
    """Each mean study effect lies between its estimate and the pooled effect, or near both."""
    theta = posterior["posterior"]["theta"]
    pooled = float(posterior["posterior"]["mu"].mean())
    slack = 4 * az.mcse(theta.transpose("study", ...).to_numpy(), chain_axis=1, draw_axis=2)
    low = np.minimum(normand.estimate, pooled) - slack
    high = np.maximum(normand.estimate, pooled) + slack

    mean = theta.mean(("chain", "draw")).to_numpy()

    assert np.all((low <= mean) & (mean <= high))
