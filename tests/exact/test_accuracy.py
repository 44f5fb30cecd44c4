"""The error that the evidence is printed with."""

import numpy as np
import pytest

from bayesmeta.engines.quadrature import integrate

JUMPS = "Mixture(w=[0.5, 0.5], comp_dists=[Uniform(lower=0, upper=1.7), HalfNormal(sigma=1)])"
EDGE = "InverseGamma(alpha=0.05, beta=1)"
Y, S = [0.0, 0.9, 2.5, 1.0], [0.5, 0.4, 0.6, 0.5]


@pytest.mark.parametrize(("studies", "tau"), [(4, JUMPS), (1, EDGE)])
def test_a_rule_stopped_early_says_how_far_off_it_is(pose, studies, tau):
    """With any first halving accepted, the evidence is off, by no more than ten errors."""
    problem = pose(Y[:studies], S[:studies], tau=tau)
    early, settled = (integrate(problem, tolerance=tolerance) for tolerance in (1e9, 1e-9))
    off = np.abs(early.log_marginal_likelihood - settled.log_marginal_likelihood)

    assert off > 1e-9  # or this would show nothing
    assert off <= 10 * early.error


def test_a_prior_that_numbers_hardly_resolve_has_a_larger_error(solve):
    """Half a millionth wide around tau = e: nodes are off by rounding, and the error says so."""
    narrow = solve(Y, S, tau="LogNormal(mu=1, sigma=5e-7)")
    wide = solve(Y, S, tau="LogNormal(mu=1, sigma=0.5)")

    assert 1e-10 < narrow.error[0] < 1e-8
    assert wide.error[0] < 1e-12
