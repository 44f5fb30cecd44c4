"""Arrays that would be of every study under every node of every problem are never made."""

import tracemalloc

import numpy as np
import pandas as pd

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.refits.exact import refit_without_each


def test_one_study_s_predictive_variance_takes_no_memory_of_all_studies():
    """Each of 300 refits asks about one of 300 studies."""
    rng = np.random.default_rng(2)
    count = 300
    error = rng.uniform(0.2, 1.0, count)
    table = pd.DataFrame({"estimate": rng.normal(0, 1, count), "standard_error": error})
    table.insert(0, "study", [f"s{place}" for place in range(count)])
    effects = bm.effect_sizes(bm.read_studies(table), measure="MD")
    priors = {"mu": "Normal(mu=0, sigma=10)", "tau": "HalfNormal(sigma=1)"}
    part = refit_without_each(assemble(effects, priors=priors)).parts[0]

    tracemalloc.start()
    found = part.integral.predictive_variance(part.rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    batch, nodes = part.integral.tau.shape
    assert batch >= count - 1
    expected = part.integral.tau**2 + error[part.rows, np.newaxis] ** 2
    np.testing.assert_allclose(found, expected)
    assert peak < batch * nodes * count * 8 / 5
