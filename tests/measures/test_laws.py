"""Laws that every measure obeys, over the register."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from bayesmeta.measures import MEASURES
from bayesmeta.measures.hedges_g import correction

ARMS = [
    code for code, measure in MEASURES.items() if "n_treatment" in measure.columns or code == "IRR"
]
CONTINUOUS = [code for code in ARMS if "mean_treatment" in MEASURES[code].columns]
BINARY = ["OR", "RR", "RD"]
VALUES = {
    "n": [22.0, 40.0, 9.0], "correlation": [0.55, 0.1, -0.3],
    "n_treatment": [21.0, 155.0, 8.0], "n_control": [24.0, 156.0, 13.0],
    "mean_treatment": [12.4, 55.0, 14.0], "mean_control": [15.9, 75.0, 18.0],
    "sd_treatment": [4.2, 47.0, 8.0], "sd_control": [5.1, 64.0, 11.0],
    "mean_after": [10.1, 3.0, 5.0], "mean_before": [13.5, 2.0, 5.5],
    "sd_after": [3.9, 1.0, 2.0], "sd_before": [4.4, 1.5, 1.0],
    "events_treatment": [4.0, 0.0, 3.0], "events_control": [11.0, 16.0, 0.0],
    "time_treatment": [400.0, 120.0, 80.0], "time_control": [410.0, 330.0, 90.0],
    "events": [4.0, 0.0, 9.0], "time": [400.0, 120.0, 80.0],
    "estimate": [-6.65, 7.97, 0.0], "standard_error": [1.9, 2.6, 1.0],
}  # fmt: skip


def arms_of(code, order=(0, 1, 2)):
    """Return the columns of a measure, the studies in some order."""
    return {name: np.array(VALUES[name])[list(order)] for name in MEASURES[code].columns}


def swap(table):
    """Return the table with the arms' names exchanged."""
    other = {"treatment": "control", "control": "treatment"}
    parts = {name: name.rsplit("_", maxsplit=1) for name in table}
    return {f"{what}_{other[arm]}": table[name] for name, (what, arm) in parts.items()}


@pytest.mark.parametrize("code", MEASURES)
def test_a_register_key_is_the_code_of_its_measure(code):
    """What a user writes is what the file says."""
    assert MEASURES[code].code == code


@pytest.mark.parametrize("code", MEASURES)
def test_every_measure_gives_finite_estimates_with_positive_errors(code):
    """Estimates are finite and standard errors positive, one a study."""
    found = MEASURES[code].effect(arms_of(code))

    assert np.all(np.isfinite(found.estimate))
    assert np.all(found.standard_error > 0)
    assert found.estimate.shape == found.standard_error.shape == (3,)


@pytest.mark.parametrize("code", [code for code in ARMS if code != "SMD1"])
def test_swapping_arms_flips_the_sign(code):
    """Which arm is called treated decides the sign and nothing else.

    Glass's delta is in standard deviations of the control arm: which one that is matters.
    """
    forward, backward = (
        MEASURES[code].effect(arms_of(code)),
        MEASURES[code].effect(swap(arms_of(code))),
    )

    assert backward.estimate == pytest.approx(-forward.estimate)
    assert backward.standard_error == pytest.approx(forward.standard_error)


@pytest.mark.parametrize("code", MEASURES)
def test_studies_do_not_know_each_other(code):
    """The studies in another order give the same numbers in that order."""
    order = [2, 0, 1]
    first, second = (
        MEASURES[code].effect(arms_of(code)),
        MEASURES[code].effect(arms_of(code, order)),
    )

    np.testing.assert_array_equal(second.estimate, first.estimate[order])
    np.testing.assert_array_equal(second.standard_error, first.standard_error[order])


@pytest.mark.parametrize("code", [*CONTINUOUS, "MC", "SMCC", "SMCR"])
@given(factor=st.floats(1e-9, 1e9))
@settings(max_examples=30, deadline=None)
def test_another_unit_scales_differences_and_leaves_the_rest(code, factor):
    """Days become hours: mean differences are multiplied, standardised ones and ratios stay."""
    table = arms_of(code)
    scaled = {
        name: column * factor if name.startswith(("mean", "sd")) else column
        for name, column in table.items()
    }
    expected, found = MEASURES[code].effect(table), MEASURES[code].effect(scaled)

    scale = factor if MEASURES[code].unit == "" else 1.0
    np.testing.assert_allclose(found.estimate, scale * expected.estimate, rtol=1e-9)
    np.testing.assert_allclose(found.standard_error, scale * expected.standard_error, rtol=1e-9)


@pytest.mark.parametrize("code", ["MD", "SMD"])
@given(shift=st.floats(-1e3, 1e3))
@settings(max_examples=30, deadline=None)
def test_a_shift_of_both_means_changes_nothing(code, shift):
    """A difference does not know where the scale begins."""
    table = arms_of(code)
    shifted = {
        name: column + shift if name.startswith("mean") else column
        for name, column in table.items()
    }

    found = MEASURES[code].effect(shifted).estimate

    np.testing.assert_allclose(found, MEASURES[code].effect(table).estimate, rtol=1e-9)


