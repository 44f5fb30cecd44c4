"""The trace of shrinkage."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries.shrinkage import shrinkage_trace

Y, S = np.array([-0.5, 0.1, 0.9]), np.array([0.5, 0.25, 0.4])


@pytest.fixture(scope="module")
def effects():
    """Three studies, of which two disagree."""
    import pandas as pd

    frame = pd.DataFrame({"study": ["Ash", "Elm", "Fir"], "yi": Y, "sei": S})
    return bm.effect_sizes(bm.read_studies(frame), "MD", unit="days")


def _fit(effects, mu="Normal(mu=0.5, sigma=2)", tau="HalfNormal(sigma=0.5)"):
    return bm.fit(effects, priors={"mu": mu, "tau": tau}, engine="exact")


@pytest.mark.parametrize(("prior", "mean", "precision"), [
    ("Normal(mu=0.5, sigma=2)", 0.5, 0.25), ("flat", 0.0, 0.0),
])  # fmt: skip
def test_the_trace_is_the_conditional_mean(effects, prior, mean, precision):
    """Precision-weighted by hand, at every tau from 0 on."""
    trace = shrinkage_trace(_fit(effects, prior))

    tau = trace["tau"].to_numpy()[:, np.newaxis]
    weight = 1 / (S**2 + tau**2)
    pooled = (weight @ Y + precision * mean) / (weight.sum(axis=1) + precision)
    kept = tau**2 / (tau**2 + S**2)
    assert tau[0] == 0
    np.testing.assert_allclose(trace["mu"], pooled, rtol=1e-9)
    effects_given = kept * Y + (1 - kept) * pooled[:, np.newaxis]
    np.testing.assert_allclose(trace[["Ash", "Elm", "Fir"]], effects_given, atol=1e-9)


def test_the_trace_s_figure_draws_its_table(effects):
    """A line a study, and a thick one for the pooled effect."""
    posterior = _fit(effects)
    trace = shrinkage_trace(posterior)
    axes = bm.plot_shrinkage(posterior).axes[0]

    drawn = {gid: [line.get_ydata() for line in axes.lines if line.get_gid() == gid]
             for gid in ("pooled", "study effect")}  # fmt: skip
    np.testing.assert_allclose(drawn["pooled"][0], trace["mu"])
    np.testing.assert_allclose(np.array(drawn["study effect"]).T, trace[["Ash", "Elm", "Fir"]])


def test_a_sampled_posterior_has_no_trace(sampled):
    """Given tau nothing is stored."""
    with pytest.raises(PosteriorError, match='engine="exact"'):
        bm.plot_shrinkage(sampled)
