"""Standing default priors: fixed on log ratios, in unit-information SDs elsewhere."""

import json

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.comparison import compare
from bayesmeta.errors import PriorError
from bayesmeta.measures import MEASURES
from bayesmeta.parameters import Usual
from bayesmeta.priors import default_prior, standing, typical_scale, unit_information_sd
from bayesmeta.random_effects.normal import TAU
from bayesmeta.sensitivity import prior_sensitivity
from bayesmeta.spec import model_from_toml

RARE = pd.DataFrame({
    "study": list("abc"),
    "events_treatment": [10, 12, 8], "n_treatment": [1000, 1500, 900],
    "events_control": [20, 18, 15], "n_control": [1000, 1500, 900],
})  # fmt: skip
OLD = {
    "mu": 'Normal(mu=0, sigma=1, unit="uisd")',
    "tau": 'HalfCauchy(beta=0.25, unit="uisd")',
}
RATIOS = [code for code, measure in MEASURES.items() if measure.ratio]


@pytest.fixture(scope="module")
def rare():
    """Three trials of events in 1 to 2 %."""
    return bm.effect_sizes(bm.read_studies(RARE), "OR")


def ready(measure, **columns):
    """Return ready-made estimates without participants."""
    frame = pd.DataFrame({"study": list("abcd"), "estimate": [-0.5, 0.1, -0.2, -0.4],
                          "standard_error": [0.2, 0.3, 0.25, 0.4], **columns})  # fmt: skip
    values = {"values": "z"} if measure == "ZCOR" else {}
    values |= {"values": "log"} if MEASURES[measure].ratio else {}
    return bm.effect_sizes(bm.read_studies(frame), measure, **values)


@pytest.mark.parametrize("measure", RATIOS)
def test_ratios_have_fixed_defaults_without_participants(measure):
    """Normal(0, 2.82) as Günhan 2020 has it, HalfNormal(0.5) as Röver 2021; n is not asked for."""
    found = bm.fit(ready(measure), engine="exact").attrs["priors"]

    assert found == '{"mu": "Normal(mu=0, sigma=2.82)", "tau": "HalfNormal(sigma=0.5)"}'


def test_a_slope_of_a_ratio_is_half_a_unit_per_sd_of_its_column():
    """Normal(0, 0.5) per sample SD: weeks 2, 4, 12, 6 have the variance 56 / 3."""
    effects = ready("OR", weeks=[2.0, 4.0, 12.0, 6.0])

    priors = json.loads(bm.fit(effects, moderators="weeks", engine="exact").attrs["priors"])

    found = bm.parse_prior(priors["beta[weeks]"]).parameters["sigma"]
    assert found == pytest.approx(0.5 / np.sqrt(56 / 3), rel=1e-12)


def test_other_measures_keep_the_unit_information_sd(rare):
    """Risk differences are no ratios: half-Cauchy of a quarter uisd."""
    effects = bm.effect_sizes(bm.read_studies(RARE), "RD")

    assert default_prior(TAU, effects) == bm.parse_prior(OLD["tau"])


def test_uisd_stays_available_by_name(rare):
    """Uisd = sqrt(6800 / sum 1/v) of the three log odds ratios: tau ~ HalfCauchy(4.746)."""
    cells = [RARE[name] for name in ("events_treatment", "events_control")]
    others = [RARE["n_treatment"] - cells[0], RARE["n_control"] - cells[1]]
    variance = sum(1 / cell for cell in (*cells, *others))
    uisd = np.sqrt(6800 / (1 / variance).sum())

    priors = json.loads(bm.fit(rare, priors=OLD, engine="exact").attrs["priors"])

    found = bm.parse_prior(priors["tau"]).parameters["beta"]
    assert found == pytest.approx(uisd / 4, rel=1e-12)


def test_rare_events_no_longer_widen_the_interval(rare):
    """In units of uisd the interval of the mean is more than twice as wide."""
    new, old = (bm.summary(bm.fit(rare, priors=priors, engine="exact")).loc["mu"]
                for priors in ({}, OLD))  # fmt: skip

    assert 2 * (new["upper"] - new["lower"]) < old["upper"] - old["lower"]


