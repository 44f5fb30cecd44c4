"""Toy parts in every room: each asks the part, or refuses it by name; none answers for another."""

import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.catalogue import load_model, model_names
from bayesmeta.errors import BayesmetaError, ModelError
from bayesmeta.sensitivity import (
    cumulative,
    informativeness,
    power_scaling,
    prior_data_conflict,
    prior_predictive,
    subsets,
)
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.diagnostics import diagnostics
from bayesmeta.summaries.text import text

PRIORS = {
    "wide": {"tau": "HalfNormal(sigma=5)"},
    "additive_multiplicative": {"tau": "HalfNormal(sigma=10)", "ratio": "HalfNormal(sigma=2)"},
    "small_study": {"tau": "HalfNormal(sigma=10)"},
    "student_t": {"tau": "HalfNormal(sigma=10)"},
}
QUICK = {"additive_multiplicative": {"ratio": 1.5}}
"""What is fixed where hundreds of posteriors are asked."""
SLOTS = {
    "wide": "heterogeneity",
    "additive_multiplicative": "heterogeneity",
    "small_study": "location",
    "student_t": "likelihood",
}
SHELF = {
    "meta-regression": {"moderators": "n_treatment"},
    "nested": {"priors": {"tau_within": 3.0}},
    "correlated": {"priors": {"rho_within": 0.3}},
    "tau-by-level": {"priors": {"tau[y]": 3.0}},
    "location-scale": {"priors": {"gamma[n_treatment]": 0.01}},
    "design-bias": {"priors": {"kappa": 1.0}},
    "contaminated": {"priors": {"tau_outlier": 30.0, "share": 0.1}},
    "several-outcomes": {"priors": {"tau[y]": 4.0, "rho_between": 0.3, "rho_within": 0.3}},
    "proportion": {"priors": {"mu": "Normal(mu=-2, sigma=2)"}},
    "rate": {"priors": {"mu": "Normal(mu=-4, sigma=2)"}},
}
"""Further hyperparameters are fixed, so that the table takes seconds."""
ROLES = {
    "nested": {"cluster": "site"},
    "correlated": {"trial": "site"},
    "tau-by-level": {"level": "half"},
    "location-scale": {"tau_formula": "n_treatment"},
}
COMPARED_BY_NOBODY = ("power-prior", "probably-biased", "several-outcomes")
"""The classical rows know sums of variance components, and cohorts as trials or with a slope: they
have none for these, and say so."""
NOT_CALIBRATED = (*COMPARED_BY_NOBODY, "common-effect")
"""Nor are these calibrated; the last because it has no tau of 5, which is what is asked here."""
EXPLAINED = (
    "random-effects",
    "common-effect",
    "meta-regression",
    "nested",
    "correlated",
    "tau-by-level",
)
"""Models whose tau or taus REML estimates: there `explain_gap` has a place to start from."""
COUNTS = {"binomial": "OR", "hypergeometric": "OR", "poisson": "IRR", "poisson-conditional": "IRR",
          "proportion": "PLO", "rate": "IRLN"}  # fmt: skip
ONE_GROUP = ("proportion", "rate")
LINES = ("student-t", "contaminated", *COUNTS)
"""Models whose rows are integrated one by one: the slow table below is theirs."""
NORMAL = [name for name in SLOTS if name != "student_t"]


def _fitted(effects, **model):
    return bm.fit(effects, engine="exact", **model)


