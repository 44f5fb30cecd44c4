"""Draws of NUTS against the integral, each model and spread."""

import pytest

from bayesmeta.assembly import assemble
from bayesmeta.engines import nuts
from bayesmeta.engines.agreement import LIMIT, differences_from_exact
from bayesmeta.engines.settings import Settings

pytestmark = pytest.mark.slow
PRIORS = {"mu": "Normal(mu=0, sigma=20)", "tau": "HalfNormal(sigma=5)"}
BIASED = {**PRIORS, "bias": "Normal(mu=0, sigma=5)"}
CASES = [
    ("design-bias", BIASED, {"spread": "common"}),
    ("design-bias", BIASED, {"spread": "ratio", "ratio": "3"}),
    ("design-bias", {**BIASED, "tau_cohort": "HalfNormal(sigma=5)"}, {"spread": "own"}),
    ("design-bias", {**BIASED, "kappa": "HalfNormal(sigma=2.5)"}, {"spread": "extra"}),
    ("power-prior", PRIORS, {"power": "0"}),
    ("power-prior", PRIORS, {"power": "0.4"}),
    ("power-prior", {**PRIORS, "tau_cohort": "HalfNormal(sigma=5)"}, {"spread": "own"}),
    ("probably-biased", BIASED, {}),
    ("probably-biased", {**BIASED, "share": "Beta(alpha=1, beta=1)"}, {}),
    ("probably-biased", {**BIASED, "kappa": "HalfNormal(sigma=2.5)"}, {"spread": "extra"}),
    ("probably-biased", BIASED, {"shared_bias": "True"}),
]


@pytest.mark.parametrize(("model", "priors", "choices"), CASES)
@pytest.mark.parametrize("moderators", [None, "duration_weeks"])
def test_draws_agree_with_the_integral(model, priors, choices, moderators, tnf):
    """The mean of every parameter that is not fixed, within four Monte Carlo errors."""
    assembly = assemble(tnf, model, moderators=moderators, priors=priors, roles=choices)
    posterior = nuts.sample(assembly, Settings(seed=5, draws=2000))
    differences = differences_from_exact(posterior, assembly)
    latent = {item.name for item in assembly.parts.bias.LATENT}

    free = {item.name for item in assembly.parameters} - set(assembly.fixed) - latent
    assert free <= set(differences)
    assert max(map(abs, differences.values())) <= LIMIT
