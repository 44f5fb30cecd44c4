"""The tables that figures draw: numbers that closed forms and quadrature know."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.errors import PosteriorError

Y, S, TAU = np.array([-0.5, 0.1, 0.9]), np.array([0.5, 0.25, 1.0]), 0.75


def _effects(**columns):
    frame = pd.DataFrame({"study": ["Ash", "Elm", "Fir"], "yi": Y, "sei": S, **columns})
    return bm.effect_sizes(bm.read_studies(frame), "MD", unit="days")


@pytest.fixture(scope="module")
def known():
    """Return a posterior with tau known, so that all is normal: mu ~ Normal(0, 2)."""
    return bm.fit(_effects(), priors={"mu": "Normal(mu=0, sigma=2)", "tau": TAU}, engine="exact")


@pytest.fixture(scope="module")
def mean_and_sd():
    """Return mu's mean and standard deviation given tau, by the conjugate formula."""
    weight = 1 / (S**2 + TAU**2)
    precision = weight.sum() + 1 / 4
    return float(weight @ Y / precision), float(precision**-0.5)


@pytest.fixture(scope="module")
def uncertain():
    """Return a posterior with tau unknown."""
    priors = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=1)"}
    return bm.fit(_effects(), priors=priors, engine="exact")


def test_an_estimate_is_expected_where_effect_and_chance_put_it(known, mean_and_sd):
    """Normal(mean, sd² + tau² + s²) for a study with standard error s."""
    mean, sd = mean_and_sd
    table = bm.predictive_check(known, interval=0.9)

    expected = stats.norm(mean, np.sqrt(sd**2 + TAU**2 + S**2))
    assert table["p_below"].to_numpy() == pytest.approx(expected.cdf(Y))
    for column, p in (("median", 0.5), ("lower", 0.05), ("upper", 0.95)):
        assert table[column].to_numpy() == pytest.approx(expected.ppf(p))


def test_moderators_move_what_is_expected():
    """With tau 0 and one slope, known by least squares: the middle of each study is x b."""
    effects = _effects(dose=[1.0, 2.0, 4.0])
    priors = {"mu": "flat", "tau": 0.0, "beta": "flat"}
    posterior = bm.fit(effects, moderators="dose", priors=priors, engine="exact")

    design = np.column_stack([np.ones(3), [1.0, 2.0, 4.0]]) / S[:, None]
    slopes = np.linalg.lstsq(design, Y / S, rcond=None)[0]
    fitted = np.column_stack([np.ones(3), [1.0, 2.0, 4.0]]) @ slopes
    assert bm.predictive_check(posterior)["median"].to_numpy() == pytest.approx(fitted)


def test_draws_expect_what_the_exact_posterior_does(sampled):
    """Of Normand's trials, flat mu and tau ~ HalfNormal(10), within Monte Carlo error."""
    effects = bm.effect_sizes("examples/data/normand1999.csv", "MD", unit="days")
    priors = {"mu": "flat", "tau": "HalfNormal(sigma=10)"}
    exact = bm.predictive_check(bm.fit(effects, priors=priors, engine="exact"))

    # 4000 draws of a probability have a standard error of at most 0.008.
    error = np.abs(bm.predictive_check(sampled)["p_below"] - exact["p_below"])
    assert error.max() < 4 * 0.008


def test_a_funnels_region_widens_with_the_standard_error(known, mean_and_sd):
    """At 0 it is the effect in a new study; at s, s² more variance; p-lines are quantiles."""
    mean, sd = mean_and_sd
    bands = bm.funnel_bands(known)

    errors = bands["standard_error"].to_numpy()
    spread = stats.norm(mean, np.sqrt(sd**2 + TAU**2 + errors**2))
    assert errors[0] == 0.0
    assert errors[-1] > S.max()
    assert bands["new_lower"].to_numpy() == pytest.approx(spread.ppf(0.025))
    assert bands["new_upper"].to_numpy() == pytest.approx(spread.ppf(0.975))
    assert bands["p_0.01"].to_numpy() == pytest.approx(2.5758293035489 * errors)


