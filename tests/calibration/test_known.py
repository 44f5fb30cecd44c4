"""What is known of coverage, from closed forms and from theory, within Monte Carlo error."""

import numpy as np
import pytest
from scipy.special import ndtr, stdtr

from bayesmeta.calibration import calibrate

SURE = 4.0  # Monte Carlo standard errors
Z = 1.959963984540054
PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=1)"}
TRUTH = "Bayes (prior of the truth)"
ERRORS = [0.4, 0.7, 1.0, 1.3, 0.5]


def rows(table):
    """Return the table by method."""
    return table.set_index("method")


def near(row, expected, *, name="coverage"):
    """Return whether a number is its expected value, up to Monte Carlo error."""
    return abs(row[name] - expected) < SURE * row[f"{name}_error"]


@pytest.mark.parametrize("k", [3, 5, 10])
def test_walds_interval_under_covers_where_tau_is_large(k):
    """Equal errors far below tau: the t statistic is read off a normal table (k = 5: 0.878)."""
    found = rows(calibrate(k, tau=50.0, rows=["DL", "REML"], simulations=4000, seed=2))
    expected = 2 * stdtr(k - 1, Z) - 1

    assert near(found.loc["DL"], expected)
    assert near(found.loc["REML"], expected)
    assert found.loc["DL", "coverage"] < 0.95 - SURE * found.loc["DL", "coverage_error"]


@pytest.mark.parametrize("tau", [0.0, 1.0, 5.0])
def test_knapp_hartung_is_exact_for_equal_errors(tau):
    """With equal standard errors the statistic is Student's t whatever tau is (Hartung 1999)."""
    found = rows(calibrate(5, tau=tau, rows=["DL+HKSJ", "PM+HKSJ"], simulations=4000, seed=3))

    assert near(found.loc["DL+HKSJ"], 0.95)
    assert near(found.loc["PM+HKSJ"], 0.95)


def test_knapp_hartung_is_near_nominal_where_errors_differ():
    """Five unequal studies, tau three times their errors: within 1.5 points; Wald five off."""
    found = rows(calibrate(ERRORS, tau=2.5, rows=["DL", "REML+HKSJ"], simulations=4000, seed=4))

    assert found.loc["REML+HKSJ", "coverage"] == pytest.approx(0.95, abs=0.015)
    assert found.loc["DL", "coverage"] < 0.90


@pytest.mark.parametrize("interval", [0.5, 0.95])
def test_an_analysis_covers_at_its_level_when_its_prior_is_the_truth(interval):
    """Truth drawn from the prior: central intervals of mu and of a new study are exact."""
    found = calibrate(ERRORS, **PRIORS, rows=[TRUTH], simulations=3000, interval=interval, seed=5)
    row = rows(found).loc[TRUTH]

    assert near(row, interval)
    assert near(row, interval, name="pi_coverage")
    assert near(row, 0.0, name="bias")


def test_heavy_tailed_priors_are_exact_too():
    """A half-Cauchy tau and a mixture for mu: draws far out are integrated as well as any."""
    two = "Mixture(comp_dists=[Normal(mu=0, sigma=1), Normal(mu=3, sigma=0.5)], w=[0.5, 0.5])"
    found = calibrate(ERRORS, mu=two, tau="HalfCauchy(beta=0.5)", rows=[TRUTH], simulations=2000,
                      seed=6)  # fmt: skip

    assert near(rows(found).loc[TRUTH], 0.95)


def test_a_prior_that_is_not_the_truth_does_not_cover():
    """A half-normal far too narrow for the tau that is true: coverage falls short."""
    narrow = {"tau": "HalfNormal(sigma=0.1)", "mu": "Normal(mu=0, sigma=10)"}
    found = calibrate(5, tau=3.0, priors={"narrow": narrow}, rows=["Bayes (narrow)"],
                      simulations=1000, seed=7)  # fmt: skip

    assert rows(found).loc["Bayes (narrow)", "coverage"] < 0.8


def test_a_common_effect_without_heterogeneity_is_closed_form():
    """Coverage 95 %, width 2 z / sqrt(sum of weights) every time, and power and sign errors."""
    error = np.array(ERRORS)
    se, mu = np.sum(error**-2) ** -0.5, 0.3
    row = rows(calibrate(error, tau=0.0, mu=mu, rows=["CE"], simulations=20_000)).loc["CE"]
    right, wrong = ndtr(mu / se - Z), ndtr(-mu / se - Z)

    assert near(row, 0.95)
    assert near(row, 0.0, name="bias")
    assert row["width"] == pytest.approx(2 * Z * se, rel=1e-9)
    assert row["width_error"] == 0
    assert near(row, right + wrong, name="excludes_zero")
    assert near(row, wrong / (right + wrong), name="sign_error")
    assert near(row, se**2, name="squared_error")


def test_estimated_sds_take_their_toll():
    """SDs of five patients a study: weights follow chance, and the common effect under-covers."""
    known, estimated = (
        rows(calibrate(10, tau=0.0, rows=["CE"], n=5, estimated_sd=chance, simulations=4000))
        for chance in (False, True)
    )

    assert near(known.loc["CE"], 0.95)
    assert estimated.loc["CE", "coverage"] < 0.85


@pytest.mark.slow
def test_ten_thousand_simulations_of_every_row():
    """The full size: exact calibration within 0.9 points, Wald below it, prediction too."""
    found = rows(calibrate(ERRORS, **PRIORS, simulations=10_000, seed=8))

    assert near(found.loc[TRUTH], 0.95)
    assert near(found.loc[TRUTH], 0.95, name="pi_coverage")
    assert found.loc["DL", "coverage"] < 0.95 - SURE * found.loc["DL", "coverage_error"]
    assert found.loc[TRUTH, "width"] < found.loc["REML+HKSJ", "width"]


@pytest.mark.slow
@pytest.mark.parametrize(("scale", "default", "narrow"), [(0.5, 0.93, 0.88), (1.0, 0.91, 0.77)])
def test_the_default_covers_better_than_a_half_normal(scale, default, narrow):
    """Six studies, tau of 0.5 and 1 uisd, mu of 1: as the statistics page says, to 0.03."""
    n = 50
    uisd = n**0.5  # of six studies with standard error 1 and n participants each
    names = ["Bayes (default)", "Bayes (half-normal 0.25 uisd)"]
    found = rows(calibrate(6, n=n, mu=uisd, tau=scale * uisd, rows=names, simulations=4000))

    assert found["coverage"].tolist() == pytest.approx([default, narrow], abs=0.03)
