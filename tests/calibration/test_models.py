"""A calibration of any model: its parts draw the tables, and the analysis is the model's."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.calibration.analyses import Bayesian, OneByOne, analysis_of
from bayesmeta.calibration.calibrate import calibrate
from bayesmeta.calibration.model_truth import truth_of
from bayesmeta.calibration.scenario import scenario_of
from bayesmeta.calibration.simulation import simulate
from bayesmeta.comparison.setting import set_up
from bayesmeta.errors import BayesmetaError

SURE = 4.0  # Monte Carlo standard errors
TRUTH = "Bayes (prior of the truth)"
PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=1)"}
FURTHER = {
    "nested": {"tau_within": "HalfNormal(sigma=1)"},
    "student-t": {},
    "design-bias": {"bias": "Normal(mu=0, sigma=1)", "kappa": "HalfNormal(sigma=0.5)"},
}
TABLE = pd.DataFrame({
    "study": list("abcdef"), "estimate": np.zeros(6), "cluster": list("xxyyzz"),
    "standard_error": [0.4, 0.7, 1.0, 1.3, 0.5, 0.8], "weeks": [2.0, 4, 8, 12, 26, 52],
    "half": list("uuuvvv"), "design": ["RCT"] * 3 + ["cohort"] * 3,
})  # fmt: skip


@pytest.fixture(scope="module")
def effects():
    """Return six studies whose estimates nobody looks at."""
    return bm.effect_sizes(bm.read_studies(TABLE), "generic")


def drawn(effects, model, given, size, **roles):
    """Return simulated tables of a model."""
    own = truth_of(set_up(effects, model, roles=roles), given, {})
    scenario = scenario_of(effects, n=None, mu=0.0, tau=1.0, shape="normal", estimated_sd=False,
                           own=own)  # fmt: skip
    return simulate(scenario, size, seed=4)


def test_rows_of_a_cluster_share_what_the_nested_model_says(effects):
    """Variance tau**2 + tau_within**2 + s**2, covariance tau**2 within a cluster, none across."""
    truth = {"mu": 0.5, "tau": 2.0, "tau_within": 1.5}
    data = drawn(effects, "nested", truth, 60_000, cluster="cluster")

    found = np.cov(data.estimate.T)
    same = np.equal.outer(TABLE["cluster"].to_numpy(), TABLE["cluster"].to_numpy())
    expected = 4.0 * same + np.diag(2.25 + TABLE["standard_error"].to_numpy() ** 2)
    assert found == pytest.approx(expected, abs=0.15)
    assert data.new.var() == pytest.approx(4.0 + 2.25, rel=0.03)


def test_new_studies_of_the_student_t_model_are_student_t(effects):
    """Around mu, tau times a t of as many degrees of freedom as are true, not the file's four."""
    data = drawn(effects, "student-t", {"mu": 1.0, "tau": 2.0, "nu": 7.0}, 20_000)

    assert stats.kstest((data.new - 1) / 2, stats.t(7).cdf).pvalue > 1e-3
    assert stats.kstest((data.new - 1) / 2, stats.t(4).cdf).pvalue < 1e-4


def test_one_by_one_is_what_all_at_once_is(effects):
    """The same posteriors, by the rule of each and by one for all: to 1e-5."""
    setting = set_up(effects, "meta-regression", moderators="weeks")
    priors = {**PRIORS, "beta": "Normal(mu=0, sigma=0.2)"}
    assembly = setting.under(priors, where="own")
    estimates = np.random.default_rng(1).normal(size=(3, 6))
    data = drawn(effects, "random-effects", {"mu": 0.5, "tau": 1.0}, 3)
    data = data._replace(estimate=estimates)

    together = analysis_of(assembly, level=0.9)
    alone = OneByOne(assembly, 0.9, together.row)
    assert isinstance(together, Bayesian)
    for found, expected in zip(together(data), alone(data), strict=True):
        assert found == pytest.approx(expected, abs=1e-5)


