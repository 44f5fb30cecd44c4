"""What a row was made of travels with it: columns, with what was done to their cells."""

import json
from math import log, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from bayesmeta.archive import read_posterior, save_posterior
from bayesmeta.engines.fitting import fit
from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.measures import effect_sizes
from bayesmeta.spec import parse_prior
from bayesmeta.studies import read_studies
from bayesmeta.summaries.contract import contract

ARMS = ("n_treatment", "mean_treatment", "sd_treatment", "n_control", "mean_control", "sd_control")
MIXED = pd.DataFrame({
    "study": ["Ash", "Birch", "Cedar", "Elm"],
    "n_treatment": [20, np.nan, np.nan, np.nan], "mean_treatment": [10, np.nan, np.nan, np.nan],
    "sd_treatment": [4, np.nan, np.nan, np.nan], "n_control": [25, np.nan, np.nan, np.nan],
    "mean_control": [12, np.nan, np.nan, np.nan], "sd_control": [5, np.nan, np.nan, np.nan],
    "estimate": [np.nan, -1.0, -2.0, -3.0], "standard_error": [np.nan, 0.5, np.nan, np.nan],
    "variance": [np.nan, np.nan, 0.25, np.nan],
    "ci_lower": [np.nan, np.nan, np.nan, -4.0], "ci_upper": [np.nan, np.nan, np.nan, -2.0],
})  # fmt: skip
TEN = NormalDist().inv_cdf(0.95)


@pytest.fixture(scope="module")
def mixed():
    """Return effects of four rows, each of other columns."""
    return effect_sizes(read_studies(MIXED), "MD")


def test_each_row_says_which_columns_it_used(mixed):
    """Arms where they are whole, else the estimate with the spread that is there."""
    assert [made.columns for made in mixed.provenance] == [
        ARMS, ("estimate", "standard_error"), ("estimate", "variance"),
        ("estimate", "ci_lower", "ci_upper"),
    ]  # fmt: skip


def test_each_row_says_what_was_done_to_its_cells(mixed):
    """Nothing to arms or a standard error; a root, or the width of an interval of its level."""
    assert [made.conversions for made in mixed.provenance] == [
        (), (), ("the standard error is the root of the variance",),
        ("the standard error comes from ci_lower and ci_upper (95 %, normal)",),
    ]  # fmt: skip


def test_provenance_stays_with_its_row(mixed):
    """Also when other rows are left out."""
    assert mixed.take(np.array([2])).provenance == (mixed.provenance[2],)


def test_the_rule_for_zero_cells_is_a_conversion_of_its_row():
    """Of the table with a zero, and not of the other."""
    frame = pd.DataFrame({"study": ["A", "B"], "events_treatment": [0, 3], "n_treatment": [9, 9],
                          "events_control": [2, 4], "n_control": [9, 9]})  # fmt: skip

    found = effect_sizes(read_studies(frame), "OR")

    assert [len(made.conversions) for made in found.provenance] == [1, 0]
    assert "1/2 is added to all four cells" in found.provenance[0].conversions[0]


def test_columns_that_were_computed_are_conversions():
    """The size of an arm from its cells; its deviation from the standard error of its mean."""
    frame = pd.DataFrame({"study": ["A"], "n1": [16], "mean1": [3.0], "se1": [2.0], "n2": [25],
                          "mean2": [1.0], "sd2": [5.0]})  # fmt: skip

    found = effect_sizes(read_studies(frame), "MD")

    assert found.standard_error == pytest.approx([sqrt(4 + 1)], rel=1e-14)
    assert found.provenance[0].conversions == ("sd_treatment is se_treatment * sqrt(n_treatment)",)


def test_natural_ratios_say_that_they_were_moved():
    """Estimate and standard error each."""
    frame = pd.DataFrame({"study": ["A", "B"], "HR": [0.5, 0.8], "se": [0.1, 0.2]})

    found = effect_sizes(read_studies(frame), "generic", values="natural", errors="natural")

    assert found.provenance[0].conversions == (
        "the estimate is moved from ratios to logarithms of ratios",
        "the standard error, one of ratios, is divided by the estimate",
    )


def test_provenance_travels_to_the_archive_and_the_contract(mixed, tmp_path):
    """A posterior that was saved and loaded says of each study what it was made of."""
    priors = {
        "mu": parse_prior("Normal(mu=0, sigma=10)"),
        "tau": parse_prior("HalfNormal(sigma=2)"),
    }

    save_posterior(fit(mixed, engine="exact", priors=priors), tmp_path / "posterior.nc")

    found = contract(read_posterior(tmp_path / "posterior.nc"))["provenance"]

    assert json.loads(json.dumps(found)) == mixed.made_of
    assert [row["study"] for row in found] == ["Ash", "Birch", "Cedar", "Elm"]


