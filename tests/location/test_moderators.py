"""Which columns can be moderators: each varies, says something of its own, and is no result."""

import re

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.location import LOCATIONS

TABLE = {
    "study": list("ABCDEF"),
    "estimate": [0.1, -0.2, 0.3, 0.0, 0.4, 0.2],
    "standard_error": [0.1, 0.2, 0.1, 0.3, 0.2, 0.2],
    "n": [20, 30, 60, 50, 40, 70],
    "weeks": [2.0, 4, 6, 8, 10, 12],
    "double": [4.0, 8, 12, 16, 20, 24],
    "big": ["yes"] * 6,
    "three": [3.0] * 6,
    "design": ["RCT", "cohort", "RCT", "cohort", "RCT", "cohort"],
    "site": ["Oslo", "Rome", "Oslo", "Bern", "Oslo", "Rome"],
    "arm": ["high", "high", "low", "high", "low", "high"],
}


WEEKS = np.array(TABLE["weeks"])


def effects(measure="MD", **columns):
    return bm.effect_sizes(bm.read_studies(pd.DataFrame(TABLE | columns)), measure)


def locate(formula, *, missing="error", **columns):
    return LOCATIONS["formula"].locate(effects(**columns), formula, missing=missing)


@pytest.mark.parametrize(
    "formula",
    ["big", "C(big)", "weeks + big", "big + weeks", "weeks*big", "big:design", "three", "x3*weeks",
     "weeks + C(three)", "log(three)"],
)  # fmt: skip
def test_a_column_that_never_varies_is_refused_by_name(formula):
    """A factor of one level is a constant number in words: neither has a slope to estimate."""
    named = "big" if "big" in formula else "three"

    with pytest.raises(ModelError, match=rf"{named} is the same in every study"):
        locate(formula.replace("x3", "three"))


def test_a_level_that_goes_with_the_dropped_rows_is_refused():
    """After the rows without weeks are dropped, every study left is an RCT."""
    gaps = {"weeks": [2.0, np.nan, 6.0, np.nan, 10.0, np.nan]}

    with pytest.raises(ModelError, match=r"design is the same in every study \('RCT'\)"):
        locate("weeks + design", missing="drop", **gaps)


def test_dropping_every_study_names_their_gaps():
    """Nothing is fitted to nothing."""
    with pytest.raises(StudiesError, match=r"(?s)study 'A': no weeks.*study 'F': no weeks"):
        locate("weeks", missing="drop", weeks=["", "", "", "", "", ""])


@pytest.mark.parametrize(
    "formula",
    ["weeks", "design", "site", "C(site)", "weeks + design", "weeks*design", "poly(weeks, 2)",
     "weeks:design", "bs(weeks, df=3)", "(weeks + design)**2", "C(site) + log(weeks)"],
)  # fmt: skip
def test_every_term_has_a_column(formula):
    """What the heading names is in the design: each term's own columns carry its name."""
    from bayesmeta.location.grammar import read_formula
    from bayesmeta.location.terms import named

    _, location = locate(formula)

    read = read_formula(formula, known=tuple(TABLE))
    for term in read.terms:
        parts = named(term).split(":")
        assert any(
            all(part in name for part in parts) and name.count(":") == len(parts) - 1
            for name in location.terms
        ), term


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("weeks + double", "columns weeks, double say the same"),
        ("n + weeks + double", "columns weeks, double say the same"),
        ("weeks + poly(weeks, 2)", r"columns weeks, poly\(weeks, 2\)\[1\] say the same"),
        ("design + C(design)", r"design\[T.cohort\], C\(design\)\[T.cohort\] say the same"),
        ("design + site", r"columns design\[T.cohort\], site\[T.Oslo\] say the same"),
        ("design*site", r"design\[T.cohort\]:site\[T.Oslo\] is 0 in every study"),
        ("arm*design", r"arm\[T.low\]:design\[T.cohort\] is 0 in every study"),
    ],
)
def test_columns_that_say_the_same_thing_are_named(formula, said):
    """A copy, a nested factor, an empty cell: those that take part are named, and no other."""
    with pytest.raises(ModelError, match=said):
        locate(formula)


def test_a_column_in_a_tiny_unit_is_no_constant():
    """Whether a column varies does not depend on its unit."""
    small = np.array(TABLE["weeks"]) * 1e-20

    _, location = locate("weeks", weeks=small)

    assert location.design[:, 1] * 1e20 == pytest.approx([-5, -3, -1, 1, 3, 5])


def test_a_column_that_cannot_be_squared_is_refused():
    """Values near the largest number there is ask for another unit."""
    with pytest.raises(ModelError, match=r"weeks reaches 1.2e\+301; write it in another unit"):
        locate("weeks", weeks=np.array(TABLE["weeks"]) * 1e300)


