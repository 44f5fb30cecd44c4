"""Leaving out, subsets, cumulating."""

import sys

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import bayesmeta as bm
from bayesmeta.errors import AnalysisError, ImproperPosteriorError
from bayesmeta.sensitivity import cumulative, leave_one_out, prior_sensitivity, subsets

BCG_PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}
WIDE = {"mu": "Normal(mu=0, sigma=10)", "tau": "HalfNormal(sigma=1)"}


@pytest.mark.parametrize(("priors", "elpd"), [(BCG_PRIORS, -14.35348), (WIDE, -14.46008)])
def test_elpd_of_bcg_is_the_exact_one(bcg, priors, elpd):
    """Exact leave-one-study-out values of issue 4, to the printed digit."""
    assert leave_one_out(bcg, priors=priors).attrs["elpd"] == pytest.approx(elpd, abs=5e-6)


def test_elpd_and_pit_are_those_of_the_predictive_distribution(bcg):
    """By the mixture of the fit without the study: y ~ Normal(theta_new, s)."""
    table = leave_one_out(bcg, priors=BCG_PRIORS)
    without = bm.fit(bcg.take(np.arange(13) != 3), priors=BCG_PRIORS, engine="exact")
    group = without["mixture"]
    weight, mean = group["weight"].to_numpy(), group["mean"].to_numpy()[:, 0]
    variance = (
        group["covariance"].to_numpy()[:, 0, 0] + group["hyperparameter"].to_numpy()[:, 0] ** 2
    )
    spread = np.sqrt(variance + bcg.standard_error[3] ** 2)

    row = table.iloc[3]

    z = (bcg.estimate[3] - mean) / spread
    assert row["elpd"] == pytest.approx(np.log(weight @ (norm.pdf(z) / spread)), abs=1e-8)
    assert row["pit"] == pytest.approx(weight @ norm.cdf(z), abs=1e-8)


def test_leaving_out_is_refitting_without_the_row(bcg):
    """With priors in the outcome's unit, a dropped row is a masked one."""
    table = leave_one_out(bcg, priors=BCG_PRIORS)
    dropped = prior_sensitivity(bcg.take(np.arange(13) != 7), priors=BCG_PRIORS).loc["own"]

    row = table.iloc[7]

    columns = ["estimate", "sd", "lower", "upper", "p_benefit", "tau"]
    assert row[columns].to_list() == pytest.approx(dropped[columns].to_list(), abs=1e-7)


def test_priors_stay_those_of_the_full_table(normand):
    """The unit-information SD is not recomputed without the study."""
    resolved = prior_sensitivity(normand).loc["own"]
    fixed = {key: resolved[f"prior_{key}"] for key in ("mu", "tau")}

    by_uisd, by_hand = leave_one_out(normand), leave_one_out(normand, priors=fixed)

    pd.testing.assert_frame_equal(by_uisd, by_hand, check_exact=False, rtol=1e-9)


def test_slopes_keep_their_centring(bcg):
    """The mean effect stays that at the full table's mean latitude."""
    priors = {**BCG_PRIORS, "beta": "Normal(mu=0, sigma=0.1)"}
    table = leave_one_out(bcg, moderators="ablat", priors=priors, quantity="mu")
    mean = np.asarray(bcg.studies["ablat"]).mean()
    rest = bcg.take(np.arange(13) != 0)

    # The same line through 12 rows, its intercept's prior moved by hand to the old mean: with
    # wide priors both agree closely, with the new mean they would differ by 0.02.
    wide = {**priors, "mu": "Normal(mu=0, sigma=1000)"}
    moved = prior_sensitivity(rest, moderators="ablat", priors=wide, at={"ablat": mean})
    kept = leave_one_out(bcg, moderators="ablat", priors=wide)

    assert kept["estimate"].iloc[0] == pytest.approx(moved.loc["own", "estimate"], abs=1e-5)
    assert len(table) == 13


def test_a_study_like_the_others_has_little_influence(generic):
    """The copy in the middle shifts next to nothing, the outlier most."""
    effects = generic([0.0, 0.02, -0.02, 0.01, 3.0], [0.2] * 5)
    table = leave_one_out(effects, priors=WIDE)

    assert table["influence"].idxmax() == "s4"
    assert table["pit"].idxmax() == "s4"
    assert table["shift"].idxmin() == "s4"


