"""Events and rates through the exact engine: posteriors of the references, and refusals."""

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.comparison.text import comparison_text
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.spec import model_from_toml

# Niël-Weise 2008, J Antimicrob Chemother 62:22 (metadat's dat.nielweise2008).
LINES = pd.DataFrame(
    [(7, 1344, 11, 1988), (8, 1600, 8, 1461), (3, 12012, 14, 10962), (6, 1536, 10, 1503),
     (1, 370, 1, 483), (1, 729, 8, 913), (17, 6760, 15, 6840), (3, 1107, 7, 1015),
     (2, 320, 3, 440)],
    columns=["events_treatment", "time_treatment", "events_control", "time_control"],
)  # fmt: skip
PRIORS = {"mu": "Normal(mu=0, sigma=2.5)", "tau": "HalfNormal(sigma=0.5)"}


def model(likelihood):
    """Return a random-effects model with a likelihood."""
    text = f"""
title = "T"
summary = "S"
references = []
statement = "x"
location = "intercept"
heterogeneity = "normal"
likelihood = "{likelihood}"
[priors]
mu = "default"
tau = "default"
"""
    return model_from_toml(text, name=likelihood, source="test")


def effects(frame, measure):
    """Return the effects of a table."""
    frame = frame.assign(study=[f"s{place}" for place in range(len(frame))])
    return bm.effect_sizes(bm.read_studies(frame), measure)


def binary(bcg):
    """Return the table of BCG."""
    names = ["events_treatment", "n_treatment", "events_control", "n_control"]
    return pd.DataFrame(bcg, columns=names)


def moments(posterior):
    """Return mean and sd of mu, then of tau."""
    found = bm.summary(posterior)
    return [found.loc[name, column] for name in ("mu", "tau") for column in ("mean", "sd")]


@pytest.mark.parametrize(("likelihood", "expected"), [
    pytest.param("poisson-conditional", [-0.4765529201539889, 0.2505904860347159,
                                         0.37450139625856255, 0.2339740483326356],
                 marks=pytest.mark.slow),
    ("poisson", [-0.48362460705448496, 0.2504028904943421, 0.37464854599277037,
                 0.23372250621206364]),
])  # fmt: skip
def test_rates_have_the_posteriors_of_the_references(likelihood, expected):
    """Dense quadrature of two programs; to 1e-8."""
    found = bm.fit(effects(LINES, "IRR"), model(likelihood), priors=PRIORS, engine="exact")

    np.testing.assert_allclose(moments(found), expected, atol=1e-8, rtol=0)


@pytest.fixture(scope="module")
def events_posterior(bcg):
    """Return the posterior of events under a likelihood, found once."""

    @cache
    def fitted(likelihood, coding):
        choices = {"coding": coding} if coding else {}
        table = effects(binary(bcg), "OR")
        return bm.fit(table, model(likelihood), priors=PRIORS, engine="exact", **choices)

    return fitted


@pytest.mark.parametrize(("likelihood", "coding", "expected"), [
    ("hypergeometric", "", [-0.7503108382332182, 0.19347023486294407, 0.598135682473728,
                            0.14665121834246414]),
    ("binomial", "", [-0.7530396645646091, 0.19357285367284086, 0.5985078448460822,
                      0.14663427629989162]),
    pytest.param("binomial", "half", [-0.7507329305499881, 0.19355026460268776,
                                                  0.5985176245838051, 0.14668771576597545],
                 marks=pytest.mark.slow),
])  # fmt: skip
def test_events_have_the_posteriors_of_the_references(
    likelihood, coding, expected, events_posterior
):
    """Dense quadrature of two programs; to 1e-9."""
    found = events_posterior(likelihood, coding)

    np.testing.assert_allclose(moments(found), expected, atol=1e-9, rtol=0)


def test_study_effects_of_events_are_those_of_the_reference(events_posterior):
    """Dense quadrature of the conditional model, the same as of mu and tau; to 1e-9."""
    mean = [
        -0.8582701944, -1.3503292459, -1.0618316977, -1.4178019204, -0.2988746438,
        -0.9522045743, -1.2722100600, 0.0021225781, -0.5190114469, -1.2909737025,
        -0.3560519938, -0.2691438821, -0.1553059441,
    ]  # fmt: skip
    sd = [
        0.4285393599, 0.3617103323, 0.4446014334, 0.1388297195, 0.2168207593, 0.0981593523,
        0.3913160408, 0.0631301711, 0.2237798495, 0.2494856270, 0.1101794031, 0.4880150894,
        0.2512561688,
    ]  # fmt: skip
    found = bm.study_effects(events_posterior("hypergeometric", ""))

    np.testing.assert_allclose(found[["mean", "sd"]], np.transpose([mean, sd]), atol=1e-9, rtol=0)


