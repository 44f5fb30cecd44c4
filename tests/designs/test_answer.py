"""What `designs` answers: members, dials, tipping weights, conflict, confounding, messages."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.analysis import Plan
from bayesmeta.analysis.artefacts import Fitted
from bayesmeta.analysis.sections import has_designs
from bayesmeta.cohorts import contract, designs
from bayesmeta.cohorts.dial import biased_by, powered_by
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.errors import AnalysisError, BayesmetaError, ModelError, StudiesError

MEMBERS = [
    "trials-only", "naive", "design-bias", *["power-prior"] * 5, "probably-biased", "moderator",
    "cohorts-only",
]  # fmt: skip
TRIALS, COHORTS = [-2.6, -1.4, -2.9, -0.9], [0.9, 1.6, -0.3, 1.9]
ERRORS = [0.9, 0.7, 1.1, 0.8]
PRIORS = {
    "mu": "Normal(mu=0, sigma=10)", "tau": "HalfNormal(sigma=1)", "bias": "Normal(mu=0, sigma=1)",
}  # fmt: skip


@pytest.fixture(scope="module")
def effects(sized):
    """Four trials in which treatment helps, and four cohorts in which it does harm."""
    design = ["RCT"] * 4 + ["cohort"] * 4
    return sized([*TRIALS, *COHORTS], [*ERRORS, *ERRORS], design, weeks=[2.0, 4, 6, 8, 3, 5, 7, 9])


@pytest.fixture(scope="module")
def found(effects):
    """The answer of it, with a common spread."""
    return designs(effects, priors=PRIORS, spread="common", threshold=0.95, points=9)


def test_no_posterior_is_sought_twice(effects, monkeypatch):
    """That of the cohorts alone serves two members, the biased one the dial and its row."""
    asked = []

    def counted(assembly, *, members=None, **_):
        asked.append((assembly, None if members is None else tuple(members)))
        return integrate_assembly(assembly, members=members)

    for place in ("cohorts.question", "engines.answering"):
        monkeypatch.setattr(f"bayesmeta.{place}.integrate_assembly", counted)
    designs(effects, priors=PRIORS, spread="common", threshold=0.95, points=5)

    keys = [(id(assembly), members) for assembly, members in asked]
    assert len(keys) == len(set(keys)) > len(MEMBERS)


def test_there_is_a_row_a_member(found):
    """By the names and powers that other programs rely on."""
    assert [row.member for row in found.rows] == MEMBERS
    assert [row.power for row in found.rows if row.power is not None] == [0, 0.25, 0.5, 0.75, 1]
    assert list(found.members["member"]) == MEMBERS


def test_members_that_are_one_model_have_one_row(found):
    """The power prior at both ends is the trials alone, and both designs as one."""
    for power, other in ((0.0, "trials-only"), (1.0, "naive")):
        ours, expected = found.member("power-prior", power), found.member(other)
        assert ours.parameters["mu"] == pytest.approx(expected.parameters["mu"], abs=1e-9)
        assert ours.log_trials_given_cohorts == pytest.approx(
            expected.log_trials_given_cohorts, abs=1e-9
        )


def test_every_row_is_the_fit_of_its_model(found, effects):
    """Bias, power and probable bias as `fit` has them, from the same priors."""
    asked = {
        ("design-bias", None): (PRIORS, {"spread": "common"}),
        ("power-prior", 0.5): ({name: PRIORS[name] for name in ("mu", "tau")}, {"power": 0.5}),
        ("probably-biased", None): (PRIORS, {}),
    }
    for (model, power), (priors, choices) in asked.items():
        posterior = bm.fit(effects, model, priors=priors, engine="exact", **choices)
        row = bm.summary(posterior).loc["mu"]
        mine = found.member(model, power).parameters["mu"]
        for name in ("mean", "sd", "lower", "upper"):
            assert mine[name] == pytest.approx(row[name], abs=1e-9)


def test_shares_are_the_weights_of_the_posterior(found, effects):
    """The cohorts' share in mu is the sum of their weights, as every fit stores them."""
    posterior = bm.fit(effects, "design-bias", priors=PRIORS, engine="exact", spread="common")
    weight = posterior["weights"]["weight"].to_numpy()

    assert found.member("design-bias").cohort_share == pytest.approx(weight[4:].sum(), abs=1e-9)
    assert found.member("trials-only").cohort_share == 0


