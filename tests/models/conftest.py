"""Assemblies of every model on the shelf, on real tables."""

from pathlib import Path

import pandas as pd
import pytest

from bayesmeta.assembly import Assembly, assemble
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies

DATA = Path(__file__).parents[2] / "examples" / "data"
PRIORS = {
    "mu": "Normal(mu=-3, sigma=50)",
    "tau": "HalfCauchy(beta=12)",
    "beta": "Normal(mu=0.5, sigma=4)",
    "tau_within": "HalfCauchy(beta=12)",
    "gamma": "Normal(mu=0.5, sigma=4)",
    "bias": "Normal(mu=0, sigma=4)",
    "kappa": "HalfNormal(sigma=12)",
    "share": "Beta(alpha=1, beta=9)",
    "tau_outlier": "HalfCauchy(beta=12)",
}
NAMES = {
    "common-effect": ["mu"],
    "meta-regression": ["mu", "tau", "beta"],
    "nested": ["mu", "tau", "tau_within"],
    "location-scale": ["mu", "tau", "gamma"],
    "design-bias": ["mu", "tau", "bias", "kappa"],
    "probably-biased": ["mu", "tau", "bias", "share"],
    "contaminated": ["mu", "tau", "tau_outlier", "share"],
}
ROLES = {
    "nested": {"cluster": "group"},
    "correlated": {"trial": "group"},
    "several-outcomes": {"trial": "patients"},
    "location-scale": {"tau_formula": "n_treatment + n_control"},
    "tau-by-level": {"level": "kind"},
}
COLUMNS = {
    "group": list("abacbadca"),
    "patients": list("abacbddec"),
    "outcome": list("xxyxyxyyy"),
    "kind": list("uvuuwwvuv"),
    "design": ["RCT", "cohort", "RCT", "RCT", "register", "cohort", "RCT", "cohort", "RCT"],
}
"""Groups whose rows do not stand together; of two outcomes, one study has the second alone."""
EVENTS = {
    "study": list("abcd"),
    "events_treatment": [4, 0, 3, 62],
    "events_control": [11, 2, 0, 248],
    "n_treatment": [123, 40, 231, 13598],
    "n_control": [139, 41, 220, 12867],
    "time_treatment": [1344.0, 300.5, 2310.0, 13598.0],
    "time_control": [1988.0, 310.5, 2200.0, 12867.0],
}
"""Zeros in either arm, few events and many."""
COUNTED = {"binomial": "OR", "hypergeometric": "OR", "poisson": "IRR", "poisson-conditional": "IRR",
           "proportion": "PLO", "rate": "IRLN"}  # fmt: skip
GROUPS = {"study": list("abcd"), "events": [0, 3, 12, 7], "n": [20, 41, 160, 7],
          "time": [120.0, 80.0, 990.0, 41.5]}  # fmt: skip
"""Events of one group: none, few, and all."""


@pytest.fixture(scope="session")
def assembled():
    """Return a shelf model on Normand's nine trials, with priors in days; or on counts."""
    table = pd.read_csv(DATA / "normand1999.csv").assign(**COLUMNS)
    effects = effect_sizes(read_studies(table), measure="MD", repeated=True)

    events = read_studies(pd.DataFrame(EVENTS))
    counted = {measure: effect_sizes(events, measure=measure) for measure in ("OR", "IRR")}
    groups = read_studies(pd.DataFrame(GROUPS))
    counted |= {measure: effect_sizes(groups, measure=measure) for measure in ("PLO", "IRLN")}

    def assembly(name: str) -> Assembly:
        moderators = "n_treatment + n_control" if name == "meta-regression" else None
        priors = {key: PRIORS[key] for key in NAMES.get(name, ["mu", "tau"])}
        roles = ROLES.get(name)
        own = counted[COUNTED[name]] if name in COUNTED else effects
        return assemble(own, name, moderators=moderators, priors=priors, roles=roles)

    return assembly
