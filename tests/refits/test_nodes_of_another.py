"""Refits over two standard deviations of which the coefficients alone are asked."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.refits.exact import refit_priors
from bayesmeta.spec import parse_prior

HALF = "HalfNormal(sigma=0.5)"
SCALES = (0.1, 0.3, 1.0)


@pytest.fixture(scope="module")
def nested():
    """Twelve schools in four districts (Konstantopoulos 2011)."""
    effects = bm.effect_sizes(
        bm.read_studies("examples/data/konstantopoulos2011.csv"), "SMD", repeated=True
    ).take(np.arange(12))
    return assemble(
        effects, "nested", priors={"tau": HALF, "tau_within": HALF}, roles={"cluster": "district"}
    )


def test_the_nodes_of_another_posterior_give_the_same_coefficients(nested):
    """Law: where a posterior stands on the nodes of the one before, its quantiles are its own."""
    priors = [
        {**nested.priors, "tau_within": parse_prior(f"HalfNormal(sigma={scale})")}
        for scale in SCALES
    ]
    ends = np.array([0.025, 0.5, 0.975])

    def quantiles(*, alone: bool):
        found = refit_priors(nested, priors, coefficients_alone=alone)
        return [part.integral.combination(np.ones(1)).quantile(ends) for part in found.parts]

    np.testing.assert_allclose(quantiles(alone=True), quantiles(alone=False), atol=1e-6)
