"""Draws of NUTS against the integral, each model and spread."""

import pytest

import bayesmeta as bm
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


ON_LOG = {"mu": "Normal(mu=0, sigma=2.82)", "tau": "HalfNormal(sigma=0.5)",
          "bias": "Normal(mu=0, sigma=0.5)", "kappa": "HalfNormal(sigma=0.25)",
          "tau_cohort": "HalfNormal(sigma=0.5)"}  # fmt: skip
"""Priors of log risk ratios by parameter; a share has that of the case."""


@pytest.fixture(scope="module")
def bcg():
    """Seven trials of BCG with random allocation, six with another."""
    return bm.effect_sizes(bm.read_studies("examples/data/colditz1994.csv"), measure="RR")


@pytest.mark.parametrize(("model", "priors", "choices"), CASES)
@pytest.mark.parametrize("moderators", [None, "duration_weeks"])
def test_draws_agree_with_the_integral(model, priors, choices, moderators, tnf):
    """The mean of every parameter that is not fixed, within four Monte Carlo errors."""
    _require_agreement(assemble(tnf, model, moderators=moderators, priors=priors, roles=choices))


@pytest.mark.parametrize(("model", "priors", "choices"), CASES)
def test_draws_agree_on_a_second_table(model, priors, choices, bcg):
    """Risk ratios by allocation: the same bar."""
    own = {name: ON_LOG.get(name, prior) for name, prior in priors.items()}
    roles = {"design": "alloc", "reference": "random", **choices}
    _require_agreement(assemble(bcg, model, priors=own, roles=roles))


def _require_agreement(assembly):
    posterior = nuts.sample(assembly, Settings(seed=5, draws=2000))
    differences = differences_from_exact(posterior, assembly)
    latent = {item.name for item in assembly.parts.bias.LATENT}

    free = {item.name for item in assembly.parameters} - set(assembly.fixed) - latent
    assert free <= set(differences)
    assert max(map(abs, differences.values())) <= LIMIT
