"""What the answer hangs on: the prior of no change, and that of the change."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.duration_response.odds import prior_probabilities
from bayesmeta.duration_response.strip import FACTORS
from bayesmeta.errors import ModelError
from bayesmeta.location.shapes import SHAPES

MIXED = ["constant", "linear", "emax", "step", "natural_spline"]


@pytest.fixture(scope="module")
def found(twelve, priors):
    """Twelve studies, a shape of each family."""
    return bm.duration(twelve(), priors=priors, shapes=MIXED)


def test_no_change_has_half_and_families_share_the_rest():
    """P(constant) = 1/2; a sixth a family, equal within: four curves, two jumps, three flexible."""
    prior = dict(zip(SHAPES, prior_probabilities(list(SHAPES)), strict=True))
    expected = {"constant": 1 / 2} | dict.fromkeys(
        ("linear", "logarithm", "square_root", "emax"), 1 / 24
    )
    expected |= dict.fromkeys(("step", "categories"), 1 / 12)
    expected |= dict.fromkeys(("piecewise_linear", "natural_spline", "monotone"), 1 / 18)

    assert prior == pytest.approx(expected)


def test_a_near_copy_takes_nothing_from_other_families():
    """With a second curve beside the line, the step keeps its prior probability."""
    alone = prior_probabilities(["constant", "linear", "step"])
    beside = prior_probabilities(["constant", "linear", "logarithm", "step"])

    assert beside[-1] == alone[-1] == pytest.approx(0.25)


@pytest.mark.parametrize("value", [0.0, 1.0, float("nan")])
def test_no_change_is_neither_sure_nor_impossible(value, twelve, priors):
    """A prior probability of 0 or 1 is refused with its value."""
    with pytest.raises(ModelError, match=str(value)):
        bm.duration(twelve(), priors=priors, shapes=["constant", "linear"], p_constant=value)


def test_the_bayes_factor_turns_prior_odds_into_posterior_odds(found):
    """P(change) / P(no change) after the data over that before; 1 before, where P is one half."""
    same = found.shapes["probability"][0]

    assert found.factor_of_change == pytest.approx((1 - same) / same, rel=1e-9)


def test_the_bayes_factor_does_not_know_the_prior_of_no_change(found, twelve, priors):
    """With P(constant) = 0.1 it is the same."""
    other = bm.duration(twelve(), priors=priors, shapes=MIXED, p_constant=0.1)

    assert other.factor_of_change == pytest.approx(found.factor_of_change, rel=1e-12)


def test_before_the_data_longer_is_better_or_worse_alike(found):
    """A change around 0: what no change leaves is halved."""
    assert found.prior_chances == pytest.approx({"p_better": 0.25, "p_same": 0.5, "p_worse": 0.25})


@pytest.mark.parametrize("row", range(6))
def test_the_strip_is_what_other_priors_would_give(row, found, twelve, priors):
    """Each row equals an analysis of its own with that P(constant) and that sd of the change."""
    strip = found.strip.iloc[row]
    changed = priors | {"change": f"Normal(mu=0, sigma={strip['change_sd']})"}
    own = bm.duration(twelve(), priors=changed, shapes=MIXED, p_constant=strip["p_constant"])

    expected = [*own.changes.iloc[0][["p_better", "p_same", "p_worse"]], own.factor_of_change]
    assert strip[["p_better", "p_same", "p_worse", "bayes_factor"]].tolist() == pytest.approx(
        expected, abs=2e-5
    )


def test_the_strip_follows_a_mean_of_the_change_too(twelve, priors):
    """Around a mean of -1 the rows equal analyses of their own; a spline's columns share it."""
    changed = priors | {"change": "Normal(mu=-1, sigma=2)"}
    shapes = ["constant", "natural_spline"]
    strip = bm.duration(twelve(), priors=changed, shapes=shapes).strip
    doubled = priors | {"change": "Normal(mu=-1, sigma=4)"}
    own = bm.duration(twelve(), priors=doubled, shapes=shapes)

    assert strip["bayes_factor"].iloc[-1] == pytest.approx(own.factor_of_change, rel=1e-5)


@pytest.mark.slow
def test_the_strip_holds_where_durations_are_open(twelve, effects_of, priors):
    """With a range and a gap, where nodes are nearly normal, within 0.005."""
    effects = twelve()
    words = [f"{week:g}" for week in effects.studies["duration_weeks"]]
    words[3], words[7] = "", "6-10"
    table = effects_of(words, effects.estimate, effects.standard_error, column="weeks")
    strip = bm.duration(table, column="weeks", shapes=["constant", "linear"], priors=priors).strip
    for factor, (_, row) in zip(FACTORS, strip.iloc[3:].iterrows(), strict=True):
        changed = priors | {"change": f"Normal(mu=0, sigma={2 * factor})"}
        own = bm.duration(table, column="weeks", shapes=["constant", "linear"], priors=changed)

        assert row["p_better"] == pytest.approx(own.p_longer_is_better, abs=0.005)


def test_the_change_has_the_scale_of_taus_default_prior(bangertdrowns):
    """0.25 unit-information SDs, sqrt(sum of participants / sum of precisions)."""
    precision = (1 / bangertdrowns.standard_error**2).sum()
    uisd = np.sqrt(bangertdrowns.studies["n"].sum() / precision)
    told = bm.duration(bangertdrowns, shapes=["constant"]).priors["change"]

    assert float(told.partition("sigma=")[2][:-1]) == pytest.approx(0.25 * uisd)