INTERVALS = {"study": ["A", "B"], "estimate": [1.0, 2.0]}


def test_intervals_may_be_of_another_level():
    """90 % limits are 1.645 standard errors away."""
    frame = pd.DataFrame({**INTERVALS, "ci_lower": [0.0, 1.5], "ci_upper": [2.0, 2.5]})

    found = effect_sizes(read_studies(frame), "MD", confidence=90)

    assert found.standard_error == pytest.approx([1 / TEN, 0.5 / TEN], rel=1e-13)


@pytest.mark.parametrize("names", [("90% CI lower", "90% CI upper"), ("lci90", "uci90")])
def test_the_names_of_limits_may_have_their_level(names):
    """And a note says that it was taken from them."""
    frame = pd.DataFrame({**INTERVALS, names[0]: [0.0, 1.5], names[1]: [2.0, 2.5]})

    found = effect_sizes(read_studies(frame), "MD")

    assert found.standard_error == pytest.approx([1 / TEN, 0.5 / TEN], rel=1e-13)
    assert "ci_lower and ci_upper are limits of 90 % intervals, by their names." in found.notes


@pytest.mark.parametrize("unit", [1, 100])
def test_a_column_may_have_the_level_of_each_row(unit):
    """As a share or in per cent."""
    frame = pd.DataFrame({**INTERVALS, "ci_lower": [0.0, 1.5], "ci_upper": [2.0, 2.5],
                          "confidence": [0.9 * unit, 0.95 * unit]})  # fmt: skip

    found = effect_sizes(read_studies(frame), "MD")

    normal = NormalDist().inv_cdf(0.975)
    assert found.standard_error == pytest.approx([1 / TEN, 0.5 / normal], rel=1e-13)


def test_ratios_with_intervals_of_another_level_use_it():
    """On the log scale, where these intervals are symmetric."""
    frame = pd.DataFrame({"study": ["A"], "estimate": [1.0], "ci_lower": [0.5], "ci_upper": [2.0]})

    found = effect_sizes(read_studies(frame), "OR", values="natural", confidence=90)

    assert found.standard_error == pytest.approx([log(2) / TEN], rel=1e-13)


def test_a_level_that_other_rows_tell_is_asked_about():
    """Where the intervals beside standard errors are of 90 % and another stands alone."""
    frame = pd.DataFrame({
        "study": ["A", "B", "C"], "estimate": [1.0, 2.0, 3.0], "standard_error": [0.5, 0.4, np.nan],
        "ci_lower": [1 - 0.5 * TEN, 2 - 0.4 * TEN, 2.0],
        "ci_upper": [1 + 0.5 * TEN, 2 + 0.4 * TEN, 4.0],
    })  # fmt: skip

    with pytest.raises(StudiesError, match="of 90 %, and those of C stand alone") as caught:
        effect_sizes(read_studies(frame), "MD")

    assert "confidence=90, or confidence=95" in str(caught.value)


@pytest.mark.parametrize("confidence", [0.95, 100, -5, float("nan")])
def test_a_level_is_said_in_per_cent(confidence):
    """Anything else is refused."""
    frame = pd.DataFrame({**INTERVALS, "ci_lower": [0.0, 1.5], "ci_upper": [2.0, 2.5]})

    with pytest.raises(MeasureError, match="no level of confidence in per cent"):
        effect_sizes(read_studies(frame), "MD", confidence=confidence)


def test_limits_of_two_levels_are_no_interval():
    """The lower of 90 and the upper of 99 %."""
    frame = pd.DataFrame({**INTERVALS, "lci90": [0.0, 1.5], "uci99": [2.0, 2.5]})

    with pytest.raises(StudiesError, match="limits of different levels"):
        read_studies(frame)


def test_a_deviation_that_is_not_of_its_standard_error_is_refused():
    """Both say how the values of an arm are spread."""
    frame = pd.DataFrame({"study": ["A"], "n1": [16], "mean1": [3.0], "sd1": [2.0], "se1": [2.0],
                          "n2": [25], "mean2": [1.0], "sd2": [5.0]})  # fmt: skip

    with pytest.raises(StudiesError, match="2 is not the standard error, 2, times the root of 16"):
        read_studies(frame)