READERS = {
    "summary": bm.summary,
    "study_effects": bm.study_effects,
    "predict": bm.predict,
    "heterogeneity": bm.heterogeneity,
    "forest": bm.plot_forest,
    "posterior plot": bm.plot_posterior,
    "text": text,
    "--json": contract,
}
ASKED = {
    "leave_one_out": bm.leave_one_out,
    "prior_sensitivity": bm.prior_sensitivity,
    "prior_predictive": prior_predictive,
    "informativeness": informativeness,
    "compare": bm.compare,
}
TAKE_TWO = ("prior_map", "tipping_point", "power_scaling", "prior_data_conflict")
TAKE_ANY = ("subsets", "cumulative", "calibrate", *TAKE_TWO)
"""Verbs that may refuse, and ask the parts of all that is normal given two hyperparameters."""
REFUSED = {
    ("power-prior", "power_scaling"), ("power-prior", "prior_data_conflict"),
    ("probably-biased", "power_scaling"), ("probably-biased", "prior_data_conflict"),
    ("common-effect", "prior_map"),
}  # fmt: skip
"""Models whose likelihood is no density of the data, or a mixture; and that without a tau. Lines
are refused by all of them: each of hundreds of posteriors would take long."""
MAY_REFUSE = {
    "subsets": lambda effects, **model: subsets(effects.take(np.arange(4)), **model),
    "cumulative": lambda effects, **model: cumulative(effects, by="n_treatment", **model),
    "prior_map": lambda effects, **model: bm.prior_map(
        effects, tau_scales=[5.0], mu_sds=[30.0], **model
    ),
    "tipping_point": lambda effects, **model: bm.tipping_point(
        effects, thresholds=[0.975], **model
    ),
    "power_scaling": power_scaling,
    "prior_data_conflict": prior_data_conflict,
    "explain_gap": bm.explain_gap,
    "calibrate": lambda effects, **model: bm.calibrate(
        effects, tau=5.0, simulations=2, rows=["DL", "Bayes (own)"], **_own(model)
    ),
}
SHAPES = ["constant", "linear"]
NOT_WEIGHED = {"common-effect", "nested", "correlated", "several-outcomes"}
"""Models beside which `duration` weighs no shapes: no tau, or rows that depend on each other."""


def _weighed(effects, **model):
    """Return two shapes of a duration, weighed beside what else a model says."""
    by_level = "level" in getattr(model.get("model"), "roles", {})
    return bm.duration(effects, shapes=SHAPES, at={"half": "x"} if by_level else {}, **model)


def _own(model):
    """Return a model's keywords with priors of its own, which a row of a calibration is under."""
    return {**model, "priors": {"tau": "HalfNormal(sigma=10)", **model.get("priors", {})}}


@pytest.fixture
def asked(model):
    """Return the keywords that ask for a toy."""
    return lambda name: {"model": model(SLOTS[name], name), "priors": PRIORS[name]}


@pytest.fixture(scope="module")
def posteriors():
    """Return the posteriors of toys that were fitted already, by name."""
    return {}


@pytest.mark.parametrize("verb", [*READERS, *ASKED])
@pytest.mark.parametrize("name", NORMAL)
def test_every_room_takes_a_part_that_is_normal_given_its_hyperparameters(
    name, verb, asked, normand, posteriors
):
    """What every model has: each verb answers, with the part's own parameters where it has any."""
    keywords = asked(name)

    if verb in READERS:
        if name not in posteriors:
            posteriors[name] = _fitted(normand, **keywords)
        found = READERS[verb](posteriors[name])
    else:
        found = ASKED[verb](normand, **keywords)

    assert found is not None


@pytest.mark.parametrize("verb", ASKED)
def test_what_integrates_refuses_a_likelihood_by_its_name(verb, asked, normand):
    """A Student-t likelihood does not integrate out: no exact answer, but what needs none."""
    keywords = asked("student_t")
    if verb == "prior_predictive":
        assert "prior_predictive" in ASKED[verb](normand, **keywords)
        return

    with pytest.raises(ModelError, match="'student_t'"):
        ASKED[verb](normand, **keywords)


@pytest.mark.parametrize("verb", MAY_REFUSE)
@pytest.mark.parametrize("name", [name for name in SLOTS if name != "small_study"])
def test_a_verb_asks_the_part_or_refuses_it_by_name(name, verb, asked, normand):
    """Either the verb asks the part, or it says which part it does not know."""
    takes_any = TAKE_ANY if name != "student_t" else ()
    if verb in takes_any or (name, verb) == ("wide", "explain_gap"):
        keywords = asked(name)
        if verb in TAKE_TWO:
            keywords["priors"] = {**keywords["priors"], **QUICK.get(name, {})}
        assert len(MAY_REFUSE[verb](normand, **keywords))
        return

    with pytest.raises(ModelError, match=f"'{name}'"):
        MAY_REFUSE[verb](normand, **asked(name))


