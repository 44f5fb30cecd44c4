"""The table of Bayesian and classical rows: laws, and metafor's numbers."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.comparison import compare, comparison_text
from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.frequentist import higgins, pool

PRIORS = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)"}
CLASSICAL = ["CE", "DL", "HE", "HS", "SJ", "ML", "REML", "EB", "PM"]


def classical(table):
    """Return the classical rows."""
    return table[table["kind"] != "Bayesian"]


def test_the_rows_are_the_standing_ones(normand):
    """Default and two half-normals; nine estimators by Wald, then by Knapp and Hartung."""
    methods = compare(normand)["method"].tolist()

    assert methods[:3] == [
        "Bayes (default)", "Bayes (half-normal 0.25 uisd)", "Bayes (half-normal 0.5 uisd)",
    ]  # fmt: skip
    assert methods[3:] == [*CLASSICAL, *(f"{name}+HKSJ" for name in CLASSICAL)]


def test_a_bayesian_row_is_the_fit(normand):
    """Median, sd, interval, prediction interval, tau and I2 are those of `bm.fit`."""
    row = compare(normand, priors=PRIORS).set_index("method").loc["Bayes (own)"]
    fit = bm.summary(bm.fit(normand, priors=PRIORS, engine="exact"))

    found = row[["estimate", "se", "lower", "upper", "p_below_0"]].tolist()
    assert found == pytest.approx(
        fit.loc["mu", ["median", "sd", "lower", "upper", "p_below_0"]].tolist(), rel=1e-9
    )
    assert row[["pi_lower", "pi_upper"]].tolist() == pytest.approx(
        fit.loc["theta_new", ["lower", "upper"]].tolist(), rel=1e-9
    )
    for name in ("tau", "I2"):
        assert row[[name, f"{name}_lower", f"{name}_upper"]].tolist() == pytest.approx(
            fit.loc[name, ["median", "lower", "upper"]].tolist(), rel=1e-9
        )
    assert row["tau2"] == pytest.approx(row["tau"] ** 2, rel=1e-12)


def test_the_half_normal_default_is_what_the_statistics_page_says(normand):
    """A half-normal of 0.25 uisd gives -25.8 to -1.5, the half-Cauchy -30.4 to 4.4 days."""
    rows = compare(normand).set_index("method")[["lower", "upper"]].round(1)

    assert rows.loc["Bayes (half-normal 0.25 uisd)"].tolist() == [-25.8, -1.5]
    assert rows.loc["Bayes (default)"].tolist() == [-30.4, 4.4]


@pytest.mark.parametrize("name", ["bcg_rr_ablat"])
def test_slopes_and_intercept_are_metafors(metafor, make, name):
    """With a moderator, intercept and slope per raw unit agree to 1e-4, the fits' tolerance."""
    data = metafor["data"][name]
    effects = make(data["estimate"], np.sqrt(data["variance"]), ablat=data["moderator"])
    table = compare(effects, moderators="ablat").set_index(["method", "coefficient"])
    suffix = {"z": "", "knha": "+HKSJ"}
    fits = [fit for fit in metafor["fits"] if fit["id"] == name and fit["test"] in suffix]

    for fit in fits:
        tight = 1e-3 if fit["method"] == "ML" else 1e-4  # metafor's ML stopped early there
        for place, coefficient in enumerate(("Intercept", "beta[ablat]")):
            row = table.loc[fit["method"] + suffix[fit["test"]], coefficient]
            expected = [fit[key][place] for key in ("b", "se", "ci_lb", "ci_ub")]
            found = row[["estimate", "se", "lower", "upper"]].tolist()
            assert found == pytest.approx(expected, rel=tight)
        assert 100 * row["I2"] == pytest.approx(fit["I2"], rel=tight, abs=1e-9)


def test_higgins_prediction_interval_stands_beside_metafors(normand):
    """REML: -80.495 to 50.283 days with k - 2 degrees of freedom."""
    row = compare(normand).set_index("method").loc["REML"]

    assert row[["hts_lower", "hts_upper"]].tolist() == pytest.approx([-80.495, 50.283], abs=5e-4)
    assert row["hts_lower"] == pytest.approx(higgins(pool(normand))[0], rel=1e-12)


def test_the_order_of_studies_changes_nothing(normand, numbers):
    """Every number is the same for the studies in another order."""
    shuffled = normand.take(np.array([3, 0, 8, 5, 1, 7, 2, 6, 4]))

    found, expected = numbers(compare(shuffled)), numbers(compare(normand))
    assert found == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_the_unit_of_the_outcome_changes_nothing_else(make, factor):
    """Estimates, errors and default priors scale together."""
    estimate, error = np.array([1.0, 3.0, -1.0, 4.0]), np.array([1.0, 0.5, 0.8, 1.2])
    table = compare(make(estimate, error, n=[20, 40, 30, 25]))
    scaled = compare(make(factor * estimate, factor * error, n=[20, 40, 30, 25]))

    for name in ("estimate", "se", "lower", "upper", "pi_lower", "pi_upper", "tau"):
        found = scaled[name].to_numpy() / factor
        assert found == pytest.approx(table[name].to_numpy(), rel=1e-7, nan_ok=True)
    assert scaled["I2"].to_numpy() == pytest.approx(table["I2"].to_numpy(), rel=1e-7, abs=1e-12)