def test_design_as_a_moderator_speaks_of_trials(found, effects):
    """Mu where the column of designs is 0: as `predict` has it from a meta-regression."""
    table = effects.studies
    columns = {name: table[name] for name in ("study", "estimate", "standard_error", "n")}
    frame = pd.DataFrame(columns).assign(is_cohort=[0.0] * 4 + [1.0] * 4)
    own = bm.effect_sizes(bm.read_studies(frame), "generic")
    priors = {name: PRIORS[name] for name in ("mu", "tau")}
    posterior = bm.fit(own, moderators="is_cohort", priors=priors, engine="exact")
    expected = bm.predict(posterior, is_cohort=[0.0]).iloc[0]
    mine = found.member("moderator").parameters["mu"]

    assert mine["median"] == pytest.approx(expected["median"], abs=1e-9)
    assert mine["lower"] == pytest.approx(expected["lower"], abs=1e-9)


def test_at_a_tipping_weight_the_probability_is_the_threshold(found):
    """Root finding, along both dials: the fit there says so."""
    assert {item.dial for item in found.crossings} == {"u", "power"}
    for item in found.crossings:
        at = biased_by if item.dial == "u" else powered_by
        posed = at(found.question, item.at)
        p = posed.integral.combination(posed.row).cdf(0.0)[0]
        assert p == pytest.approx(item.threshold, abs=1e-7)


def test_tipping_in_json_is_the_first_crossing_of_each_dial(found):
    """With what was asked; the text says it too."""
    told = contract(found)["tipping"]
    own = {dial: min(item.at for item in found.crossings if item.dial == dial)
           for dial in ("u", "power")}  # fmt: skip

    assert {name: told[name] for name in own} == own
    assert (told["quantity"], told["threshold"]) == ("P(mu < 0)", 0.95)
    assert "below 0.95 beyond power" in bm.designs_text(found)


def test_where_nothing_tips_json_says_none(tnf):
    """Every weight of the cohorts says the same."""
    told = contract(designs(tnf, spread="common", points=5))["tipping"]

    assert (told["u"], told["power"], told["crossings"]) == (None, None, [])


def test_json_has_the_pinned_shape(found):
    """Other programs read these names."""
    told = json.loads(json.dumps(contract(found), allow_nan=False))
    row = told["rows"][2]

    assert {"member", "u", "power", "parameters", "p_benefit", "cohort_share",
            "log_trials_given_cohorts"} <= set(row)  # fmt: skip
    assert set(row["parameters"]) == {"mu", "tau", "theta_new", "bias"}
    assert {"u", "power", "quantity", "threshold"} <= set(told["tipping"])


def test_the_dial_runs_from_pooled_to_apart(found):
    """At its ends the share is that of the designs pooled, and nothing."""
    table = found.over_bias

    assert table["u"].iloc[0] == 0
    assert np.isinf(table["u"].iloc[-1])
    assert table["cohort_share"].iloc[0] == pytest.approx(
        found.member("naive").cohort_share, abs=1e-9
    )
    assert table["cohort_share"].iloc[-1] == pytest.approx(0, abs=1e-9)
    assert (np.diff(table["cohort_share"]) < 0).all()


def test_conflict_is_the_difference_of_the_weighted_means(sized):
    """Tau known: closed form, by hand."""
    estimate, error = np.array([1.0, 3.0, 6.0, 9.0]), np.array([1.0, 2.0, 1.0, 2.0])
    table = sized(estimate, error, ["RCT", "RCT", "cohort", "cohort"])
    priors = {**PRIORS, "tau": 2.0, "bias": "Normal(mu=1, sigma=3)"}
    told = designs(table, priors=priors, spread="common", points=5).conflict
    weight = 1 / (error**2 + 4)
    means = [np.average(estimate[rows], weights=weight[rows]) for rows in (slice(2), slice(2, 4))]
    variance = 1 / weight[:2].sum() + 1 / weight[2:].sum()
    expected = 2 * stats.norm.cdf(-abs(means[1] - means[0] - 1) / np.sqrt(9 + variance))
    assert told.difference == pytest.approx(means[1] - means[0], abs=1e-9)
    assert told.sd == pytest.approx(np.sqrt(variance), abs=1e-9)
    assert told.p == pytest.approx(expected, abs=1e-9)


def test_the_share_between_designs_is_a_squared_correlation(sized):
    """Equal weights: 1 - information with and without the column is r squared of both columns."""
    weeks, design = [2.0, 3, 4, 6, 5, 8, 9, 12], ["RCT"] * 4 + ["cohort"] * 4
    table = sized([-1.0, -2, -3, -2, -1, -4, -5, -6], [1.0] * 8, design, weeks=weeks)
    found = designs(table, moderators="weeks", priors=PRIORS, spread="common", points=5)
    r = np.corrcoef(weeks, [0] * 4 + [1] * 4)[0, 1]

    assert found.confounded[0].between == pytest.approx(r**2, abs=1e-9)
    assert any("lies between the designs" in sentence for sentence in found.warnings)


