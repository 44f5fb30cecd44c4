"""Priors as PyMC variables."""

import numpy as np
import pymc as pm
import pytensor
import pytest
from scipy import stats

from bayesmeta.errors import PriorError
from bayesmeta.priors import (
    cdf,
    coefficient_hyperparameters,
    hyperparameter_values,
    log_density,
    pymc_coefficients,
    pymc_variable,
    quantile,
    rescale,
    structure,
)
from bayesmeta.spec import parse_prior

LEVELS = np.array([0.01, 0.3, 0.6, 0.95])
KS_LEVEL = 1e-3


def logp_of(variable, points):
    """Return PyMC's log density at each point, in a mode that compiles fast."""
    x = pytensor.tensor.dscalar("x")
    function = pytensor.function([x], pm.logp(variable, x), mode="FAST_COMPILE")
    return np.array([function(point) for point in points])


def agrees(variable, prior, context):
    """Assert that PyMC's log density is ours, inside and outside the support."""
    points = [*quantile(prior, LEVELS, context), -1e6]
    expected = log_density(prior, points, context)
    assert logp_of(variable, points) == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_pymc_has_our_density(proper_text, context):
    """The log density of the PyMC variable equals ours to 1e-10, constants included."""
    prior = parse_prior(proper_text)

    with pm.Model():
        variable = pymc_variable(prior, "tau", context=context)

    agrees(variable, prior, context)


def test_other_numbers_need_no_other_graph(proper_text, context):
    """After the data containers take another prior's values, the density is that prior's."""
    first = parse_prior(proper_text)
    second = rescale(first, 3.0)
    with pm.Model() as model:
        variable = pymc_variable(first, "tau", context=context)

        pm.set_data(hyperparameter_values(second, "tau", context))

    assert structure(first) == structure(second)
    assert set(hyperparameter_values(second, "tau", context)) == set(model.named_vars) - {"tau"}
    agrees(variable, second, context)


def test_every_chain_can_start(proper_text, context):
    """The initial point is finite, and so is the log density there."""
    with pm.Model() as model:
        pymc_variable(parse_prior(proper_text), "tau", context=context)

    point = model.initial_point()

    assert all(np.isfinite(value).all() for value in point.values())
    assert np.isfinite(model.compile_logp(mode="FAST_COMPILE")(point))


def test_the_support_is_kept_by_a_transform(tau_text, context):
    """A tau is sampled on the log scale, or on the log odds of its interval."""
    with pm.Model() as model:
        pymc_variable(parse_prior(tau_text), "tau", context=context)

    assert next(iter(model.initial_point())) in ("tau_log__", "tau_interval__")


@pytest.mark.parametrize(
    "text",
    [
        "LogStudentT(nu=5, mu=-1.6, sigma=1.3)",
        "HalfLogistic(scale=2)",
        "Lomax(alpha=2, scale=0.6)",
        'Gamma(alpha=2, beta=3, on="tau2")',
        "Mixture(w=[0.3, 0.7], comp_dists=[HalfNormal(sigma=1), HalfCauchy(beta=3)])",
    ],
)
def test_pymc_draws_what_it_lacks(text):
    """Draws of the families that PyMC lacks pass a Kolmogorov-Smirnov test at the stated level."""
    prior = parse_prior(text)
    with pm.Model():
        variable = pymc_variable(prior, "tau")

    draws = pm.draw(variable, 300, random_seed=1)

    assert stats.kstest(draws, lambda x: cdf(prior, x)).pvalue > KS_LEVEL


def test_an_improper_prior_is_for_the_exact_engine(improper_text, context):
    """NUTS needs a proper prior; the message names the engine that does not."""
    with pm.Model(), pytest.raises(PriorError, match='improper priors need engine="exact"'):
        pymc_variable(parse_prior(improper_text), "tau", context=context)


def test_slopes_of_one_family_are_one_vector():
    """Then beta is one variable with dimension term; its numbers are vectors."""
    priors = {
        "beta[a]": parse_prior("Normal(mu=0, sigma=2)"),
        "beta[b]": parse_prior("Normal(mu=1, sigma=3)"),
    }
    with pm.Model(coords={"term": ["a", "b"]}) as model:
        pymc_coefficients(priors, ("a", "b"))

    expected = stats.norm(0, 2).logpdf(0.5) + stats.norm(1, 3).logpdf(0.5)
    found = model.compile_logp(mode="FAST_COMPILE")({"beta": np.array([0.5, 0.5])})
    assert found == pytest.approx(expected, rel=1e-12)
    assert model.named_vars_to_dims["beta"] == ("term",)
    assert coefficient_hyperparameters(priors, ("a", "b"))["beta_sigma"].tolist() == [2, 3]


def test_slopes_of_a_custom_family_are_one_vector_too():
    """Truncated slopes take their bounds and masses as vectors."""
    texts = [f"Truncated(dist=Normal(mu=0, sigma={s}), lower=0)" for s in (1, 4)]
    priors = {f"beta[{term}]": parse_prior(text) for term, text in zip("ab", texts, strict=True)}
    with pm.Model(coords={"term": ["a", "b"]}) as model:
        variable = pymc_coefficients(priors, ("a", "b"))

    x = pytensor.tensor.dvector("x")
    found = pytensor.function([x], pm.logp(variable, x), mode="FAST_COMPILE")([0.3, 0.3])

    expected = [log_density(prior, 0.3) for prior in priors.values()]
    assert found == pytest.approx(np.array(expected), rel=1e-10)
    assert model.initial_point()["beta_log__"].shape == (2,)


def test_slopes_of_several_families_are_stacked():
    """Each slope has a variable of its own, and beta stacks them along term."""
    priors = {
        "beta[a]": parse_prior("Normal(mu=0, sigma=2)"),
        "beta[b]": parse_prior("StudentT(nu=3, mu=0, sigma=1)"),
    }
    with pm.Model(coords={"term": ["a", "b"]}) as model:
        pymc_coefficients(priors, ("a", "b"))

    expected = stats.norm(0, 2).logpdf(0.5) + stats.t(3).logpdf(-1.0)
    found = model.compile_logp(mode="FAST_COMPILE")({"beta_0": 0.5, "beta_1": -1.0})
    assert found == pytest.approx(expected, rel=1e-12)
    assert set(coefficient_hyperparameters(priors, ("a", "b"))) <= set(model.named_vars)
    assert model.named_vars_to_dims["beta"] == ("term",)
