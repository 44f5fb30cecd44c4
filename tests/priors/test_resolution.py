"""Priors brought to the outcome's unit."""

import numpy as np
import pandas as pd
import pytest

from bayesmeta.errors import PriorError
from bayesmeta.location import MU, slopes
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import POSITIVE, Parameter, Role
from bayesmeta.priors import resolve, unit_information_sd
from bayesmeta.random_effects.normal import TAU
from bayesmeta.spec import parse_prior
from bayesmeta.studies import read_studies

DEFAULTS = {
    "mu": parse_prior("Normal(mu=0, sigma=1, unit='uisd')"),
    "tau": parse_prior("HalfCauchy(beta=0.25, unit='uisd')"),
}
SLOPE = {"beta": parse_prior("Normal(mu=0, sigma=0.25, unit='uisd per SD')")}
MU_TAU = (MU, TAU)
WITH_WEEKS = (*MU_TAU, *slopes(["weeks"]))
WEEKS = np.array([2.0, 4.0, 12.0, 6.0])


@pytest.fixture
def effects():
    """Four studies of 25 participants each side, standard errors 1, 2, 2, 4."""
    frame = pd.DataFrame(
        {
            "study": list("abcd"),
            "estimate": [0.0, 1.0, 2.0, 3.0],
            "standard_error": [1.0, 2.0, 2.0, 4.0],
        }
    )
    studies = read_studies(frame)
    return Effects(
        measure="generic",
        unit="days",
        estimate=np.arange(4.0),
        standard_error=np.array([1.0, 2.0, 2.0, 4.0]),
        n=np.full(4, 50.0),
        studies=studies,
    )


@pytest.fixture
def design():
    """Ones, then weeks centred."""
    return np.column_stack([np.ones(4), WEEKS - WEEKS.mean()])


def test_the_unit_information_sd_is_that_of_the_formula(effects):
    """Sum of n 200 over sum of precisions 1 + 1/4 + 1/4 + 1/16 = 25/16: root of 128."""
    assert unit_information_sd(effects) == pytest.approx(np.sqrt(128), rel=1e-14)


def test_normand_has_the_unit_information_sd_of_the_paper():
    """Equal arms: n participants with SD sigma per arm give s = 2 sigma / root(n), uisd 2 sigma."""
    n, sigma = np.array([100.0, 36.0]), 13.0
    frame = pd.DataFrame(
        {"study": ["a", "b"], "estimate": [0.0, 0.0], "standard_error": [1.0, 1.0]}
    )
    effects = Effects(
        measure="MD",
        unit="days",
        estimate=np.zeros(2),
        standard_error=2 * sigma / np.sqrt(n),
        n=n,
        studies=read_studies(frame),
    )

    assert unit_information_sd(effects) == pytest.approx(2 * sigma, rel=1e-14)


def test_defaults_become_outcome_units(effects, design):
    """Multiples of the uisd are multiplied out; the unit is then the outcome's."""
    resolved = resolve(DEFAULTS, MU_TAU, effects, design[:, :1])

    scale = np.sqrt(128)
    assert resolved["mu"].parameters["sigma"] == pytest.approx(scale)
    assert resolved["tau"].parameters["beta"] == pytest.approx(0.25 * scale)
    assert {prior.unit for prior in resolved.values()} == {"outcome"}


def test_a_slope_default_is_per_sample_sd_of_its_column(effects, design):
    """0.25 uisd per SD (n - 1) of the column becomes a number per raw unit."""
    resolved = resolve({**DEFAULTS, **SLOPE}, WITH_WEEKS, effects, design)

    expected = 0.25 * np.sqrt(128) / np.std(WEEKS, ddof=1)
    assert resolved["beta[weeks]"].parameters["sigma"] == pytest.approx(expected)


def test_a_slope_of_its_own_goes_before_the_general_one(effects, design):
    """The prior of beta holds for every slope that has no prior of its own."""
    own = parse_prior("Cauchy(alpha=0, beta=3)")
    priors = {**DEFAULTS, **SLOPE, "beta[weeks]": own}

    assert resolve(priors, WITH_WEEKS, effects, design)["beta[weeks]"] == own


def test_a_prior_in_outcome_units_stays(effects, design):
    """What is in the outcome's unit needs neither n nor a change."""
    priors = {"mu": parse_prior("flat"), "tau": parse_prior("Jeffreys")}

    assert resolve(priors, MU_TAU, effects, design[:, :1]) == priors


def test_a_variance_scales_by_the_square(effects, design):
    """A scale on tau2 is multiplied by the square of the uisd."""
    tau = parse_prior("HalfCauchy(beta=0.25, unit='uisd', on='tau2')")

    resolved = resolve({**DEFAULTS, "tau": tau}, MU_TAU, effects, design[:, :1])

    assert resolved["tau"].parameters["beta"] == pytest.approx(0.25 * 128)


def test_unknown_parameters_are_listed_with_the_known(effects, design):
    """A prior for what the model lacks is refused."""
    with pytest.raises(PriorError, match=r"unknown parameter sigma; this model has: mu, tau\."):
        resolve({**DEFAULTS, "sigma": DEFAULTS["tau"]}, MU_TAU, effects, design[:, :1])


def test_a_common_effect_model_has_no_tau(effects, design):
    """Without tau in the model, a prior for it is unknown and none is needed."""
    with pytest.raises(PriorError, match="unknown parameter tau"):
        resolve(DEFAULTS, (MU,), effects, design[:, :1])

    mu = {"mu": DEFAULTS["mu"]}
    assert set(resolve(mu, (MU,), effects, design[:, :1])) == {"mu"}


def test_a_missing_prior_is_named(effects, design):
    """A parameter without a default needs a prior."""
    bare = Parameter("nu", Role.HYPERPARAMETER, POSITIVE)

    with pytest.raises(PriorError, match="no prior for nu"):
        resolve(SLOPE, (*WITH_WEEKS, bare), effects, design)


def test_what_nobody_states_has_the_default_of_its_part(effects, design):
    """Tau and the slopes bring defaults: those that the shelf's models state."""
    stated = resolve({**DEFAULTS, **SLOPE}, WITH_WEEKS, effects, design)

    assert resolve({"mu": DEFAULTS["mu"]}, WITH_WEEKS, effects, design) == stated


def test_without_participants_there_is_no_uisd(effects, design):
    """The message says what is missing and what to write instead."""
    bare = Effects(
        measure="generic",
        unit="days",
        estimate=effects.estimate,
        standard_error=effects.standard_error,
        n=None,
        studies=effects.studies,
    )

    with pytest.raises(PriorError, match="add a column n, or state priors in the outcome's unit"):
        resolve(DEFAULTS, MU_TAU, bare, design[:, :1])


def test_a_bad_prior_is_refused_where_it_stands(effects, design):
    """The message begins with the key."""
    bad = {**DEFAULTS, "tau": parse_prior("Normal(mu=0, sigma=1)")}

    with pytest.raises(PriorError, match="priors: tau: Normal"):
        resolve(bad, MU_TAU, effects, design[:, :1])
