"""A comparison of a table that does not say how many participants its studies had."""

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.comparison import compare

PRIORS = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)"}


@pytest.mark.parametrize(
    ("model", "asked", "own"),
    [
        ("design-bias", {}, {"bias": "Normal(mu=0, sigma=1)", "kappa": "HalfNormal(sigma=0.5)"}),
        ("nested", {"cluster": "cluster", "moderators": "weeks"},
         {"beta": "Normal(mu=0, sigma=1)", "tau_within": "HalfNormal(sigma=0.5)"}),
    ],
)  # fmt: skip
def test_priors_in_the_unit_of_the_outcome_need_no_participants(model, asked, own):
    """All stated, the analysis' own row stands; the standing rows say what they lack."""
    table = pd.DataFrame({
        "study": list("abcdef"), "estimate": [0.0, 1, 2, 1, 0, 1], "cluster": list("xxyyzz"),
        "standard_error": [0.4, 0.7, 1.0, 1.3, 0.5, 0.8], "weeks": [2.0, 4, 8, 12, 26, 52],
        "design": ["RCT"] * 3 + ["cohort"] * 3,
    })  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(table), "generic")
    found = compare(effects, model, priors={**PRIORS, **own}, **asked)

    assert "Bayes (own)" in found["method"].tolist()
    assert "participants" in found.attrs["messages"][0]
