"""Assemblies of every model on the shelf, on real tables."""

from pathlib import Path

import pytest

from bayesmeta.assembly import Assembly, assemble
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

DATA = Path(__file__).parents[2] / "examples" / "data"
PRIORS = {
    "mu": "Normal(mu=-3, sigma=50)",
    "tau": "HalfCauchy(beta=12)",
    "beta": "Normal(mu=0.5, sigma=4)",
}


@pytest.fixture(scope="session")
def assembled():
    """Return a shelf model on Normand's nine trials, with priors in days."""
    effects = effect_sizes(read_studies(DATA / "normand1999.csv"), measure="MD")
    names = {"common-effect": ["mu"], "random-effects": ["mu", "tau"]}

    def assembly(name: str) -> Assembly:
        moderators = "n_treatment + n_control" if name == "meta-regression" else None
        priors = {key: PRIORS[key] for key in names.get(name, PRIORS)}
        return assemble(effects, name, moderators=moderators, priors=priors)

    return assembly
