"""Independent Python implementations agree: statsmodels and PyMetaAnalysis."""

import json
from pathlib import Path

import meta_analyze
import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from bayesmeta.frequentist import begg, egger, higgins, pool, trim_and_fill

REFERENCE = json.loads((Path(__file__).parent / "metafor.json").read_text(encoding="utf-8"))
NAMES = [name for name in REFERENCE["data"] if "moderator" not in REFERENCE["data"][name]]


def arrays(name):
    """Return estimates and variances."""
    data = REFERENCE["data"][name]
    return np.array(data["estimate"]), np.array(data["variance"])


@pytest.mark.parametrize(("method", "theirs"), [("DL", "dl"), ("PM", "iterated")])
@pytest.mark.parametrize("name", NAMES)
def test_statsmodels_agrees(name, method, theirs):
    """tau2, mu and its Wald standard error for DL and PM; statsmodels stops PM at 1e-5."""
    result = combine_effects(*arrays(name), method_re=theirs, atol=1e-10, maxiter=1000)
    fit = pool(*arrays(name), method=method)

    assert fit.tau2 == pytest.approx(max(result.tau2, 0.0), rel=1e-6, abs=1e-9)
    if result.tau2 >= 0.0:  # where DL is negative statsmodels weighs by it as it is
        assert [fit.mu, fit.mu_se] == pytest.approx(
            [result.mean_effect_re, result.sd_eff_w_re], rel=1e-6
        )


@pytest.mark.parametrize(("test", "theirs"), [("z", "normal"), ("knha", "hksj")])
@pytest.mark.parametrize("method", ["DL", "PM", "REML"])
@pytest.mark.parametrize("name", NAMES)
def test_pymetaanalysis_agrees(name, method, test, theirs):
    """Estimate, interval, tau2, I2 and Q, with Wald and Knapp-Hartung intervals."""
    estimate, variance = arrays(name)
    result = meta_analyze.meta_analysis(
        effect=estimate, variance=variance, tau2_method=method, ci_method=theirs
    )
    fit = pool(estimate, variance, method=method, test=test)

    ours = [fit.mu, fit.lower[0], fit.upper[0], fit.tau2, fit.Q]
    assert ours == pytest.approx(
        [result.estimate, result.ci_low, result.ci_high, result.tau2, result.q], rel=1e-6, abs=1e-6
    )


@pytest.mark.parametrize("name", NAMES)
def test_pymetaanalysis_agrees_on_the_prediction_interval(name):
    """Higgins, Thompson and Spiegelhalter's, with k - 2 degrees of freedom."""
    estimate, variance = arrays(name)
    result = meta_analyze.meta_analysis(effect=estimate, variance=variance, tau2_method="DL")

    assert higgins(pool(estimate, variance, method="DL")) == pytest.approx(
        result.prediction_interval
    )


@pytest.mark.parametrize("name", NAMES)
def test_pymetaanalysis_agrees_on_the_q_profile_interval(name):
    """Also past the bound of metafor's search."""
    estimate, variance = arrays(name)
    result = meta_analyze.meta_analysis(effect=estimate, variance=variance, tau2_method="REML")
    fit = pool(estimate, variance)

    assert (fit.tau2_lower, fit.tau2_upper) == pytest.approx(
        result.tau2_confidence_interval().ci, rel=1e-7, abs=1e-9
    )


@pytest.mark.parametrize("name", NAMES)
def test_pymetaanalysis_agrees_on_the_funnel(name):
    """Egger's classical test, Begg's, and trim and fill with both counters."""
    estimate, variance = arrays(name)
    result = meta_analyze.meta_analysis(effect=estimate, variance=variance, tau2_method="REML")
    theirs, ours = result.egger_test(), egger(estimate, variance)

    assert ours.p == pytest.approx(theirs.pvalue)
    assert begg(estimate, variance).p == pytest.approx(result.begg_test().pvalue)
    for counter in ("L0", "R0"):
        filled = trim_and_fill(estimate, variance, counter=counter)
        expected = result.trim_and_fill(estimator=counter)
        assert (filled.side, filled.missing) == (expected.side, expected.k0)
        assert filled.fit.mu == pytest.approx(expected.adjusted_estimate, rel=1e-6)


@pytest.mark.parametrize(("test", "theirs"), [("z", "normal"), ("knha", "hartung_knapp")])
def test_pymetaanalysis_agrees_on_meta_regression(test, theirs):
    """Slopes, errors, residual tau2 and the omnibus test on latitude."""
    data = REFERENCE["data"]["bcg_rr_ablat"]
    result = meta_analyze.meta_regression(
        effect=np.array(data["estimate"]), variance=np.array(data["variance"]),
        moderators={"latitude": np.array(data["moderator"], dtype=float)}, inference_method=theirs,
    )  # fmt: skip
    design = np.column_stack([np.ones(13), data["moderator"]])
    fit = pool(data["estimate"], data["variance"], design, test=test)

    assert fit.coefficients == pytest.approx(result.coefficients["estimate"].to_numpy(), rel=1e-6)
    assert fit.se == pytest.approx(result.coefficients["standard_error"].to_numpy(), rel=1e-6)
    assert fit.tau2 == pytest.approx(result.tau2, rel=1e-6)
    assert fit.QM_p == pytest.approx(result.test_moderator("latitude").pvalue, rel=1e-5)
