"""What must hold of every duration analysis, whatever the data."""

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.duration_response import duration
from bayesmeta.duration_response.contract import contract
from bayesmeta.duration_response.text import text
from bayesmeta.errors import BayesmetaError, ImproperPosteriorError
from bayesmeta.summaries.digits import MINUS, probability

FEW = ("constant", "linear", "step", "emax")


@pytest.fixture(scope="module")
def found(twelve, priors):
    """Twelve studies, all shapes."""
    return duration(twelve(), priors=priors, minimal_important_difference=1.0)


def test_the_probabilities_of_the_shapes_sum_to_one(found):
    """Probabilities before and after sum to one over all ten shapes."""
    assert len(found.shapes) == 10
    assert found.shapes["prior_probability"].sum() == pytest.approx(1.0)
    assert found.shapes["probability"].sum() == pytest.approx(1.0, abs=1e-12)


def test_posterior_odds_are_bayes_factors(found):
    """A shape's probability is its share of prior times evidence."""
    evidence = found.shapes["prior_probability"] * np.exp(found.shapes["log_marginal_likelihood"])

    np.testing.assert_allclose(found.shapes["probability"], evidence / evidence.sum(), rtol=1e-12)


def test_the_averaged_mean_is_the_mean_of_the_shapes_means(found):
    """The change's mean is averaged by the shapes' probabilities."""
    expected = (found.shapes["probability"] * found.shapes["change_mean"]).sum()

    assert found.changes["mean"][0] == pytest.approx(expected, rel=1e-9)


def test_longer_is_better_same_or_worse(found):
    """The three probabilities sum to one; no change is what constant shapes say."""
    row = found.changes.iloc[0]

    assert row["p_better"] + row["p_same"] + row["p_worse"] == pytest.approx(1.0, abs=1e-12)
    assert row["p_same"] == pytest.approx(found.shapes["probability"][0], abs=1e-12)


def test_errors_are_printed_and_small(found):
    """Halving every rule moves no number of the averaged tables by 1 % of its sd."""
    assert (found.predictions["error"] < 0.01 * found.predictions["sd"]).all()
    assert (found.changes["error"] < 0.01 * found.changes["sd"]).all()
    assert (found.shapes["log_marginal_likelihood_error"] < 2e-3).all()


@pytest.mark.usefixtures("no_single_studies")
def test_the_constant_shape_is_the_random_effects_model(twelve, priors):
    """Evidence and pooled effect equal those of the exact engine without moderators."""
    effects = twelve()
    kept = {name: prior for name, prior in priors.items() if name != "change"}
    posterior = bm.fit(effects, priors=kept, engine="exact")
    found = duration(effects, shapes=["constant"], priors=priors)

    evidence = float(posterior["mixture"].attrs["log_marginal_likelihood"])
    assert found.shapes["log_marginal_likelihood"][0] == pytest.approx(evidence, abs=1e-8)


def test_the_linear_shape_is_meta_regression(bangertdrowns):
    """Under one prior of the slope, it and its interval equal the exact engine's."""
    from bayesmeta.summaries.summary import summary

    known = bangertdrowns.take(np.isfinite(bangertdrowns.studies["duration_weeks"]))
    priors = {"beta": "Normal(mu=0, sigma=0.08)"}
    posterior = bm.fit(known, moderators="duration_weeks", priors=priors, engine="exact")
    expected = summary(posterior).loc["beta[duration_weeks]"]
    found = duration(known, shapes=["linear"], benefit="higher", priors=priors)
    slope = found.leave_one_out.iloc[0]

    for name in ("mean", "sd", "lower", "upper"):
        assert slope[name] == pytest.approx(expected[name], abs=1e-9), name


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.parametrize("days", [7.0, 1 / 52])
def test_days_or_years_change_nothing_but_the_unit(days, twelve, priors):
    """All tables in the outcome's unit stay; durations are multiplied."""
    options = {"shapes": FEW, "priors": priors, "minimal_important_difference": 1.0}
    weeks = duration(twelve(), **options)
    other = duration(twelve(days=days), **options)

    np.testing.assert_allclose(other.shapes["probability"], weeks.shapes["probability"], rtol=1e-7)
    np.testing.assert_allclose(other.changes["median"][0], weeks.changes["median"][0], rtol=1e-7)
    assert other.sufficient.weeks == pytest.approx(weeks.sufficient.weeks * days, rel=1e-5)


