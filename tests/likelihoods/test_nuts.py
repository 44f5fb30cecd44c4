"""Draws of models of counts, nuisance parameters explicit, against the exact engine."""

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.assembly.graph import build
from bayesmeta.engines import nuts
from bayesmeta.engines.agreement import differences_from_exact
from bayesmeta.engines.compiled import _key
from bayesmeta.engines.settings import Settings

BINARY = ["events_treatment", "n_treatment", "events_control", "n_control"]
RATES = ["events_treatment", "time_treatment", "events_control", "time_control"]
THREE = [(4, 123, 11, 139), (9, 250, 6, 240), (14, 180, 12, 150)]
# Hahn 2001 (BMJ 323:81), tables with few events; Niël-Weise 2008 (J Antimicrob Chemother 62:22).
FEW = [(4, 19, 5, 19), (0, 18, 0, 18), (1, 94, 8, 96), (2, 82, 7, 84), (0, 15, 1, 20)]
LINES = [(7, 1344, 11, 1988), (8, 1600, 8, 1461), (3, 12012, 14, 10962), (6, 1536, 10, 1503),
         (1, 370, 1, 483), (1, 729, 8, 913), (17, 6760, 15, 6840), (3, 1107, 7, 1015),
         (2, 320, 3, 440)]  # fmt: skip
CASES = [("binomial", measure, table) for measure in ("OR", "RR", "RD") for table in (THREE, FEW)]
CASES += [("poisson", "IRR", table) for table in (LINES, LINES[:4])]


@pytest.mark.parametrize("other", [
    {"measure": "RD"}, {"measure": "OR", "coding": "half"}, {"baseline": "Normal(mu=0, sigma=1)"},
])  # fmt: skip
def test_a_compiled_model_serves_its_own_scale_coding_and_levels_prior_alone(other):
    """They are built into the graph: RD after RR was once drawn as RR."""
    frame = pd.DataFrame(THREE, columns=BINARY).assign(study=list("abc"))
    table, found = bm.read_studies(frame), []
    for asked in ({}, other):
        roles = {"coding": asked.get("coding", "control")} if "coding" in other else {}
        measure = other["measure"] if "coding" in other else asked.get("measure", "RR")
        own = {"baseline": asked.get("baseline", "Normal(mu=0, sigma=10)")}
        assembly = assemble(bm.effect_sizes(table, measure), "binomial", priors=own, roles=roles)
        found.append(_key(assembly, build(assembly, form="hierarchical")))

    assert found[0] != found[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "measure", "table"),
    CASES,
    ids=[f"{measure}-{len(table)}" for _, measure, table in CASES],
)
def test_draws_have_the_posterior_of_the_integral(model, measure, table):
    """Mu, tau and a new study's effect: within 4 Monte Carlo errors of the exact means."""
    frame = pd.DataFrame(table, columns=RATES if model == "poisson" else BINARY)
    frame["study"] = [f"s{place}" for place in range(len(frame))]
    wide = measure != "RD"
    priors = {"mu": f"Normal(mu=0, sigma={2.5 if wide else 0.5})",
              "tau": f"HalfNormal(sigma={0.5 if wide else 0.1})"}  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(frame), measure)
    assembly = assemble(effects, model, priors=priors)

    found = differences_from_exact(nuts.sample(assembly, Settings()), assembly)

    assert set(found) == {"mu", "tau", "theta_new"}
    assert max(map(abs, found.values())) <= 4
