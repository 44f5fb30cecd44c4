"""What priors say before the data, and how far the data move them."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate
from scipy.stats import halfnorm, norm, t

import bayesmeta as bm
from bayesmeta.errors import PosteriorError, PriorError
from bayesmeta.priors import log_density
from bayesmeta.refits.hellinger import distance
from bayesmeta.sensitivity import (
    informativeness,
    prior_data_conflict,
    prior_predictive,
    prior_predictive_table,
)
from bayesmeta.sensitivity.prior_predictive import left_out

PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}
WIDE = {"mu": "Normal(mu=0, sigma=1)", "tau": "0.5"}


@pytest.fixture(scope="module")
def differences():
    """Return three trials' risk differences."""
    rows = [("a", 4, 123, 11, 139), ("b", 9, 250, 6, 240), ("c", 14, 180, 12, 150)]
    names = ["study", "events_treatment", "n_treatment", "events_control", "n_control"]
    return bm.effect_sizes(bm.read_studies(pd.DataFrame(rows, columns=names)), "RD")


def test_hellinger_of_two_normals_is_the_closed_form(generic):
    """One study and no heterogeneity: prior N(0, 1), posterior N(1, sqrt(1/2))."""
    effects = generic([2.0], [1.0])
    found = informativeness(effects, "common-effect", priors={"mu": "Normal(mu=0, sigma=1)"})

    v, w = 1.0, 0.5
    affinity = np.sqrt(2 * np.sqrt(v * w) / (v + w)) * np.exp(-0.25 / (v + w))
    assert found.loc["mu", "hellinger"] == pytest.approx(np.sqrt(1 - affinity), abs=1e-10)


@pytest.mark.parametrize(
    "tau", ["HalfNormal(sigma=0.5)", "HalfCauchy(beta=0.5)", "Uniform(lower=0, upper=2)"]
)
def test_hellinger_of_tau_is_the_integral_of_its_densities(bcg, tau):
    """By Simpson's rule over the posterior density that the exact engine gives."""
    priors = {**PRIORS, "tau": tau}
    posterior = bm.fit(bcg, priors=priors, engine="exact")
    x = np.geomspace(1e-6, 2.0 - 1e-9 if "Uniform" in tau else 1e4, 40001)
    product = bm.density(posterior, "tau", x) * np.exp(log_density(bm.parse_prior(tau), x))

    found = informativeness(bcg, priors=priors).loc["tau", "hellinger"]

    expected = np.sqrt(1 - integrate.simpson(np.sqrt(product), x=x))
    assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("nu", [5, 3, 1])
def test_hellinger_of_tau_is_right_where_the_prior_is_infinite_at_zero(generic, nu):
    """H**2 = 1 - int f sqrt(L) / sqrt(int f L), over log tau, for a log-t prior on tau**2.

    With nu = 5 the distance is 0.3319, as Rhodes et al. (2015) would have it for these studies.
    """
    y, s = np.array([0.1, 0.5, 0.3, 0.9, -0.1, 0.4]), np.array([0.2, 0.15, 0.25, 0.2, 0.2, 0.1])
    walk = np.linspace(-60, 60, 60_001)
    u = np.sinh(walk / 2)[:, np.newaxis]  # log tau, out to 5e12
    total = s**2 + np.exp(2 * np.minimum(u, 300))
    precision = (1 / total).sum(axis=1) + 1
    mean = (y / total).sum(axis=1) / precision
    misfit = ((y - mean[:, np.newaxis]) ** 2 / total).sum(axis=1) + mean**2
    log_likelihood = -0.5 * (np.log(total).sum(axis=1) + np.log(precision) + misfit)
    log_prior = t.logpdf(2 * u[:, 0], nu, -3.44, 2.59)
    log_step = np.log(np.cosh(walk / 2))

    def area(log_height):
        return np.log(integrate.trapezoid(np.exp(log_height + log_step), walk))

    prior, both, root = (area(log_prior + power * log_likelihood) for power in (0, 1, 0.5))
    tau = f'LogStudentT(nu={nu}, mu=-3.44, sigma=2.59, on="tau2")'
    found = informativeness(generic(y, s), priors={"mu": "Normal(mu=0, sigma=1)", "tau": tau})

    expected = np.sqrt(1 - np.exp(root - 0.5 * (prior + both)))
    assert found.loc["tau", "hellinger"] == pytest.approx(expected, abs=1e-9)


