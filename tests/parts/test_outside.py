"""A kernel of two designs, registered: rooms ask it how effects of cohorts spread."""

import numpy as np
import pandas as pd
import pytest
from parts.conftest import toy

import bayesmeta as bm
from bayesmeta.errors import ModelError
from bayesmeta.random_effects import HETEROGENEITY

TABLE = pd.DataFrame({
    "study": list("abcdef"), "estimate": [-0.3, -0.1, -0.5, -0.2, 0.4, -0.9],
    "standard_error": [0.2, 0.15, 0.3, 0.25, 0.2, 0.3], "design": ["RCT", "cohort"] * 3,
    "duration_weeks": [2, 3, 4, 6, 8, 9], "n": 100,
})  # fmt: skip
PRIORS = {"mu": "Normal(mu=0, sigma=1)", "bias": "Normal(mu=0, sigma=0.5)",
          "tau": "HalfNormal(sigma=0.5)", "change": "Normal(mu=0, sigma=1)"}  # fmt: skip
FIT = {name: prior for name, prior in PRIORS.items() if name != "change"}


@pytest.fixture(scope="module")
def effects():
    """Three trials beside three cohorts."""
    return bm.effect_sizes(bm.read_studies(TABLE), "generic")


@pytest.fixture
def models(monkeypatch):
    """A bias by design with the toy, and with normal effects of twice the variance in cohorts."""
    monkeypatch.setitem(HETEROGENEITY, "twice-outside", toy("twice_outside"))
    plain = bm.load_model("design-bias")
    known = plain.with_part("heterogeneity", "cohort-ratio")
    return plain.with_part("heterogeneity", "twice-outside"), known


def _fitted(verb):
    return lambda effects, model: verb(bm.fit(effects, model, priors=FIT, engine="exact"))


VERBS = {
    "summary": _fitted(bm.summary),
    "study_effects": _fitted(bm.study_effects),
    "predict": _fitted(bm.predict),
    "leave_one_out": lambda effects, model: bm.leave_one_out(effects, model, priors=FIT),
    "prior_sensitivity": lambda effects, model: bm.prior_sensitivity(effects, model, priors=FIT),
    "duration": lambda effects, model: bm.duration(
        effects, model=model, priors=PRIORS, shapes=["constant", "linear"], benefit="lower"
    ).curve[["median", "lower", "upper"]],
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_toy_of_two_designs_is_what_algebra_says(verb, effects, models):
    """Row by row under the toy, in closed form under the part whose law it copies."""
    found, known = (VERBS[verb](effects, model) for model in models)
    shared = [name for name in known.select_dtypes("number") if name in found
              and "error" not in name and "weight" not in name]  # fmt: skip
    rows = [name for name in known.index if name in found.index]

    assert {"mean", "sd", "median"} & {*shared} or len(shared) > 2
    assert found.loc[rows, shared].to_numpy(float) == pytest.approx(
        known.loc[rows, shared].to_numpy(float), abs=1e-5, nan_ok=True
    )


def test_what_takes_no_rows_refuses_it_by_name(effects, models):
    """Many posteriors at once are of closed forms."""
    with pytest.raises(ModelError, match="heterogeneity 'twice-outside'"):
        bm.power_scaling(effects, models[0], priors=FIT)


def test_its_graph_has_both_spreads(effects, models):
    """Study effects of the same deviations in PyMC: the same of both."""
    found, known = (bm.build_model(effects, model, priors=FIT, form="hierarchical")
                    for model in models)  # fmt: skip
    point = known.initial_point() | {"mu": np.array(0.3), "bias": np.array(-0.2)}

    theta = [model["theta"].eval({model["mu"]: 0.3, model["bias"]: -0.2, model["tau"]: 0.4,
                                  model["theta_deviation"]: np.linspace(-1, 1, 6)})
             for model in (found, known)]  # fmt: skip
    assert theta[0] == pytest.approx(theta[1], rel=1e-12)
    assert {*found.initial_point()} == {*point}


def test_without_designs_it_is_refused(effects, models):
    """A table whose studies have no design cannot say whose effects spread further."""
    plain = bm.load_model("random-effects").with_part("heterogeneity", "twice-outside")
    table = bm.effect_sizes(bm.read_studies(TABLE.drop(columns="design")), "generic")

    with pytest.raises(ModelError, match="design"):
        bm.fit(table, plain, priors={**FIT}, engine="exact")