def test_a_moderator_is_part_of_the_truth(effects):
    """All drawn from the priors: half of the truths in intervals of one half."""
    found = calibrate(effects, "meta-regression", moderators="weeks", **PRIORS, interval=0.5,
                      truth={"beta": "Normal(mu=0, sigma=0.2)"}, rows=[TRUTH], simulations=2000,
                      seed=2)  # fmt: skip

    row = found.iloc[0]
    assert abs(row["coverage"] - 0.5) < SURE * row["coverage_error"]
    assert abs(row["pi_coverage"] - 0.5) < SURE * row["pi_coverage_error"]


def test_classical_rows_say_what_they_leave_out(effects):
    """One message names the parameters that they have not; a new study is of no one kind."""
    found = calibrate(effects, "tau-by-level", level="half", tau=1.0, rows=["DL"], simulations=20)

    (said,) = found.attrs["messages"]
    assert said.endswith("one mean, without tau[u], tau[v].")
    assert (
        "tau[u] = 1; tau[v] = 1; by-level study effects; model tau-by-level"
        in (found.attrs["scenario"])
    )
    assert found["pi_coverage"].isna().all()


def test_a_model_of_one_tau_is_what_no_model_is(effects):
    """Random effects by name: the same numbers to the last digit."""
    named, plain = (calibrate(effects, model, tau=1.0, priors=PRIORS, simulations=50)
                    for model in ("random-effects", None))  # fmt: skip

    numbers = [table.select_dtypes("number").to_numpy() for table in (named, plain)]
    assert np.array_equal(*numbers, equal_nan=True)


def test_what_is_not_said_to_be_true_is_drawn_from_the_analysis_own_prior(effects):
    """Or is the number in its place."""
    free = calibrate(effects, "nested", cluster="cluster", tau=1.0, rows=["DL"], simulations=5,
                     priors={"tau_within": "HalfNormal(sigma=2)"})  # fmt: skip
    fixed = calibrate(effects, "nested", cluster="cluster", tau=1.0, rows=["DL"], simulations=5,
                      priors={"tau_within": 0.5})  # fmt: skip

    assert "tau_within drawn from HalfNormal(sigma=2)" in free.attrs["scenario"]
    assert "tau_within = 0.5" in fixed.attrs["scenario"]


@pytest.mark.parametrize(
    ("model", "choice", "words"),
    [
        ("nested", {}, "told which rows"),
        ("power-prior", {}, "no power 'cohorts'"),
        ("probably-biased", {}, "no bias 'probable'"),
        ("common-effect", {}, "no parameter 'tau'"),
        ("student-t", {"shape": "skewed"}, "leave shape out"),
        ("student-t", {"truth": {"nu": -1}}, "nu is -1"),
        ("student-t", {"truth": {"tau": 1}}, "argument of its own"),
        ("student-t", {"truth": "nu=3"}, "by parameter"),
        ("random-effects", {"truth": {"nu": 3}}, "it has: mu, tau"),
        ("meta-regression", {"moderators": "weeks", "estimated_sd": True, "truth": {"beta": 1}},
         "leave it out"),
    ],
)  # fmt: skip
def test_what_a_model_cannot_draw_is_refused_by_name(effects, model, choice, words):
    """The part, or the parameter, with what would do."""
    design = replace(effects, n=np.full(6, 50.0))

    with pytest.raises(BayesmetaError, match=words):
        calibrate(design, model, tau=1.0, simulations=2, **choice)


@pytest.mark.slow
@pytest.mark.parametrize(("model", "roles", "size"), [
    ("nested", {"cluster": "cluster"}, 150), ("student-t", {}, 60), ("design-bias", {}, 150),
])  # fmt: skip
def test_a_model_covers_at_its_level_when_its_priors_are_the_truth(effects, model, roles, size):
    """Half of the truths in intervals of one half: of mu, and of a new study."""
    found = calibrate(effects, model, **PRIORS, truth=FURTHER[model], rows=[TRUTH], interval=0.5,
                      simulations=size, seed=3, **roles)  # fmt: skip

    row = found.iloc[0]
    assert abs(row["coverage"] - 0.5) < SURE * row["coverage_error"]
    assert abs(row["pi_coverage"] - 0.5) < SURE * row["pi_coverage_error"]
