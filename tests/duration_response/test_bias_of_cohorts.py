"""Shapes of a duration beside a bias of cohorts: predictions are of trials."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.errors import BayesmetaError

PRIORS = {"mu": "Normal(mu=0, sigma=14)", "tau": "HalfNormal(sigma=5)",
          "bias": "Normal(mu=1, sigma=3.5)"}  # fmt: skip


@pytest.fixture(scope="module")
def tnf():
    """Six simulated trials beside six simulated cohorts of 2 to 12 weeks: TNF-alpha in pg/mL."""
    table = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    return bm.effect_sizes(table, "MD", outcome="TNF-alpha")


def _asked(effects, shapes, weeks, **priors):
    return bm.duration(effects, shapes=shapes, model="design-bias", spread="common", weeks=weeks,
                       priors={**PRIORS, **priors})  # fmt: skip


def _fitted(effects, **choices):
    posterior = bm.fit(effects, "design-bias", spread="common", engine="exact", **choices)
    return bm.summary(posterior).loc["mu"]


def test_without_a_change_it_is_the_fit(tnf):
    """The constant alone: the effect in trials at any duration is mu."""
    row = _asked(tnf, ["constant"], [2.0, 9.0]).predictions
    mu = _fitted(tnf, priors=PRIORS)

    for name in ("mean", "lower", "upper"):
        assert row[name].to_list() == pytest.approx([mu[name]] * 2, abs=1e-5)


def test_a_line_is_the_fit_with_a_slope(tnf):
    """At the mean duration the effect in trials is mu of the regression beside a bias."""
    weeks = np.asarray(tnf.studies["duration_weeks"], dtype=float)
    slope = 3.5 / np.ptp(weeks)
    row = _asked(tnf, ["linear"], [weeks.mean()], change="Normal(mu=0, sigma=3.5)").predictions
    priors = {**PRIORS, "beta": f"Normal(mu=0, sigma={slope})"}
    mu = _fitted(tnf, priors=priors, moderators="duration_weeks")

    for name in ("mean", "lower", "upper"):
        assert row[name].iloc[0] == pytest.approx(mu[name], abs=1e-5)


def test_no_bias_is_no_bias(tnf):
    """A prior as narrow as can be around 0: as without the model."""
    none = _asked(tnf, ["constant", "linear"], [8.0], bias="Normal(mu=0, sigma=1e-7)")
    plain = bm.duration(tnf, shapes=["constant", "linear"], weeks=[8.0],
                        priors={name: PRIORS[name] for name in ("mu", "tau")})  # fmt: skip

    assert none.predictions["mean"].iloc[0] == pytest.approx(plain.predictions["mean"].iloc[0])
    assert none.shapes["probability"].to_list() == pytest.approx(
        plain.shapes["probability"].to_list()
    )


def test_it_says_whose_effects_are_predicted(tnf):
    """Among the notes; the priors have that of the bias, and design is offered no more."""
    found = _asked(tnf, ["constant"], [8.0])

    assert any("of trials" in note for note in found.notes)
    assert found.priors["bias"] == PRIORS["bias"]
    assert "design" not in found.offered


REFUSED = [
    ({"model": "common-effect"}, "not the heterogeneity 'none'"),
    ({"model": "design-bias", "priors": {"tau": 2.0, "kappa": 1.0}}, "all there is of tau"),
    ({"model": "probably-biased", "spread": "extra"}, "64 cases of who is biased"),
]


@pytest.mark.parametrize(("choices", "said"), REFUSED)
def test_other_models_are_refused_by_their_part(choices, said, tnf):
    """Nobody gets the answer of one mean and one tau for a model that says more."""
    with pytest.raises(BayesmetaError, match=said):
        bm.duration(tnf, shapes=["constant"], **choices)