def test_the_outcomes_unit_changes_nothing_but_itself(twelve, priors):
    """Data and priors a thousand times larger give answers a thousand times larger."""
    large = {"mu": "Normal(mu=0, sigma=4000)", "tau": "HalfNormal(sigma=1000)",
             "change": "Normal(mu=0, sigma=2000)"}  # fmt: skip
    here = duration(twelve(), shapes=FEW, priors=priors)
    there = duration(twelve(scale=1000.0), shapes=FEW, priors=large)

    np.testing.assert_allclose(there.shapes["probability"], here.shapes["probability"], rtol=1e-6)
    np.testing.assert_allclose(
        there.predictions["upper"], 1000 * here.predictions["upper"], rtol=1e-6
    )


@pytest.mark.usefixtures("no_single_studies")
def test_flipping_sign_and_benefit_changes_no_probability(twelve, priors):
    """Which direction is called better is a matter of words."""
    options = {"shapes": FEW, "priors": priors, "minimal_important_difference": 1.0}
    here = duration(twelve(), benefit="lower", **options)
    there = duration(twelve(sign=-1.0), benefit="higher", **options)

    assert there.p_longer_is_better == pytest.approx(here.p_longer_is_better, abs=1e-9)
    assert there.sufficient.weeks == pytest.approx(here.sufficient.weeks, rel=1e-6)
    np.testing.assert_allclose(there.predictions["median"], -here.predictions["median"], atol=1e-8)


def test_the_sufficient_duration_is_where_the_probability_crosses(found):
    """P(w* <= w) is below 0.9 before the answer and reaches it there."""
    table, enough = found.first_week, found.sufficient.weeks

    assert (table["p"][table["weeks"] < enough] < 0.9).all()
    assert (table["p"][table["weeks"] >= enough] >= 0.9).all()


@pytest.mark.parametrize(("difference", "shift"), [(50.0, 0.0), (0.5, -40.0)])
def test_enough_is_never_or_at_once(difference, shift, twelve):
    """A difference out of reach has no sufficient duration; a huge effect has it at once."""
    priors = {"mu": "Normal(mu=0, sigma=40)", "tau": "HalfNormal(sigma=1)",
              "change": "Normal(mu=0, sigma=2)"}  # fmt: skip
    found = duration(
        twelve(shift=shift), shapes=FEW, priors=priors, minimal_important_difference=difference
    )

    assert found.sufficient.weeks == (None if shift == 0 else 2.0)
    assert ("is not reached" if shift == 0 else "it is the shortest, 2.00 weeks") in text(found)


def test_leaving_a_study_out_is_fitting_the_others(twelve):
    """With a flat mu the slope without a study equals that of the table without its row."""
    effects = twelve()
    priors = {"mu": "flat", "tau": "HalfNormal(sigma=1)", "beta": "Normal(mu=0, sigma=0.2)"}
    table = duration(effects, shapes=["linear"], priors=priors).leave_one_out
    for row in (0, 5, 11):
        rest = effects.take(np.arange(12) != row)
        alone = duration(rest, shapes=["linear"], priors=priors).leave_one_out.iloc[0]

        assert table["mean"][row + 1] == pytest.approx(alone["mean"], rel=1e-7)
        assert table["upper"][row + 1] == pytest.approx(alone["upper"], rel=1e-6)


def test_a_shift_leads_from_the_full_tables_slope_to_that_without_the_study(twelve, priors):
    """In SDs of the full table's slope, upwards where the slope rises without the study."""
    table = duration(twelve(), shapes=["linear"], priors=priors).leave_one_out
    full = table.iloc[0]

    reached = full["mean"] + table["shift"] * full["sd"]
    np.testing.assert_allclose(table["mean"], reached, rtol=1e-12)
    assert np.ptp(table["shift"]) > 0.1


def test_what_is_better_without_a_study_follows_the_direction(twelve, priors):
    """Either direction is the other's complement, and the sign of the data turns it round."""
    lower = duration(twelve(), shapes=["linear"], priors=priors).leave_one_out
    higher = duration(twelve(), shapes=["linear"], priors=priors, benefit="higher").leave_one_out
    mirrored = duration(twelve(sign=-1.0), shapes=["linear"], priors=priors).leave_one_out

    np.testing.assert_allclose(lower["p_better"] + higher["p_better"], 1.0, atol=1e-12)
    np.testing.assert_allclose(mirrored["p_better"], higher["p_better"], atol=1e-9)
    assert (lower["p_better"] > 0.5).all()