def test_a_table_of_models_and_verbs(capsys):
    """Printed for whoever wants to see it whole: +, or - where a verb refuses; toys stand above."""
    shelf = {name: {"model": name, **SHELF.get(name, {})} for name in model_names()
             if name not in LINES}  # fmt: skip
    for name, roles in ROLES.items():
        shelf[name]["model"] = load_model(name).with_roles(**roles)
    verbs = {**ASKED, **MAY_REFUSE, "duration": _weighed}
    found = {
        name: {verb: _mark(call, _table_of(name), keywords) for verb, call in verbs.items()}
        for name, keywords in shelf.items()
    }

    with capsys.disabled():
        for name, row in found.items():
            cells = " ".join(f"{verb} {mark}" for verb, mark in row.items())
            sys.stdout.write(f"\n{name:<26}{cells}")
    refused = [(name, verb) for name in shelf for verb in ASKED if found[name][verb] == "-"]
    assert refused == [(name, "compare") for name in COMPARED_BY_NOBODY]
    refused = {(name, verb) for name in shelf for verb in TAKE_TWO if found[name][verb] == "-"}
    assert refused == REFUSED
    refused = {name for name in shelf if found[name]["calibrate"] == "-"}
    assert refused == set(NOT_CALIBRATED)
    explained = {name for name in shelf if found[name]["explain_gap"] == "+"}
    assert explained >= set(EXPLAINED)
    assert {name for name in shelf if found[name]["duration"] == "-"} == NOT_WEIGHED
    assert len(load_model("random-effects").parts) == 6


@pytest.mark.parametrize("name", LINES)
def test_durations_take_study_effects_with_tails_and_refuse_other_likelihoods(name):
    """Asked study by study where estimates are normal; refused by the likelihood's name else.

    Of one group's levels no effect is benefit, whatever their likelihood: that is said first.
    """
    effects, keywords = _table_of(name), {"model": name, **SHELF.get(name, {})}
    if name not in COUNTS:
        assert _weighed(effects, **keywords).shapes["shape"].to_list() == SHAPES
        return

    refused = "of no effect" if name in ONE_GROUP else f"likelihood '{name}'"
    with pytest.raises(BayesmetaError, match=refused):
        _weighed(effects, **keywords)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in LINES if name not in COUNTS])
def test_a_calibration_takes_study_effects_that_are_not_normal(name):
    """Its parts draw the tables, and an exact posterior is there for each."""
    assert len(MAY_REFUSE["calibrate"](_table_of(name), model=name, **SHELF.get(name, {}))) == 2


@pytest.mark.slow
@pytest.mark.parametrize("verb", [*READERS, *ASKED, "subsets"])
@pytest.mark.parametrize("name", LINES)
def test_every_room_takes_a_model_whose_rows_inform_an_effect_each(name, verb):
    """What every model has, where study effects are integrated row by row."""
    keywords, effects = {"model": name, **SHELF.get(name, {})}, _table_of(name)

    if verb in READERS:
        found = READERS[verb](_fitted(effects, **keywords))
    else:
        found = {**ASKED, **MAY_REFUSE}[verb](effects, **keywords)

    assert found is not None


@pytest.mark.parametrize(
    ("name", "verb"),
    [(name, verb) for name in LINES for verb in MAY_REFUSE if verb not in ("subsets", "cumulative")
     and (verb != "calibrate" or name in COUNTS)],
)  # fmt: skip
def test_what_knows_one_tau_refuses_other_study_effects_by_name(name, verb):
    """No verb takes effects for normal that are not; of levels none asks what benefit is."""
    asks_benefit = name in ONE_GROUP and verb in ("prior_map", "tipping_point")
    with pytest.raises(BayesmetaError, match="of no effect" if asks_benefit else f"'{name}'"):
        MAY_REFUSE[verb](_table_of(name), model=name, **SHELF.get(name, {}))


