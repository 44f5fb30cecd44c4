"""R-hat and effective draws are ArviZ's, another program's, to the digit."""

import numpy as np
import pytest
from arviz_stats.base import array_stats
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from bayesmeta.engines.diagnostics import convergence
from bayesmeta.engines.ranks import ess_bulk, ess_tail, normal_scores, rhat


@st.composite
def draws(draw, *, fewest_chains=1):
    """Return chains: correlated or not, of heavy tails or light, with ties, one elsewhere."""
    chains = draw(st.integers(fewest_chains, 5))
    length = draw(st.integers(8, 300))
    generator = np.random.default_rng(draw(st.integers(0, 100)))
    noise = generator.standard_t(draw(st.sampled_from([1, 30])), size=(chains, length))
    walk = draw(st.sampled_from([0.0, 0.3])) * np.cumsum(noise, axis=1) + noise
    walk[-1] += draw(st.sampled_from([0.0, 2.0]))
    return np.round(walk, draw(st.sampled_from([0, 12])))


@given(values=draws(fewest_chains=2))
def test_rhat_is_arviz_own(values):
    """Of two chains or more, an odd number of draws, ties, and tails without a mean."""
    assert rhat(values) == pytest.approx(float(array_stats.rhat(values)), rel=1e-12)


@given(values=draws())
def test_effective_draws_of_the_bulk_are_arviz_own(values):
    """Of a lone chain too."""
    wanted = float(array_stats.ess(values, method="bulk"))

    assert ess_bulk(values) == pytest.approx(wanted, rel=1e-9)


@given(values=draws())
def test_effective_draws_of_the_tails_are_arviz_own(values):
    """The fewer of those at the 5 % and the 95 % quantile."""
    wanted = float(array_stats.ess(values, method="tail", prob=(0.05, 0.95)))

    assert ess_tail(values) == pytest.approx(wanted, rel=1e-9)


@given(values=draws())
def test_judgement_goes_by_ranks_alone(values):
    """Any increasing function of the draws has the same chains to judge in the bulk."""
    assert ess_bulk(np.arcsinh(values)) == pytest.approx(ess_bulk(values), rel=1e-9)


def test_normal_scores_are_blom_s():
    """(rank - 3/8) / (n + 1/4), ties at their mean rank: 2.5 of 4 is the middle."""
    found = normal_scores(np.array([[3.0, 7.0], [3.0, 1.0]]))

    wanted = norm.ppf((np.array([[2.5, 4], [2.5, 1]]) - 0.375) / 4.25)
    np.testing.assert_allclose(found, wanted, rtol=1e-14, atol=1e-16)


def test_draws_as_far_from_the_median_all_are_judged_by_where_they_are():
    """Zeros and ones in turn have one distance, no spread of it, and R-hat sqrt((n - 1) / n)."""
    values = np.tile([0.0, 1.0], (4, 50))

    assert convergence(values).rhat == pytest.approx(np.sqrt(49 / 50), rel=1e-12)


def test_halves_that_never_move_and_differ_have_no_bound_on_rhat():
    """Each chain jumps once, in its middle: nothing within halves, something between them."""
    assert convergence(np.tile(np.repeat([0.0, 1.0], 50), (4, 1))).rhat > 1e6