ARMS = {
    "study": list("ABCD"), "n_treatment": [20, 30, 40, 50], "n_control": [25, 35, 30, 45],
    "mean_treatment": [1.0, 2, 4, 3], "mean_control": [2.0, 3, 3, 5],
    "sd_treatment": [1.0, 2, 1, 3], "sd_control": [2.0, 1, 1, 2], "estimate": [-1.0, -1, 1, -2],
}  # fmt: skip


@pytest.mark.parametrize(
    "formula", ["mean_control", "log(sd_control)", "mean_treatment*n_control", "estimate"]
)
def test_what_the_estimates_come_from_is_no_moderator(formula):
    """Regressed on their own means and SDs, mean differences say nothing."""
    arms = bm.effect_sizes(bm.read_studies(pd.DataFrame(ARMS)), "MD")

    with pytest.raises(ModelError, match="is what the estimates come from"):
        LOCATIONS["formula"].locate(arms, formula, missing="error")


@pytest.mark.parametrize("formula", ["estimate", "log(standard_error)", "weeks + standard_error"])
def test_ready_made_estimates_are_no_moderators_of_themselves(formula):
    """Nor are their standard errors: that is a test of small-study effects, with its own name."""
    with pytest.raises(ModelError, match=r"is what the estimates come from.*egger"):
        locate(formula)


def test_the_sizes_of_arms_may_be_moderators():
    """How large a study is says nothing by itself of what it found."""
    arms = bm.effect_sizes(bm.read_studies(pd.DataFrame(ARMS)), "MD")

    _, location = LOCATIONS["formula"].locate(arms, "n_treatment", missing="error")

    assert location.terms == ("n_treatment",)


@pytest.mark.parametrize("formula", ["study", "C(study)", "weeks + study"])
def test_the_names_of_the_studies_are_no_moderator(formula):
    """A column a study leaves nothing to estimate."""
    with pytest.raises(ModelError, match="study names the rows"):
        locate(formula)


def test_levels_that_look_like_numbers_are_levels():
    """The column design is text; designs called 1 and 2 are two designs."""
    used = {"design": ["1", "2", "1", "2", "1", "2"]}

    _, location = locate("design", **used)
    rows, _ = LOCATIONS["formula"].rows(location, {"design": [1.0, 2.0]})

    assert location.terms == ("design[T.2]",)
    assert rows[:, 1] == pytest.approx([-0.5, 0.5])


def test_a_listed_level_that_is_missing_is_refused():
    """A level outside of the list would count as the first one, unseen."""
    with pytest.raises(ModelError, match="leaves out 'Rome'"):
        locate("C(site, levels=['Oslo', 'Bern'])")


@pytest.mark.parametrize(
    ("values", "said"),
    [({"weeks": [3]}, "no level '3'; its levels: 2, 4, 6"), ({}, "Give a value of weeks"),
     ({"weeks": [np.nan]}, "finite")],
)  # fmt: skip
def test_numbers_that_are_levels_are_not_interpolated(values, said):
    """With C(weeks) there is no effect between two levels, nor at their mean."""
    _, location = locate("C(weeks)", weeks=[2.0, 4, 2, 4, 6, 6])

    with pytest.raises(ModelError, match=said):
        LOCATIONS["formula"].rows(location, values)


@pytest.mark.parametrize("door", ["evaluate", "predict"])
def test_a_stored_formula_is_read_before_it_is_used(door, tmp_path):
    """A posterior's file may hold any text as its formula: nothing of it runs."""
    from bayesmeta.location.matrix import evaluate

    mark = tmp_path / "ran"
    formula = f"log(open({str(mark)!r}, 'w')) + weeks"
    posterior = bm.fit(effects(), moderators="weeks", engine="exact")
    posterior.attrs["formula"] = formula

    with pytest.raises(ModelError, match="not among the functions"):
        bm.predict(posterior, weeks=3) if door == "predict" else evaluate(formula, {"weeks": WEEKS})

    assert not mark.exists()


@pytest.mark.parametrize("name", ["dose (mg)", "class", "dose mg"])
def test_a_name_that_no_formula_can_hold_is_told_to_be_changed(name):
    """The message gives the backticks, and the choice that renames it."""
    said = rf'moderators="`{re.escape(name)}`", or give it a name of letters: columns='
    with pytest.raises(ModelError, match=said):
        locate(name, **{name: TABLE["weeks"]})


def test_more_columns_than_studies_are_refused_before_they_are_made():
    """Six studies have five slopes at most; a factor of many levels is not even built."""
    with pytest.raises(ModelError, match=r"7 columns or more.*6 studies can have 5 at most"):
        locate("C(weeks) + C(site)")


def test_a_term_without_a_column_is_an_error():
    """The formula library leaves a factor of one level out without a word; that cannot pass."""
    from bayesmeta.location.matrix import evaluate

    with pytest.raises(ModelError, match="big gives no column"):
        evaluate("weeks + big", {"weeks": np.array([1.0, 2]), "big": np.array(["a", "a"])})