def test_p_values_are_two_sided(known):
    """Of Elm: 2 Phi(-0.4)."""
    assert bm.funnel_table(known)["p"].iloc[1] == pytest.approx(2 * stats.norm.cdf(-0.4))


def test_a_funnel_of_draws_starts_at_the_draws_themselves(sampled):
    """At a standard error of 0 the region is the interval of theta_new."""
    ends = bm.funnel_bands(sampled).iloc[0][["new_lower", "new_upper"]].to_list()

    assert ends == pytest.approx(bm.interval(sampled, "theta_new"), rel=0.01)


def test_a_radial_plots_slope_is_the_estimate(known):
    """Over precision, z gives the estimate back, and residuals are around the pooled effect."""
    table = bm.radial_table(known)
    median = float(bm.quantile(known, "mu", 0.5))

    assert (table["z"] / table["precision"]).to_numpy() == pytest.approx(Y)
    assert table["residual"].to_numpy() == pytest.approx((Y - median) / S)


def test_curves_are_twice_the_smaller_tail(known, mean_and_sd):
    """Of the normal pooled effect, of a new study, and of each estimate."""
    curves = bm.confidence_curves(known)
    mean, sd = mean_and_sd
    x = curves["x"].to_numpy()

    for name, where in (("mu", stats.norm(mean, sd)), ("observed[Fir]", stats.norm(0.9, 1.0)),
                        ("theta_new", stats.norm(mean, np.hypot(sd, TAU)))):  # fmt: skip
        expected = 2 * np.minimum(where.cdf(x), where.sf(x))
        assert curves[name].to_numpy() == pytest.approx(expected, abs=1e-12)


def test_tails_are_those_of_normals(known, mean_and_sd):
    """P(mu > c) and P(theta_new > c), c from one side of what matters to the other."""
    table = bm.tail_curve(known, minimal_important_difference=5.0)
    mean, sd = mean_and_sd
    c = table["c"].to_numpy()

    assert c[0] <= -5.0
    assert c[-1] >= 5.0
    assert table["p_above"].to_numpy() == pytest.approx(stats.norm(mean, sd).sf(c), abs=1e-12)
    new = stats.norm(mean, np.hypot(sd, TAU))
    assert table["p_above_new"].to_numpy() == pytest.approx(new.sf(c), abs=1e-12)


def test_shares_are_by_precision(known):
    """Precisions over their sum with the prior's, and by 1 / s² alone."""
    table, weight = bm.weight_table(known), 1 / (S**2 + TAU**2)

    assert table["weight"].to_numpy() == pytest.approx(weight / (weight.sum() + 0.25))
    assert table["weight_common"].to_numpy() == pytest.approx(S**-2 / (S**-2).sum())
    assert table["weight"].sum() + table.attrs["prior_weight"] == pytest.approx(1)


def test_the_joint_density_is_prior_times_likelihood(uncertain):
    """At every point of the grid, up to one constant, and that constant makes it sum to one."""
    found = bm.joint_density(uncertain)
    mu, tau = found["mu"].to_numpy()[None, :], found["tau"].to_numpy()[:, None]

    log = stats.norm(0, 2).logpdf(mu) + stats.halfnorm(0, 1).logpdf(tau)
    for y, s in zip(Y, S, strict=True):
        log = log + stats.norm.logpdf(y, mu, np.sqrt(s**2 + tau**2))
    ratio = np.log(found.to_numpy()) - log
    assert np.ptp(ratio) < 1e-6
    assert float(found.integrate("mu").integrate("tau")) == pytest.approx(1, abs=0.01)


def test_a_mixture_prior_keeps_the_joint_density_exact():
    """Two components for mu: prior times likelihood again."""
    parts = "[Normal(mu=-1, sigma=0.5), Normal(mu=1, sigma=0.25)]"
    mixture = f"Mixture(w=[0.3, 0.7], comp_dists={parts})"
    priors = {"mu": mixture, "tau": "HalfNormal(sigma=1)"}
    found = bm.joint_density(bm.fit(_effects(), priors=priors, engine="exact"))
    mu, tau = found["mu"].to_numpy()[None, :], found["tau"].to_numpy()[:, None]

    prior = 0.3 * stats.norm(-1, 0.5).pdf(mu) + 0.7 * stats.norm(1, 0.25).pdf(mu)
    log = np.log(prior) + stats.halfnorm(0, 1).logpdf(tau)
    for y, s in zip(Y, S, strict=True):
        log = log + stats.norm.logpdf(y, mu, np.sqrt(s**2 + tau**2))
    assert np.ptp(np.log(found.to_numpy()) - log) < 1e-6