@pytest.mark.parametrize(("likelihood", "measure"), [("hypergeometric", "RR"), ("poisson", "OR")])
def test_a_measure_that_is_none_of_the_likelihoods_is_refused(likelihood, measure, bcg):
    """By the names of both."""
    with pytest.raises(ModelError, match=f"likelihood '{likelihood}' .* effects are {measure}"):
        bm.fit(effects(binary(bcg), measure), model(likelihood), engine="exact")


def test_an_unknown_coding_is_refused_with_the_known(bcg):
    """A word that is none of the choices."""
    with pytest.raises(ModelError, match="coding is 'treatment'; it must be one of: control, half"):
        bm.fit(effects(binary(bcg), "OR"), "binomial", engine="exact", coding="treatment")


def test_a_fixed_baseline_is_refused(bcg):
    """Studies' own levels need a prior."""
    with pytest.raises(PriorError, match="baseline"):
        bm.fit(effects(binary(bcg[:4]), "OR"), "binomial", engine="exact",
               priors={**PRIORS, "baseline": 0.0})  # fmt: skip


def test_ready_made_estimates_are_refused(bcg):
    """There is nothing to count."""
    frame = pd.DataFrame({"study": ["a", "b"], "yi": [-0.2, -0.5], "vi": [0.1, 0.2]})
    ready = bm.effect_sizes(bm.read_studies(frame), "OR", values="log")

    with pytest.raises(ValueError, match="The likelihood 'binomial' needs counts"):
        bm.fit(ready, "binomial", engine="exact")


def test_the_baselines_prior_is_among_those_that_are_shown(bcg):
    """Normal(0, 10), as the part states it."""
    found = bm.fit(effects(binary(bcg[:3]), "OR"), "binomial", engine="exact", draws=10)

    assert json.loads(found.attrs["priors"])["baseline"] == "Normal(mu=0, sigma=10)"


@pytest.mark.parametrize(("measure", "coding", "said"), [
    ("OR", "control", "logit of the control arm's risk, one a study"),
    ("OR", "half", "logit halfway between the arms', one a study"),
    ("RR", "control", "log of the control arm's risk, one a study"),
    ("RD", "control", "logit of the control arm's risk, one a study"),
])  # fmt: skip
def test_the_baseline_is_called_what_it_is(measure, coding, said, bcg):
    """By the measure, and by whose logit has the prior."""
    asked = {"coding": coding} if measure == "OR" else {}
    assembly = assemble(effects(binary(bcg[:3]), measure), "binomial", roles=asked)

    assert [item.says for item in assembly.parts.nuisance(assembly.layout)] == [said]


def test_effects_that_no_risks_have_have_no_events(bcg):
    """Risks differ by less than 1: beyond, a replicate is NaN, and not made up."""
    assembly = assemble(effects(binary(bcg[:3]), "RD"), "binomial")
    theta = np.array([[0.2, 1.0, -1.7]])

    found = assembly.parts.likelihood.draw(theta, {}, assembly.rows, np.random.default_rng(1))

    assert np.isnan(found).tolist() == [[False, True, True]]


def test_a_brief_comparison_shows_the_rows_of_counts(bcg):
    """Mantel-Haenszel's and Peto's, which need no correction."""
    table = bm.compare(effects(binary(bcg[:4]), "OR"))

    text = comparison_text(table, brief=True)

    assert {"MH", "Peto"} <= {line.split()[0] for line in text.splitlines() if line}


def test_durations_shapes_refuse_a_likelihood_by_its_name(bcg):
    """Not as effects that are not normal: they are."""
    frame = binary(bcg[:4]).assign(duration_weeks=[4, 6, 8, 12])

    with pytest.raises(ModelError, match="not under the likelihood 'binomial'"):
        bm.duration(effects(frame, "OR"), model="binomial")
