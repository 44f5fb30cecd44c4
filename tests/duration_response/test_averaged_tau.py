"""The residual SD averaged over curves: its quantiles are where its probability is reached."""

import numpy as np
import pytest

from bayesmeta.duration_response.heterogeneity import AveragedTau, TauPart
from bayesmeta.engines.quadrature import Problem, integrate

Y = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
S = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
P = np.array([0.025, 0.5, 0.975])
SHARES = np.array([0.3, 0.7])


def tau_of(scale):
    """Return the posterior of tau of eight schools, estimates stretched by a factor."""
    return integrate(Problem.of(scale * Y, S**2, log_prior=np.zeros_like)).heterogeneity()


@pytest.fixture(scope="module")
def several():
    """Return two posteriors, far apart."""
    return [tau_of(1.0), tau_of(4.0)]


@pytest.fixture(scope="module")
def nearby():
    """Return two that are nearly those: they stand for what a coarser rule has."""
    return [tau_of(1.0001), tau_of(4.0004)]


@pytest.fixture
def averaged(several, nearby):
    """Return their average."""
    fine, coarse = (
        [TauPart(one, np.array([share])) for one, share in zip(each, SHARES, strict=True)]
        for each in (several, nearby)
    )
    return AveragedTau(fine, coarse)


def test_quantiles_are_where_the_average_of_probabilities_is_reached(several, averaged):
    """P(tau <= q) is the shares' sum of both posteriors' own."""
    found = averaged.quantile(P)
    reached = SHARES @ np.concatenate([one.cdf(found) for one in several])

    np.testing.assert_allclose(reached, P, atol=1e-12)


def test_the_coarser_rule_has_quantiles_of_its_own(nearby, averaged):
    """Sought from the finer rule's, they are where the coarser probabilities are reached."""
    found = averaged.coarse().quantile(P)
    reached = SHARES @ np.concatenate([one.cdf(found) for one in nearby])

    np.testing.assert_allclose(reached, P, atol=1e-12)


def test_the_coarser_rules_quantiles_are_at_hand(averaged, monkeypatch):
    """They are nearly the finer rule's: one look, or two, at each probability."""
    averaged.quantile(P)
    asked = []
    ask = AveragedTau.cdf
    monkeypatch.setattr(AveragedTau, "cdf", lambda self, x: asked.append(x.size) or ask(self, x))
    averaged.coarse().quantile(P)

    assert sum(asked) <= 2 * P.size


def test_the_slope_of_a_search_is_the_density(several):
    """Between the first and the last node; beyond it is the density there, above 0."""
    x = several[0].quantile(np.linspace(0.01, 0.99, 9)[np.newaxis])

    np.testing.assert_allclose(several[0].slope(x), several[0].density(x), rtol=1e-12)
    assert (several[0].slope(np.array([[1e-300, 1e300]])) >= 0).all()
