"""Sentences of the pages: singular and plural, units, what a number is of, no bare symbol."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.duration_response.sentences import answers
from bayesmeta.duration_response.text import strip_grid

OWN = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)"}
SIZES = {"standard_error": [0.1, 0.2, 0.15, 0.1, 0.3, 0.25], "n": 40}
TABLE = pd.DataFrame({
    "study": list("abcdef"), "estimate": [0.1, -0.2, 0.3, 0.2, 0.1, 0.4], **SIZES,
    "duration_weeks": [2.0, 4, 6, 8, 10, 12], "design": ["RCT", "cohort"] * 3,
})  # fmt: skip


def _effects(measure="MD", unit="days", **choices):
    table = TABLE.drop(columns=["design"])
    kept = {} if measure != "MD" else {"unit": unit}
    return bm.effect_sizes(table, measure, **kept, **choices)


@pytest.fixture(scope="module")
def correlations():
    """Six correlations by weeks of treatment, with a difference that matters."""
    table = TABLE.drop(columns=["estimate", "standard_error", "design"])
    table = table.assign(correlation=[0.3, 0.4, 0.35, 0.5, 0.45, 0.4])
    effects = bm.effect_sizes(table, "ZCOR")
    return bm.duration(effects, benefit="higher", minimal_important_difference=0.1,
                       shapes=["constant", "linear"])  # fmt: skip


def test_a_limit_of_correlations_is_called_an_r(correlations):
    """It is above r = 0.1: Fisher's z and r differ, so a bare 0.1 is either."""
    said = " ".join(answers(correlations))

    assert "above r = 0.1" in said
    assert "above 0.1" not in said


def test_the_strips_sd_has_a_unit(correlations):
    """A change is on the pooled scale: of correlations Fisher's z."""
    assert "sd of the change, Fisher's z" in strip_grid(correlations).head


def test_enough_at_the_shortest_is_not_said_to_be_that_or_less(correlations):
    """No study is shorter than the shortest: nothing is "2 weeks or less"."""
    answer = correlations.sufficient._replace(weeks=4.0, error=0.0, median=2.0)
    said = " ".join(answers(replace(correlations, sufficient=answer)))

    assert "2 weeks or less" not in said
    assert "the shortest, 2 weeks, is enough with probability 0.5 or more" in said


@pytest.mark.parametrize(
    ("measure", "choices", "difference", "said"),
    [("MD", {}, 0.3, "(0.3 days)"), ("OR", {"values": "log"}, 0.8, "(OR = 0.8)")],
)
def test_the_minimal_important_difference_has_its_unit(measure, choices, difference, said):
    """Of a difference the outcome's unit, of a ratio that it is one."""
    posterior = bm.fit(_effects(measure, **choices), engine="exact", priors=OWN)
    told = bm.text(posterior, benefit="lower", minimal_important_difference=difference)

    assert told.count(f"minimal important difference {said}") == 2


@pytest.mark.parametrize(
    ("prior", "said"),
    [
        ("Exponential(lam=0.2)", f"has the median {np.log(2) / 0.2:.4g} on the log scale"),
        ("Uniform(lower=0, upper=10)", "has the median 5 on the log scale"),
        ("LogNormal(mu=-2, sigma=1.5)", ""),
    ],
)
def test_a_wide_tau_is_remarked_whatever_its_family(prior, said):
    """By its median where it has no scale of its own; a log-normal's sigma is no size of tau."""
    posterior = bm.fit(_effects("OR", values="log"), engine="exact", priors=OWN | {"tau": prior})
    told = bm.text(posterior).replace("\n ", "")

    assert (said or "with such a tau") in told if said else "with such a tau" not in told


def test_one_moderator_is_in_the_singular():
    """In the summary and in the comparison."""
    priors = OWN | {"beta": "Normal(mu=0, sigma=1)"}
    posterior = bm.fit(_effects(), engine="exact", moderators="duration_weeks", priors=priors)

    assert "moderator duration_weeks" in bm.text(posterior).replace("\n ", "")


def test_one_column_left_out_goes_with_the_duration_in_the_singular():
    """It is one column: how closely it goes."""
    priors = OWN | {"change": "Normal(mu=0, sigma=1)"}
    effects = bm.effect_sizes(TABLE, "MD", unit="days")
    said = bm.text(bm.duration(effects, priors=priors, shapes=["constant", "linear"]))

    assert "Not in this analysis: design. How closely it goes with" in said


@pytest.mark.parametrize(("size", "said"), [(1, "1 standard deviation,"), (2, "2 standard dev")])
def test_a_unit_of_two_words_is_in_the_singular_behind_one(size, said):
    """It is 1 standard deviation, and 2 standard deviations."""
    effects = bm.effect_sizes(TABLE, "SMD")
    priors = OWN | {"mu": f"Normal(mu=0, sigma={size})"}
    table = bm.tipping_point(effects, priors=priors)

    assert f"(Normal, {said}" in table.loc["mu", "sentence"].iloc[0]


def test_a_bias_of_ratios_is_beside_one_and_mu_stands_at_the_mean():
    """The bias is printed as a factor: its event is below 1, as on the page of the comparison."""
    priors = OWN | {"bias": "Normal(mu=0, sigma=0.5)", "beta": "Normal(mu=0, sigma=0.1)"}
    effects = bm.effect_sizes(TABLE, "RR", values="log")
    said = bm.designs_text(bm.designs(effects, design="design", reference="RCT", priors=priors,
                                      moderators="duration_weeks", spread="common", points=5,
                                      )).replace("\n ", "")  # fmt: skip

    assert "P(bias < 1) = " in said
    assert "P(bias < 0)" not in said
    assert "mu: where each moderator has its mean over all studies together" in said


def test_no_number_is_per_cent_twice():
    """Where "69 %" has its sign, its name has no unit; in text and in the report."""
    effects = bm.effect_sizes(TABLE.assign(group=list("aabbcc")), "MD", unit="days")
    posterior = bm.fit(effects, "nested", cluster="group", engine="exact",
                       priors=OWN | {"tau_within": "HalfNormal(sigma=1)"})  # fmt: skip
    line = next(line for line in bm.text(posterior).splitlines() if "intraclass share" in line)

    assert " % [" in line
    assert "per cent" not in line


def test_a_number_in_place_of_a_prior_is_said_to_be_fixed():
    """It has no distribution: tau = 0.5, never tau ~ 0.5."""
    page = bm.text(bm.fit(_effects(), engine="exact", priors={**OWN, "tau": 0.5}))

    assert "tau = 0.5, fixed" in page
    assert "tau ~" not in page
