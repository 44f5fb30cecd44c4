"""Whether a posterior is proper, by theorem."""

import numpy as np
import pytest

from bayesmeta.engines.moments import finite_moments
from bayesmeta.engines.propriety import require_proper
from bayesmeta.errors import ImproperPosteriorError
from bayesmeta.priors import Context
from bayesmeta.spec import parse_prior

LOG_T = "LogStudentT(nu=5, mu=-1, sigma=1)"
NORMAL = "Normal(mu=0, sigma=1)"
MIXED = "Mixture(w=[0.5, 0.5], comp_dists=[Normal(mu=0, sigma=1), StudentT(nu=3, mu=0, sigma=1)])"
# Studies needed: the smallest k with k - d + a > 1 (Röver 2020, J Stat Softw 93(6)).
NEEDED = [
    ("flat", "uniform", 3),
    (NORMAL, "uniform", 2),
    ("flat", "sqrt", 2),
    (NORMAL, "sqrt", 1),
    ("flat", "Jeffreys", 2),
    (NORMAL, "Jeffreys", 1),
    ("flat", "BergerDeely", 2),
    ("flat", "HalfCauchy(beta=1)", 1),
    ("flat", "HalfNormal(sigma=1)", 1),
    ("flat", LOG_T, 1),
]


def asked(mu, tau, studies):
    """Return design, priors and names of an intercept model, with a context."""
    priors = {"mu": parse_prior(mu), "tau": parse_prior(tau)}
    context = Context(np.linspace(0.5, 1, studies))
    return (np.ones((studies, 1)), priors, ["mu"]), context


@pytest.mark.parametrize(("mu", "tau", "needed"), NEEDED)
def test_enough_studies_are_accepted(mu, tau, needed):
    """With the smallest k of the theorem the posterior is proper."""
    arguments, context = asked(mu, tau, needed)

    assert require_proper(*arguments, context=context) is None


@pytest.mark.parametrize(("mu", "tau", "needed"), [case for case in NEEDED if case[2] > 1])
def test_one_study_fewer_is_refused_with_the_number_needed(mu, tau, needed):
    """One study fewer is improper, and the message says how many it takes."""
    arguments, context = asked(mu, tau, needed - 1)

    with pytest.raises(ImproperPosteriorError, match=f"needs at least {needed} studies"):
        require_proper(*arguments, context=context)


def test_the_message_names_what_would_do():
    """Two studies, flat and uniform: a proper prior on tau, or a normal one on mu."""
    arguments, context = asked("flat", "uniform", 2)

    with pytest.raises(ImproperPosteriorError, match=r"HalfNormal.*, or give mu .*Normal\("):
        require_proper(*arguments, context=context)


def test_flat_coefficients_of_deficient_rank_are_refused():
    """Two equal columns with flat priors cannot be told apart, however many studies."""
    priors = {"mu": parse_prior("flat"), "beta[x]": parse_prior("flat"), "tau": parse_prior(LOG_T)}

    with pytest.raises(ImproperPosteriorError, match=r"give beta\[x\] a prior"):
        require_proper(np.ones((9, 2)), priors, ["mu", "beta[x]"])


def test_a_common_effect_needs_rank_alone():
    """Without tau, one study and a flat mu are enough."""
    assert require_proper(np.ones((1, 1)), {"mu": parse_prior("flat")}, ["mu"]) is None


@pytest.mark.parametrize(
    ("mu", "tau", "studies", "expected"),
    [
        ("flat", "uniform", 3, (0, 0)),
        ("flat", "uniform", 4, (1, 1)),
        ("flat", "uniform", 5, (2, 2)),
        (NORMAL, "uniform", 3, (np.inf, 1)),
        ("flat", "HalfCauchy(beta=1)", 2, (1, 1)),
        ("flat", "HalfNormal(sigma=1)", 2, (np.inf, np.inf)),
        ("flat", LOG_T, 1, (0, 0)),
        ("flat", LOG_T, 3, (2, 2)),
        ("Cauchy(alpha=0, beta=1)", "HalfCauchy(beta=1)", 1, (2, 1)),
        ("StudentT(nu=1, mu=0, sigma=1)", "HalfCauchy(beta=1)", 1, (2, 1)),
        ("StudentT(nu=3, mu=0, sigma=1)", "HalfCauchy(beta=1)", 1, (4, 1)),
        ("StudentT(nu=2.5, mu=0, sigma=1)", "HalfCauchy(beta=1)", 1, (4, 1)),
        ("StudentT(nu=2.5, mu=0, sigma=1)", "uniform", 2, (3, 0)),
        (MIXED, "HalfCauchy(beta=1)", 1, (4, 1)),
        ("flat", "LogStudentT(nu=0.4, mu=0, sigma=1)", 2, (0, 0)),
        ("flat", "InverseGamma(alpha=1e-6, beta=1)", 2, (0, 0)),
    ],
)
def test_moments_exist_as_the_theorem_says(mu, tau, studies, expected):
    """The m-th moment of tau, and of a flat mu, exists iff k - d + a > m + 1 (log-t: k - d >= m).

    A Student-t mu with nu degrees of freedom has those with m < nu + k - d + a - 1. What exists
    by less than log(tau)**-1.5 or tau**-1e-5 is counted out: no number holds its integral.
    """
    arguments, context = asked(mu, tau, studies)
    found = finite_moments(*arguments, context=context)

    assert (found.coefficients[0], found.tau) == expected


def test_infinite_moments_grow_with_the_range(solve):
    """K = 3, flat and uniform: no number stands for a mean that does not exist."""
    tau = solve([0.0, 1.0, 2.5], [0.5, 0.4, 0.6], tau="uniform").heterogeneity(moments=0.0)

    assert [tau.mean()[0], tau.sd()[0], bool(np.isfinite(tau.median()[0]))] == [
        np.inf,
        np.inf,
        True,
    ]
