"""What a control arm that rows share puts into their estimates."""

import numpy as np
import pytest

from bayesmeta.measures import MEASURES
from bayesmeta.measures.contract import USUAL

SHARING = [code for code, measure in MEASURES.items() if measure.control_arm]
CONTINUOUS = [code for code in SHARING if "sd_control" in MEASURES[code].columns]
TWO_ARMS = {
    "n_treatment": [210_000.0, 330_000.0], "mean_treatment": [12.4, 14.1],
    "sd_treatment": [5.1, 5.1], "n_control": [240_000.0] * 2, "mean_control": [15.9] * 2,
    "sd_control": [5.1] * 2, "events_treatment": [40_000.0, 91_000.0],
    "events_control": [110_000.0] * 2, "time_treatment": [4e5, 5e5], "time_control": [3e5] * 2,
}  # fmt: skip
"""Two rows of one control arm, so large that the delta method is exact to a millionth."""
SMALL = {
    "n_treatment": [21.0, 33.0], "mean_treatment": [12.4, 14.1], "sd_treatment": [4.2, 5.0],
    "n_control": [24.0] * 2, "mean_control": [15.9] * 2, "sd_control": [5.1] * 2,
    "events_treatment": [4.0, 9.0], "events_control": [11.0] * 2,
    "time_treatment": [40.0, 50.0], "time_control": [30.0] * 2,
}  # fmt: skip


def columns(code, table=TWO_ARMS, **changed):
    """Return a measure's columns of a table of two rows."""
    return {name: np.array({**table, **changed}[name]) for name in MEASURES[code].columns}


def covariance(code, table, variance=USUAL):
    """Return the covariance of two rows that the control arm puts in."""
    one, other = MEASURES[code].control_arm[variance](table).T
    return one @ other


def by_delta(code):
    """Return the covariance by the slopes of both estimates in what is measured in the arm.

    A mean has variance s² / n, and s² independently 2 s⁴ / (n - 1); p events of n have p (1 - p)
    / n; a number of events has itself.
    """
    table = columns(code)
    n, sd = TWO_ARMS["n_control"][0], TWO_ARMS["sd_control"][0]
    events = TWO_ARMS["events_control"][0]
    if code in CONTINUOUS:
        moved = {"mean_control": sd**2 / n, "sd_control": sd**2 / (2 * (n - 1))}
    elif code == "IRR":
        moved = {"events_control": events}
    else:
        moved = {"events_control": events * (1 - events / n)}
    return sum(variance * np.prod(slopes(code, table, name)) for name, variance in moved.items())


def slopes(code, table, name):
    """Return the slope of both estimates in one column, by differences on either side."""
    step = 1e-5 * table[name]
    up, down = (MEASURES[code].effect({**table, name: table[name] + sign * step}).estimate
                for sign in (1, -1))  # fmt: skip
    return (up - down) / (2 * step)


@pytest.mark.parametrize("code", SHARING)
def test_a_covariance_is_that_of_the_delta_method(code):
    """First-order error propagation, its slopes taken numerically from the estimates alone."""
    assert covariance(code, columns(code)) == pytest.approx(by_delta(code), rel=1e-4)


def formulas(code):
    """Return the covariance as the literature writes it."""
    g, row = MEASURES[code].effect(columns(code, SMALL)).estimate, SMALL
    n, m, s, x = (row[f"{name}_control"][0] for name in ("n", "mean", "sd", "events"))
    one, other = (n + treated for treated in row["n_treatment"])
    return {
        "MD": s**2 / n,
        "SMD": 1 / n + g[0] * g[1] * n / (2 * one * other),
        "SMD1": 1 / n + g[0] * g[1] / (2 * (n - 1)),
        "ROM": s**2 / (n * m**2),
        "OR": 1 / x + 1 / (n - x),
        "RR": 1 / x - 1 / n,
        "RD": x / n * (1 - x / n) / n,
        "IRR": 1 / x,
    }[code]


@pytest.mark.parametrize("code", [code for code in SHARING if code != "SMDH"])
def test_a_covariance_is_the_formula_in_print(code):
    """Gleser and Olkin (2009) for standardised differences; others are the arm's own variance."""
    assert covariance(code, columns(code, SMALL)) == pytest.approx(formulas(code), rel=1e-13)


def swapped(table):
    """Return the table with the arms' names exchanged."""
    other = {"treatment": "control", "control": "treatment"}
    parts = {name: name.rsplit("_", maxsplit=1) for name in table}
    return {f"{what}_{other[arm]}": table[name] for name, (what, arm) in parts.items()}


@pytest.mark.parametrize(
    ("code", "variance"),
    [*((code, USUAL) for code in SHARING if code != "SMD1"), ("MD", "pooled")],
)
def test_the_two_arms_of_a_row_share_its_variance(code, variance):
    """What one arm puts in and what the other does, arms swapped, is the squared standard error.

    Glass's delta is left out: it is not the same, but for its sign, with the arms swapped.
    """
    measure, table = MEASURES[code], columns(code, SMALL)
    share = measure.control_arm[variance]
    formula = measure.other_variances.get(variance, measure.effect)

    both = (share(table) ** 2).sum(axis=0) + (share(swapped(table)) ** 2).sum(axis=0)

    assert both == pytest.approx(formula(table).standard_error ** 2, rel=1e-13)


def test_the_control_arm_alone_decides_when_the_other_part_of_delta_is_none():
    """Glass's delta: what is left of the variance is the treated arm's 1 / n_t."""
    table = columns("SMD1", SMALL)
    left = MEASURES["SMD1"].effect(table).standard_error ** 2
    left -= (MEASURES["SMD1"].control_arm[USUAL](table) ** 2).sum(axis=0)

    assert left == pytest.approx(1 / table["n_treatment"], rel=1e-12)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("OR", 1 / 0.5 + 1 / 24.5), ("RR", 1 / 0.5 - 1 / 25), ("RD", 0.5 * 24.5 / 25**3),
        ("IRR", 1 / 0.5),
    ],
)  # fmt: skip
def test_one_half_stands_for_no_event_in_all_rows_of_an_arm(code, expected):
    """A control arm of 24 without events: 1/2 more with the event, and 1/2 more without."""
    table = columns(code, SMALL, events_control=[0.0, 0.0])

    assert covariance(code, table) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("code", ["OR", "RR", "RD", "IRR"])
def test_a_zero_in_one_treated_arm_is_not_the_control_arms(code):
    """The control arm is the same in both rows, whatever was added in one for the other arm."""
    table = columns(code, SMALL, events_treatment=[0.0, 9.0])

    assert covariance(code, table) == covariance(code, columns(code, SMALL))


@pytest.mark.parametrize("code", [code for code in MEASURES if code not in SHARING])
def test_measures_of_one_group_have_no_control_arm(code):
    """Nothing in their columns is of a control."""
    assert not [name for name in MEASURES[code].columns if name.endswith("control")]
