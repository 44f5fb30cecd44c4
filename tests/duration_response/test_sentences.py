"""What a reader reads of durations: units, priors, nothing causal, ratios as ratios."""

import dataclasses
import re

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.duration_response.sentences import answers
from bayesmeta.duration_response.text import text

CAUSAL = ("works", "causes", "because of", "leads to", "improves", "reduces", "increases",
          "explains", "is better with", "makes", "thanks to", "due to")  # fmt: skip


@pytest.fixture(scope="module")
def found(twelve):
    """Twelve studies in days, with a design and a year."""
    effects = dataclasses.replace(
        twelve(design=["RCT", "cohort"] * 6, year=np.arange(2001, 2013)), measure="MD", unit="days"
    )
    priors = {"mu": "Normal(mu=0, sigma=4)", "tau": "HalfNormal(sigma=1)",
              "change": "Normal(mu=0, sigma=2)"}  # fmt: skip
    return bm.duration(effects, priors=priors, shapes=["constant", "linear"],
                       minimal_important_difference=1.0)  # fmt: skip


@pytest.fixture(scope="module")
def ratio(found):
    """The same numbers, of an odds ratio."""
    return dataclasses.replace(found, measure="OR", unit="")


@pytest.mark.parametrize("word", CAUSAL)
def test_no_sentence_is_causal(word, found):
    """Durations differ between studies: nothing is said to do anything."""
    assert not re.search(rf"\b{word}\b", text(found), re.IGNORECASE)


def test_every_answer_with_a_duration_says_weeks(found):
    """12 weeks, 2 weeks; per week."""
    assert all("week" in sentence for sentence in answers(found)[:1] + answers(found)[2:5])


def test_every_answer_with_an_effect_says_its_unit(found):
    """Change, slope, threshold and tau are in days."""
    told = [sentence for sentence in answers(found) if "Bayes factor" not in sentence]

    assert all("days" in sentence for sentence in told[:-1])


def test_the_prior_stands_beside_the_posterior(found):
    """Of better, of no difference and of worse."""
    assert answers(found)[0].count("(a priori 0.") == 3


def test_the_line_and_the_averaged_answer_name_each_other(found):
    """The line's sentence names meta-regression, and says why it differs."""
    line = answers(found)[2]

    assert "a meta-regression on duration_weeks gives the slope a prior of its own" in line
    assert "averages over shapes" in line


def test_other_columns_are_offered_by_name(found):
    """Design and year, as what to type."""
    warning = next(said for said in found.warnings if said.startswith("Not in this analysis"))

    assert "design, year" in warning
    assert 'moderators="C(design)"' in warning


def test_what_is_offered_is_said_with_how_closely_it_goes_with_the_duration(found):
    """Pearson's r of years with weeks as NumPy has it; eta of the design is there too."""
    warning = next(said for said in found.warnings if said.startswith("Not in this analysis"))
    weeks = found.studies["weeks"]
    r = np.corrcoef(weeks, np.arange(2001, 2013))[0, 1]

    assert f"year r = {r:.3g}" in warning
    assert re.search(r"design eta = 0\.\d+", warning)


def test_a_moderator_that_is_taken_in_is_not_offered(twelve, priors):
    """With the design in the formula, the year is left."""
    effects = twelve(design=["RCT", "cohort"] * 6, year=np.arange(2001, 2013))
    within = bm.duration(effects, moderators="C(design)", shapes=["constant", "linear"],
                         priors=priors | {"beta": "Normal(mu=0, sigma=1)"})  # fmt: skip

    assert within.offered == ("year",)


def test_ratios_are_on_their_own_scale(ratio):
    """The threshold, the change and the effects are ratios: the exponential of the table's."""
    told = text(ratio)
    change = float(np.exp(ratio.changes["upper"][0]))

    assert "below OR = 0.367879" in told
    assert "a factor of" in answers(ratio)[0]
    assert f"{change:.2f}" in answers(ratio)[0]


def test_a_ratio_without_a_change_is_one(ratio):
    """The constant's row has a factor of 1, not a difference of 0."""
    row = next(line for line in text(ratio).splitlines() if line.strip().startswith("constant"))

    assert re.split(r"\s{2,}", row.strip())[3] == "1"


def test_the_priors_say_their_unit_and_that_of_no_change(found):
    """Days, the range of the change, and P(no change)."""
    told = text(found).split("\nPriors\n")[1].split("\nMind\n")[0]

    assert "in days" in told
    assert "from 2 to 12 weeks" in told
    assert "P(no change with duration) = 0.5" in told


def test_a_result_prints_as_it_is_read(found):
    """In a terminal, in a notebook and by bm.text it is one text, with no field's name."""
    assert repr(found) == text(found) == bm.text(found)
    assert found._repr_html_().startswith("<pre>")
    assert "Duration(" not in repr(found)


def test_groups_say_which_is_better_not_which_is_greater(twelve):
    """Lower being better, P(first better) is what P(greater) leaves."""
    groups = bm.subgroups(
        twelve(), column="duration_weeks", cuts=[5.0],
        priors={"mu": "Normal(mu=0, sigma=4)", "tau": "HalfNormal(sigma=1)"},
    )  # fmt: skip
    better = 1 - groups.contrasts["p_greater"][0]

    assert "P(first better)" in repr(groups)
    assert f"{better:.3g}" in repr(groups)
