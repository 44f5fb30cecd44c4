"""Durations that are ranges or missing: row by row, exactly, with honest errors."""

import numpy as np
import pytest

from bayesmeta.duration import duration
from bayesmeta.location.shapes import SHAPES, Observed

# Five of twelve durations missing: the reference case of issue 9.
FIVE_WEEKS = [2, 12, np.nan, np.nan, np.nan, 8, np.nan, 4, 2, np.nan, 4, 10]
FIVE_ESTIMATES = [
    7.136519789476446, -14.946376678505374, -12.212337485468613, -13.92575246039723,
    -2.8392176986219892, -5.516134436948099, -16.48287845033667, 0.0520797470653529,
    2.4858236351293135, -0.007160500445805074, 4.527639551504581, -11.55417508679687,
]  # fmt: skip
FIVE_ERRORS = [
    2.324952774876386, 3.651483716701107, 2.721655269759087, 2.390457218668787, 3.333333333333333,
    2.42535625036333, 3.429971702850177, 2.773500981126146, 2.390457218668787, 3.0151134457776365,
    2.948839123097943, 3.0860669992418384,
]  # fmt: skip
FIVE_PRIORS = {
    "mu": "Normal(mu=0, sigma=20)", "tau": "HalfCauchy(beta=5)",
    "change": "Normal(mu=0, sigma=16.602380144899215)",
}  # fmt: skip
ENDS = {"lower": 0.025, "median": 0.5, "upper": 0.975}


def test_five_of_twelve_missing_durations_have_the_reference_answer(effects_of):
    """P(linear), and the change's mean, SD and probability.

    Source: by separation with 24 and 48 Gauss nodes a row and 120 and 200 in tau; 600 000
    weighted completions beside it (round2_cases.json, missing_durations).
    """
    effects = effects_of(FIVE_WEEKS, FIVE_ESTIMATES, FIVE_ERRORS)
    found = duration(effects, shapes=["constant", "linear"], priors=FIVE_PRIORS).shapes.iloc[1]

    assert found["probability"] == pytest.approx(0.990747, abs=2e-6)
    assert found["change_mean"] == pytest.approx(-20.37171, abs=2e-4)
    assert found["change_sd"] == pytest.approx(3.57863, abs=1e-4)
    assert found["change_p_better"] == pytest.approx(0.9992, abs=1e-4)


@pytest.fixture(scope="session")
def case(twelve, effects_of, brute, open_weeks):
    """Return twelve studies with some cells open, and the enumeration of one shape on them."""

    def make(name, cells, *, parameter=(), count=16, mu_sd=4.0):
        effects = twelve()
        weeks = effects.studies["duration_weeks"]
        words = [cells.get(row, f"{week:g}") for row, week in enumerate(weeks)]
        ranges = {
            row: tuple(map(float, word.split("-"))) if word else None for row, word in cells.items()
        }
        middles = [np.mean(ranges[row]) if ranges.get(row) else week for row, week in
                   enumerate(weeks) if ranges.get(row, ()) is not None]  # fmt: skip
        ends = [end for cell in ranges.values() if cell for end in cell]
        closed = [week for row, week in enumerate(weeks) if row not in cells]
        observed = Observed.of(np.array([*closed, *ends]))

        def design(at):
            at = np.asarray(at, dtype=float)
            columns = np.column_stack(SHAPES[name].columns(at, observed, list(parameter)))
            reference = SHAPES[name].columns(np.array(middles), observed, list(parameter))
            centred = columns - np.mean(np.column_stack(reference), axis=0)
            return np.column_stack([np.ones(at.size), centred])

        breaks = [float(week) for week in SHAPES[name].breaks(observed, list(parameter))]
        designs = []
        for row, week in enumerate(weeks):
            at, weight = ([week], [1.0])
            if row in cells:
                at, weight = open_weeks(ranges[row], np.array(middles), count, breaks)
            designs.append((design(at), np.array(weight)))
        own = designs[0][0].shape[1] - 1
        known = brute(effects.estimate, effects.standard_error, designs, [mu_sd, *[2.0] * own])
        asked = effects_of(words, effects.estimate, effects.standard_error, column="weeks")
        return asked, known, design

    return make


@pytest.mark.parametrize("name", ["linear", "natural_spline", "categories"])
@pytest.mark.parametrize("cell", ["", "4-11"])
def test_one_open_duration_is_an_exact_mixture(name, cell, case, priors):
    """Evidence, mean and SD of the change are those of the enumeration over its weeks."""
    effects, known, design = case(name, {5: cell})
    found = duration(effects, column="weeks", shapes=[name], priors=priors).shapes.iloc[0]
    change = np.diff(design([2, 12]), axis=0)[0]
    mean, sd = known.moments(change)

    assert found["log_marginal_likelihood"] == pytest.approx(known.log_evidence, abs=1e-6)
    assert found["change_mean"] == pytest.approx(mean, abs=1e-5)
    assert found["change_sd"] == pytest.approx(sd, abs=1e-5)
    for end, p in ENDS.items():
        assert found[f"change_{end}"] == pytest.approx(known.quantile(change, p), abs=1e-4), end