def test_the_standard_error_of_elpd_is_that_of_a_sum_of_studies(generic):
    """Of two studies it is their difference: sqrt(2 var) with var over n - 1 of them."""
    table = leave_one_out(generic([0.0, 0.9], [0.3, 0.5]), priors=BCG_PRIORS)

    expected = abs(table["elpd"].iloc[0] - table["elpd"].iloc[1])
    assert table.attrs["elpd_se"] == pytest.approx(expected, rel=1e-12)


def test_influence_is_the_closed_form_between_normals_of_any_sizes(generic):
    """A common effect, flat mu: the posteriors are Normal(1, 50) and, with the other, of sd 0.001.

    1 - H**2 = sqrt(2 s t / (s**2 + t**2)) exp(-(m - n)**2 / (4 (s**2 + t**2))).
    """
    effects = generic([0.0, 1.0, 1.0], [0.001, 90.0, 60.0])
    found = leave_one_out(effects, "common-effect", priors={"mu": "flat"})["influence"]

    precision = np.array([0.001, 90.0, 60.0]) ** -2.0
    t, n = precision.sum() ** -0.5, precision @ [0, 1, 1] / precision.sum()
    s, m = precision[1:].sum() ** -0.5, 1.0
    square = s**2 + t**2
    affinity = np.sqrt(2 * s * t / square) * np.exp(-((m - n) ** 2) / (4 * square))
    assert found.iloc[0] == pytest.approx(np.sqrt(1 - affinity), rel=1e-10)


def test_an_improper_rest_is_named(generic):
    """Three studies carry a uniform tau with flat mu; two do not."""
    effects = generic([0.1, 0.4, 0.2], [0.2, 0.2, 0.2])

    with pytest.raises(ImproperPosteriorError, match="Without s0"):
        leave_one_out(effects, priors={"mu": "flat", "tau": "uniform"})


def test_the_one_study_that_tells_a_flat_slope_is_named(generic):
    """Without s2 no study has the other value of the moderator; without any other, one has."""
    effects = generic([0.1, 0.4, 0.2, 0.3, 0.5], [0.2] * 5)
    studies = pd.DataFrame({
        "study": effects.labels, "estimate": effects.estimate,
        "standard_error": effects.standard_error, "design": [0.0, 0, 1, 0, 0],
    })  # fmt: skip
    table = bm.effect_sizes(bm.read_studies(studies), measure="generic")
    priors = {"mu": "flat", "beta": "flat", "tau": "HalfNormal(sigma=1)"}

    with pytest.raises(ImproperPosteriorError, match="Without s2: 4 studies cannot tell apart 2"):
        leave_one_out(table, moderators="design", priors=priors)


def test_one_study_cannot_be_left_out(generic):
    """Nothing would be left."""
    with pytest.raises(AnalysisError):
        leave_one_out(generic([0.1], [0.2]), priors=BCG_PRIORS)


def test_heavy_priors_leave_out_as_well(generic):
    """A Cauchy prior on mu: the masked refit is the fit of the rest."""
    effects = generic([0.3, -0.4, 0.2, 1.0], [0.2, 0.3, 0.2, 0.4])
    priors = {"mu": "Cauchy(alpha=0, beta=0.7)", "tau": "HalfNormal(sigma=0.5)"}

    table = leave_one_out(effects, priors=priors)

    rest = prior_sensitivity(effects.take(np.arange(4) > 0), priors=priors).loc["own"]
    assert table["estimate"].iloc[0] == pytest.approx(rest["estimate"], abs=1e-7)


@pytest.fixture(scope="module")
def every_subset(normand):
    """Return all subsets of Normand."""
    return subsets(normand)


def test_there_are_all_non_empty_subsets(every_subset):
    """2**9 - 1 of them, each once."""
    members = every_subset.iloc[:, -9:]

    assert len(every_subset) == 511
    assert not members.duplicated().any()


def test_progress_through_subsets_is_told(normand, monkeypatch):
    """After each block of them, the last time with everything done."""
    monkeypatch.setattr(sys.modules["bayesmeta.sensitivity.subsets"], "_BLOCK", 200)
    said = []
    subsets(normand, progress=lambda *numbers: said.append(numbers))

    assert said == [(200, 511), (400, 511), (511, 511)]


