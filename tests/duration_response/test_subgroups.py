"""Subgroups, choice among moderators, and a tau that moves."""

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import halfnorm, multivariate_normal, norm

import bayesmeta as bm
from bayesmeta.duration_response.location_scale import location_scale_model
from bayesmeta.duration_response.selection import select_moderators
from bayesmeta.duration_response.subgroups import subgroups
from bayesmeta.errors import BayesmetaError
from bayesmeta.measures import effect_sizes
from bayesmeta.studies import read_studies
from bayesmeta.summaries.summary import summary

POOLED = {"mu": "Normal(mu=0, sigma=4)", "tau": "HalfNormal(sigma=1)"}
SLOPED = POOLED | {"beta": "Normal(mu=0, sigma=0.3)"}


def evidence(y, error, design, sd):
    """Return log p(y) by quadrature over tau, coefficients Normal(0, sd) integrated out."""
    structure = (design * sd**2) @ design.T

    def integrand(tau):
        covariance = np.diag(error**2 + tau**2) + structure
        return multivariate_normal.pdf(y, np.zeros(y.size), covariance) * halfnorm.pdf(tau)

    return np.log(quad(integrand, 0, 8, epsabs=0, epsrel=1e-10, points=[0.2, 0.5, 1.0])[0])


def test_separate_taus_are_separate_analyses(twelve):
    """Each group's row equals an analysis of its studies alone, and evidences multiply."""
    effects = twelve()
    both = subgroups(effects, column="duration_weeks", cuts=[5], tau="separate", priors=POOLED)
    short = np.array(effects.studies["duration_weeks"]) <= 5
    parts = [
        evidence(effects.estimate[own], effects.standard_error[own], np.ones((own.sum(), 1)),
                 np.array([4.0]))
        for own in (short, ~short)
    ]  # fmt: skip

    assert both.log_marginal_likelihood == pytest.approx(sum(parts), abs=1e-7)
    assert both.groups["studies"].tolist() == [5, 7]


def test_a_common_tau_is_one_model_with_a_mean_a_group(twelve):
    """Its evidence is that of indicator columns; without groups, that of one mean."""
    effects = twelve()
    found = subgroups(effects, column="duration_weeks", cuts=[3, 8], priors=POOLED)
    weeks = effects.studies["duration_weeks"]
    group = np.searchsorted([3, 8], weeks)
    members = (group[:, np.newaxis] == np.arange(3)) * 1.0
    y, error = effects.estimate, effects.standard_error

    expected = evidence(y, error, members, np.full(3, 4.0))
    assert found.log_marginal_likelihood == pytest.approx(expected, abs=1e-7)
    alike = evidence(y, error, np.ones((12, 1)), np.array([4.0]))
    assert found.log_marginal_likelihood_alike == pytest.approx(alike, abs=1e-7)
    assert found.groups["group"].tolist() == ["up to 3", "over 3 to 8", "over 8"]


@pytest.mark.parametrize("tau", ["common", "separate"])
def test_a_contrast_is_the_difference_of_the_means(tau, twelve):
    """Means subtract; with separate taus variances add."""
    found = subgroups(twelve(), column="duration_weeks", cuts=[5], tau=tau, priors=POOLED)
    groups, contrast = found.groups, found.contrasts.iloc[0]

    assert contrast["mean"] == pytest.approx(groups["mean"][0] - groups["mean"][1], rel=1e-7)
    if tau == "separate":
        assert contrast["sd"] == pytest.approx(np.hypot(*groups["sd"]), rel=1e-6)
    assert contrast["p_greater"] > 0.95


def test_a_separate_tau_is_that_of_the_group_alone(twelve):
    """Median and interval of each group's tau: those of the exact engine on its studies."""
    effects = twelve()
    found = subgroups(effects, column="duration_weeks", cuts=[5], tau="separate", priors=POOLED)
    short = np.array(effects.studies["duration_weeks"]) <= 5
    for row, own in zip(found.groups.to_dict("records"), (short, ~short), strict=True):
        alone = summary(bm.fit(effects.take(own), priors=POOLED, engine="exact")).loc["tau"]
        for name in ("median", "lower", "upper"):
            assert row[f"tau_{name}"] == pytest.approx(alone[name], abs=1e-6), name


@pytest.mark.parametrize("tau", ["common", "separate"])
def test_a_new_study_of_a_group_is_spread_by_tau(tau, twelve):
    """Its variance is the mean effect's and the mean square of tau; means are equal."""
    groups = subgroups(twelve(), column="duration_weeks", cuts=[5], tau=tau, priors=POOLED).groups
    square = groups["new_sd"] ** 2 - groups["sd"] ** 2

    np.testing.assert_allclose(groups["new_mean"], groups["mean"], rtol=1e-12)
    assert (square > groups["tau_median"] ** 2 / 2).all()
    assert (np.ptp(square) < 1e-9) == (tau == "common")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"column": "duration_weeks", "cuts": [40]}, "no study in over 40"),
        ({"column": "arm"}, "No column 'arm'"),
        ({"column": "duration_weeks", "cuts": [5], "tau": "none"}, "common, separate"),
    ],
)
def test_groups_that_make_no_sense_are_refused(options, says, twelve):
    """Each refusal is one of ours."""
    with pytest.raises(BayesmetaError, match=says):
        subgroups(twelve(), priors=POOLED, **options)


