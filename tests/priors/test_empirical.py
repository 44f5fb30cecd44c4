"""The published priors, against independent figures."""

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from bayesmeta.errors import PriorError
from bayesmeta.measures import effect_sizes
from bayesmeta.priors import (
    cdf,
    check_prior,
    cochrane,
    converted,
    library,
    log_density,
    outcome_sds,
    quantile,
    rhodes,
    search_priors,
    survival,
    tail_integrable,
    times_outcome_sd,
    turner,
)
from bayesmeta.priors import table_names as names
from bayesmeta.spec import Prior
from bayesmeta.studies import read_studies

REFERENCE = json.loads(
    (Path(__file__).parent / "reference" / "empirical_quantiles.json").read_text(encoding="utf-8")
)
CASES = [(turner, case) for case in REFERENCE["turner"]]
CASES += [(rhodes, case) for case in REFERENCE["rhodes"]]


@pytest.mark.parametrize(("lookup", "case"), CASES)
def test_a_published_prior_has_its_quantiles(lookup, case):
    """Parameters are the table's, quantiles and density those of an independent program."""
    prior = lookup(*case["names"])

    assert [prior.parameters["mu"], prior.parameters["sigma"]] == case["on_tau2"]
    assert quantile(prior, [0.025, 0.5, 0.975]) == pytest.approx(case["quantiles"], rel=1e-9)
    assert np.exp(log_density(prior, 0.5)) == pytest.approx(case["density_at_half"], rel=1e-9)


def test_the_library_holds_every_cell():
    """80 cells of Turner, 72 of Rhodes, each with its general setting, and the subfields."""
    counts = pd.Series([row.collection for row in library()]).value_counts()

    assert counts.to_dict() == {"Cochrane": 417, "Turner": 81, "Rhodes": 73, "psychology": 2}


def test_every_published_prior_suits_its_parameter():
    """Each row is a valid prior with a source."""
    for row in library():
        check_prior(row.prior, row.parameter)

    assert all(row.source for row in library())


def test_no_cell_is_there_twice():
    """Names lead to one prior."""
    keys = [row[:6] for row in library()]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("collection", "column", "literal"),
    [
        ("Turner", "outcome", names.TurnerOutcome),
        ("Turner", "comparison", names.TurnerComparison),
        ("Rhodes", "outcome", names.RhodesOutcome),
        ("Rhodes", "comparison", names.RhodesComparison),
        ("Rhodes", "area", names.RhodesArea),
    ],
)
def test_what_an_editor_completes_is_what_the_table_has(collection, column, literal):
    """The argument types list the names of the table, all of them and no other."""
    found = {getattr(row, column) for row in library() if row.collection == collection}

    assert set(get_args(literal.__value__)) == found


def test_a_subfield_has_the_published_prior():
    """Cochrane-wide SMD: inverse gamma(1.71, 0.40) on tau, t5(0, 0.43) on the effect."""
    assert str(cochrane()) == "InverseGamma(alpha=1.71, beta=0.4)"
    assert str(cochrane(parameter="mu")) == "StudentT(nu=5, mu=0, sigma=0.43)"
    assert str(cochrane("Stroke", measure="RD")) == "HalfNormal(sigma=0.06)"


@pytest.mark.parametrize(
    ("lookup", "arguments", "message"),
    [
        (turner, ("happiness",), "Turner: no outcome 'happiness'; there are: any outcome; all-"),
        (turner, ("pain", "pharma"), "comparison 'pharma' fits several; there are: pharmac"),
        (rhodes, ("mental", "non", "dental"), "no area 'dental'; there are: other; respiratory"),
        (cochrane, ("Dentistry",), "no area 'Dentistry'; there are: Acute"),
    ],
)
def test_a_name_that_leads_nowhere_lists_those_that_do(lookup, arguments, message):
    """Unknown and ambiguous names are refused with the names there are."""
    with pytest.raises(PriorError, match=message):
        lookup(*arguments)


def test_search_finds_what_people_call_it():
    """Cytokines are biological markers; the continuous scale comes first."""
    found = search_priors("cytokine")

    assert {row.outcome for row in found} == {
        "biological marker",
        "biological markers (dichotomized)",
    }
    assert found[0].measure == "SMD"
    assert search_priors("no such thing") == ()


def test_log_odds_are_standardised_differences_times_the_logistic_sd():
    """Chinn (2000): ln(OR) = 1.81 SMD, that is pi / sqrt(3)."""
    ratio = quantile(rhodes(measure="OR"), 0.5) / quantile(rhodes(), 0.5)

    assert ratio == pytest.approx(stats.logistic.std(), rel=1e-12)
    assert round(float(ratio), 2) == 1.81


def test_conversions_there_and_back_cancel():
    """SMD to OR to SMD is where it began."""
    there = converted(turner("pain", "pharmacological vs. placebo"), "OR", "SMD")

    back = converted(there, "SMD", "OR")

    assert quantile(back, 0.5) == pytest.approx(
        quantile(turner("pain", "pharmacological vs. placebo"), 0.5)
    )


@pytest.mark.parametrize("measure", ["RR", "RD", "MD", "ROM", "HR"])
def test_other_conversions_are_refused(measure):
    """No fixed ratio, no conversion."""
    with pytest.raises(PriorError, match=f"A prior for OR does not tell about {measure}"):
        turner(measure=measure)


def test_raw_differences_take_the_sd_and_its_spread():
    """The mixture's cdf is the log-normal average of the prior's, by adaptive quadrature."""
    prior, sds = rhodes(), np.array([4.0, 9.0, 20.0, 47.0])
    centre, spread = np.log(sds).mean(), np.log(sds).std(ddof=1)
    points = np.array([0.05, 1.0, 5.0, 40.0])

    found = cdf(times_outcome_sd(prior, sds), points)

    def average(point):
        def inside(z):
            return stats.norm.pdf(z) * float(cdf(prior, point / np.exp(centre + spread * z)))

        return integrate.quad(inside, -9, 9)[0]

    assert found == pytest.approx([average(point) for point in points], abs=2e-5)


def test_the_mixture_keeps_the_heavy_tail():
    """A log-t prior times an SD still has a tail of log-t, not one cut off."""
    prior = times_outcome_sd(rhodes(), [1.0, 10.0])

    assert survival(prior, 1e12) > survival(rhodes(), 1e12) > 0
    assert tail_integrable(prior)
    assert not tail_integrable(prior, 0.1)


def test_sds_come_from_the_arms():
    """The pooled SD of two arms, weighted by degrees of freedom."""
    frame = pd.DataFrame(
        {
            "study": ["a"],
            "n_treatment": [11],
            "mean_treatment": [1.0],
            "sd_treatment": [3.0],
            "n_control": [21],
            "mean_control": [2.0],
            "sd_control": [6.0],
        }
    )
    effects = effect_sizes(read_studies(frame), measure="MD")

    assert outcome_sds(effects) == pytest.approx([np.sqrt((10 * 9 + 20 * 36) / 30)])


def test_bad_sds_are_refused():
    """An SD is above 0; a word has no scale."""
    with pytest.raises(PriorError, match=r"SDs are \[1.0, 0.0\]; each must be above 0"):
        times_outcome_sd(rhodes(), [1.0, 0.0])

    with pytest.raises(PriorError, match="Jeffreys has no scale"):
        times_outcome_sd(Prior("Jeffreys"), [1.0, 2.0])
