"""Monte Carlo standard errors against ArviZ, and against theory."""

import numpy as np
import pytest
from arviz_stats.base import array_stats
from hypothesis import given
from hypothesis import strategies as st

from bayesmeta.summaries.monte_carlo import (
    effective_draws,
    mcse_mean,
    mcse_quantile,
    mcse_sd,
)

AXES = {"chain_axis": 0, "draw_axis": 1}


def chains(correlation, *, seed=1, draws=1000):
    """Return four chains of a normal autoregression of order one, sd 1."""
    noise = np.random.default_rng(seed).normal(size=(4, draws))
    found = np.empty_like(noise)
    found[:, 0] = noise[:, 0]
    for step in range(1, draws):
        found[:, step] = (
            correlation * found[:, step - 1] + np.sqrt(1 - correlation**2) * noise[:, step]
        )
    return found


@given(correlation=st.floats(-0.4, 0.95), seed=st.integers(0, 50))
def test_all_errors_are_arviz_own(correlation, seed):
    """Same definitions: they agree to how the last pairs are cut and ranks are rounded."""
    values = chains(correlation, seed=seed)
    own = (mcse_mean(values), mcse_sd(values), mcse_quantile(values, np.array(0.2)))
    found = [float(error) for error in own]
    choices = ({"method": "mean"}, {"method": "sd"}, {"method": "quantile", "prob": 0.2})
    wanted = [float(array_stats.mcse(values, **choice, **AXES)) for choice in choices]

    assert found == pytest.approx(wanted, rel=0.2)


@given(correlation=st.floats(-0.4, 0.95), seed=st.integers(0, 50))
def test_the_error_of_a_mean_is_arviz_to_the_digit(correlation, seed):
    """Both stand on one page, and one number has one value."""
    values = chains(correlation, seed=seed)
    wanted = float(array_stats.mcse(values, method="mean", **AXES))

    assert float(mcse_mean(values)) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.8])
def test_effective_draws_are_those_of_an_autoregression(correlation):
    """N (1 - r) / (1 + r), within 15 %."""
    expected = 4000 * (1 - correlation) / (1 + correlation)

    assert effective_draws(chains(correlation)) == pytest.approx(expected, rel=0.15)


@given(scale=st.sampled_from([1e-60, 1e-9, 1e9, 1e60]))
def test_errors_go_with_the_unit(scale):
    """Rescaled draws have rescaled errors."""
    values = chains(0.5)

    assert mcse_sd(values * scale) / scale == pytest.approx(mcse_sd(values), rel=1e-9)


def test_a_batch_is_its_members():
    """Thousands at once give what one at a time gives."""
    batch = np.stack([chains(0.1), chains(0.9), np.ones((4, 1000))])
    alone = [float(mcse_quantile(each, np.array(0.9))) for each in batch]

    assert mcse_quantile(batch, np.full(3, 0.9)) == pytest.approx(alone)


def test_too_few_draws_have_no_known_error():
    """With three draws a chain nothing is known of the error."""
    values = np.random.default_rng(0).normal(size=(4, 3))

    assert np.isnan(mcse_mean(values))
    assert np.isnan(mcse_quantile(values, np.array(0.5)))
