"""Shares in the pooled effect."""

from dataclasses import replace
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bayesmeta.assembly import assemble
from bayesmeta.engines.exact import sample
from bayesmeta.engines.settings import Settings
from bayesmeta.engines.weights import weights_from_draws
from bayesmeta.measures import effect_sizes
from bayesmeta.random_effects import HETEROGENEITY
from bayesmeta.studies import read_studies

TABLE = """study,estimate,standard_error,weeks
a,1.2,0.4,2
b,0.3,0.3,4
c,2.1,0.5,9
d,1.4,0.6,12
e,0.2,0.2,3
"""
PRIORS = {"mu": "Normal(mu=0.7, sigma=0.5)", "beta": "Normal(mu=0, sigma=0.05)",
          "tau": "HalfNormal(sigma=0.5)"}  # fmt: skip


@pytest.fixture(scope="module")
def assembly():
    """Return a regression on weeks, with a prior mean of mu that is not 0."""
    effects = effect_sizes(read_studies(pd.read_csv(StringIO(TABLE))), measure="generic")
    return assemble(effects, moderators="weeks", priors=PRIORS)


def test_the_shares_make_the_posterior_mean_of_mu(assembly):
    """Given tau, E(mu) is linear in the estimates and the prior means, those of slopes 0 here.

    So the shares, times the estimates and the prior mean of mu, sum to the posterior mean.
    """
    tree = sample(assembly, Settings())
    share, prior = tree["weights"]["weight"].to_numpy(), float(tree["weights"]["prior_weight"])
    mixture = tree["mixture"]
    mean = float(mixture["weight"].to_numpy() @ mixture["mean"].to_numpy()[:, 0])

    assert share @ assembly.effects.estimate + prior * 0.7 == pytest.approx(mean, rel=1e-10)


def test_shares_from_draws_are_those_of_the_closed_form(assembly):
    """Given one tau, by ordinary algebra: the first row of (X'WX + P)^-1 [X'W, P]."""
    design, variance = assembly.design, assembly.effects.standard_error**2 + 0.3**2
    weighted = design.T / variance
    inverse = np.linalg.inv(weighted @ design + np.diag([0.5**-2, 0.05**-2]))

    found = weights_from_draws(assembly, {"tau": np.array([0.3])})
    assert found.study == pytest.approx((inverse @ weighted)[0], rel=1e-10)
    assert found.prior == pytest.approx(inverse[0, 0] * 0.5**-2, rel=1e-10)


@pytest.mark.parametrize("opaque", ["heterogeneity", "prior"])
def test_shares_are_left_undefined_where_the_mean_is_not_linear(assembly, opaque, monkeypatch):
    """Study effects that are not normal, or a prior that is not: NaN, not another model's."""
    cauchy = {**PRIORS, "mu": "Cauchy(alpha=0, beta=1)"}
    other = assemble(assembly.effects, moderators="weeks", priors=cauchy)
    if opaque == "heterogeneity":
        monkeypatch.setitem(HETEROGENEITY, "t", SimpleNamespace(NORMAL=False))
        other = replace(assembly, model=assembly.model.with_part("heterogeneity", "t"))

    found = weights_from_draws(other, {"tau": np.array([0.3, 0.4])})
    assert np.isnan([*found.study, found.prior]).all()