def test_equal_arms_have_equal_pooled_and_unpooled_variances():
    """With equal sizes and deviations the two variances of MD are one."""
    table = arms_of("MD")
    equal = table | {"n_control": table["n_treatment"], "sd_control": table["sd_treatment"]}
    usual, pooled = MEASURES["MD"].effect(equal), MEASURES["MD"].other_variances["pooled"](equal)

    np.testing.assert_allclose(usual.standard_error, pooled.standard_error, rtol=1e-14)


def test_hedges_correction_is_unbiased_where_it_has_a_closed_form():
    """J(2) = 1 / sqrt(pi), and J(4) = gamma(2) / (sqrt(2) * gamma(3 / 2)) = sqrt(2 / pi)."""
    expected = [1 / np.sqrt(np.pi), np.sqrt(2 / np.pi)]

    np.testing.assert_allclose(correction(np.array([2.0, 4.0])), expected, rtol=1e-14)


@given(freedom=st.integers(10, 10**8))
def test_hedges_correction_is_near_its_approximation(freedom):
    """1 - 3 / (4 m - 1) differs by less than 1 / m**2 (Hedges 1981)."""
    approximation = 1 - 3 / (4 * freedom - 1)

    tolerance = freedom**-2 + 1e-15
    assert correction(np.array([float(freedom)])) == pytest.approx(approximation, abs=tolerance)


@pytest.mark.parametrize("freedom", [999.0, 1000.0, 1001.0, 5000.0])
def test_hedges_correction_has_no_seam(freedom):
    """Both ways of computing it agree where they meet: J(m) of scipy's log gamma."""
    logarithm = gammaln(freedom / 2) - gammaln((freedom - 1) / 2) - np.log(freedom / 2) / 2

    assert correction(np.array([freedom]))[0] == pytest.approx(np.exp(logarithm), rel=2e-12)


@pytest.mark.parametrize("code", BINARY)
def test_a_table_without_events_says_no_difference(code):
    """Equal arms without any event: estimate 0, with a standard error."""
    table = {"events_treatment": [0.0], "n_treatment": [20.0],
             "events_control": [0.0], "n_control": [20.0]}  # fmt: skip
    found = MEASURES[code].effect({name: np.array(column) for name, column in table.items()})

    assert found.estimate == pytest.approx(0)
    assert found.standard_error > 0


@pytest.mark.parametrize("code", BINARY)
@given(
    events=st.tuples(st.integers(0, 30), st.integers(0, 30)),
    others=st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
@settings(max_examples=100, deadline=None)
def test_any_two_by_two_table_has_an_effect(code, events, others):
    """Every table with somebody in both arms gives a finite estimate and a positive error."""
    sizes = [max(event + other, 1) for event, other in zip(events, others, strict=True)]
    table = {"events_treatment": events[0], "n_treatment": sizes[0],
             "events_control": events[1], "n_control": sizes[1]}  # fmt: skip
    found = MEASURES[code].effect({name: np.array([float(x)]) for name, x in table.items()})

    assert np.isfinite(found.estimate).all()
    assert (found.standard_error > 0).all()


@given(
    counts=st.tuples(*[st.integers(1, 10**6)] * 4),
)
def test_exchanging_event_and_no_event_flips_the_odds_ratio(counts):
    """The odds of no event are the inverse odds of the event."""
    a, b, c, d = (np.array([float(count)]) for count in counts)
    event = {"events_treatment": a, "n_treatment": a + b, "events_control": c, "n_control": c + d}
    none = event | {"events_treatment": b, "events_control": d}
    forward, backward = MEASURES["OR"].effect(event), MEASURES["OR"].effect(none)

    np.testing.assert_allclose(backward.estimate, -forward.estimate, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(backward.standard_error, forward.standard_error, rtol=1e-12)


def test_a_rate_ratio_does_not_know_the_unit_of_time():
    """Person-years or person-months: the ratio of rates is one number."""
    table = arms_of("IRR")
    months = {name: 12 * column if name.startswith("time") else column
              for name, column in table.items()}  # fmt: skip

    expected = MEASURES["IRR"].effect(table).estimate
    np.testing.assert_allclose(MEASURES["IRR"].effect(months).estimate, expected, rtol=1e-12)


def test_fisher_z_flips_with_the_correlation():
    """Z of -r is -z, with the same standard error, 1 / sqrt(n - 3)."""
    n = np.array([28.0])
    found = [MEASURES["ZCOR"].effect({"correlation": np.array([r]), "n": n}) for r in (0.5, -0.5)]

    assert found[0].estimate == pytest.approx(np.log(3) / 2, rel=1e-14)
    assert found[1].estimate == -found[0].estimate
    assert found[0].standard_error == found[1].standard_error == pytest.approx(1 / 5)
