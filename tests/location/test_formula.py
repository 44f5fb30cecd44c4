"""Moderators by formula: what is accepted, what it means, what is refused."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.location import LOCATIONS
from bayesmeta.location.grammar import columns_of

WEEKS = [2.0, 4.0, 6.0, 8.0, 10.0]


def effects(**columns):
    table = pd.DataFrame(
        {
            "study": [f"Study {letter}" for letter in "ABCDE"],
            "estimate": [0.1, -0.2, 0.3, 0.0, 0.4],
            "standard_error": [0.1, 0.2, 0.1, 0.3, 0.2],
            "duration_weeks": WEEKS,
            "design": ["RCT", "cohort", "RCT", "cohort", "RCT"],
        }
        | columns
    )
    return bm.effect_sizes(bm.read_studies(table), measure="MD")


def locate(formula, *, missing="error", **columns):
    return LOCATIONS["formula"].locate(effects(**columns), formula, missing=missing)


def test_columns_are_centred_and_the_means_kept():
    """Slope columns have mean zero; mean and centred column give the raw one back."""
    _, location = locate("duration_weeks")

    assert location.terms == ("duration_weeks",)
    assert location.design[:, 1].sum() == pytest.approx(0)
    assert location.design[:, 1] + location.column_means == pytest.approx(WEEKS)


def test_words_become_indicator_columns():
    """A categorical moderator gives one column a level beyond the first."""
    _, location = locate("design")

    raw = location.design[:, 1] + location.column_means[0]
    assert location.terms == ("design[T.cohort]",)
    assert raw == pytest.approx([0, 1, 0, 1, 0])


def test_an_interaction_is_the_product_of_its_columns():
    """`a * b` is a, b and a:b."""
    _, location = locate("duration_weeks * design")

    raw = location.design[:, 1:] + location.column_means
    by_name = dict(zip(location.terms, raw.T, strict=True))
    product = by_name["duration_weeks"] * by_name["design[T.cohort]"]
    assert len(by_name) == 3
    assert any(np.allclose(column, product) for name, column in by_name.items() if ":" in name)


@pytest.mark.parametrize(
    "formula",
    ["log(duration_weeks)", "sqrt(duration_weeks)", "poly(duration_weeks, degree=2)",
     "bs(duration_weeks, df=3, degree=2)", "cr(duration_weeks, df=2, constraints='center')"],
)  # fmt: skip
def test_new_rows_at_the_studies_own_values_are_the_design(formula):
    """Splines and polynomials remember their knots: at the data they give the data's rows."""
    _, location = locate(formula)

    rows, _ = LOCATIONS["formula"].rows(location, {"duration_weeks": WEEKS})

    assert rows == pytest.approx(np.asarray(location.design))


def test_a_moderator_not_given_stands_at_its_mean():
    """A numeric moderator that is left out of a prediction is held at its mean, and said."""
    _, location = locate("duration_weeks + year", year=[2001.0, 2003, 2005, 2007, 2014])

    rows, values = LOCATIONS["formula"].rows(location, {"duration_weeks": [2, 10]})

    assert rows[:, location.terms.index("year") + 1] == pytest.approx([0, 0])
    assert values["year"] == pytest.approx([2006, 2006])


def test_missing_moderators_are_named_all_at_once():
    """The message has the study and the column of every gap."""
    gaps = {"duration_weeks": [2.0, np.nan, 6.0, np.nan, 10.0]}

    with pytest.raises(StudiesError, match=r"(?s)Study B.*duration_weeks.*Study D.*duration_weeks"):
        locate("duration_weeks", **gaps)


def test_dropped_studies_are_listed_with_the_reason():
    """Dropping is on request, and nothing is lost from sight."""
    gaps = {"duration_weeks": [2.0, np.nan, 6.0, 8.0, 10.0]}

    used, _ = locate("duration_weeks", missing="drop", **gaps)

    assert len(used) == 4
    assert used.dropped == (("Study B", "no duration_weeks"),)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("__import__('os').system('true')", "not among the functions"),
        ("I(__import__('os'))", "not among the functions"),
        ("duration_weeks.mean()", "not among the functions"),
        ("[x for x in duration_weeks]", "no place in a formula"),
        ("duration_weeks - 1", "never by - or /"),
        ("0 + duration_weeks", "leave numbers out"),
        ("weeks", "no column 'weeks'"),
        ("duration_weeks +", "not a formula"),
        ("", "needs moderators"),
        ("log(3)", "name no column"),
        ("duration_weeks + poly(duration_weeks, degree=2)", "the same thing twice"),
    ],
)
def test_what_is_no_formula_is_refused_in_one_sentence(formula, said):
    """A formula names columns, numbers and listed functions; nothing is evaluated before that."""
    with pytest.raises(ModelError, match=said):
        locate(formula)


def test_a_moderator_that_never_varies_is_refused():
    """A constant column cannot have a slope."""
    with pytest.raises(ModelError, match="duration_weeks is the same in every study"):
        locate("duration_weeks", duration_weeks=[4.0] * 5)


def test_a_range_among_numbers_is_not_taken_for_a_category():
    """A column of weeks with one '4-6' is a mistake to name, not five categories."""
    with pytest.raises(StudiesError, match=r"Study C.*moderator_weeks.*'4-6'"):
        locate("moderator_weeks", moderator_weeks=["2", "4", "4-6", "8", "10"])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"dose": [1]}, "'dose' is not a moderator"),
        ({"duration_weeks": [2, 4], "design": ["RCT"]}, "differ in number"),
        ({"duration_weeks": [2], "design": ["case series"]}, "no level 'case series'"),
        ({"duration_weeks": [2]}, "Give a value of design"),
        ({"duration_weeks": ["long"], "design": ["RCT"]}, "is a number in the table"),
    ],
)
def test_predictions_refuse_what_the_model_does_not_know(values, said):
    """An unknown moderator, level or length is one clear sentence."""
    _, location = locate("duration_weeks + design")

    with pytest.raises(ModelError, match=said):
        LOCATIONS["formula"].rows(location, values)


def test_columns_are_found_inside_calls():
    """Names inside functions count as columns, names of functions do not."""
    known = ["duration_weeks", "design"]

    assert columns_of("bs(duration_weeks, df=3) + C(design)", known=known) == tuple(known)
