"""What each outcome borrowed: its own fit beside the joint one."""

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import ModelError

PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.3)", "rho_within": 0.3}
OWN = ["own_median", "own_lower", "own_upper", "own_sd"]
JOINT = ["joint_median", "joint_lower", "joint_upper", "joint_sd"]


@pytest.fixture(scope="module")
def frame():
    """Two outcomes; four of seven studies have both."""
    generator = np.random.default_rng(7)
    pairs = [("s0", "A"), ("s0", "B"), ("s1", "A"), ("s1", "B"), ("s2", "A"), ("s2", "B"),
             ("s3", "A"), ("s3", "B"), ("s4", "A"), ("s5", "A"), ("s6", "B")]  # fmt: skip
    size = len(pairs)
    return pd.DataFrame(pairs, columns=["study", "outcome"]).assign(
        estimate=generator.normal(0.2, 0.3, size).round(3),
        variance=generator.uniform(0.02, 0.1, size).round(3),
        x=generator.normal(size=size).round(2),
        unit=["mm" if outcome == "A" else "kg" for _, outcome in pairs],
    )


@pytest.fixture(scope="module")
def asked(frame):
    """Return the table of a joint fit, by outcome and quantity, at a fixed rho_between."""

    def table(rho, **options):
        effects = bm.effect_sizes(bm.read_studies(frame), "MD", repeated=True)
        priors = {**PRIORS, "rho_between": rho, **options.pop("priors", {})}
        posterior = bm.fit(effects, "several-outcomes", priors=priors, engine="exact", **options)
        return bm.borrowing(effects, posterior).set_index(["outcome", "quantity"])

    return table


def test_the_own_fit_is_random_effects_of_the_outcome(frame, asked):
    """Median, interval and sd of mu, tau and a new study: those of its rows fitted alone."""
    found = asked(0.8)
    for outcome in "AB":
        rows = frame[frame["outcome"] == outcome]
        effects = bm.effect_sizes(bm.read_studies(rows), "MD")
        priors = {name: PRIORS[name] for name in ("mu", "tau")}
        table = bm.summary(bm.fit(effects, priors=priors, engine="exact"))
        for name in ("mu", "tau", "theta_new"):
            expected = table.loc[name, ["median", "lower", "upper", "sd"]]
            np.testing.assert_allclose(found.loc[(outcome, name), OWN].astype(float), expected,
                                       rtol=1e-6)  # fmt: skip


def test_nothing_is_borrowed_of_what_is_independent(asked):
    """Both correlations 0: the joint fit is two fits."""
    found = asked(0.0, priors={"rho_within": 0.0})

    np.testing.assert_allclose(
        found[JOINT].to_numpy(float), found[OWN].to_numpy(float), rtol=1e-5, atol=1e-6
    )
    np.testing.assert_allclose(found["borrowed"].astype(float), 0, atol=1e-5)


def test_a_correlation_lends_precision_to_both_means(asked):
    """At fixed taus no variance can grow (Gauss and Markov); what is gone is borrowed."""
    found = asked(0.9, priors={"tau": 0.3}).xs("mu", level="quantity")

    assert (found["borrowed"] > 0.01).all()
    np.testing.assert_allclose(
        found["borrowed"].astype(float), 1 - (found["joint_sd"] / found["own_sd"]) ** 2
    )
    assert (found["width_ratio"] < 1).all()


def test_each_outcome_has_its_unit_and_its_studies(asked):
    """Six rows of A in mm, five of B in kg."""
    found = asked(0.5).xs("tau", level="quantity")

    assert found["unit"].to_dict() == {"A": "mm", "B": "kg"}
    assert found["studies"].to_dict() == {"A": 6, "B": 5}


def test_moderators_are_centred_as_in_the_joint_fit(asked):
    """Where nothing is borrowed, both fits have mu at the mean of all rows."""
    priors = {"rho_within": 0.0, "beta": "Normal(mu=0, sigma=0.5)"}
    found = asked(0.0, priors=priors, moderators="x").xs("mu", level="quantity")

    np.testing.assert_allclose(
        found["joint_median"].astype(float), found["own_median"].astype(float), rtol=1e-5
    )


def test_one_outcome_has_nobody_to_borrow_from(frame):
    """It is refused, and so are effects of other rows."""
    rows = frame[frame["outcome"] == "A"]
    alone = bm.effect_sizes(bm.read_studies(rows), "MD")
    posterior = bm.fit(alone, priors={"mu": "Normal(mu=0, sigma=1)", "tau": 0.2}, engine="exact")

    with pytest.raises(ModelError, match="one outcome"):
        bm.borrowing(alone, posterior)