def test_inclusion_probabilities_are_sums_over_subsets(twelve):
    """Four subsets of two moderators, each weighed by brute force."""
    generator = np.random.default_rng(3)
    year = generator.integers(1990, 2020, 12).astype(float)
    effects = twelve(year=year)
    found = select_moderators(effects, ["duration_weeks", "year"], priors=SLOPED)
    columns = np.column_stack([effects.studies["duration_weeks"], year])
    columns = columns - columns.mean(axis=0)
    joint = {}
    for one in (0, 1):
        for two in (0, 1):
            design = np.column_stack([np.ones(12), columns * [one, two]])
            sd = np.array([4.0, 0.3, 0.3])
            joint[one, two] = np.exp(evidence(effects.estimate, effects.standard_error, design, sd))

    assert (found["inclusion_error"] > 0).all()
    assert (found["inclusion_error"] < 1e-6).all()
    total = sum(joint.values())
    expected = [(joint[1, 0] + joint[1, 1]) / total, (joint[0, 1] + joint[1, 1]) / total]
    np.testing.assert_allclose(found["inclusion"], expected, atol=1e-7)


def test_averaged_slopes_have_the_moments_of_the_sum_over_subsets(twelve):
    """Mean and variance of a slope that may be zero, by quadrature over tau in each subset."""
    effects = twelve()
    found = select_moderators(effects, ["duration_weeks"], priors=SLOPED).iloc[0]
    y, error, weeks = effects.estimate, effects.standard_error, effects.studies["duration_weeks"]
    design = np.column_stack([np.ones(12), weeks - weeks.mean()])
    precision = np.diag([4.0**-2, 0.3**-2])
    node, length = np.polynomial.legendre.leggauss(120)
    mass, first, second = [], [], []
    for value in 3 * (node + 1):
        weight = 1 / (error**2 + value**2)
        covariance = np.linalg.inv(design.T @ (design * weight[:, np.newaxis]) + precision)
        mean = covariance @ design.T @ (weight * y)
        spread = np.diag(error**2 + value**2) + design @ np.linalg.inv(precision) @ design.T
        mass.append(multivariate_normal.pdf(y, np.zeros(12), spread) * halfnorm.pdf(value))
        first.append(mean[1])
        second.append(mean[1] ** 2 + covariance[1, 1])
    share = length * mass / (length @ mass)
    inside, square = share @ first, share @ second
    out = np.exp(evidence(y, error, np.ones((12, 1)), np.array([4.0])))
    within = np.exp(evidence(y, error, design, np.array([4.0, 0.3])))
    p = within / (within + out)

    assert found["mean_if_in"] == pytest.approx(inside, rel=1e-6)
    assert found["sd_if_in"] == pytest.approx(np.sqrt(square - inside**2), rel=1e-6)
    assert found["mean"] == pytest.approx(p * inside, rel=1e-6)
    assert found["sd"] == pytest.approx(np.sqrt(p * square - (p * inside) ** 2), rel=1e-6)


def test_a_categorical_moderator_is_in_or_out_as_a_whole(twelve):
    """Its dummies share one inclusion probability."""
    effects = twelve(arm=["a", "b", "c"] * 4)
    found = select_moderators(effects, ["C(arm)", "duration_weeks"], priors=SLOPED)
    own = found[found["moderator"] == "C(arm)"]

    assert len(own) == 2
    assert np.ptp(own["inclusion"]) == 0


def test_the_location_scale_model_is_its_twin_by_hand(twelve):
    """Each estimate has variance s**2 + tau**2 * exp(2 * slope * z)."""
    effects = twelve()
    model = location_scale_model(effects, "duration_weeks", priors=POOLED)
    point = model.initial_point() | {"mu": -1.0, "tau_log__": np.log(0.4), "scale_slope": 0.3}
    found = float(model.compile_logp(jacobian=False, mode="FAST_COMPILE")(point))
    weeks = effects.studies["duration_weeks"]
    z = (weeks - weeks.mean()) / weeks.std(ddof=1)
    spread = np.sqrt(effects.standard_error**2 + 0.16 * np.exp(0.6 * z))
    expected = (
        norm.logpdf(-1.0, 0, 4) + halfnorm.logpdf(0.4) + norm.logpdf(0.3, 0, 0.5)
        + norm.logpdf(effects.estimate, -1.0, spread).sum()
    )  # fmt: skip

    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.slow
def test_a_tau_that_grows_is_found_to_grow():
    """Two hundred studies whose tau triples over the weeks: the slope's interval is above 0."""
    import nutpie

    generator = np.random.default_rng(5)
    weeks = np.resize(np.arange(1.0, 13.0), 200)
    z = (weeks - weeks.mean()) / weeks.std(ddof=1)
    spread = np.sqrt(0.04 + 0.25 * np.exp(0.8 * z))
    table = pd.DataFrame({
        "study": [f"Study {i}" for i in range(200)], "estimate": generator.normal(0, spread),
        "standard_error": 0.2, "duration_weeks": weeks,
    })  # fmt: skip
    effects = effect_sizes(read_studies(table), measure="generic")
    model = location_scale_model(effects, "duration_weeks", priors=POOLED)
    tree = nutpie.sample(nutpie.compile_pymc_model(model), seed=1, progress_bar=False)
    low, high = np.quantile(tree["posterior"]["scale_slope"], [0.025, 0.975])

    assert low > 0
    assert low < 0.4 < high