@pytest.mark.slow
def test_a_bias_with_a_direction_leaves_out_the_biases_around_none(effects):
    """Said among the warnings, with the mean; where all share one, it may have a direction."""
    priors = {**PRIORS, "bias": "Normal(mu=-0.5, sigma=1)"}
    one = designs(effects, priors=priors, spread="common", points=5)
    other = designs(effects, priors=priors, spread="common", points=5, shared_bias=True)

    assert "probably-biased" not in [row.member for row in one.rows]
    assert any("mean -0.5" in sentence for sentence in one.warnings)
    assert "probably-biased" in [row.member for row in other.rows]


def test_known_biases_are_taken_off(sized):
    """Columns and judgements add up, their variances too; priors look at the table as it is."""
    columns = {"bias_mean": [np.nan, 1.0, 0.5, np.nan], "bias_sd": [np.nan, 2.0, 0.0, np.nan],
               "rob_all": ["low", "low", "high", "high"]}  # fmt: skip
    table = sized([1.0, 3, 6, 9], [1.0, 1.5, 1, 2], ["RCT", "RCT", "c", "c"], **columns)
    judged = {"rob_all": {"low": (0.0, 0.0), "high": (1.0, 1.0)}}
    found = designs(table, priors=PRIORS, spread="common", points=5, known_biases=judged)

    assert found.question.adjusted.estimate.tolist() == [1.0, 2.0, 4.5, 8.0]
    assert found.question.adjusted.standard_error**2 == pytest.approx([1, 6.25, 2, 5])
    assert found.uisd == designs(
        sized([1.0, 3, 6, 9], [1.0, 1.5, 1, 2], ["RCT", "RCT", "c", "c"]),
        priors=PRIORS, spread="common", points=5,
    ).uisd  # fmt: skip


@pytest.mark.slow
def test_the_default_bias_is_a_quarter_of_the_uisd_and_kappa_half_of_that(effects):
    """In the outcome's unit."""
    found = designs(effects, points=5)

    assert found.question.bias_sd == pytest.approx(0.25 * found.uisd)
    assert found.priors["kappa"] == f"HalfNormal(sigma={0.125 * found.uisd!r})"


def test_on_ratios_the_defaults_are_a_half_and_a_quarter():
    """Of log odds ratios, whatever the unit-information SD."""
    counts = {"events_treatment": [4, 6, 3, 62], "events_control": [11, 29, 11, 148],
              "n_treatment": [123, 306, 231, 498], "n_control": [139, 303, 220, 467]}  # fmt: skip
    names = {"study": list("abcd"), "design": ["RCT", "cohort", "RCT", "cohort"]}
    table = bm.read_studies(pd.DataFrame({**names, **counts}))
    found = designs(bm.effect_sizes(table, "OR"), points=5, spread="common")
    asked = bm.fit(bm.effect_sizes(table, "OR"), "design-bias", engine="exact")

    assert found.question.bias_sd == 0.5
    assert json.loads(asked.attrs["priors"])["kappa"] == "HalfNormal(sigma=0.25)"


WRONG = [
    ({"reference": "trial"}, StudiesError, "no study has design 'trial'"),
    ({"design": "kind"}, StudiesError, "no column 'kind'"),
    ({"benefit": "up"}, AnalysisError, "benefit is 'up'"),
    ({"threshold": 0.4}, AnalysisError, "between 0.5 and 1"),
    ({"interval": 2}, AnalysisError, "between 0 and 1"),
    ({"priors": {"tau_within": 1.0}}, BayesmetaError, "unknown parameter tau_within"),
    ({"priors": {**PRIORS, "bias": "Cauchy(alpha=0, beta=1)"}}, BayesmetaError, "bias"),
    ({"spread": "wide"}, ModelError, "No spread 'wide'"),
    ({"moderators": "C(design)"}, AnalysisError, "the members have it already"),
    ({"known_biases": {"rob": {"high": (0, 1)}}}, StudiesError, "no column 'rob'"),
    ({"minimal_important_difference": -1}, AnalysisError, "must be above 0"),
    ({"points": 2}, AnalysisError, "at least 5"),
]


@pytest.mark.parametrize(("choices", "error", "said"), WRONG)
def test_messages_say_what_would_do(choices, error, said, effects):
    """The value, where it was, and what is there."""
    with pytest.raises(error, match=said):
        designs(effects, **{"priors": PRIORS, "points": 5, **choices})


