"""Numbers from draws given by hand."""

import numpy as np
import pytest
from scipy.special import log_ndtr

from bayesmeta.refits.sampled import SampledRefit
from bayesmeta.sensitivity.posing import ask
from bayesmeta.sensitivity.sampled_numbers import effect, prediction

BCG = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}


@pytest.fixture
def drawn(bcg):
    """Return a question on BCG and refits whose draws are given by hand."""
    question = ask(bcg, priors=BCG)

    def refit(mu, tau):
        shape = np.broadcast(mu, tau).shape
        mu, tau = (np.broadcast_to(np.asarray(x, dtype=float), shape) for x in (mu, tau))
        return SampledRefit(question.assembly, mu[..., np.newaxis], tau, 0 * mu, ())

    return question, refit


def test_one_point_predicts_as_a_normal(drawn, bcg):
    """Draws all alike: the density and probability of Normal(mu, sqrt(s**2 + tau**2))."""
    question, refit = drawn
    spread = np.sqrt(bcg.standard_error[2] ** 2 + 0.3**2)
    z = (bcg.estimate[2] + 0.7) / spread

    found = prediction(refit(np.full((2, 50), -0.7), 0.3), question, 2)

    assert found["elpd"] == pytest.approx(-(z**2) / 2 - np.log(spread * np.sqrt(2 * np.pi)))
    assert found["pit"] == pytest.approx(np.exp(log_ndtr(z)))


def test_a_density_too_small_for_a_number_still_has_its_log(drawn, bcg):
    """A thousand standard deviations away."""
    question, refit = drawn

    found = prediction(refit(np.full((2, 50), 1e3), 0.0), question, 7)

    z = (bcg.estimate[7] - 1e3) / bcg.standard_error[7]
    assert found["elpd"] == pytest.approx(-(z**2) / 2, rel=1e-5)


def test_agreement_of_every_draw_is_no_certainty(drawn):
    """All below 0: P(benefit) is 1, give or take a draw."""
    question, refit = drawn

    found = effect(refit(-1 - np.random.default_rng(1).random((2, 50)), 0.1), question)

    assert (found["p_benefit"], found["p_benefit_error"]) == (1.0, 0.01)