def test_regions_hold_their_probability(uncertain):
    """The mass above each height, by the grid's own cells."""
    found = bm.joint_density(uncertain)
    mu, tau = found["mu"].to_numpy(), found["tau"].to_numpy()
    cell = (mu[1] - mu[0]) * (tau[2] - tau[1])

    for p, height in zip(found.attrs["p"], found.attrs["density"], strict=True):
        assert found.to_numpy()[found.to_numpy() >= height].sum() * cell == pytest.approx(
            p, abs=0.003
        )


def test_draws_have_no_joint_density(sampled):
    """A kernel estimate would be drawn as if it were known."""
    with pytest.raises(PosteriorError, match="stored exactly"):
        bm.joint_density(sampled)


@pytest.mark.parametrize(("measure", "expected"), [("OR", 1 / 9), ("RR", 0.1), ("RD", -0.493147)])
def test_a_treated_arm_follows_from_control_and_effect(measure, expected):
    """A control risk of 0.2 with an effect of log 0.5: odds 0.25 halved are 0.125, 1 / 9."""
    from bayesmeta.summaries.labbe import COMPARED

    treated = COMPARED[measure].treated(np.array([0.2]), float(np.log(0.5)))
    assert float(treated[0]) == pytest.approx(expected, abs=1e-6)


def test_arms_are_those_that_made_the_effects():
    """A ready-made estimate beside two studies with counts: two rows, one missing."""
    mixed = pd.DataFrame({
        "study": ["Ash", "Elm", "Fir"], "events1": ["5", "8", ""], "n1": ["50", "40", "33"],
        "events2": ["10", "12", ""], "n2": ["50", "48", "44"], "yi": ["", "", "-0.5"],
        "sei": ["", "", "0.2"],
    })  # fmt: skip
    table = bm.labbe_table(bm.effect_sizes(bm.read_studies(mixed), "OR", values="log"))

    assert table["control"].to_list() == pytest.approx([0.2, 0.25])
    assert table["treatment"].to_list() == pytest.approx([0.1, 0.2])
    assert table.attrs["missing"] == 1


def test_measures_without_arms_are_refused():
    """Standardised differences say nothing of the treated arm."""
    effects = bm.effect_sizes("examples/data/bangertdrowns2004.csv", "SMD")
    with pytest.raises(PosteriorError, match="the measure is 'SMD'"):
        bm.labbe_table(effects)


@pytest.mark.parametrize(
    "ask",
    [bm.predictive_check, bm.funnel_table, bm.funnel_bands, bm.radial_table, bm.weight_table,
     bm.confidence_curves],
)  # fmt: skip
def test_a_posterior_without_data_is_refused(ask, bare):
    """The message says what is missing."""
    tree = bare.copy()
    del tree["observed_data"]

    with pytest.raises(PosteriorError, match="'estimate' in observed_data"):
        ask(tree)


def test_each_row_is_expected_with_its_own_heterogeneity():
    """Two levels with a known tau each: Normal(mean, sd² + tau_level² + s²)."""
    effects = _effects(level=["a", "b", "b"])
    priors = {"mu": "Normal(mu=0, sigma=2)", "tau[a]": 0.25, "tau[b]": 2.0}
    posterior = bm.fit(effects, "tau-by-level", level="level", priors=priors, engine="exact")

    spread = np.array([0.25, 2.0, 2.0])
    weight = 1 / (S**2 + spread**2)
    precision = weight.sum() + 1 / 4
    expected = stats.norm(weight @ Y / precision, np.sqrt(1 / precision + spread**2 + S**2))
    found = bm.predictive_check(posterior)["p_below"].to_numpy()
    assert found == pytest.approx(expected.cdf(Y))
