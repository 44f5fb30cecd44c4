"""Comparisons of models whose rows are joined, or whose taus are several.

Reference numbers as in tests/frequentist/test_cluster_robust.py: metafor 3.8-1 with clubSandwich
0.5.8.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.catalogue import load_model
from bayesmeta.comparison import comparison_text
from bayesmeta.comparison.both import compare_and_explain
from bayesmeta.errors import ModelError

DATA = Path(__file__).parents[1] / "several" / "data"
PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.3)"}
CLOSE = {"rtol": 2e-6}


@pytest.fixture(scope="module")
def grades():
    """Return 67 correlations of attendance and grades, in 54 studies."""
    table = pd.read_csv(DATA / "crede2010.csv")
    table["study"] = [f"row {number}" for number in range(len(table))]
    return bm.effect_sizes(bm.read_studies(table), "MD", repeated=True)


@pytest.fixture(scope="module")
def vaccine():
    """Return the thirteen trials of BCG."""
    effects = bm.effect_sizes(bm.read_studies(DATA / "colditz1994.csv"), "RR")
    return replace(effects, n=None)  # no default priors, whose rows take their time


def rows(table):
    """Return REML's row and the robust one of mu."""
    own = table[table["coefficient"] == "mu"].set_index("method")
    return own.loc["REML"], own.loc["REML+CR2"]


@pytest.mark.parametrize(
    ("model", "priors", "role", "expected"),
    [
        ("nested", {"tau_within": "HalfNormal(sigma=0.3)"}, "cluster",
         [0.0375992686492, 0.479838296181, 0.0330541322689, 0.0330528765737, 52.0255296418]),
        ("correlated", {}, "trial",
         [0.0479152641728, 0.470457623446, 0.0304680912707, 0.0326775172814, 48.9940899715]),
        ("correlated", {"rho_within": 0.5}, "trial",
         [0.048586669246, 0.467351438085, 0.03041653642, 0.0327321759711, 47.7678819739]),
    ],
    ids=["nested", "correlation unknown: 0.8", "correlation of 0.5"],
)  # fmt: skip
def test_classical_rows_are_metafors_and_clubsandwichs(grades, model, priors, role, expected):
    """tau², estimate, both standard errors and the degrees of freedom."""
    priors = {**PRIORS, **priors} if model == "nested" or priors else PRIORS
    plain, robust = rows(bm.compare(grades, model, priors=priors, **{role: "studyid"}))

    found = [plain["tau2"], plain["estimate"], plain["se"], robust["se"],
             robust["degrees_of_freedom"]]  # fmt: skip
    np.testing.assert_allclose(found, expected, **CLOSE)


def test_a_robust_interval_is_of_its_own_degrees_of_freedom(grades):
    """Estimate and t quantile times the robust standard error; REML's is normal."""
    plain, robust = rows(bm.compare(grades, "correlated", priors=PRIORS, trial="studyid"))
    quantile = stats.t.ppf(0.975, robust["degrees_of_freedom"])

    assert robust["upper"] - robust["estimate"] == pytest.approx(quantile * robust["se"])
    assert plain["estimate"] - plain["lower"] == pytest.approx(1.959963985 * plain["se"])


def test_a_tau_by_level_has_a_reml_by_level(vaccine, monkeypatch):
    """Metafor's struct = "DIAG": estimate, standard error, and CR2 of single trials.

    Without the Bayesian rows, five integrals over three taus: `tests/parts` compares them.
    """
    monkeypatch.setattr("bayesmeta.comparison.table.prior_sets", lambda *_: {})
    plain, robust = rows(bm.compare(vaccine, "tau-by-level", priors=PRIORS, level="alloc"))

    np.testing.assert_allclose(
        [plain["estimate"], plain["se"], plain["Q"], robust["se"], robust["degrees_of_freedom"]],
        [-0.659663459982, 0.151176690326, 152.233008082, 0.149069303942, 5.9411114409], **CLOSE,
    )  # fmt: skip
    assert np.isnan(plain["tau"])


def test_a_location_scale_has_the_nearest_rows_and_says_so(vaccine):
    """One tau for all, by name of what is left out."""
    table = bm.compare(vaccine, "location-scale", priors=PRIORS, tau_formula="latitude")
    usual = bm.compare(vaccine, priors=PRIORS)

    assert "one tau for all studies, without gamma[latitude]" in table.attrs["messages"][-1]
    own, other = (frame.set_index("method").loc["REML", "estimate"] for frame in (table, usual))
    assert own == other


def test_a_model_of_other_covariances_is_refused_by_name():
    """Two outcomes: tau and a correlation between them."""
    table = pd.read_csv(DATA / "berkey1998.csv")
    effects = bm.effect_sizes(bm.read_studies(table), "MD", repeated=True)

    with pytest.raises(ModelError, match="no classical rows for model several-outcomes: its cov"):
        bm.compare(effects, "several-outcomes", priors={**PRIORS, "rho_within": 0.5})


def test_too_few_clusters_leave_the_robust_row_out(grades):
    """Three: the message has how many there must be; REML's row stays."""
    rows = pd.DataFrame({"study": list("aabbcc"), "yi": [0.1, 0.4, 0.2, 0.6, 0.5, 0.9],
                         "sei": [0.2] * 6})  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(rows), "MD", repeated=True)

    table = bm.compare(effects, "nested", priors={**PRIORS, "tau_within": 0.1}, cluster="study")

    assert table["method"].tolist() == ["Bayes (own)", "REML"]
    assert table.attrs["messages"][-1] == (
        "Left out: REML+CR2. 3 clusters are too few for cluster-robust standard errors; they need "
        "at least 4."
    )


def test_rows_nested_and_correlated_have_both_standard_deviations(grades):
    """A model of both parts, whose file states no prior of tau_within: rho_within is taken."""
    model = load_model("correlated").with_part("heterogeneity", "nested")
    priors = {**PRIORS, "tau_within": 0.1, "rho_within": 0.5}
    asked = {"cluster": "studyid", "trial": "studyid"}

    table = bm.compare(grades, model, priors=priors, **asked)

    plain, robust = rows(table)
    assert plain["estimate"] == robust["estimate"]
    assert table.attrs["legend"].count("REML of tau;") == 1


def test_bayesian_rows_are_the_fits(grades):
    """The own row is the exact fit under the same priors."""
    priors = {**PRIORS, "tau_within": 0.1}
    asked = {"priors": priors, "cluster": "studyid"}
    row = bm.compare(grades, "nested", **asked).set_index("method").loc["Bayes (own)"]
    fitted = bm.summary(bm.fit(grades, "nested", engine="exact", **asked)).loc["mu"]

    np.testing.assert_allclose(
        row[["estimate", "se", "lower", "upper"]].astype(float),
        fitted[["median", "sd", "lower", "upper"]],
        rtol=1e-9,
    )


def test_the_text_names_what_the_rows_are(grades):
    """The working correlation, and the clusters; the gap starts at that correlation."""
    found = compare_and_explain(grades, "correlated", priors=PRIORS, trial="studyid")
    said = " ".join(comparison_text(*found).split())

    assert found.gap is not None
    assert "REML of tau, at a working rho_within = 0.8 that CR2 does not rest on" in said
    assert "Satterthwaite's degrees of freedom (Pustejovsky and Tipton 2018), by trial." in said


def test_the_figure_has_a_heading_of_the_robust_row(grades):
    """A kind of its own."""
    figure = bm.plot_comparison(bm.compare(grades, "correlated", priors=PRIORS, trial="studyid"))

    words = [text.get_text() for text in figure.texts]
    assert "Classical, cluster-robust CR2 interval" in words
