"""Named priors side by side."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import AnalysisError, ModelError, PriorError
from bayesmeta.sensitivity import prior_sensitivity, stability
from bayesmeta.summaries.summary import summary

NAMED = {
    "t": {"mu": "StudentT(nu=4, mu=0, sigma=10)"},
    "bounded": {"tau": "Uniform(lower=0, upper=50)"},
    "flat": {"mu": "flat", "tau": "uniform"},
}


@pytest.fixture(scope="module")
def table(normand):
    """Return the named set on Normand."""
    return prior_sensitivity(normand, named=NAMED)


@pytest.mark.parametrize("name", ["own", "half-normal 0.25 uisd", *NAMED])
def test_a_row_is_the_fit_under_its_priors(table, normand, name):
    """Each row says what one exact fit with these priors says."""
    priors = {key: table.loc[name, f"prior_{key}"] for key in ("mu", "tau")}
    alone = summary(bm.fit(normand, priors=priors, engine="exact"))

    row = table.loc[name]

    found = [row["estimate"], row["lower"], row["upper"], row["p_benefit"], row["tau"]]
    found += [row["pi_lower"], row["pi_upper"], row["p_benefit_new"]]
    expected = [*alone.loc["mu", ["median", "lower", "upper", "p_below_0"]]]
    expected += [alone.loc["tau", "median"]]
    expected += [*alone.loc["theta_new", ["lower", "upper", "p_below_0"]]]
    assert found == pytest.approx(expected, abs=2e-6)
    sds = row[["sd", "pi_sd", "tau_sd"]].tolist()
    assert sds == pytest.approx(alone.loc[["mu", "theta_new", "tau"], "sd"].tolist(), rel=1e-6)


def test_the_line_on_stability_tells_p_from_the_threshold(normand):
    """At the threshold of its own P less a hair there is benefit, and the digits show it."""
    table = prior_sensitivity(normand)
    known = float(table["p_benefit"].iloc[0])

    line = stability(table, threshold=round(known, 3) - (known < round(known, 3)) * 0.001)
    shown, threshold = line.split(" = ")[1].split(", benefit at ")
    assert float(shown) > float(threshold.split(";")[0])


def test_half_normals_of_a_quarter_and_half_uisd_are_always_there(table):
    """They were surer than the default on Normand: -25.8 to -1.5 with P(mu < 0) 0.986."""
    row = table.loc["half-normal 0.25 uisd"]

    found = (round(row["lower"], 1), round(row["upper"], 1), round(row["p_benefit"], 3))

    assert found == (-25.8, -1.5, 0.986)


def test_the_default_gives_the_interval_of_the_design_notes(table):
    """The half-Cauchy of a quarter uisd gives -30.4 to 4.4 on Normand."""
    found = (round(table.loc["own", "lower"], 1), round(table.loc["own", "upper"], 1))

    assert found == (-30.4, 4.4)


def test_every_number_has_its_error(table):
    """Halving the quadrature step says how far each number is off; here by next to nothing."""
    errors = table.filter(like="_error").drop(index="flat")

    assert (errors.to_numpy(dtype=float) < 1e-5).all()


def test_an_improper_set_is_a_row_with_a_reason(generic):
    """Two studies do not tame a uniform prior on tau with a flat mu."""
    effects = generic([0.1, 0.4], [0.2, 0.2])
    own = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}

    found = prior_sensitivity(effects, priors=own, named={"flat": {"mu": "flat", "tau": "uniform"}})

    assert "improper" in found.loc["flat", "note"]
    assert np.isnan(found.loc["flat", "estimate"])
    assert np.isfinite(found.loc["own", "estimate"])


def test_evidence_is_left_out_where_a_prior_is_improper(table):
    """Its constant would be arbitrary."""
    assert np.isnan(table.loc["flat", "log_marginal_likelihood"])


def test_rescaling_the_unit_rescales_the_rows(generic):
    """Days to hours changes the unit and nothing else."""
    y, s = np.array([-3.0, -1.0, -4.5, 0.5]), np.array([1.0, 1.5, 0.7, 2.0])
    days = {"mu": "Normal(mu=0, sigma=5)", "tau": "HalfNormal(sigma=2)"}
    hours = {"mu": "Normal(mu=0, sigma=120)", "tau": "HalfNormal(sigma=48)"}

    small = prior_sensitivity(generic(y, s), priors=days).loc["own"]
    large = prior_sensitivity(generic(24 * y, 24 * s), priors=hours).loc["own"]

    columns = ["estimate", "sd", "lower", "upper", "pi_lower", "tau"]
    assert large[columns].to_list() == pytest.approx((24 * small[columns]).to_list(), rel=1e-9)
    same = ["p_benefit", "p_benefit_new", "hellinger", "hellinger_tau"]
    assert large[same].to_list() == pytest.approx(small[same].to_list(), rel=1e-9)


def test_the_order_of_studies_does_not_matter(generic):
    """A table is a set."""
    y, s = [-3.0, -1.0, -4.5, 0.5], [1.0, 1.5, 0.7, 2.0]
    priors = {"mu": "Normal(mu=0, sigma=5)", "tau": "HalfNormal(sigma=2)"}

    one = prior_sensitivity(generic(y, s), priors=priors).loc["own", "estimate"]
    other = prior_sensitivity(generic(y[::-1], s[::-1]), priors=priors).loc["own", "estimate"]

    assert one == pytest.approx(other, rel=1e-12)


def test_benefit_higher_mirrors_benefit_lower(normand):
    """P(mu > 0) is what P(mu < 0) leaves."""
    lower = prior_sensitivity(normand)["p_benefit"]
    higher = prior_sensitivity(normand, benefit="higher")["p_benefit"]

    pd.testing.assert_series_equal(lower + higher, lower * 0 + 1)


def test_an_effect_at_moderator_values_is_that_of_predict():
    """The question of BCG at 13 degrees is answered as the fit predicts it there."""
    table = pd.DataFrame({
        "study": list("abcdef"), "estimate": [0.1, 0.3, -0.2, 0.5, 0.4, 0.0],
        "standard_error": [0.1, 0.2, 0.15, 0.2, 0.1, 0.3], "weeks": [2.0, 4, 1, 8, 6, 3],
    })  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(table), measure="generic")
    priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)",
              "beta": "Normal(mu=0, sigma=0.2)"}  # fmt: skip
    fitted = bm.fit(effects, moderators="weeks", priors=priors, engine="exact")

    found = prior_sensitivity(effects, moderators="weeks", priors=priors, at={"weeks": 5})

    expected = bm.predict(fitted, weeks=[5])["median"].iloc[0]
    assert found.loc["own", "estimate"] == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"quantity": "theta[a]"}, AnalysisError),
        ({"benefit": "left"}, AnalysisError),
        ({"interval": 95.0}, AnalysisError),
        ({"at": {"weeks": 3}}, ModelError),
        ({"named": {"own": {}}}, AnalysisError),
        ({"named": {"x": {"sigma": "flat"}}}, PriorError),
    ],
)
def test_a_question_without_sense_is_refused(normand, wrong, error):
    """The message comes from us, not from deep inside."""
    with pytest.raises(error):
        prior_sensitivity(normand, **wrong)


def test_stability_counts_who_agrees(table):
    """The line says the conclusion, and how many others reach it."""
    line = stability(table, threshold=0.975)

    agree = int((table["p_benefit"].iloc[1:] < 0.975).sum())
    assert f"{agree} of {len(table) - 1} other named priors agree" in line
