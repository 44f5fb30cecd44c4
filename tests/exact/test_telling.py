"""The theorem on propriety counts what tells of tau: the rows, or groups of rows, that it moves."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines.answering import moments_of
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.errors import ImproperPosteriorError

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
