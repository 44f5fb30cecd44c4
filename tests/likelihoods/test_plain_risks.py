"""Risk ratios and differences in PyMC as its manual has it, against the exact engine.

Nothing is shared with the package's graph. Of a ratio the control arm's level is PyMC's own
truncated normal given the effect, bounds without end six standard deviations away; of a difference
it is normal, with no density where risks are impossible, divided by the mass of what is left.
"""

import arviz as az
import numpy as np
import pandas as pd
import pymc as pm
import pytest

import bayesmeta as bm

TABLE = np.array([(4, 123, 11, 139), (9, 250, 6, 240), (14, 180, 12, 150)]).T
COLUMNS = ["events_treatment", "n_treatment", "events_control", "n_control"]
SCALES = {"RR": (2.5, 0.5), "RD": (0.5, 0.1)}
WIDTH, FAR = np.float64(10.0), 60.0


def ratio(theta):
    """Return the control arm's log risk, bounded, and both risks."""
    most = pm.math.minimum(0.0, -theta)
    level = pm.TruncatedNormal("level", 0.0, WIDTH, lower=-FAR, upper=most, shape=3)
    return pm.math.exp(level + theta), pm.math.exp(level)


def difference(theta):
    """Return both risks: the control arm's logit is normal where they are possible."""
    level = pm.Normal("level", 0.0, WIDTH, shape=3)
    control = pm.math.invlogit(level)
    treatment, apart = control + theta, pm.math.clip(abs(theta), np.exp(-FAR), 1 - 1e-9)
    mass = pm.logcdf(pm.Normal.dist(0.0, WIDTH), -pm.math.logit(apart))
    possible = (treatment > 0) & (treatment < 1) & (abs(theta) < 1)
    pm.Potential("cut", pm.math.switch(possible, -mass, -np.inf))
    return pm.math.clip(treatment, 1e-12, 1 - 1e-12), control


@pytest.mark.slow
@pytest.mark.parametrize(("measure", "levels"), [("RR", ratio), ("RD", difference)])
def test_plain_pymc_has_the_posterior_of_the_integral(measure, levels):
    """Means of mu, tau and the effects: within 4 Monte Carlo errors."""
    wide, spread = SCALES[measure]
    a, n, c, m = TABLE
    with pm.Model():
        mu, tau = pm.Normal("mu", 0.0, wide), pm.HalfNormal("tau", spread)
        theta = pm.Deterministic("theta", mu + tau * pm.Normal("z", 0.0, 1.0, shape=3))
        for name, events, size, risk in zip("tc", (a, c), (n, m), levels(theta), strict=True):
            pm.Binomial(name, n=size, p=risk, observed=events)
        drawn = pm.sample(1500, tune=1000, chains=4, cores=1, random_seed=5, progressbar=False,
                          target_accept=0.9)  # fmt: skip
    frame = pd.DataFrame(TABLE.T, columns=COLUMNS).assign(study=list("abc"))
    effects = bm.effect_sizes(bm.read_studies(frame), measure)
    priors = {"mu": f"Normal(mu=0, sigma={wide})", "tau": f"HalfNormal(sigma={spread})"}
    posterior = bm.fit(effects, "binomial", priors=priors, engine="exact")
    exact = bm.summary(posterior).loc[["mu", "tau"], "mean"].to_list()
    exact += bm.study_effects(posterior)["mean"].to_list()

    found, error = [], []
    for name in ("mu", "tau", "theta"):
        draws = drawn.posterior[name]
        found += np.ravel(draws.mean(("chain", "draw"))).tolist()
        error += np.ravel(az.mcse(draws.to_dataset())[name]).tolist()
    assert np.abs((np.array(found) - exact) / error).max() <= 4