@cache
def _table_of(name):
    """Return Normand's trials with further columns; as two outcomes of four studies if need be."""
    table = pd.read_csv("examples/data/normand1999.csv")
    table["site"] = list("aabbccdde")
    table["half"] = list("xxxxxyyyy")
    table["duration_weeks"] = [2.0, 4, 6, 8, 3, 5, 7, 9, 12]
    table["design"] = ["RCT"] * 5 + ["cohort"] * 4
    if name in ONE_GROUP:
        return bm.effect_sizes(bm.read_studies(_one_group(table)), measure=COUNTS[name])
    if name in COUNTS:
        return bm.effect_sizes(bm.read_studies(_counts(table)), measure=COUNTS[name])
    if name != "several-outcomes":
        return bm.effect_sizes(bm.read_studies(table), measure="MD")
    table["study"], table["outcome"] = list("aabbccdde"), list("xyxyxyxyx")
    return bm.effect_sizes(bm.read_studies(table), measure="MD", repeated=True)


def _one_group(table):
    """Return events of one group of the first trials."""
    size = table["n_treatment"].head(5)
    events = [9, 0, 7, 12, 3]
    weeks = table["duration_weeks"].head(5)
    return pd.DataFrame({"study": list("abcde"), "events": events, "n": size, "time": 1.5 * size,
                         "duration_weeks": weeks})  # fmt: skip


def _counts(table):
    """Return the first trials with deaths made up, none in one arm."""
    size = ("n_treatment", "n_control")
    times = {name.replace("n_", "time_"): 1.5 * table[name] for name in size}
    table = table.assign(events_treatment=[9, 0, 7, 12, 3, 8, 5, 2, 4],
                         events_control=[14, 2, 9, 11, 6, 13, 4, 7, 5], **times)  # fmt: skip
    return table.head(5)


def _mark(call, effects, keywords):
    try:
        call(effects, **keywords)
    except BayesmetaError:
        return "-"
    return "+"


def test_the_parameters_of_a_part_are_in_every_table(asked, normand):
    """The second hyperparameter stands beside tau in summary and JSON, and no I-squared does."""
    posterior = _fitted(normand, **asked("additive_multiplicative"))

    assert list(bm.summary(posterior).index) == ["mu", "tau", "ratio", "theta_new"]
    assert set(contract(posterior)["priors"]) == {"mu", "tau", "ratio"}


def test_a_coefficient_of_a_location_has_its_name_everywhere(asked, normand):
    """The slope of the standard error is `slope`, and predictions move with it."""
    posterior = _fitted(normand, **asked("small_study"))
    table = bm.summary(posterior)
    predicted = bm.predict(posterior, standard_error=[0.0, 10.0])

    assert "slope" in table.index
    assert predicted["median"].diff()[1] == pytest.approx(10 * table.loc["slope", "mean"], rel=0.05)


def test_summaries_ask_the_part_for_a_new_study(asked, normand):
    """With effects spread three times as far as tau, so is the effect of a new study."""
    wide = bm.summary(_fitted(normand, **asked("wide")))
    usual = bm.summary(_fitted(normand, priors={"mu": "Normal(mu=0, sigma=30)",
                                                "tau": "HalfNormal(sigma=15)"}))  # fmt: skip

    for name in ("mu", "theta_new"):
        assert wide.loc[name, "sd"] == pytest.approx(usual.loc[name, "sd"], rel=1e-9)
    assert 3 * wide.loc["tau", "median"] == pytest.approx(usual.loc["tau", "median"], rel=1e-9)