@pytest.mark.parametrize(("measure", "sd"), [("SMD", 2.0), ("ZCOR", 1.0)])
def test_the_published_unit_information_sd_stands_in_for_participants(measure, sd):
    """N var(d) = 4 with equal arms at d = 0, n var(z) = n / (n - 3): roots 2 and 1."""
    effects = ready(measure)

    assert effects.n is None
    assert unit_information_sd(effects) == sd
    assert f"the published one of {measure}, {sd:g}" in " ".join(effects.notes)


def test_with_participants_nothing_is_taken_from_print():
    """Four studies of 100: sqrt(400 / sum of precisions)."""
    effects = ready("SMD", n=[100.0] * 4)

    assert unit_information_sd(effects) == pytest.approx(
        np.sqrt(400 / (effects.standard_error**-2).sum()), rel=1e-14
    )
    assert not any("published" in note for note in effects.notes)


def test_mean_differences_without_participants_are_still_refused():
    """A raw unit has no published SD."""
    with pytest.raises(PriorError, match="no unit-information SD"):
        bm.fit(ready("MD"), engine="exact")


def test_defaults_of_further_parameters_are_those_of_the_measure():
    """On log ratios biases 0.5, their SD 0.25, outliers 2; else 0.25, 0.125 and 1 uisd."""
    ratio, other = standing("RR").priors, standing("MD").priors
    further = (Usual.BIAS, Usual.BIAS_SPREAD, Usual.OUTLIER)

    assert [ratio[one].parameters["sigma"] for one in further] == [0.5, 0.25, 2.0]
    assert [other[one].parameters["sigma"] for one in further] == [0.25, 0.125, 1.0]
    assert {other[one].unit for one in further} == {"uisd"}


def test_the_word_default_is_written_out_in_a_posterior(rare):
    """A later release may have other defaults: what is saved says the distribution."""
    text = bm.fit(rare, engine="exact").attrs["specification"]
    priors = model_from_toml(text, name="x", source="x").priors

    assert [str(prior) for prior in priors.values()] == [
        "Normal(mu=0, sigma=2.82)", "HalfNormal(sigma=0.5)",
    ]  # fmt: skip


def test_the_word_default_may_be_asked_for(rare):
    """A prior that a file states gives way to the standing one."""
    default, asked = (bm.fit(rare, priors=priors, engine="exact").attrs["priors"]
                      for priors in ({}, {"tau": "default"}))  # fmt: skip

    assert asked == default


def test_half_normals_of_a_quarter_and_one_stand_beside_the_default_of_ratios(rare):
    """0.25 and 1; 0.5 is the default itself, and is not there twice."""
    names = prior_sensitivity(rare).index.tolist()

    assert names == ["own", "half-normal 0.25", "half-normal 1", "Turner 2015"]


def test_a_comparison_has_the_default_of_ratios_once(rare):
    """Default, 0.25 and 1: half-normal 0.5 is the default."""
    names = [name for name in compare(rare)["method"] if "Bayes" in name]

    assert names == ["Bayes (default)", "Bayes (half-normal 0.25)", "Bayes (half-normal 1)"]


def test_half_a_unit_is_there_where_it_is_not_the_analysis_own(rare):
    """With priors of one's own the default and all half-normals are compared with it."""
    own = {"tau": "HalfNormal(sigma=2)", "mu": "Normal(mu=0, sigma=1)"}

    names = [name for name in compare(rare, priors=own)["method"] if "Bayes" in name]

    assert names == ["Bayes (own)", "Bayes (default)", "Bayes (half-normal 0.25)",
                     "Bayes (half-normal 0.5)", "Bayes (half-normal 1)"]  # fmt: skip


def test_maps_of_ratios_are_drawn_around_a_fixed_scale(rare):
    """Four times the usual scale of tau, as one uisd is elsewhere."""
    assert typical_scale(rare) == 2.0


def test_a_unit_per_sd_is_for_slopes(rare):
    """Tau has no column."""
    with pytest.raises(PriorError, match='unit="per SD" is for slopes; leave out unit'):
        bm.fit(rare, priors={"tau": 'HalfNormal(sigma=1, unit="per SD")'}, engine="exact")
