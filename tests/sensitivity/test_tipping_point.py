"""Tipping points."""

import re
from dataclasses import replace

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.errors import AnalysisError
from bayesmeta.sensitivity import tipping_point
from bayesmeta.summaries.summary import summary

OWN = {"tau": {"distribution": "HalfNormal", "sigma": 0.25, "unit": "uisd"}}


@pytest.fixture(scope="module")
def table(normand):
    """Return the tipping points of Normand under a half-normal prior."""
    return tipping_point(normand, priors=OWN)


def _tips(table):
    return [
        (name, criterion, row[f"{side}_prior"])
        for (name, criterion), row in table.iterrows()
        for side in ("narrower", "wider")
        if row[f"{side}_prior"]
    ]


def test_a_refit_at_a_tipping_point_stands_on_the_threshold(table, normand):
    """Fitted at the prior found, P(mu < 0) is the threshold, or the interval ends at zero."""
    found = _tips(table)

    assert len(found) == 7
    for name, criterion, prior in found:
        mu = summary(bm.fit(normand, priors={**OWN, name: prior}, engine="exact")).loc["mu"]
        gap = (
            mu["upper"]
            if "touches" in criterion
            else mu["p_below_0"] - float(criterion[-5:].strip("= "))
        )
        assert gap == pytest.approx(0.0, abs=1e-8)


@pytest.mark.slow
def test_nuts_at_a_tipping_point_stands_on_the_threshold_too(table, normand):
    """The other engine agrees, within Monte Carlo error at 5 standard errors."""
    wider = table.loc[("tau", "P(mu < 0) = 0.95"), "wider_prior"]

    draws = bm.fit(normand, priors={**OWN, "tau": wider}, draws=4000)["posterior"]["mu"].values

    # 16 000 draws, of which a quarter count as independent.
    assert (draws < 0).mean() == pytest.approx(0.95, abs=5 * np.sqrt(0.95 * 0.05 / 4000))


def test_a_tipping_scale_is_not_printed_as_the_own_one(table, normand):
    """In a unit in which the conclusion tips at 9.998, a prior of scale 10 is not said to be it."""
    unit = 9.998 / float(table.loc[("tau", "P(mu < 0) = 0.975"), "wider"])
    scaled = replace(
        normand, estimate=unit * normand.estimate, standard_error=unit * normand.standard_error
    )
    own = {"tau": "HalfNormal(sigma=10)"}
    row = tipping_point(scaled, priors=own, thresholds=[0.975]).iloc[2]

    before, after = re.findall(r"([\d.]+)(?: \w+)?, [\d.]+ uisd", row["sentence"])
    assert [before, after] == ["10", "9.998"]


def test_the_own_scale_is_printed_as_priors_are(table):
    """A quarter of 26.0280 is 6.5070, in four digits as in the line of priors."""
    sentence = table.loc[("tau", "P(mu < 0) = 0.975"), "sentence"]

    assert "(HalfNormal, 6.507, 0.25 uisd)" in sentence


def test_no_such_prior_is_a_stated_answer(table):
    """No half-normal, however wide, brings P(mu < 0) below 0.9 on Normand."""
    row = table.loc[("tau", "P(mu < 0) = 0.9")]

    assert np.isnan(row["wider"])
    assert "no other scale of the prior on" in row["sentence"]


def test_a_criterion_that_does_not_hold_has_its_tipping_point_on_the_other_side(normand):
    """Where P(mu < 0) is below the threshold, a narrower prior on tau brings it there."""
    wide = {"tau": "HalfNormal(sigma=13)"}

    row = tipping_point(normand, priors=wide, thresholds=[0.975]).loc[("tau", "P(mu < 0) = 0.975")]

    assert not row["holds"]
    assert row["narrower"] == pytest.approx(8.90748, abs=1e-4)


def test_it_is_the_same_point_from_wherever_one_starts(normand, table):
    """The own scale of the prior decides the side, not the point."""
    other = tipping_point(normand, priors={"tau": "HalfNormal(sigma=8)"}, thresholds=[0.975])

    key = ("tau", "P(mu < 0) = 0.975")
    assert other.loc[key, "wider"] == pytest.approx(table.loc[key, "wider"], rel=1e-9)


def test_the_tipping_prior_is_placed_in_the_published_distribution(bcg):
    """The quantile of its median is that distribution's distribution function there."""
    prior = bm.parse_prior('LogNormal(mu=-2.56, sigma=1.74, on="tau2")')
    own = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}

    row = tipping_point(bcg, priors=own, thresholds=[0.999], empirical={"Turner": prior}).loc[
        ("tau", "P(mu < 0) = 0.999")
    ]

    # The median of a half-normal is 0.67449 of its scale; log tau squared is normal.
    from scipy.stats import norm

    side = "wider" if np.isfinite(row["wider"]) else "narrower"
    median = 0.6744897502 * row[side]
    expected = norm.cdf((2 * np.log(median) + 2.56) / 1.74)
    assert row[f"{side}_quantile in Turner"] == pytest.approx(expected, abs=1e-9)


def test_a_threshold_of_a_half_is_refused(normand):
    """The most sceptical prior of all gives a half."""
    with pytest.raises(AnalysisError):
        tipping_point(normand, thresholds=[0.5])
