"""Many studies."""

import resource
import sys
import time

import numpy as np
import pytest

from bayesmeta.engines.quadrature import integrate


def made_up(studies):
    """Return simulated studies: mu 0.5, tau 0.3."""
    generator = np.random.default_rng(studies)
    s = generator.uniform(0.1, 1, studies)
    return 0.5 + generator.normal(size=studies) * np.sqrt(s**2 + 0.09), s


@pytest.mark.parametrize("studies", [3, 30, 300, 3_000, 30_000])
def test_a_thousand_times_the_studies_are_integrated_as_surely(solve, studies):
    """The error of the evidence stays at rounding, whose unit grows with k."""
    posterior = solve(*made_up(studies), tau="HalfCauchy(beta=1)")

    assert posterior.error[0] < 1e-13 * (studies + 100)


def test_large_k_is_normal_around_the_truth(solve):
    """K = 30 000: tau and mu are within five of their small standard deviations."""
    posterior = solve(*made_up(30_000), tau="HalfCauchy(beta=1)")
    mu, tau = posterior.combination(np.ones(1)), posterior.heterogeneity()

    assert abs(mu.mean() - 0.5) < 5 * mu.sd()
    assert abs(tau.mean() - 0.3) < 5 * tau.sd()


@pytest.mark.slow
def test_a_hundred_thousand_studies_take_seconds(pose):
    """K = 100 000 in under 20 s on any machine, in under 2 GiB."""
    problem = pose(*made_up(100_000), tau="HalfCauchy(beta=1)")
    start = time.perf_counter()
    posterior = integrate(problem)
    posterior.study_effects(slice(0, 10_000)).median()
    unit = 1 if sys.platform == "darwin" else 1024

    assert time.perf_counter() - start < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit < 2 * 2**30
