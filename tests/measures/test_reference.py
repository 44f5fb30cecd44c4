"""Effect sizes are those of other programs and of the papers."""

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import effectsize_2proportions, effectsize_smd

from bayesmeta.measures import effect_sizes

CASES = [
    ("two_arms", "MD"), ("two_arms", "SMD"), ("two_arms", "SMDH"), ("change", "MC"),
    ("change", "SMCC"), ("change_in_baseline_sd", "SMCR"), ("interval", "generic"),
]  # fmt: skip
ZEROS = {
    "events_treatment": [4, 0, 5, 0, 12],
    "n_treatment": [123, 12, 5, 20, 30],
    "events_control": [11, 16, 7, 0, 25],
    "n_control": [139, 33, 7, 25, 25],
}


@pytest.mark.parametrize("measure", ["MD", "SMD", "ROM"])
def test_normand_is_as_metafor_has_it(measure, normand, reference):
    """Nine trials, three measures: metafor's escalc to ten digits."""
    expected = reference["normand1999"]["measures"][measure]

    found = effect_sizes(normand, measure)

    np.testing.assert_allclose(found.estimate, expected["estimate"], rtol=1e-10)
    np.testing.assert_allclose(found.standard_error**2, expected["variance"], rtol=1e-10)


def test_pooled_variances_are_those_printed_by_normand(normand, reference):
    """variance="pooled" gives Table VIII of Normand (1999), to its four decimals."""
    found = effect_sizes(normand, "MD", variance="pooled")

    printed = reference["normand1999_pooled"]["variance"]
    np.testing.assert_allclose(found.standard_error**2, printed, atol=0.5e-4)


def test_bcg_risk_ratios_are_as_metafor_has_them(reference, table):
    """Thirteen trials with metafor's names for the cells: the log risk ratio to ten digits."""
    expected = reference["bcg"]["measures"]["RR"]

    found = effect_sizes(table(**reference["bcg"]["table"]), "RR")

    np.testing.assert_allclose(found.estimate, expected["estimate"], rtol=1e-10)
    np.testing.assert_allclose(found.standard_error**2, expected["variance"], rtol=1e-10)


@pytest.mark.parametrize(("name", "measure"), CASES)
def test_one_study_is_as_metafor_has_it(name, measure, reference, table):
    """One study a measure: metafor's escalc to the digits it was printed with."""
    case = reference[name]
    columns = {column: [value] for column, value in case["table"].items()}

    found = effect_sizes(table(**columns), measure)

    expected = case["measures"][measure]
    np.testing.assert_allclose(found.estimate, expected["estimate"], rtol=1e-11)
    np.testing.assert_allclose(found.standard_error**2, expected["variance"], rtol=1e-11)


def test_pooled_variance_is_metafors_homoscedastic_one(reference, table):
    """variance="pooled" is what metafor calls vtype "HO"."""
    case = reference["two_arms"]
    columns = {column: [value] for column, value in case["table"].items()}

    found = effect_sizes(table(**columns), "MD", variance="pooled")

    expected = case["measures"]["MD_pooled"]["variance"]
    np.testing.assert_allclose(found.standard_error**2, expected, rtol=1e-11)


def test_the_ratio_of_means_is_metafors_without_its_bias_correction(reference, table):
    """Ours is the plain logarithm of the ratio.

    From version 5 on metafor adds half the difference of the relative variances (Lajeunesse 2015,
    Ecology 96(8), 2056-2063).
    """
    case = reference["two_arms"]
    arms = case["table"]
    relative = [
        arms[f"sd_{arm}"] ** 2 / (arms[f"n_{arm}"] * arms[f"mean_{arm}"] ** 2)
        for arm in ("treatment", "control")
    ]

    found = effect_sizes(table(**{name: [value] for name, value in arms.items()}), "ROM")

    expected = case["measures"]["ROM"]
    corrected = found.estimate + (relative[0] - relative[1]) / 2
    np.testing.assert_allclose(corrected, expected["estimate"], rtol=1e-11)
    np.testing.assert_allclose(found.standard_error**2, expected["variance"], rtol=1e-11)


@pytest.mark.parametrize(
    ("measure", "statistic"), [("OR", "odds-ratio"), ("RR", "risk-ratio"), ("RD", "diff")]
)
def test_binary_measures_are_as_statsmodels_has_them(measure, statistic, table):
    """With zero cells and without: statsmodels, 1/2 added to every cell of tables with a zero."""
    effect, variance = _statsmodels(statistic)

    found = effect_sizes(table(**ZEROS), measure)

    np.testing.assert_allclose(found.estimate, effect, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found.standard_error**2, variance, rtol=1e-12)


def _statsmodels(statistic):
    """Return statsmodels' effects of tables to which 1/2 was added by hand."""
    counts = {name: np.array(column, dtype=float) for name, column in ZEROS.items()}
    zero = np.array([False, True, True, True, True])
    events = [counts[f"events_{arm}"] + 0.5 * zero for arm in ("treatment", "control")]
    sizes = [counts[f"n_{arm}"] + zero for arm in ("treatment", "control")]
    return effectsize_2proportions(events[0], sizes[0], events[1], sizes[1], statistic=statistic)


def test_hedges_g_is_near_statsmodels_approximation(normand):
    """Its correction is 1 - 3 / (4 m - 1), within 1e-3 of the exact correction from m = 19 on."""
    arms = [normand[f"{what}_{arm}"] for arm in ("treatment", "control")
            for what in ("mean", "sd", "n")]  # fmt: skip
    approximate, _ = effectsize_smd(*arms)

    np.testing.assert_allclose(effect_sizes(normand, "SMD").estimate, approximate, rtol=1e-3)


@pytest.mark.parametrize(("variance", "printed"), [("unpooled", -13.9817), ("pooled", -14.0972)])
def test_dersimonian_laird_of_normand_is_as_published(variance, printed, normand):
    """DerSimonian and Laird: -14.0972 days (Normand 1999, Table IX); metafor unpooled -13.9817."""
    effects = effect_sizes(normand, "MD", variance=variance)

    pooled = _dersimonian_laird(effects.estimate, effects.standard_error**2)

    assert pooled == pytest.approx(printed, abs=0.5e-4)


def _dersimonian_laird(estimate, variance):
    weight = 1 / variance
    q = np.sum(weight * (estimate - np.average(estimate, weights=weight)) ** 2)
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, (q - len(estimate) + 1) / scale)
    return np.average(estimate, weights=1 / (variance + tau2))