@pytest.mark.usefixtures("no_single_studies")
def test_an_effect_that_is_lost_in_between_is_not_enough_before(effects_of):
    """Enough at the shortest and at the longest week, not between: w* is after the gap."""
    weeks = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9])
    estimate = np.array([-2.0, -2.1, -1.9, 0.1, 0.0, -0.1, -2.0, -2.1, -1.9])
    priors = {"mu": "Normal(mu=0, sigma=4)", "tau": "HalfNormal(sigma=0.1)",
              "change": "Normal(mu=0, sigma=4)"}  # fmt: skip
    answer = duration(
        effects_of(weeks, estimate, np.full(9, 0.2)), shapes=["categories"], priors=priors,
        minimal_important_difference=1.0,
    ).sufficient  # fmt: skip

    assert answer.weeks == pytest.approx(6.5)
    assert answer.exists > 0.99


def test_a_range_without_width_is_a_number(twelve, effects_of, priors):
    """Writing 6-6 for 6 changes nothing."""
    effects = twelve()
    words = [f"{week:g}" for week in effects.studies["duration_weeks"]]
    ranged = [f"{word}-{word}" if word == "6" else word for word in words]
    here = duration(effects, shapes=FEW, priors=priors)
    there = duration(
        effects_of(ranged, effects.estimate, effects.standard_error, column="weeks"),
        column="weeks", shapes=FEW, priors=priors,
    )  # fmt: skip

    pd.testing.assert_frame_equal(here.changes, there.changes)


@pytest.mark.usefixtures("no_single_studies")
def test_studies_without_a_duration_stay_in(twelve, effects_of, priors):
    """All twelve are used, the table says which are open, and the constant's evidence stays."""
    effects = twelve()
    words = [f"{week:g}" for week in effects.studies["duration_weeks"]]
    words[3], words[7] = "", "6–10"  # noqa: RUF001 - a dash of print
    there = duration(
        effects_of(words, effects.estimate, effects.standard_error, column="weeks"),
        column="weeks", shapes=["constant", "linear"], priors=priors,
    )  # fmt: skip
    here = duration(effects, shapes=["constant", "linear"], priors=priors)

    assert there.studies["duration"].tolist().count("given") == 10
    assert there.studies["duration"][3] == "missing"
    assert there.studies["duration"][7] == "range"
    for one, other in zip(here.shapes["log_marginal_likelihood"],
                          there.shapes["log_marginal_likelihood"], strict=True):  # fmt: skip
        assert one == pytest.approx(other, abs=1.0)
    assert here.shapes["log_marginal_likelihood"][0] == pytest.approx(
        there.shapes["log_marginal_likelihood"][0], abs=1e-9
    )


@pytest.mark.usefixtures("no_single_studies")
def test_a_moderator_is_in_every_shape(twelve, priors):
    """With a design that explains nothing, the odds between shapes hardly move."""
    design = ["RCT", "cohort"] * 6
    effects = twelve(design=design)
    found = duration(
        effects, shapes=FEW, moderators="C(design)", at={"design": "RCT"},
        priors=priors | {"beta": "Normal(sigma=1, mu=0)"},
    )  # fmt: skip

    assert "beta[C(design)[T.cohort]]" in found.priors
    assert found.associations[0].column == "design"
    assert found.p_longer_is_better > 0.9


@pytest.mark.usefixtures("no_single_studies")
def test_an_interaction_lets_the_slope_differ_by_design(twelve, priors):
    """Crossed with design, the curve at a design is its own; the constant shape has none."""
    design = ["RCT", "cohort"] * 6
    options = {"shapes": ["constant", "linear"], "moderators": "duration_weeks * C(design)",
               "priors": priors | {"beta": "Normal(sigma=1, mu=0)"}}  # fmt: skip
    trials = duration(twelve(design=design), at={"design": "RCT"}, **options)
    cohorts = duration(twelve(design=design), at={"design": "cohort"}, **options)
    both = duration(twelve(design=design), **options)

    middle = (trials.predictions["mean"] + cohorts.predictions["mean"]) / 2
    np.testing.assert_allclose(both.predictions["mean"], middle, atol=1e-9)
    assert both.changes["p_same"][0] == pytest.approx(both.shapes["probability"][0], abs=1e-12)


