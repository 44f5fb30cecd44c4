"""Published frequentist results, at the precision they were printed to."""

import json
from pathlib import Path

import numpy as np
import pytest

from bayesmeta.covariance import Diagonal, Shrinkage
from bayesmeta.frequentist import as_data, log_likelihood, pool
from bayesmeta.frequentist.inference import infer
from bayesmeta.frequentist.likelihood import FULL
from bayesmeta.frequentist.variance_intervals import profile_likelihood

HERE = Path(__file__).parent
ENTRIES = {
    entry["id"]: entry["expected"]
    for entry in json.loads((HERE / "published.json").read_text(encoding="utf-8"))["entries"]
}


def table(name):
    """Return a data set."""
    return np.genfromtxt(HERE / "data" / f"{name}.csv", delimiter=",", names=True, skip_header=1)


def normand(method):
    """Normand pools the standard deviations of the two arms."""
    t = table("normand1999")
    within = (t["n_trt"] - 1) * t["sd_trt"] ** 2 + (t["n_ctl"] - 1) * t["sd_ctl"] ** 2
    pooled = within / (t["n_trt"] + t["n_ctl"] - 2)
    variance = pooled * (1 / t["n_trt"] + 1 / t["n_ctl"])
    return pool(t["mean_trt"] - t["mean_ctl"], variance, method=method)


def raudenbush(method="REML", test="z", *, weeks=False):
    """Fit teacher expectancy, on weeks of contact (at most 3) if asked."""
    t = table("raudenbush1985")
    design = np.column_stack([np.ones(19), np.minimum(t["contact_weeks"], 3)]) if weeks else None
    return pool(t["yi"], t["vi"], design, method=method, test=test)


def smoothed_risk_ratio(*, latitude=False):
    """Berkey et al. replace each trial's event rates in the variance by averages over trials."""
    t = table("colditz1994")
    treated, control = t["tpos"] + t["tneg"], t["cpos"] + t["cneg"]
    estimate = np.log(t["tpos"] / treated / (t["cpos"] / control))
    variance = (t["tneg"] / t["tpos"]).mean() / treated + (t["cneg"] / t["cpos"]).mean() / control
    design = np.column_stack([np.ones(13), t["ablat"] - 33.46]) if latitude else None
    return pool(estimate, variance, design, method="EB")


def odds_ratio():
    """Return log odds ratios, their variances and latitude."""
    t = table("colditz1994")
    cells = [t["tpos"], t["tneg"], t["cpos"], t["cneg"]]
    a, b, c, d = cells
    return np.log(a * d / (b * c)), sum(1 / cell for cell in cells), t["ablat"]


def konstantopoulos(*, year=False):
    """Fit school calendars at two levels."""
    t = table("konstantopoulos2011")
    design = np.column_stack([np.ones(56), t["year"] - t["year"].mean()]) if year else None
    return pool(t["yi"], t["vi"], design)


def centre(fit):
    """Return what is printed of a mean."""
    return {"mu": fit.mu, "se": fit.mu_se, "tau2": fit.tau2,
            "ci_lower": fit.lower[0], "ci_upper": fit.upper[0]}  # fmt: skip


def line(fit):
    """Return what is printed of a line."""
    return {"intercept": fit.coefficients[0], "slope": fit.coefficients[1], "tau2": fit.tau2,
            "se_intercept": fit.se[0], "se_slope": fit.se[1]}  # fmt: skip


def ours_normand(method):
    """Return our numbers for Table IX."""
    return centre(normand(method))


def ours_raudenbush():
    """Return our numbers for the mean."""
    fit = raudenbush()
    return centre(fit) | {"Q": fit.Q, "z": fit.mu / fit.mu_se}


def ours_raudenbush_weeks():
    """Return our numbers for the line."""
    fit = raudenbush(weeks=True)
    z = fit.coefficients / fit.se
    return line(fit) | {"Q_residual": fit.Q, "z_intercept": z[0], "z_slope": z[1]}


def ours_raudenbush_estimators(test):
    """Return our numbers for Table 16.3."""
    rows = {}
    for theirs, method in {"EE": "CE", "ML": "ML", "REML": "REML", "DL": "DL", "HE": "HE"}.items():
        fit = raudenbush(method, test)
        rows |= {f"{theirs} {name}": value for name, value in centre(fit).items()}
    return rows


def ours_odds_ratio(method):
    """Return our numbers for the odds ratio."""
    estimate, variance, _ = odds_ratio()
    fit = pool(estimate, variance, method=method)
    limits = profile_likelihood.interval(as_data(estimate, variance), 0.95, likelihood=FULL)
    return {
        "OR": np.exp(fit.mu), "ci_lower_OR": np.exp(fit.lower[0]),
        "ci_upper_OR": np.exp(fit.upper[0]), "tau2": fit.tau2,
        "tau2_profile_lower": limits[0], "tau2_profile_upper": limits[1],
    }  # fmt: skip


