"""The theorem on propriety counts what tells of tau: the rows, or groups of rows, that it moves."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.answering import moments_of
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.errors import ImproperPosteriorError
from bayesmeta.refits.batch import Refit
from bayesmeta.refits.existence import Existence, impropriety

NORMAL, HALF = "Normal(mu=0, sigma=10)", "HalfNormal(sigma=1)"


def _assembly(model, trials, clusters, priors, **roles):
    table = pd.DataFrame(
        {
            "study": list("abcdef"),
            "estimate": [0.0, 1, 2, 3, 2, 1],
            "standard_error": 1.0,
            "design": ["RCT"] * trials + ["cohort"] * (6 - trials),
            "site": clusters,
        }
    )
    effects = bm.effect_sizes(bm.read_studies(table), "generic")
    return assemble(effects, model, priors=priors, roles=roles)


def _own(trials, mu, tau, bias=NORMAL):
    priors = {"mu": mu, "tau": tau, "tau_cohort": HALF, "bias": bias}
    return _assembly("design-bias", trials, list("aabbcc"), priors, spread="own")


def _nested(clusters, mu, tau):
    priors = {"mu": mu, "tau": tau, "tau_within": HALF}
    return _assembly("nested", 3, list(clusters), priors, cluster="site")


IMPROPER = [
    (lambda: _own(1, NORMAL, "uniform"), "needs at least 2 .*, and there is 1"),
    (lambda: _own(2, "flat", "uniform", "flat"), "needs at least 3 .*, and there are 2"),
    (lambda: _nested("aabbbb", "flat", "uniform"), "needs at least 3 .*, and there are 2"),
]


@pytest.mark.parametrize(("make", "said"), IMPROPER, ids=["one trial", "two", "two clusters"])
def test_too_few_that_tell_are_refused_by_number(make, said):
    """Six rows, and too few of them, or of their groups, that tau moves."""
    with pytest.raises(ImproperPosteriorError, match=said):
        integrate_assembly(make())


def test_what_the_other_rows_tell_apart_costs_nothing():
    """Cohorts know a flat mu by themselves, a normal bias given: two trials bound tau."""
    found = integrate_assembly(_own(2, "flat", "uniform"))

    assert np.isfinite(found.log_marginal_likelihood[0])


@pytest.mark.parametrize(
    ("make", "exist"),
    [
        # tau**-2 of the prior, and tau**-(k - d): the m-th moment exists if k - d + 2 > m + 1.
        (lambda: _own(1, NORMAL, "HalfCauchy(beta=1)"), 1),
        (lambda: _own(2, NORMAL, "HalfCauchy(beta=1)"), 2),
        (lambda: _nested("aabbbb", "flat", "HalfCauchy(beta=1)"), 1),
        (lambda: _nested("aabbcc", "flat", "HalfCauchy(beta=1)"), 2),
    ],
    ids=["one trial", "two trials", "two clusters", "three clusters"],
)
def test_moments_of_tau_are_counted_by_what_tells_of_it(make, exist):
    """No standard deviation is printed that is infinite."""
    assert moments_of(make()).tau == exist


def _of_cohorts(power):
    """Four trials beside two cohorts with a tau of their own, to a power; half-Cauchy priors."""
    priors = {"mu": NORMAL, "tau": "HalfCauchy(beta=1)", "tau_cohort": "HalfCauchy(beta=1)"}
    return _assembly("power-prior", 4, list("aabbcc"), priors, spread="own", power=str(power))


@pytest.mark.parametrize(("power", "exist"), [(0.25, 1), (0.5, 1), (1.0, 2)])
def test_a_tau_of_cohorts_is_told_by_cohorts_to_their_power(power, exist):
    """Its density falls as tau**-(2 + cohorts * power): seen far out, and counted so."""
    assembly = _of_cohorts(power)
    density = integrate_assembly(assembly).heterogeneity("tau_cohort")
    far = density.log_density(np.array([1e3, 1e4]))[0]

    assert (far[1] - far[0]) / np.log(10) == pytest.approx(-2 - 2 * power, abs=0.02)
    assert moments_of(assembly).of("tau_cohort", 1) == exist


def test_an_infinite_sd_of_cohorts_is_no_number_in_a_summary():
    """Two cohorts to the power 1/4: their tau has a mean and no standard deviation."""
    assembly = _of_cohorts(0.25)
    roles = {"spread": "own", "power": 0.25}
    posterior = bm.fit(assembly.effects, "power-prior", engine="exact", draws=50,
                       priors=assembly.model.priors, **roles)  # fmt: skip
    row = bm.summary(posterior).loc["tau_cohort"]

    assert np.isfinite(row["mean"])
    assert np.isinf(row["sd"])


def test_refits_ask_what_tells_of_tau():
    """Without one of two trials a flat tau of trials is told by one row: refused, by number."""
    assembly = _own(2, NORMAL, "uniform")
    without = np.array([0.0, 1, 1, 1, 1, 1])

    assert impropriety(assembly, assembly.priors) == ""
    assert "needs at least 2" in impropriety(assembly, assembly.priors, without)
    with pytest.raises(ImproperPosteriorError, match=r"needs at least 2 .*, and there is 1"):
        Existence(assembly).moments(Refit(assembly.priors, without))


def test_refits_count_moments_by_what_tells_of_tau():
    """A trial fewer costs tau a moment, a cohort fewer none."""
    existence = Existence(_own(2, NORMAL, "HalfCauchy(beta=1)"))
    priors, k = existence._assembly.priors, np.arange(6)  # noqa: SLF001

    without = [existence.moments(Refit(priors, (k != row).astype(float))).tau for row in (0, 5)]
    assert without == [1, 2]
