"""Every model on the shelf against plain PyMC, written by hand."""

import numpy as np
import pymc as pm
import pytest

from bayesmeta.assembly.graph import FORMS, build
from bayesmeta.catalogue import model_names

# Not plain numbers: PyTensor takes the log of 50.0 in single precision.
CENTRE, WIDTH, SCALE, SLOPE, STEEPNESS = np.array([-3.0, 50.0, 12.0, 0.5, 4.0])


def common_effect(table, *, form):
    """Let all studies share one effect; in either form a study effect is that effect."""
    mu = pm.Normal("mu", CENTRE, WIDTH)
    pm.Normal("estimate", mu, table["standard_error"], observed=table["estimate"])


def random_effects(table, *, form):
    """Let study effects be normal: integrated out, or scaled deviations from the mean."""
    mu = pm.Normal("mu", CENTRE, WIDTH)
    _estimates(table, mu, pm.HalfCauchy("tau", SCALE), form=form)


def meta_regression(table, *, form):
    """Let study effects be normal around a plane in two columns, centred at their means."""
    mu, tau = pm.Normal("mu", CENTRE, WIDTH), pm.HalfCauchy("tau", SCALE)
    beta = pm.Normal("beta", SLOPE, STEEPNESS, shape=2)
    first, second = (table[name] - table[name].mean() for name in ("n_treatment", "n_control"))
    _estimates(table, mu + beta[0] * first + beta[1] * second, tau, form=form)


def _estimates(table, centre, tau, *, form):
    error = table["standard_error"]
    if form == "marginal":
        spread = pm.math.sqrt(error**2 + tau**2)
        pm.Normal("estimate", centre, spread, observed=table["estimate"])
    else:
        deviation = pm.Normal("theta_deviation", 0.0, 1.0, shape=len(error))
        pm.Normal("estimate", centre + tau * deviation, error, observed=table["estimate"])


TWINS = {
    "common-effect": common_effect,
    "random-effects": random_effects,
    "meta-regression": meta_regression,
}


@pytest.fixture(params=[(name, form) for name in TWINS for form in FORMS], ids="-".join)
def pair(request, assembled):
    """Return a model of ours and its twin, in one form."""
    name, form = request.param
    assembly = assembled(name)
    effects = assembly.effects
    table = {
        "estimate": effects.estimate,
        "standard_error": effects.standard_error,
        **{column: effects.studies[column] for column in ("n_treatment", "n_control")},
    }
    with pm.Model() as twin:
        TWINS[name](table, form=form)
    return build(assembly, form=form), twin


def test_every_model_on_the_shelf_has_a_twin():
    """A model file without a hand-written twin is not tested."""
    assert set(TWINS) == set(model_names())


def test_log_density_is_that_of_the_twin(pair):
    """Model and twin have the same log density wherever one looks, constants included."""
    twin = pair[1]
    density, expected = (one.compile_logp(mode="FAST_COMPILE") for one in pair)
    generator = np.random.default_rng(20)
    start = twin.initial_point()

    # 1e-8: PyMC's half-Cauchy has its log(2) in single precision where its scale is a constant.
    for _ in range(20):
        point = {name: generator.normal(0, 2, np.shape(value)) for name, value in start.items()}
        assert density(point) == pytest.approx(expected(point), rel=1e-12, abs=1e-8)


def test_parameters_are_those_of_the_twin(pair):
    """Neither model has a parameter the other lacks."""
    model, twin = pair

    assert {value.name for value in model.value_vars} == {value.name for value in twin.value_vars}
