"""The classical fits against metafor, number by number."""

import json
from pathlib import Path

import numpy as np
import pytest

from bayesmeta.frequentist import as_data, egger, log_likelihood, pool, trim_and_fill

REFERENCE = json.loads((Path(__file__).parent / "metafor.json").read_text(encoding="utf-8"))
FITS = REFERENCE["fits"]
ITERATED = ("ML", "REML", "EB", "PM")
STOPS_AT = 1e-5  # metafor stops when tau2 changes by less, in squared outcome units

# There metafor's ML stopped 2.2e-4 (relative) short of the top; see the test of the likelihood.
STOPPED_EARLY = {("bcg_rr_ablat", "ML")}


def arrays(name):
    """Return estimates, variances and the design, or None."""
    data = REFERENCE["data"][name]
    design = None
    if "moderator" in data:
        design = np.column_stack([np.ones(len(data["moderator"])), data["moderator"]])
    return data["estimate"], data["variance"], design


def label(fit):
    """Return the name of a fit."""
    return f"{fit['id']}-{fit['method']}-{fit['test']}"


def numbers(fit):
    """Return our numbers under metafor's names."""
    return {
        "b": fit.coefficients, "se": fit.se, "ci_lb": fit.lower, "ci_ub": fit.upper,
        "tau2": fit.tau2, "I2": 100 * fit.I2, "H2": fit.H2, "QE": fit.Q, "QEp": fit.Q_p,
        "pi_lb": fit.pi_lower, "pi_ub": fit.pi_upper,
    }  # fmt: skip


def tolerance(fit):
    """Return the relative tolerance that a fit deserves."""
    if (fit["id"], fit["method"]) in STOPPED_EARLY:
        return 1e-3
    return 1e-4 if fit["method"] in ITERATED else 1e-6


@pytest.mark.parametrize("expected", FITS, ids=label)
def test_every_number_is_metafors(expected):
    """Estimates, intervals, heterogeneity, predictions: 1e-6 closed, 1e-4 iterated, relative."""
    fit = pool(*arrays(expected["id"]), method=expected["method"], test=expected["test"])

    for name, value in numbers(fit).items():
        if name in expected:
            assert value == pytest.approx(expected[name], rel=tolerance(expected), abs=1e-9), name


@pytest.mark.parametrize("expected", [f for f in FITS if f["method"] in ITERATED], ids=label)
def test_tau2_is_within_what_metafor_stops_at(expected):
    """Iterated estimates differ by no more than metafor's own stopping rule."""
    fit = pool(*arrays(expected["id"]), method=expected["method"])

    assert fit.tau2 == pytest.approx(expected["tau2"], rel=1e-4, abs=STOPS_AT)


@pytest.mark.parametrize("method", ["ML", "REML"])
@pytest.mark.parametrize("name", REFERENCE["data"])
def test_no_likelihood_is_below_metafors(name, method):
    """Where the two estimates differ, ours has the higher likelihood."""
    data = as_data(*arrays(name))
    theirs = next(f["tau2"] for f in FITS if f["id"] == name and f["method"] == method)
    ours = pool(*arrays(name), method=method).tau2
    height = log_likelihood(data, [ours, theirs], method)

    assert height[0] >= height[1] - 1e-12


PROFILED = [f for f in FITS if "I2_ci" in f and f["id"] != "rubin"]  # rubin: see below
ROOT = 1.3e-4  # R's uniroot, which metafor calls, stops within eps**0.25 of the root


@pytest.mark.parametrize("expected", PROFILED, ids=label)
def test_the_q_profile_interval_is_metafors(expected):
    """Limits of tau2 agree to the tolerance of metafor's root finder, and I2 with them."""
    fit = pool(*arrays(expected["id"]))
    tau2 = np.array(expected["tau2_ci_qprofile"])
    share = 100 * (tau2 + ROOT) / (tau2 + ROOT + fit.typical_variance)

    assert [fit.tau2_lower, fit.tau2_upper] == pytest.approx(tau2, abs=ROOT)
    assert [100 * fit.I2_lower, 100 * fit.I2_upper] == pytest.approx(
        expected["I2_ci"], abs=max(share - expected["I2_ci"])
    )


def test_the_q_profile_interval_goes_past_metafors_search_bound():
    """For the eight schools metafor prints 100, the end of its search; Q meets its quantile later.

    The upper limit is where Q is the 2.5 % point of chi-square on 7 degrees of freedom, 1.68987
    (any table), and there Q is computed afresh.
    """
    estimate, variance, _ = map(np.array, arrays("rubin"))
    fit = pool(estimate, variance)
    weight = 1 / (variance + fit.tau2_upper)
    q = weight @ (estimate - weight @ estimate / weight.sum()) ** 2

    assert fit.tau2_upper > 100
    assert q == pytest.approx(1.68987, abs=1e-5)


def test_eggers_test_with_random_effects_is_metafors():
    """regtest() with its defaults: REML, standard error as predictor, z."""
    expected = REFERENCE["funnel"]
    test = egger(*arrays("bcg_rr")[:2], form="random")

    assert test.statistic == pytest.approx(expected["egger_z"], rel=1e-4)
    assert test.p == pytest.approx(expected["egger_p"], rel=1e-4)


def test_trim_and_fill_is_metafors():
    """trimfill() of a REML fit with its defaults: side by regression, counter L0."""
    expected = REFERENCE["funnel"]
    filled = trim_and_fill(*arrays("bcg_rr")[:2])

    assert (filled.side, filled.missing) == (expected["side"], expected["missing"])
    assert filled.fit.mu == pytest.approx(expected["mu"], rel=1e-6)