def ours_odds_ratio_latitude():
    """Return our numbers for the line on latitude."""
    estimate, variance, latitude = odds_ratio()
    return line(pool(estimate, variance, np.column_stack([np.ones(13), latitude]), method="ML"))


OURS = {
    "normand1999_common": lambda: ours_normand("CE"),
    "normand1999_DL": lambda: ours_normand("DL"),
    "normand1999_REML": lambda: ours_normand("REML"),
    "raudenbush1985_REML": ours_raudenbush,
    "raudenbush1985_weeks_REML": ours_raudenbush_weeks,
    "raudenbush2009_estimators": lambda: ours_raudenbush_estimators("z"),
    "raudenbush2009_knapp_hartung": lambda: ours_raudenbush_estimators("knha"),
    "berkey1995_EB": lambda: centre(smoothed_risk_ratio()),
    "berkey1995_EB_latitude": lambda: line(smoothed_risk_ratio(latitude=True)),
    "vanhouwelingen2002_OR_EE": lambda: ours_odds_ratio("CE"),
    "vanhouwelingen2002_OR_ML": lambda: ours_odds_ratio("ML"),
    "vanhouwelingen2002_OR_ML_latitude": ours_odds_ratio_latitude,
    "konstantopoulos2011_2level_REML": lambda: centre(konstantopoulos()),
    "konstantopoulos2011_2level_year_REML": lambda: line(konstantopoulos(year=True)),
}


def regression_data(name):
    """Return the data and the likelihood of an entry in `STOPPED`."""
    if name.startswith("raudenbush"):
        t = table("raudenbush1985")
        design = np.column_stack([np.ones(19), np.minimum(t["contact_weeks"], 3)])
        return as_data(t["yi"], t["vi"], design), "REML"
    estimate, variance, latitude = odds_ratio()
    return as_data(estimate, variance, np.column_stack([np.ones(13), latitude])), "ML"


# The programs behind these two stopped short of the top; tau2 where they stood (metafor 3.8.1).
STOPPED = {"raudenbush1985_weeks_REML": 7e-07, "vanhouwelingen2002_OR_ML_latitude": 0.0040253}


def test_every_published_entry_is_checked():
    """No entry is left out."""
    assert set(OURS) == set(ENTRIES)


@pytest.mark.parametrize("name", STOPPED)
def test_what_stopped_short_is_below_our_top(name):
    """The printed tau2 is close, and its likelihood is lower than that of our estimate."""
    data, likelihood = regression_data(name)
    ours = pool(data.estimate, data.variance, data.design.columns, method=likelihood).tau2
    height = log_likelihood(data, [ours, STOPPED[name]], likelihood)

    assert ours == pytest.approx(STOPPED[name], abs=1e-4)
    assert height[0] > height[1]


@pytest.mark.parametrize("name", STOPPED)
def test_where_the_programs_stood_the_printed_digits_are_ours(name):
    """At the tau2 that they stopped at we print what they print."""
    data, _ = regression_data(name)
    inference = infer(data, np.array(STOPPED[name]), "z")
    se = np.sqrt(np.diagonal(inference.covariance))
    b, z = inference.coefficients, inference.coefficients / se
    ours = {
        "intercept": b[0], "slope": b[1], "se_intercept": se[0], "se_slope": se[1],
        "z_intercept": z[0], "z_slope": z[1],
    }  # fmt: skip

    for quantity in ours.keys() & ENTRIES[name].keys():
        value, decimals = ENTRIES[name][quantity]
        assert ours[quantity] == pytest.approx(value, abs=0.5001 * 10**-decimals), quantity


@pytest.mark.parametrize("name", [name for name in ENTRIES if name not in STOPPED])
def test_the_printed_digits_are_ours(name):
    """Each number is within half a unit of the last printed decimal; sources in the file."""
    ours = OURS[name]()

    for quantity, (value, decimals) in ENTRIES[name].items():
        assert ours[quantity] == pytest.approx(value, abs=0.5001 * 10**-decimals), quantity


def test_shrunken_effects_are_those_of_raudenbush_and_bryk_1985():
    """Empirical Bayes effects at REML's tau² run from -0.0293 to 0.2485 (1985, pp. 83-86)."""
    t = table("raudenbush1985")
    fit = raudenbush()

    centre, tau = fit.coefficients[0], fit.tau2**0.5
    known = Shrinkage(Diagonal(tau**2), Diagonal(t["vi"]))
    shrunken = centre + known.gain(t["yi"] - centre)

    assert round(shrunken.min(), 4) == -0.0293
    assert round(shrunken.max(), 4) == 0.2485