def test_the_full_set_is_the_fit(every_subset, normand):
    """The last row takes part with everybody."""
    fit = prior_sensitivity(normand).loc["own"]

    columns = ["estimate", "sd", "lower", "upper", "p_benefit", "tau"]
    assert every_subset.iloc[-1][columns].to_list() == pytest.approx(
        fit[columns].to_list(), abs=1e-5
    )


def test_subsets_of_all_but_one_are_leave_one_out(every_subset, normand):
    """Two roads, the shared nodes and the refits one by one, meet."""
    left_out = leave_one_out(normand)
    eight = every_subset[every_subset["size"] == 8]

    for label, row in left_out.iterrows():
        same = eight[~eight[label]].iloc[0]
        columns = ["estimate", "lower", "upper", "p_benefit", "tau"]
        assert same[columns].to_list() == pytest.approx(row[columns].to_list(), abs=5e-5)


def test_a_single_study_pools_as_a_normal_with_its_prior(generic):
    """With tau next to nothing, one study's posterior is conjugate."""
    effects = generic([2.0, 0.0], [1.0, 1.0])
    priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1e-6)"}

    assert subsets(effects, priors=priors)["estimate"].iloc[0] == pytest.approx(1.0, abs=1e-9)


def test_improper_subsets_are_listed_with_the_reason(normand):
    """Flat and uniform: 9 singles and 36 pairs are improper, the others are not."""
    table = subsets(normand, priors={"mu": "flat", "tau": "uniform"})

    improper = table["reason"] != ""
    assert (improper == (table["size"] < 3)).all()
    assert (table["estimate"].isna() == improper).all()


def test_moments_that_do_not_exist_are_infinite(normand):
    """Three studies, flat mu, uniform tau: a posterior without a variance."""
    table = subsets(normand, priors={"mu": "flat", "tau": "uniform"})

    three = table[table["size"] == 3]
    assert np.isinf(three["sd"]).all()


def test_many_studies_are_sampled_by_the_seed(generic):
    """Beyond fifteen studies, different subsets, the same for the same seed."""
    rng = np.random.default_rng(5)
    effects = generic(rng.normal(0, 1, 20), rng.uniform(0.2, 1, 20))

    one, two = (subsets(effects, priors=WIDE, size=200, seed=3) for _ in range(2))

    pd.testing.assert_frame_equal(one, two)
    assert not one.iloc[:, -20:].duplicated().any()
    assert one["size"].iloc[-1] == 20


def test_the_common_effect_model_has_subsets(generic):
    """The pooled estimate of two equal studies is their mean, shrunk by the prior."""
    effects = generic([1.0, 3.0], [1.0, 1.0])

    table = subsets(effects, "common-effect", priors={"mu": "Normal(mu=0, sigma=1000)"})

    assert table["estimate"].to_list() == pytest.approx([1.0, 3.0, 2.0], abs=1e-5)


def test_a_cumulative_analysis_ends_with_the_fit(bcg):
    """The last row holds every study."""
    table = cumulative(bcg, by="year", priors=BCG_PRIORS)
    fit = prior_sensitivity(bcg, priors=BCG_PRIORS).loc["own"]

    columns = ["estimate", "lower", "upper", "p_benefit", "tau", "pi_lower"]
    assert table.iloc[-1][columns].to_list() == pytest.approx(fit[columns].to_list(), abs=1e-8)
    assert table["year"].is_monotonic_increasing


def test_precision_puts_the_most_precise_first(bcg):
    """Comstock 1974 and Madras have the smallest standard errors."""
    table = cumulative(bcg, by="precision", priors=BCG_PRIORS)

    assert table.index[0] == bcg.labels[int(np.argmin(bcg.standard_error))]
    assert table["precision"].is_monotonic_decreasing


def test_ties_keep_the_order_of_the_table(bcg):
    """Both ways."""
    up = cumulative(bcg, by="ablat", priors=BCG_PRIORS)
    down = cumulative(bcg, by="ablat", descending=True, priors=BCG_PRIORS)

    assert list(up.index[:2]) == ["Frimodt-Moller 1973", "Madras 1980"]
    assert list(down.index[-2:]) == ["Frimodt-Moller 1973", "Madras 1980"]


def test_an_absent_column_is_named(bcg):
    """The message lists the columns there are."""
    with pytest.raises(AnalysisError, match="ablat"):
        cumulative(bcg, by="weeks", priors=BCG_PRIORS)