def test_a_bias_without_a_dial_is_refused_before_a_posterior_is_sought(effects, monkeypatch):
    """A Cauchy prior has no SD to turn: known from the question alone."""
    asked = []
    monkeypatch.setattr("bayesmeta.cohorts.answer.members", asked.append)

    with pytest.raises(BayesmetaError, match="the dial is the standard deviation"):
        designs(effects, priors={**PRIORS, "bias": "Cauchy(alpha=0, beta=1)"}, points=5)
    assert not asked


def test_one_study_of_a_design_is_not_enough(sized):
    """Two of each side are needed."""
    table = sized([1.0, 2, 3], [1.0, 1, 1], ["RCT", "RCT", "cohort"])
    with pytest.raises(AnalysisError, match="at least two of each side"):
        designs(table, priors=PRIORS)


def test_too_many_cohorts_are_refused_by_number(sized):
    """Beside two spreads the exact engine sums over 1024 cases at most; NUTS takes any."""
    table = sized([0.0] * 14, [1.0] * 14, ["RCT"] * 2 + ["cohort"] * 12)
    with pytest.raises(ModelError, match="There are 12 cohorts"):
        bm.fit(table, "probably-biased", priors={**PRIORS, "kappa": 1.0}, spread="extra",
               engine="exact")  # fmt: skip


def test_two_designs_beside_the_reference_are_said_to_be_one(sized):
    """More than two levels are counted and said."""
    design = ["RCT", "RCT", "RCT", "register", "cohort", "cohort"]
    found = designs(sized([0.0, 1, 2, 3, 4, 5], [1.0] * 6, design), priors=PRIORS, points=5,
                    spread="common")  # fmt: skip

    assert found.counts == {"RCT": 3, "register": 1, "cohort": 2}
    assert any("2 designs (register, cohort)" in sentence for sentence in found.warnings)


def test_few_studies_of_a_design_are_warned_of(sized):
    """With the number."""
    found = designs(sized([0.0, 1, 2, 3], [1.0] * 4, ["RCT"] * 2 + ["c"] * 2), priors=PRIORS,
                    points=5, spread="common")  # fmt: skip

    assert sum(sentence.startswith("2 studies of") for sentence in found.warnings) == 2


@pytest.mark.parametrize("figure", ["dial", "forest", "ridges"])
def test_figures_are_of_the_answer(figure, found):
    """Each draws it, and refuses anything else."""
    draw = getattr(bm, f"plot_designs_{figure}")

    assert draw(found, title="Allocation").axes
    with pytest.raises(AnalysisError, match="designs"):
        draw(3)


def test_a_forest_has_every_study_both_subtotals_and_the_bias(found):
    """In groups by design."""
    figure = bm.plot_designs_forest(found)
    marks = [artist.get_gid() for artist in figure.axes[0].get_children()]

    assert marks.count("study") == 8
    assert {"trials-only", "cohorts-only", "naive", "design-bias", "bias"} <= set(marks)


def test_the_dial_marks_every_crossing(found):
    """A triangle each, in the panel of its dial."""
    figure = bm.plot_designs_dial(found)
    marks = [artist for axes in figure.axes for artist in axes.lines if artist.get_gid() == "tips"]

    assert len(marks) == len(found.crossings)


