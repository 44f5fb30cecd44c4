"""R-hat and effective draws by ranks, against ArviZ and against what they mean."""

import numpy as np
import pytest
from arviz_stats.base import array_stats
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, rankdata

from bayesmeta.engines.ranks import ess_bulk, ess_tail, normal_scores, rhat


def chains(correlation, *, seed, draws=301, apart=0.0):
    """Return four chains of an autoregression, their means so far apart, rounded to have ties."""
    noise = np.random.default_rng(seed).normal(size=(4, draws))
    for step in range(1, draws):
        noise[:, step] = (
            correlation * noise[:, step - 1] + np.sqrt(1 - correlation**2) * noise[:, step]
        )
    return np.round(noise + apart * np.arange(4)[:, np.newaxis], 2)


@given(correlation=st.floats(-0.4, 0.95), apart=st.floats(0, 3), seed=st.integers(0, 50))
def test_what_judges_chains_is_arviz_to_the_digit(correlation, apart, seed):
    """An odd number of draws, with ties: R-hat, effective draws of the bulk and of the tails."""
    values = chains(correlation, seed=seed, apart=apart)
    wanted = (
        array_stats.rhat(values),
        array_stats.ess(values, method="bulk"),
        array_stats.ess(values, method="tail", prob=(0.05, 0.95)),
    )

    found = (rhat(values), ess_bulk(values), ess_tail(values))

    assert found == pytest.approx([float(each) for each in wanted], rel=1e-9)


def test_scores_are_normal_quantiles_of_mean_ranks():
    """Blom's positions: the ranks less 3/8, of the number and a quarter."""
    values = np.random.default_rng(1).integers(0, 9, size=(2, 20)).astype(float)
    wanted = norm.ppf((rankdata(values) - 0.375) / (values.size + 0.25)).reshape(2, 20)

    assert normal_scores(values) == pytest.approx(wanted)


def test_chains_of_one_mean_and_several_spreads_are_told_apart():
    """The distances from the median see what means do not."""
    spreads = np.array([1.0, 1.0, 1.0, 6.0])[:, np.newaxis]
    values = np.random.default_rng(2).normal(size=(4, 1000)) * spreads

    assert rhat(values) > 1.1
