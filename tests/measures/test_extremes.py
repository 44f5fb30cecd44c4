"""Few participants and extreme numbers: an effect, or one error that names study and values."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bayesmeta.errors import StudiesError
from bayesmeta.measures import MEASURES, effect_sizes
from bayesmeta.studies import read_studies

PARTICIPANTS = [1, 2, 3, 4, 5, 10, 1e8, 1e15, 1e300]
MEANS = [0, 1, -1, 12.5, 1e-300, 1e300, 1e100, -1e100, 1e-160, -1e155, 5e-324, 1.7e308, -1.7e308]
SPREADS = [0, 1, 3.3, 1e-300, 1e300, 1e100, 1e-100, 1e155, 5e-324, 1.7e308, 1e-160]
EVENTS = [0, 1, 2, 3, 10, 1e8, 1e15, 1e300]
TIMES = [0, 1, 100, 1e-300, 1e300, 1e-200, 1e200, 5e-324, 1.7e308]
CORRELATIONS = [0, 0.5, -0.5, 1, -1, 1 - 1e-16, -1 + 1e-16, 1 - 1e-12, 1e-300]
KINDS = {"n": PARTICIPANTS, "mean": MEANS, "estimate": MEANS, "ci": MEANS, "sd": SPREADS,
         "standard": SPREADS, "variance": SPREADS, "events": EVENTS, "time": TIMES,
         "correlation": CORRELATIONS}  # fmt: skip
READY = [("estimate", "variance"), ("estimate", "ci_lower", "ci_upper")]
CASES = [(code, measure.columns, "unpooled") for code, measure in MEASURES.items()]
CASES += [("MD", MEASURES["MD"].columns, "pooled"), *(("generic", c, "unpooled") for c in READY)]


def one_study(row):
    """Return a table of one study."""
    return read_studies(pd.DataFrame({"study": ["odd"], **{c: [v] for c, v in row.items()}}))


def effect(code, row, variance="unpooled"):
    """Return estimate and standard error of one study."""
    found = effect_sizes(one_study(row), code, variance=variance)
    return found.estimate[0], found.standard_error[0]


def refusal(code, row, variance):
    """Return the message of a refusal; empty where there is an effect."""
    try:
        estimate, error = effect(code, row, variance)
    except StudiesError as refused:
        return str(refused)
    assert np.isfinite([estimate, error]).all()
    assert error > 0
    return ""


@pytest.mark.parametrize(
    ("code", "columns", "variance"), CASES, ids=[f"{c}-{k[-1]}-{v}" for c, k, v in CASES]
)
@given(data=st.data())
@settings(max_examples=40)
def test_a_row_has_an_effect_or_is_refused_by_name(code, columns, variance, data):
    """No traceback, no warning, no estimate that is not a number, no error of 0."""
    row = {name: data.draw(st.sampled_from(KINDS[name.split("_")[0]])) for name in columns}
    message = refusal(code, row, variance)

    named = "'odd'" in message and any(name in message for name in columns)
    asked = "say values=" in message  # of the whole table: on which scale its estimates are
    assert named or asked or not message


BASE = {
    "n": 22, "correlation": 0.55, "n_treatment": 21, "n_control": 24, "mean_treatment": 12.4,
    "mean_control": 15.9, "sd_treatment": 4.2, "sd_control": 5.1, "mean_after": 10.1,
    "mean_before": 13.5, "sd_after": 3.9, "sd_before": 4.4,
}  # fmt: skip
CONTINUOUS = ["MD", "SMD", "SMDH", "ROM", "MC", "SMCC", "SMCR"]


@pytest.mark.parametrize("unit", [1e-200, 1e-100, 1e100, 1e200])
@pytest.mark.parametrize("code", CONTINUOUS)
def test_an_extreme_unit_is_a_unit(code, unit):
    """Differences are multiplied, what has no unit stays, though squares leave the range."""
    row = {name: BASE[name] for name in MEASURES[code].columns}
    scaled = {name: value * unit if name.startswith(("mean", "sd")) else value
              for name, value in row.items()}  # fmt: skip

    scale = 1.0 if MEASURES[code].unit else unit
    assert effect(code, scaled) == pytest.approx([scale * each for each in effect(code, row)])


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("code", ["SMCC", "SMCR"])
def test_a_standardised_change_needs_three_participants(code, n):
    """J(n - 1) does not exist below: study, column and value are named, and what would do."""
    row = {name: BASE[name] for name in MEASURES[code].columns} | {"n": n}

    with pytest.raises(StudiesError, match=rf"'odd': .*2 degrees of freedom.*n {n},.*\nMend"):
        effect(code, row)


@pytest.mark.parametrize(("code", "spread"), [("SMCC", "change"), ("SMCR", "before")])
def test_three_participants_have_a_standardised_change(code, spread):
    """J(2) = 1 / sqrt(pi): the estimate is that times the change in standard deviations."""
    row = {name: BASE[name] for name in MEASURES[code].columns} | {"n": 3}
    sd = {"before": 4.4, "change": np.sqrt(3.9**2 + 4.4**2 - 2 * 0.55 * 3.9 * 4.4)}[spread]

    assert effect(code, row)[0] == pytest.approx((10.1 - 13.5) / sd / np.sqrt(np.pi))


@pytest.mark.parametrize("code", ["SMD", "SMDH"])
def test_two_arms_of_two_have_a_standardised_difference(code):
    """The fewest there can be: J(2) times the difference over the root mean square SD."""
    row = {name: BASE[name] for name in MEASURES[code].columns} | {"n_treatment": 2, "n_control": 2}
    sd = np.sqrt((4.2**2 + 5.1**2) / 2)

    assert effect(code, row)[0] == pytest.approx((12.4 - 15.9) / sd / np.sqrt(np.pi))


def test_one_participant_has_no_standard_deviation_of_a_change():
    """A mean change of one participant is refused with n."""
    row = {name: BASE[name] for name in MEASURES["MC"].columns} | {"n": 1}

    with pytest.raises(StudiesError, match=r"'odd': .*at least 2 participants \(n 1,"):
        effect("MC", row)


@pytest.mark.parametrize("exponent", [10, 30, 50])
def test_measurements_that_agree_almost_have_a_change_all_the_same(exponent):
    """With equal SDs s and r = 1 - d the SD of the change is s sqrt(2 d), to all digits."""
    gap = 2.0**-exponent
    row = {name: BASE[name] for name in MEASURES["MC"].columns}
    row |= {"sd_after": 4.4, "correlation": 1 - gap}

    assert effect("MC", row)[1] == pytest.approx(4.4 * np.sqrt(2 * gap / 22), rel=1e-14)


def test_limits_at_the_ends_of_the_range_have_a_standard_error():
    """Their width overflows; the error, half of it over 1.96, does not."""
    row = {"estimate": 0.0, "ci_lower": -1.7e308, "ci_upper": 1.7e308}

    assert effect("generic", row) == pytest.approx((0.0, 1.7e308 / 1.959963984540054))


def test_the_rarest_events_have_a_risk_difference():
    """With p = 1e-100 in 1e120 the error of each risk is sqrt(p / n), though n cubed overflows."""
    row = {"events_treatment": 2e20, "n_treatment": 1e120,
           "events_control": 1e20, "n_control": 1e120}  # fmt: skip

    assert effect("RD", row) == pytest.approx((1e-100, np.sqrt(3e20) / 1e120))
