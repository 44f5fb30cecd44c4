"""Power-scaling."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.priors import powered
from bayesmeta.refits.batch import Refit
from bayesmeta.refits.exact import refit
from bayesmeta.sensitivity import power_scaling
from bayesmeta.sensitivity.posing import ask
from bayesmeta.sensitivity.power_scaling import distance
from bayesmeta.spec import Prior

PRIORS = {"mu": "Normal(mu=0, sigma=5)", "tau": "HalfCauchy(beta=5)"}


def _cdf(effects, priors, quantity, x):
    return bm.cdf(bm.fit(effects, priors=priors, engine="exact"), quantity, x)


@pytest.mark.parametrize(
    ("component", "raised"),
    [
        # Normal(0, s)**a is Normal(0, s / sqrt(a)); a half-Cauchy to the a is a half-t of 2a - 1
        # degrees with scale beta / sqrt(2a - 1).
        ("prior_mu", lambda a: {**PRIORS, "mu": f"Normal(mu=0, sigma={5 / np.sqrt(a)})"}),
        ("prior_tau", lambda a: {
            **PRIORS, "tau": f"HalfStudentT(nu={2 * a - 1}, sigma={5 / np.sqrt(2 * a - 1)})"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("quantity", ["mu", "tau"])
def test_it_is_the_finite_difference_of_exact_refits(schools, component, raised, quantity):
    """Refitted by hand under the powered prior, the distance by log2(alpha) is the same."""
    found = power_scaling(schools, priors=PRIORS).loc[quantity, component]
    base = bm.fit(schools, priors=PRIORS, engine="exact")
    x = np.linspace(*bm.quantile(base, quantity, [1 / 4001, 4000 / 4001]), 3001)

    expected = np.mean([
        distance(bm.cdf(base, quantity, x), _cdf(schools, raised(a), quantity, x)) / abs(np.log2(a))
        for a in (0.99, 1.01)
    ])  # fmt: skip

    assert found == pytest.approx(expected, rel=2e-3)


def test_a_likelihood_squared_is_every_study_twice(schools, generic):
    """p(y | mu, tau)**2 is the likelihood of the table with its rows repeated."""
    question = ask(schools, priors=PRIORS)
    base = Refit(question.assembly.priors, 2.0 * np.ones(8))
    squared = refit(question.assembly, [base]).parts[0]
    twice = generic([*schools.estimate] * 2, [*schools.standard_error] * 2)
    doubled = bm.fit(twice, priors=PRIORS, engine="exact")

    p = np.array([0.025, 0.5, 0.975])

    assert squared.combination(np.ones(1)).quantile(p)[0] == pytest.approx(
        bm.quantile(doubled, "mu", p)
    )
    assert squared.heterogeneity().quantile(p)[0] == pytest.approx(
        bm.quantile(doubled, "tau", p), rel=1e-5
    )


def test_eight_schools_agree_with_the_draws_of_arviz(schools):
    """ArviZ 1.3 psense on independent draws of the marginal model, four seeds averaged.

    Made with az.psense_summary(fit, prior_var_names=["mu", "tau"]) for seeds 0 to 3; by the
    spread over seeds each average is off by some 0.005, and ArviZ rounds to 0.001.
    """
    table = power_scaling(schools, priors=PRIORS)

    found = table[["prior", "likelihood"]].to_numpy()

    arviz = np.array([[0.096, 0.130], [0.190, 0.207]])
    assert np.abs(found - arviz).max() < 0.015


def test_the_tau_likelihood_sensitivity_of_eight_schools_is_about_0_19(schools):
    """The figure of the marginal parametrisation."""
    found = power_scaling(schools, priors=PRIORS).loc["tau", "likelihood"]

    assert found == pytest.approx(0.19, abs=0.01)


def test_small_powers_are_the_limit(schools):
    """The number is a derivative: smaller powers give the same."""
    usual = power_scaling(schools, priors=PRIORS)[["prior", "likelihood"]]
    small = power_scaling(schools, priors=PRIORS, alphas=(0.999, 1.001))[["prior", "likelihood"]]

    assert small.to_numpy() == pytest.approx(usual.to_numpy(), rel=5e-3)


def test_a_flat_prior_has_no_power(schools):
    """A constant to any power is a constant."""
    found = power_scaling(schools, priors={"mu": "flat", "tau": "HalfNormal(sigma=5)"})

    assert found.loc["mu", "prior_mu"] == 0.0


@pytest.mark.parametrize("alpha", [0.9, 1.1])
@pytest.mark.parametrize(
    "prior",
    [Prior("Normal", {"mu": 1.0, "sigma": 2.0}), Prior("Cauchy", {"alpha": 1.0, "beta": 2.0}),
     Prior("StudentT", {"nu": 3.0, "mu": -1.0, "sigma": 0.5})],
)  # fmt: skip
def test_a_powered_prior_has_a_proportional_density(prior, alpha):
    """Its log density is alpha times the prior's, up to a constant."""
    from bayesmeta.priors import log_density

    x = np.array([-3.0, 0.0, 1.0, 7.0])
    gap = log_density(powered(prior, alpha, "mu"), x) - alpha * log_density(prior, x)

    assert np.ptp(gap) == pytest.approx(0.0, abs=1e-12)


def test_a_mixture_is_refused():
    """Its power is no mixture."""
    with pytest.raises(PriorError):
        powered(Prior("Mixture", {}), 1.01, "mu")


def test_distance_is_a_distance():
    """Zero for equals, symmetric."""
    x = np.linspace(0, 1, 501)

    assert distance(x, x) == 0.0
    assert distance(x, x**2) == pytest.approx(distance(x**2, x))


def test_powers_on_one_side_are_refused(schools):
    """One below and one above 1."""
    with pytest.raises(AnalysisError):
        power_scaling(schools, priors=PRIORS, alphas=(1.01, 1.02))


def test_a_strong_prior_is_named(generic):
    """A prior far from precise data, and hardly wider, is a conflict."""
    effects = generic([10.0, 10.5, 9.5], [0.5, 0.5, 0.5])
    table = power_scaling(
        effects, priors={"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}
    )

    assert isinstance(table, pd.DataFrame)
    assert "conflict" in table.loc["mu", "diagnosis"]