def test_the_command_prints_json_alone():
    """The names of the pinned contract, on standard output."""
    command = [sys.executable, "-m", "bayesmeta", "designs", "examples/data/rtms_SIMULATED.csv",
               "--measure", "MD", "--outcome", "BDNF", "--benefit", "higher", "--spread", "common",
               "--points", "5", "--json"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert [row["member"] for row in json.loads(done.stdout)["rows"]] == MEMBERS


@pytest.mark.slow
def test_a_run_of_another_model_names_the_reference_for_the_section(tmp_path):
    """The model has no designs, the section has: the same file says which."""
    file = tmp_path / "bcg.toml"
    table = Path("examples/data/colditz1994.csv").resolve().as_posix()
    file.write_text(
        f'studies = "{table}"\nmeasure = "RR"\nengine = "exact"\ndesign = "alloc"\n'
        'reference = "random"\nspread = "common"\n'
        'priors = { mu = "Normal(mu=0, sigma=2.82)", tau = "HalfNormal(sigma=0.5)" }\n'
    )
    (result,) = bm.run(file, output=tmp_path / "out")
    told = json.loads((tmp_path / "out" / "designs" / "designs.json").read_text())

    assert result.ok
    assert told["designs"] == {"random": 7, "alternate": 2, "systematic": 4}


@pytest.mark.slow
def test_benefit_beyond_a_difference_is_that_of_the_posterior(effects):
    """P(mu < -1): from the member's own distribution."""
    found = designs(effects, priors=PRIORS, spread="common", points=5,
                    minimal_important_difference=1.0)  # fmt: skip
    for row in found.rows:
        mu = row.posed.integral.combination(row.posed.row)
        assert row.p_beyond == pytest.approx(mu.cdf(-1.0)[0], abs=1e-9)


NESTED = """
title = "Cohorts in clusters"
summary = "Rows that depend on each other."
references = []
statement = "estimate[i] ~ Normal(mu, tau)"
location = "intercept"
{slot} = "{part}"
heterogeneity = "nested"
likelihood = "normal"

[priors]
mu = "Normal(mu=0, sigma=10)"
tau = "HalfNormal(sigma=1)"
tau_within = 1.0
"""


@pytest.mark.parametrize(("slot", "part"), [("power", "cohorts"), ("bias", "probable")])
@pytest.mark.parametrize("engine", ["exact", "nuts"])
def test_what_takes_rows_one_by_one_refuses_those_that_hang_together(
    slot, part, engine, sized, tmp_path
):
    """By the part's name, whichever engine."""
    path = tmp_path / "clusters.toml"
    path.write_text(NESTED.format(slot=slot, part=part))
    table = sized([0.0, 1, 2, 3], [1.0] * 4, ["RCT", "RCT", "c", "c"], site=list("abab"))
    priors = {"bias": "Normal(mu=0, sigma=1)"} if slot == "bias" else {}
    with pytest.raises(ModelError, match=f"'{part}' .* takes rows one by one"):
        bm.fit(table, path, cluster="site", priors=priors, engine=engine)


@pytest.mark.parametrize(
    ("design", "roles", "expected"),
    [
        (["RCT", "RCT", "c", "d"], {}, True),
        (["RCT", "c", "c", "c"], {}, False),
        (["trial", "trial", "c", "c"], {}, False),
        (["trial", "trial", "c", "c"], {"reference": "trial"}, True),
    ],
)
def test_a_run_has_the_section_where_two_stand_beside_two(design, roles, expected, sized):
    """Two studies of the reference and two of another, or where a key asks for it."""
    effects = sized([0.0, 1, 2, 3], [1.0] * 4, design)
    plan = Plan(measure="generic", title="A", roles=roles)
    fitted = Fitted(plan, effects, posterior=None)

    assert has_designs(fitted) == expected


@pytest.mark.slow
def test_a_run_writes_the_section(tmp_path):
    """Two of the reference, two of another; the folder holds text, tables and figures."""
    table = "examples/data/rtms_SIMULATED.csv"
    frame = pd.read_csv(table)
    frame[frame["outcome"] == "IL-6"].to_csv(tmp_path / "il6.csv", index=False)
    file = tmp_path / "il6.toml"
    file.write_text(
        'studies = "il6.csv"\nmeasure = "MD"\nengine = "exact"\nspread = "common"\n'
        'model = "design-bias"\n'
    )
    (result,) = bm.run(file, output=tmp_path / "out")
    names = {path.name for path in result.files if path.parent.name == "designs"}

    assert {"designs.txt", "designs.json", "members.csv", "dial.png", "ridges.svg",
            "forest_by_design.png", "over_bias.csv", "over_power.csv"} <= names  # fmt: skip


def test_a_ratio_without_its_spread_is_not_left_out_in_silence(effects):
    """It would say nothing: refused, with what would do."""
    with pytest.raises(AnalysisError, match='add spread="ratio"'):
        designs(effects, priors=PRIORS, ratio=3, points=5)


def test_weeks_that_are_the_design_are_all_confounded(sized):
    """Every trial of 2 weeks, every cohort of 8: all of it lies between, asked for or not."""
    weeks, design = [2.0] * 4 + [8.0] * 4, ["RCT"] * 4 + ["cohort"] * 4
    table = sized([*TRIALS, *COHORTS], [*ERRORS, *ERRORS], design, duration_weeks=weeks)
    for moderators in (None, "duration_weeks"):
        found = designs(table, moderators=moderators, spread="common", points=5, priors=PRIORS)
        assert found.confounded[0].between == pytest.approx(1.0, abs=1e-12)

    assert np.isnan(found.conflict.p)
    assert "moderators say exactly which studies are cohorts" in bm.designs_text(found)
    assert contract(found)["conflict"]["p"] is None


def test_every_prior_of_a_member_is_told(found):
    """The share of the biased and the slope of design as a moderator beside those of the bias."""
    assert set(found.priors) == {"mu", "tau", "bias", "share", "beta[is_cohort]"}
    assert "  share = 0.5" in bm.designs_text(found)