def test_hellinger_of_a_coefficient_sees_every_part_of_its_prior(generic):
    """Half Normal(0, 0.001), half Normal(5, 1); y = 2.5, s = 1: a narrow part and a wide one.

    1 - H**2 = int f sqrt(L) / sqrt(int f L), of each part a normal integral in closed form.
    """
    mu = "Mixture(w=[0.5, 0.5], comp_dists=[Normal(mu=0, sigma=0.001), Normal(mu=5, sigma=1)])"
    found = informativeness(generic([2.5], [1.0]), "common-effect", priors={"mu": mu})

    w, m, v = np.array([0.5, 0.5]), np.array([0.0, 5.0]), np.array([1e-6, 1.0])
    evidence = w @ norm.pdf(2.5, m, np.sqrt(v + 1))
    # int N(x; m, v) sqrt(N(2.5; x, 1)) dx = (8 pi)**(1/4) N(2.5; m, sqrt(v + 2))
    root = w @ ((8 * np.pi) ** 0.25 * norm.pdf(2.5, m, np.sqrt(v + 2)))
    expected = np.sqrt(1 - root / np.sqrt(evidence))
    assert found.loc["mu", "hellinger"] == pytest.approx(expected, rel=1e-9)


def test_an_affinity_above_one_is_an_error():
    """Two distributions have an affinity of at most 1: more is no distance of 0."""
    with pytest.raises(PosteriorError, match=r"came out as 1\.2"):
        distance(np.array([0.5, 1.2]), np.array([1e-9, 1e-9]))


def test_no_data_worth_the_name_leave_the_prior(generic):
    """Studies of no precision teach nothing."""
    found = informativeness(generic([0.0, 0.0], [1e4, 1e4]), priors=PRIORS)

    assert found["hellinger"].max() < 1e-3


def test_the_conflict_of_mu_is_the_integral_over_tau(generic):
    """Two-sided tail of the pooled estimate, averaged over tau's prior by scipy."""
    effects = generic([2.0, 2.6, 1.8], [0.3, 0.5, 0.4])
    weight = effects.standard_error**-2 / (effects.standard_error**-2).sum()
    pooled = weight @ effects.estimate

    def tail(tau):
        spread = np.sqrt(1 + weight**2 @ (effects.standard_error**2 + tau**2))
        return 2 * norm.sf(pooled / spread) * halfnorm.pdf(tau, scale=0.5)

    found = prior_data_conflict(effects, priors=PRIORS).loc["mu"]

    assert found["observed"] == pytest.approx(pooled)
    assert found["tail_probability"] == pytest.approx(integrate.quad(tail, 0, 10)[0], abs=1e-9)


def test_the_conflict_of_tau_is_that_of_simulated_tables(bcg):
    """Q of 200 000 simulated tables, within five standard errors."""
    rng = np.random.default_rng(11)
    tau = np.abs(rng.normal(0, 0.5, 200_000))[:, None]
    error = bcg.standard_error
    y = np.sqrt(error**2 + tau**2) * rng.standard_normal((200_000, 13))
    weight = error**-2
    q = (weight * (y - (y @ weight / weight.sum())[:, None]) ** 2).sum(axis=1)

    found = prior_data_conflict(bcg, priors=PRIORS).loc["tau"]

    above = (q > found["observed"]).mean()
    assert found["tail_probability"] == pytest.approx(2 * min(above, 1 - above), abs=0.011)


@pytest.mark.parametrize(("estimate", "least", "most"), [
    ([0.3, 0.3, 0.3, 0.3, 0.3], 0.0, 1e-9),  # no spread at all: Q = 0, its lower tail is empty
    ([-0.4, 0.1, 0.3, 0.5, 1.0], 0.5, 1.0),  # as the prior has it
    ([-9.0, 5.0, 0.3, 9.0, -7.0], 0.0, 1e-3),  # far too much
])  # fmt: skip
def test_the_tail_of_tau_is_twice_the_smaller_one(generic, estimate, least, most):
    """Estimates too alike conflict with the prior as those too far apart do; none exceeds 1."""
    effects = generic(estimate, [0.2] * 5)

    found = prior_data_conflict(effects, priors=PRIORS).loc["tau", "tail_probability"]
    assert least <= found <= most