def test_the_other_sign_turns_every_interval_round(make, numbers):
    """Minus the estimates gives minus the limits, and benefit on the other side."""
    error, n = [1.0, 0.5, 0.8], [20, 40, 30]
    up = compare(make([1.0, 3.0, 2.0], error, n=n), benefit="higher")
    down = compare(make([-1.0, -3.0, -2.0], error, n=n), benefit="lower")

    assert down["lower"].to_numpy() == pytest.approx(-up["upper"].to_numpy(), rel=1e-9)
    assert down["p_benefit"].dropna().to_numpy() == pytest.approx(
        up["p_benefit"].dropna().to_numpy(), rel=1e-9
    )


def test_without_participants_the_classical_rows_stand_alone(make):
    """Default priors cannot be resolved: their rows are left out, with one message."""
    table = compare(make([1.0, 3.0, 2.0], [1.0, 0.5, 0.8]))

    assert table["method"].tolist() == classical(table)["method"].tolist()
    assert len(table) == 18
    assert len(table.attrs["messages"]) == 1
    assert "participants" in table.attrs["messages"][0]


def test_priors_in_the_outcomes_unit_need_no_participants(make):
    """The analysis' own row is there where it states all its priors."""
    table = compare(make([1.0, 3.0, 2.0], [1.0, 0.5, 0.8]), priors=PRIORS)

    assert table["method"][0] == "Bayes (own)"


def test_an_improper_set_is_left_out_with_the_reason(make):
    """Two studies, flat mu and uniform tau: no posterior, and the rest stands."""
    flat = {"mu": "flat", "tau": "uniform"}
    table = compare(make([1.0, 3.0], [1.0, 0.5], n=[20, 40]), priors={"flat": flat})

    assert "Bayes (flat)" not in table["method"].tolist()
    assert "Bayes (default)" in table["method"].tolist()
    assert "at least 3 studies" in table.attrs["messages"][0]


def test_one_study_has_a_bayesian_answer_and_a_common_effect(make):
    """Random-effects rows have estimates without errors, not numbers made up."""
    table = compare(make([1.0], [0.5], n=[20])).set_index("method")

    assert table.loc["CE", ["estimate", "se"]].tolist() == [1.0, 0.5]
    assert np.isnan(table.loc["REML", "se"])
    assert table.loc["Bayes (default)", "lower"] < table.loc["Bayes (default)", "upper"]


def test_a_common_effect_model_has_no_tau_in_its_rows(normand):
    """Its Bayesian row has neither tau nor I2, and nothing new to predict but mu."""
    table = compare(normand, "common-effect").set_index("method")
    row = table.loc["Bayes (default)"]

    assert row[["tau", "tau2", "I2"]].isna().all()
    assert row["pi_lower"] == pytest.approx(row["lower"], rel=1e-12)
    assert not any("half-normal" in method for method in table.index)


def test_named_sets_and_lists_of_sets_are_rows(normand):
    """Sets by name keep their names; listed ones are called by their text."""
    named = compare(normand, priors={"sceptical": {"mu": "Normal(mu=0, sigma=5)"}})
    listed = compare(normand, priors=[{"tau": "HalfNormal(sigma=5)"}])

    assert "Bayes (sceptical)" in named["method"].tolist()
    assert "Bayes (tau ~ HalfNormal(sigma=5))" in listed["method"].tolist()
    assert "Bayes (own)" not in named["method"].tolist()


@pytest.mark.parametrize(
    ("priors", "error", "words"),
    [
        ({"tua": "HalfNormal(sigma=5)"}, PriorError, "unknown parameter tua"),
        ({"default": {"tau": "HalfNormal(sigma=5)"}}, PriorError, "'default' is taken"),
        (["HalfNormal(sigma=5)"], PriorError, "no set of priors"),
        ("HalfNormal(sigma=5)", PriorError, "no set of priors"),
    ],
)
def test_wrong_priors_are_named(normand, priors, error, words):
    """A misspelt prior is an error, not a row left out."""
    with pytest.raises(error, match=words):
        compare(normand, priors=priors)


@pytest.mark.parametrize("choice", [{"interval": 95.0}, {"benefit": "down"}])
def test_choices_that_make_no_sense_are_refused(normand, choice):
    """An interval is a probability; benefit is lower or higher."""
    with pytest.raises(AnalysisError, match=str(next(iter(choice.values())))):
        compare(normand, **choice)


def test_rows_without_a_moderator_are_dropped_on_request(weeks):
    """Two studies do not give their weeks: 46 are left, the same for every row."""
    table = compare(weeks, moderators="duration_weeks", missing="drop")

    assert table.attrs["k"] == 46
    assert [row["study"] for row in table.attrs["dropped"]] == ["Nieswandt 1997", "Radmacher 1995"]
    assert list(dict.fromkeys(table["coefficient"])) == ["mu", "beta[duration_weeks]", "Intercept"]


def test_heterogeneity_is_the_same_in_all_rows_of_a_method(weeks):
    """tau2 and Q belong to the fit, not to a coefficient."""
    table = compare(weeks, moderators="duration_weeks", missing="drop")

    assert (table.groupby("method")[["tau2", "I2"]].nunique() == 1).all(axis=None)


def test_a_legend_speaks_of_rows_that_are_shown():
    """Without a common effect nothing is said of its I-squared; of counts the rows that stand."""
    effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "MD")
    table = bm.compare(effects)
    whole, brief = comparison_text(table), comparison_text(table, brief=True)

    assert "that of CE from Q" in " ".join(whole.split())
    assert "CE" not in " ".join(brief.split())
    assert "Peto" not in whole