def test_durations_ask_the_part_for_a_new_study(asked):
    """Shapes beside effects that spread three times as far as tau: those beside three times tau."""
    effects, change = _table_of("random-effects"), {"change": "Normal(mu=0, sigma=9)"}
    keywords = asked("wide")
    wide = _weighed(effects, **{**keywords, "priors": {**keywords["priors"], **change}})
    usual = _weighed(effects, priors={"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=15)",
                                      **change})  # fmt: skip

    for column in ("mean", "sd", "new_sd", "new_upper"):
        np.testing.assert_allclose(wide.predictions[column], usual.predictions[column], rtol=1e-6)
    assert 3 * wide.tau["median"][0] == pytest.approx(usual.tau["median"][0], rel=1e-6)


def test_durations_are_weighed_beside_a_part_of_two_parameters(asked):
    """A toy with a further hyperparameter: its row of the table, and its fit's constant shape."""
    effects, keywords = _table_of("random-effects"), asked("additive_multiplicative")
    found = bm.duration(effects, shapes=["constant"], **keywords)
    known = bm.summary(_fitted(effects, **keywords))

    assert found.tau["parameter"].to_list() == ["tau", "ratio"]
    for number in ("mean", "sd"):
        assert found.predictions[number][0] == pytest.approx(known.loc["mu", number], rel=1e-4)


def test_leaving_out_under_a_wider_spread_is_leaving_out_under_a_wider_tau(asked, normand):
    """Predictions of the study left out, shifts and influence: all ask the part."""
    wide = bm.leave_one_out(normand, **asked("wide"))
    usual = bm.leave_one_out(normand, priors={"mu": "Normal(mu=0, sigma=30)",
                                              "tau": "HalfNormal(sigma=15)"})  # fmt: skip

    for column in ("elpd", "pit", "shift", "estimate"):
        assert wide[column].to_numpy() == pytest.approx(usual[column].to_numpy(), rel=1e-7)


@pytest.mark.parametrize("name", ["additive_multiplicative"])
def test_nuts_samples_the_part_and_agrees_with_the_integral(name, asked, normand):
    """What NUTS draws is compared with the exact answer, every parameter of it."""
    posterior = bm.fit(normand, engine="nuts", seed=3, **asked(name))
    table = bm.summary(posterior)

    assert diagnostics(posterior).ok
    assert (table["difference_from_exact"].dropna().abs() < 4).all()
    assert table["difference_from_exact"].notna().sum() == 4


@pytest.mark.slow
def test_nuts_takes_a_likelihood_that_no_integral_knows(asked, normand):
    """Student-t estimates: the posterior mean of mu against a product of nodes."""
    posterior = bm.fit(normand, engine="nuts", form="hierarchical", seed=5, target_accept=0.98,
                       **asked("student_t"))  # fmt: skip

    mean, error = _by_nodes(normand)
    row = bm.summary(posterior).loc["mu"]
    assert abs(row["mean"] - mean) < 5 * row["error"] + error
    assert "weight" not in posterior or np.isnan(posterior["weights"]["weight"]).all()


def _by_nodes(effects):
    """Return E[mu] by brute force, study effects integrated by a fine sum."""
    from scipy import stats

    y, s = effects.estimate, effects.standard_error
    mu, tau = np.linspace(-80, 60, 141), np.linspace(0.25, 60, 120)
    theta = np.linspace(-200, 150, 3501)
    data = stats.t.pdf(y[:, np.newaxis], 4, theta, s[:, np.newaxis])
    log_joint = np.zeros((mu.size, tau.size))
    for column, spread in enumerate(tau):
        kernel = stats.norm.pdf(theta[:, np.newaxis], mu, spread) * (theta[1] - theta[0])
        log_joint[:, column] = np.log(data @ kernel).sum(axis=0)
    log_joint += stats.norm.logpdf(mu, 0, 30)[:, np.newaxis] + stats.halfnorm.logpdf(tau, scale=10)
    weight = np.exp(log_joint - log_joint.max())
    return float((weight.sum(axis=1) @ mu) / weight.sum()), 0.1