def test_json_has_no_nan_and_text_has_both_answers(found):
    """Everything the analysis says can be written as strict JSON, and read as text."""
    content = json.loads(json.dumps(contract(found), allow_nan=False))

    assert content["p_longer_is_better"] == found.p_longer_is_better
    assert len(content["shapes"]) == 10
    assert "Longer studies show the better effect with probability" in text(found)
    assert {field.name for field in dataclasses.fields(found)} >= {"shapes", "warnings"}


@pytest.mark.parametrize(("benefit", "side"), [("lower", f"below {MINUS}1"), ("higher", "above 1")])
def test_the_sentences_say_which_side_is_meant(benefit, side, twelve, priors):
    """Better, same and worse in this order; the threshold on the side of benefit."""
    found = duration(twelve(), shapes=FEW, priors=priors, benefit=benefit,
                     minimal_important_difference=1.0)  # fmt: skip
    first = text(found).split("\n")[2]
    row = found.changes.iloc[0]
    told = re.findall(r"[<>]?0\.\d+(?= \(a priori)", first)
    shown = [probability(row[name], row["p_error"]) for name in ("p_better", "p_same", "p_worse")]

    assert told == shown
    assert f"the mean effect is {side}" in text(found)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"shapes": ["sigmoid"]}, "No shape 'sigmoid'; known: constant, linear"),
        ({"shapes": []}, "one at least"),
        ({"column": "weeks"}, "no column 'weeks'"),
        ({"benefit": "up"}, "lower, higher"),
        ({"interval": 1.0}, "between 0 and 1"),
        ({"minimal_important_difference": -1.0}, "above 0"),
        ({"weeks": [-2.0]}, "no duration"),
        ({"at": {"design": "RCT"}}, "no moderators"),
        ({"priors": {"tau": "HalfNormal(sigma=1)"}}, "participants"),
        ({"priors": {"mu": "StudentT(nu=3, mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)",
                     "beta": "Normal(mu=0, sigma=1)"}}, "use a Normal prior"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(options, says, twelve, priors):
    """Each refusal is one of ours and says what would do."""
    with pytest.raises(BayesmetaError, match=says):
        duration(twelve(), **{"priors": priors, **options})


def test_an_improper_posterior_is_refused(effects_of):
    """Two studies, a flat mu and a uniform tau have no finite mass."""
    effects = effects_of([2.0, 8.0], [0.1, -0.2], [0.1, 0.1])

    with pytest.raises(ImproperPosteriorError, match="improper"):
        duration(
            effects, priors={"mu": "flat", "tau": "uniform", "change": "Normal(sigma=1, mu=0)"}
        )


@pytest.mark.parametrize("cell", ["six", "6-4", "-3"])
def test_a_cell_that_is_no_duration_is_named(cell, twelve, effects_of, priors):
    """The message has the place, the study and the value."""
    effects = twelve()
    words = ["2", "4", cell, *["6"] * 9]

    named = effects_of(words, effects.estimate, effects.standard_error, column="weeks")
    with pytest.raises(BayesmetaError, match=r"'Study 3', column weeks"):
        duration(named, column="weeks", priors=priors)


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.parametrize("open_week", [False, True])
def test_under_a_mixture_prior_the_evidence_is_the_mixture_of_its_parts(open_week, effects_of):
    """Two narrow parts far apart, the likelier by far where the prior has next to nothing."""
    weeks = np.tile([2.0, 4, 6, 8, 10, 12], 2)
    estimate = -0.3 * weeks + np.random.default_rng(3).normal(0, 0.1, weeks.size)
    if open_week:
        weeks[4] = np.nan
    effects = effects_of(weeks, estimate, np.full(weeks.size, 0.1))
    parts = ["LogNormal(mu=-2.0, sigma=0.05)", "LogNormal(mu=1.5, sigma=0.05)"]
    weight = [1e-6, 1 - 1e-6]
    both = f"Mixture(w={weight}, comp_dists=[{', '.join(parts)}])"

    def evidence(tau):
        priors = {"mu": "Normal(mu=0, sigma=4)", "tau": tau, "change": "Normal(mu=0, sigma=2)"}
        found = duration(effects, shapes=["constant", "linear"], priors=priors).shapes
        return found["log_marginal_likelihood"].to_numpy()

    each = [np.log(share) + evidence(part) for share, part in zip(weight, parts, strict=True)]
    np.testing.assert_allclose(evidence(both), np.logaddexp(*each), atol=1e-5)