def test_data_far_from_the_prior_are_flagged(generic):
    """A pooled effect of 20 under Normal(0, 1)."""
    table = prior_data_conflict(generic([20.0, 20.2], [0.3, 0.3]), priors=PRIORS)

    assert table.loc["mu", "conflict"]


def test_an_improper_prior_predicts_nothing(normand):
    """No number, and a note."""
    table = prior_data_conflict(normand, priors={"mu": "flat"})

    assert np.isnan(table.loc["mu", "tail_probability"])
    assert "no total mass" in table.loc["mu", "note"]


def test_prior_predictive_estimates_have_the_variance_of_the_model(bcg):
    """Var(y) = 1 + E[tau**2] + s**2, by 40 000 draws within five standard errors."""
    tree = prior_predictive(bcg, priors=PRIORS, draws=40_000)

    found = tree["prior_predictive"]["estimate"].to_numpy()[0].var(axis=0)

    expected = 1 + 0.25 + bcg.standard_error**2
    assert np.abs(found / expected - 1).max() < 5 * np.sqrt(3 / 40_000)


def test_equal_seeds_give_equal_predictions(bcg):
    """Randomness comes from the seed alone."""
    one, two = (prior_predictive_table(bcg, priors=PRIORS, seed=4) for _ in range(2))

    assert one.equals(two)


def test_slopes_are_predicted_too(bcg):
    """A row for each slope, and the observed estimates beside theirs."""
    table = prior_predictive_table(
        bcg, moderators="ablat", priors={**PRIORS, "beta": "Normal(mu=0, sigma=0.1)"}
    )

    assert table.loc["beta[ablat]", "q97.5"] == pytest.approx(0.196, abs=0.01)
    assert table.loc["estimate[Aronson 1948]", "observed"] == pytest.approx(bcg.estimate[0])


def test_improper_priors_cannot_predict(normand):
    """The message names the prior."""
    with pytest.raises(PriorError, match="flat"):
        prior_predictive(normand, priors={"mu": "flat"})


def test_quantiles_of_prior_draws_have_their_monte_carlo_errors(generic):
    """That of the median of N(0, 1) is sqrt(pi / 2 / n): 0.0198 in 4000 draws."""
    table = prior_predictive_table(generic([0.1, 0.2], [1.0, 1.0]), priors=PRIORS, draws=4000)
    p = np.array([0.025, 0.25, 0.5, 0.75, 0.975])

    expected = np.sqrt(p * (1 - p) / 4000) / norm.pdf(norm.ppf(p))
    assert table.attrs["errors"]["mu"] == pytest.approx(expected, rel=0.25)


def test_differences_that_no_risks_have_are_counted(differences):
    """Of theta ~ N(0, 1 + 0.5**2) a share of 2 Phi(-1 / sqrt(1.25)) = 0.371 is beyond 1."""
    table = prior_predictive_table(differences, "binomial", priors=WIDE, draws=4000)

    counts = table.filter(like="estimate[", axis=0)["left_out"] / 4000

    assert counts.to_numpy() == pytest.approx(2 * norm.cdf(-1 / np.sqrt(1.25)), abs=0.038)
    assert table.attrs["impossible"] == pytest.approx(counts.mean())


def test_pages_say_how_many_draws_no_data_can_have(differences):
    """In the notes, which the terminal, the report and JSON have: none where there are none."""
    wide, narrow = (
        prior_predictive_table(differences, "binomial", priors=priors)
        for priors in (WIDE, {**WIDE, "mu": "Normal(mu=0, sigma=0.01)", "tau": "0.01"})
    )

    count = wide["left_out"].sum()
    assert f"Prior predictive: {count} of 12000 draws of estimates are left out" in left_out(wide)
    assert left_out(narrow) == ""
