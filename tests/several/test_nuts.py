"""Draws of NUTS against the integral, two tables a model."""

import pytest

from bayesmeta.assembly import assemble
from bayesmeta.engines import nuts
from bayesmeta.engines.agreement import LIMIT, differences_from_exact
from bayesmeta.engines.settings import Settings

pytestmark = pytest.mark.slow
UNIT, HALF = "Normal(mu=0, sigma=1)", "HalfNormal(sigma=0.3)"
BOTH = {"mu": UNIT, "tau": HALF}
WITHIN = {**BOTH, "tau_within": HALF}
GAMMA = {**BOTH, "gamma": "Normal(mu=0, sigma=0.05)"}
CASES = [
    ("nested", "konstantopoulos2011.csv", "SMD", WITHIN, {"cluster": "district"}),
    ("nested", "crede2010.csv", "MD", WITHIN, {"cluster": "studyid"}),
    ("correlated", "berkey1998.csv", "MD", BOTH, {"trial": "trial", "covariance": "v1i v2i"}),
    ("correlated", "crede2010.csv", "MD", BOTH, {"trial": "studyid"}),
    ("correlated", "crede2010.csv", "MD", {**WITHIN, "rho_within": 0.5},
     {"trial": "studyid", "cluster": "studyid"}),
    ("correlated", "berkey1998.csv", "MD", WITHIN,
     {"trial": "trial", "cluster": "trial", "covariance": "v1i v2i"}),
    ("several-outcomes", "berkey1998.csv", "MD", BOTH, {"covariance": "v1i v2i"}),
    ("several-outcomes", "missing.csv", "MD", {**BOTH, "rho_within": 0.4}, {}),
    ("location-scale", "bangertdrowns2004.csv", "SMD", GAMMA, {"tau_formula": "length_weeks"}),
    ("location-scale", "colditz1994.csv", "RR", GAMMA, {"tau_formula": "latitude"}),
    ("tau-by-level", "colditz1994.csv", "RR", BOTH, {"level": "alloc"}),
    ("tau-by-level", "bangertdrowns2004.csv", "SMD", BOTH, {"level": "long"}),
]  # fmt: skip


def _identity(case):
    """Name a case by its model, its table and its roles: no two are alike."""
    return "-".join([case[0], case[1].removesuffix(".csv"), *case[4]])


@pytest.fixture(params=CASES, ids=_identity)
def assembly(request, table, sized):
    """Return a model on one of the tables; Berkey's without two of its rows is another one."""
    model, name, measure, priors, roles = request.param
    frame = table("berkey1998.csv").drop(index=[3, 6]) if name == "missing.csv" else table(name)
    if "length_weeks" in frame:
        frame["long"] = ["up to 10" if weeks <= 10 else "more" for weeks in frame["length_weeks"]]
    return assemble(sized(frame, measure), model, priors=priors, roles=roles)


@pytest.mark.parametrize("form", ["marginal", "hierarchical"])
def test_draws_agree_with_the_integral(assembly, form):
    """The mean of every parameter that is not fixed, within four Monte Carlo errors."""
    posterior = nuts.sample(assembly, Settings(seed=3, form=form, draws=1000))
    differences = differences_from_exact(posterior, assembly)

    assert {item.name for item in assembly.parameters} - set(assembly.fixed) <= set(differences)
    assert max(map(abs, differences.values())) <= LIMIT
