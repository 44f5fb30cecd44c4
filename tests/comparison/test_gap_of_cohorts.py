"""The path from REML to the chosen priors, where cohorts have a bias."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.comparison.both import compare_and_explain
from bayesmeta.errors import ModelError

PRIORS = {"mu": "Normal(mu=0, sigma=14)", "tau": "HalfNormal(sigma=5)",
          "bias": "Normal(mu=0, sigma=3.5)"}  # fmt: skip


@pytest.fixture(scope="module")
def tnf():
    """Six simulated trials beside six simulated cohorts: TNF-alpha in pg/mL."""
    table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    return bm.effect_sizes(table, "MD", outcome="TNF-alpha")


@pytest.fixture(scope="module")
def gap(tnf):
    """The path to the effect in trials, under a common spread."""
    return bm.explain_gap(tnf, "design-bias", priors=PRIORS, spread="common").set_index("step")


def test_the_path_starts_at_design_as_a_moderator_by_reml(gap, tnf):
    """A flat bias is a column of designs: REML's mean in trials, from a meta-regression."""
    cohort = np.array([float(str(word) != "RCT") for word in tnf.studies["design"]])
    fit = bm.pool(tnf.estimate, tnf.standard_error**2, method="REML",
                  design=np.column_stack([np.ones(12), cohort]))  # fmt: skip

    assert gap.loc["plug-in", "estimate"] == pytest.approx(fit.coefficients[0], abs=1e-9)
    assert gap.loc["plug-in", ["lower", "upper"]].to_list() == pytest.approx(
        [fit.lower[0], fit.upper[0]], abs=1e-9
    )


def test_classical_rows_of_a_bias_have_the_effect_in_trials(tnf):
    """Not that at the mean of the designs; predictions of a new trial are around it too."""
    cohort = np.array([float(str(word) != "RCT") for word in tnf.studies["design"]])
    fit = bm.pool(tnf.estimate, tnf.standard_error**2, method="DL",
                  design=np.column_stack([np.ones(12), cohort]))  # fmt: skip
    table = bm.compare(tnf, "design-bias", priors=PRIORS, spread="common")
    row = table[(table["method"] == "DL") & (table["coefficient"] == "mu")].iloc[0]
    half = 1.959964 * np.hypot(fit.se[0], np.sqrt(fit.tau2))

    assert row["estimate"] == pytest.approx(fit.coefficients[0], abs=1e-9)
    assert row["pi_upper"] == pytest.approx(fit.coefficients[0] + half, abs=1e-6)


def test_the_path_ends_at_the_fit(gap, tnf):
    """Median and interval of the effect in trials."""
    row = bm.summary(
        bm.fit(tnf, "design-bias", priors=PRIORS, spread="common", engine="exact")
    ).loc["mu"]  # fmt: skip

    ends = gap.loc["all priors", ["estimate", "lower", "upper"]].to_list()
    assert ends == pytest.approx(row[["median", "lower", "upper"]].to_list(), abs=1e-6)


def test_a_comparison_explains_it(tnf):
    """Where a common spread is asked for by its word."""
    found = compare_and_explain(tnf, "design-bias", priors=PRIORS, spread="common")

    assert found.gap is not None
    assert compare_and_explain(tnf, "design-bias", priors=PRIORS).gap is None


def test_two_spreads_are_refused_with_what_would_do(tnf):
    """No classical row has a prior of kappa to take away."""
    with pytest.raises(ModelError, match=r"'cohort-extra' .*; add spread=\"common\""):
        bm.explain_gap(tnf, "design-bias", priors=PRIORS)
