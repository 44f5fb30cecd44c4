"""What is simulated has the distribution that it says."""

import numpy as np
import pytest

from bayesmeta.calibration.scenario import scenario_of
from bayesmeta.calibration.shapes import SHAPES
from bayesmeta.calibration.simulation import simulate

ERRORS = [0.4, 0.7, 1.0, 1.3, 0.5]


def scenario(**changed):
    """Return a scenario of five studies."""
    plain = {"n": None, "mu": 0.4, "tau": 0.5, "shape": "normal", "estimated_sd": False}
    return scenario_of(ERRORS, **plain | changed)


@pytest.mark.parametrize("shape", SHAPES)
def test_study_effects_have_mean_zero_and_variance_one(shape):
    """Whatever the shape, tau is the SD: within four standard errors (t: kurtosis is infinite)."""
    draws = SHAPES[shape](np.random.default_rng(3), (400_000,))

    assert abs(draws.mean()) < 4 / 400_000**0.5
    assert draws.var() == pytest.approx(1, abs=0.05)


def test_skewed_effects_are_skewed():
    """Exponential deviates have skewness 2, normal ones none."""
    draws = {name: SHAPES[name](np.random.default_rng(4), (400_000,)) for name in SHAPES}

    assert np.mean(draws["skewed"] ** 3) == pytest.approx(2, abs=0.1)
    assert np.mean(draws["normal"] ** 3) == pytest.approx(0, abs=0.05)


def test_estimated_variances_are_chi_square():
    """Mean s**2, and relative variance 2 / (n - 2)."""
    data = simulate(scenario(n=12, estimated_sd=True), 40_000, seed=5)
    share = data.variance / np.array(ERRORS) ** 2

    assert share.mean(axis=0) == pytest.approx(np.ones(5), abs=0.02)
    assert share.var(axis=0) == pytest.approx(np.full(5, 2 / 10), abs=0.02)


def test_the_truth_is_drawn_from_its_priors():
    """The mean effect has its prior's mean and sd; the estimates scatter around it."""
    data = simulate(scenario(mu="Normal(mu=3, sigma=2)", tau="HalfNormal(sigma=1)"), 40_000, seed=6)

    assert data.mu.mean() == pytest.approx(3, abs=0.05)
    assert data.mu.std() == pytest.approx(2, abs=0.05)
    spread = (data.new - data.mu).std()
    assert spread == pytest.approx(1, abs=0.05)  # E[tau**2] = 1 for a half-normal of 1
