"""What a posterior of trials beside cohorts stores: draws, indicators, columns; saved and read."""

import json

import numpy as np
import pytest

import bayesmeta as bm

PRIORS = {"mu": "Normal(mu=0, sigma=20)", "tau": "HalfNormal(sigma=5)"}
BIASED = {**PRIORS, "bias": "Normal(mu=0, sigma=5)"}
BETA = {**BIASED, "share": "Beta(alpha=1, beta=1)"}
CASES = {
    "bias": ("design-bias", {**BIASED, "kappa": "HalfNormal(sigma=2.5)"}, {}),
    "power": ("power-prior", PRIORS, {"power": 0.3}),
    "own biases": ("probably-biased", BETA, {}),
    "few of their own": (
        "probably-biased", {**PRIORS, "bias": "Normal(mu=0, sigma=40)", "share": 0.1}, {},
    ),
    "own and extra": (
        "probably-biased", {**BIASED, "kappa": "HalfNormal(sigma=2.5)"}, {"spread": "extra"},
    ),
    "shared": ("probably-biased", BIASED, {"shared_bias": True}),
}  # fmt: skip


SLOW = ("own and extra", "shared")


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in CASES],
)
def posterior(request, tnf):
    """Return one of the models' posteriors, integrated."""
    model, priors, choices = CASES[request.param]
    return bm.fit(tnf, model, priors=priors, engine="exact", seed=3, **choices)


def _close(draws, exact, sd):
    return abs(draws - exact) < 5 * sd / np.sqrt(4000)


def test_draws_have_the_means_of_the_integral(posterior):
    """Every parameter, and every study effect, within five Monte Carlo errors."""
    table, effects = bm.summary(posterior), bm.study_effects(posterior)
    drawn = posterior["posterior"]
    for name in table.index.intersection(["mu", "tau", "bias", "kappa", "share", "theta_new"]):
        row = table.loc[name]
        assert _close(float(drawn[name].mean()), row["mean"], row["sd"]), name
    theta = drawn["theta"].mean(("chain", "draw")).to_numpy()
    assert _close(theta, effects["mean"].to_numpy(), effects["sd"].to_numpy()).all()


def test_who_is_biased_is_stored_by_study(posterior):
    """Draws average to what the nodes say; trials are never biased."""
    if "p_biased" not in posterior["posterior"]:
        pytest.skip("nobody asks who is biased")
    drawn = posterior["posterior"]["p_biased"].mean(("chain", "draw")).to_numpy()
    mixture = posterior["mixture"]
    assert (drawn[:6] == 0).all()
    if "indicator" in mixture:
        exact = mixture["weight"].to_numpy() @ mixture["indicator"].to_numpy()
        assert drawn[6:] == pytest.approx(exact, abs=0.02)


def test_cohorts_are_marked_in_the_constant_data(posterior):
    """1 for every level but the reference."""
    assert posterior["constant_data"]["is_cohort"].to_numpy().tolist() == [0] * 6 + [1] * 6


def test_the_log_likelihood_is_that_of_the_powered_rows(tnf):
    """A cohort's terms are multiplied by the power; those of trials are as they are."""
    model, priors, _ = CASES["power"]
    half, whole = (
        bm.fit(tnf, model, priors=priors, engine="exact", power=power, draws=50)
        for power in (0.5, 1.0)
    )
    draw = half["posterior"]
    residual = tnf.estimate - draw["mu"].to_numpy()[..., np.newaxis]
    variance = tnf.standard_error**2 + draw["tau"].to_numpy()[..., np.newaxis] ** 2
    plain = -0.5 * (residual**2 / variance + np.log(2 * np.pi * variance))
    expected = plain * np.where(half["constant_data"]["is_cohort"], 0.5, 1.0)

    assert half["log_likelihood"]["estimate"].to_numpy() == pytest.approx(expected)
    assert json.loads(whole.attrs["priors"])["power"] == "1"


def test_a_saved_posterior_says_the_same(posterior, tmp_path):
    """Summaries and study effects of the file, to the last digit."""
    bm.save_posterior(posterior, tmp_path / "posterior.nc")
    read = bm.read_posterior(tmp_path / "posterior.nc")

    for table in (bm.summary, bm.study_effects):
        ours, theirs = (table(each).select_dtypes("number") for each in (posterior, read))
        assert np.array_equal(ours.to_numpy(), theirs.to_numpy(), equal_nan=True)


def test_predictions_are_of_trials(tnf):
    """With a moderator, mu at its mean: the column of cohorts is 0 there."""
    model, priors, _ = CASES["bias"]
    posterior = bm.fit(tnf, model, priors=priors, moderators="duration_weeks", engine="exact")
    weeks = tnf.studies["duration_weeks"].mean()
    row = bm.predict(posterior, duration_weeks=[weeks]).iloc[0]

    assert row["mean"] == pytest.approx(bm.summary(posterior).loc["mu", "mean"], abs=1e-9)
