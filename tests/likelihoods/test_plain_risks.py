"""Risk ratios and differences in PyMC as its manual has it, against the exact engine.

The control arm's level is PyMC's own truncated normal given the effect; nothing is shared with the
package's graph. Bounds without end are six standard deviations away. So written, a difference has
slopes without bound at 0, where NUTS diverges: it is sampled by slices.
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
    """Return the control arm's logit, bounded, and both risks."""
    tiny = np.exp(-FAR)
    low = pm.math.logit(pm.math.maximum(-theta, tiny))
    high = -pm.math.logit(pm.math.maximum(theta, tiny))
    level = pm.TruncatedNormal("level", 0.0, WIDTH, lower=low, upper=high, shape=3)
    control = pm.math.invlogit(level)
    return control + theta, control


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measure", "levels", "step"), [("RR", ratio, pm.NUTS), ("RD", difference, pm.Slice)]
)
def test_plain_pymc_has_the_posterior_of_the_integral(measure, levels, step):
    """Means of mu, tau and the effects: within 4 Monte Carlo errors."""
    wide, spread = SCALES[measure]
    a, n, c, m = TABLE
    with pm.Model():
        mu, tau = pm.Normal("mu", 0.0, wide), pm.HalfNormal("tau", spread)
        theta = pm.Deterministic("theta", mu + tau * pm.Normal("z", 0.0, 1.0, shape=3))
        for name, events, size, risk in zip("tc", (a, c), (n, m), levels(theta), strict=True):
            pm.Binomial(name, n=size, p=risk, observed=events)
        drawn = pm.sample(2500, tune=500, chains=4, cores=1, random_seed=5, progressbar=False,
                          step=step(), initvals={"mu": 0.001, "tau": spread / 5})  # fmt: skip
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
