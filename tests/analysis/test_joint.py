"""``[joint]`` in an analysis file: several outcomes in one model, in a folder of their own."""

import json

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.analysis import read_analysis
from bayesmeta.errors import AnalysisError, StudiesError

HEAD = ['studies = "table.csv"', 'measure = "MD"', 'engine = "exact"', "dpi = 40"]
OUTCOMES = [
    "[[outcomes]]", 'name = "TNF"', 'unit = "pg/mL"', 'benefit = "lower"',
    'priors = {mu = "Normal(mu=0, sigma=5)", tau = "HalfNormal(sigma=3)"}',
    "[[outcomes]]", 'name = "BDNF"', 'unit = "ng/L"', 'benefit = "higher"',
    'priors = {mu = "Normal(mu=0, sigma=200)", tau = "HalfNormal(sigma=100)"}',
]  # fmt: skip
JOINT = ["[joint]", 'outcomes = ["TNF", "BDNF"]', "priors = {rho_within = 0.2, rho_between = 0.3}"]


@pytest.fixture
def file(tmp_path):
    """Return an analysis file with a table of two outcomes beside it."""
    generator = np.random.default_rng(5)
    frame = pd.DataFrame({
        "study": np.repeat([f"Study {n}" for n in range(6)], 2), "outcome": ["TNF", "BDNF"] * 6,
        "estimate": generator.normal([-3, 120] * 6, [2, 60] * 6).round(3),
        "standard_error": np.array([1.0, 30.0] * 6) * generator.uniform(0.5, 1.5, 12).round(3),
    })  # fmt: skip
    frame.to_csv(tmp_path / "table.csv", index=False)

    def written(*lines):
        path = tmp_path / "analysis.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return written


def test_the_outcomes_say_unit_benefit_and_priors_of_the_joint_plan(file):
    """Each its own; correlations come from [joint]."""
    *apart, joint = read_analysis(file(*HEAD, *OUTCOMES, *JOINT)).plans

    assert [plan.key for plan in (*apart, joint)] == ["TNF", "BDNF", "joint"]
    assert dict(joint.units) == {"TNF": "pg/mL", "BDNF": "ng/L"}
    assert dict(joint.benefits) == {"TNF": "lower", "BDNF": "higher"}
    assert joint.priors["tau[BDNF]"] == "HalfNormal(sigma=100)"
    assert joint.priors["rho_within"] == 0.2
    assert (joint.spec.name, joint.engine) == ("several-outcomes", "exact")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["[joint]", 'outcomes = ["TNF", "IL-6"]'], "no [[outcomes]] has the name 'IL-6'"),
        (["[joint]", 'outcomes = ["TNF"]'], "two or more"),
        (["[joint]", 'outcomes = ["TNF", "TNF"]'], "each once"),
        (["[joint]", 'outcomes = "TNF"'], 'write as in outcomes = ["TNF", "BDNF"]'),
        ([*JOINT, 'benefit = "lower"'], "unknown key 'benefit'"),
    ],
)
def test_what_cannot_be_joined_is_named(lines, says, file):
    """Before the table is read."""
    with pytest.raises(AnalysisError) as refused:
        read_analysis(file(*HEAD, *OUTCOMES, *lines))

    assert says in str(refused.value)


def test_outcomes_of_two_measures_are_not_joined(file):
    """Their rows are computed together."""
    with pytest.raises(AnalysisError, match="more than one measure"):
        read_analysis(file(*HEAD, *OUTCOMES, 'measure = "SMD"', *JOINT))


@pytest.fixture
def joined(file, tmp_path):
    """Return the folder of a run of the joint model alone."""
    priors = ('priors = {"mu[TNF]" = "Normal(mu=0, sigma=5)", "tau[TNF]" = 2.0, '
              '"mu[BDNF]" = "Normal(mu=0, sigma=200)", "tau[BDNF]" = 60.0, '
              "rho_within = 0.2, rho_between = 0.3}")  # fmt: skip
    bm.run(file(*HEAD, *JOINT[:2], priors), output=tmp_path / "out")
    return tmp_path / "out" / "joint"


def test_without_outcomes_there_is_the_joint_model_alone(joined):
    """Its folder has what every outcome's has, and what each borrowed."""
    names = {path.name for path in joined.iterdir()}

    assert [path.name for path in joined.parent.iterdir()] == ["joint"]
    assert {"summary.txt", "forest.svg", "posterior.nc", "statements.csv", "borrowing"} <= names
    assert "joint fit [95 %]" in (joined / "borrowing" / "borrowing.txt").read_text("utf-8")


def test_units_and_directions_reach_text_figure_and_json(file, tmp_path):
    """Of each outcome its own; statements are those of both directions."""
    path = file(*HEAD, *OUTCOMES, *JOINT)
    plan = read_analysis(path).plans[-1]
    effects = bm.effect_sizes(bm.read_studies(tmp_path / "table.csv"), plan.measure,
                              outcome=plan.outcomes, unit=plan.units, repeated=True)  # fmt: skip
    posterior = bm.fit(effects, plan.spec, priors=plan.priors, engine="exact")
    said = bm.text(posterior, benefit=plan.benefits)
    bm.save_posterior(posterior, tmp_path / "posterior.nc")

    assert "P(mu[TNF] < 0 and mu[BDNF] > 0)" in said
    figure = bm.plot_forest(bm.read_posterior(tmp_path / "posterior.nc"), benefit=plan.benefits)
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert labels == ["Mean difference, pg/mL", "Mean difference, ng/L"]
    assert json.loads(posterior.attrs["units"]) == {"TNF": "pg/mL", "BDNF": "ng/L"}


def test_each_panel_has_a_line_through_its_own_mean(file, tmp_path):
    """One dotted line a panel, at the outcome's pooled median."""
    path = file(*HEAD, *OUTCOMES, *JOINT)
    plan = read_analysis(path).plans[-1]
    effects = bm.effect_sizes(bm.read_studies(tmp_path / "table.csv"), "MD", repeated=True)
    posterior = bm.fit(effects, plan.spec, priors=plan.priors, engine="exact")
    table = bm.summary(posterior)

    figure = bm.plot_forest(posterior, benefit=plan.benefits)
    for axes, name in zip(figure.axes, ("TNF", "BDNF"), strict=True):
        (line,) = [line for line in axes.lines if line.get_gid() == "pooled line"]
        assert line.get_xdata()[0] == pytest.approx(table.loc[f"mu[{name}]", "median"])
        assert sum(line.get_gid() == "observed" for line in axes.lines) == 6
    left = [text.get_text() for text in figure.texts if text.get_text().startswith("←")]
    assert left == ["← favours treatment", "← favours control"]


def test_a_unit_of_an_outcome_that_is_none_is_refused(file, tmp_path):
    """A slip of the pen is named with the outcomes there are."""
    file(*HEAD)
    with pytest.raises(StudiesError, match="stated for IL-6"):
        bm.effect_sizes(bm.read_studies(tmp_path / "table.csv"), "MD", repeated=True,
                        unit={"IL-6": "pg/mL"})  # fmt: skip
