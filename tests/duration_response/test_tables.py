"""Tables of a duration analysis: what each column is, and how honest its errors are."""

import numpy as np
import pytest
from scipy.stats import norm

from bayesmeta.duration_response import duration, weighing
from bayesmeta.duration_response.benefit import shares
from bayesmeta.duration_response.candidates import choose
from bayesmeta.duration_response.changes import split
from bayesmeta.duration_response.others import locate_others
from bayesmeta.duration_response.question import Question
from bayesmeta.duration_response.scales import resolve_scales
from bayesmeta.duration_response.weeks import read_durations
from bayesmeta.location.shapes import SHAPES, Observed, monotone, piecewise_linear
from bayesmeta.mixtures import NormalMixture

CURVED = [name for name in SHAPES if name != "constant"]


@pytest.fixture(scope="module")
def found(twelve, priors):
    """Twelve studies, shapes with and without parameters of their own."""
    shapes = ["constant", "linear", "step", "piecewise_linear", "monotone"]
    return duration(twelve(), priors=priors, shapes=shapes, minimal_important_difference=1.0,
                    weeks=[2, 5, 12])  # fmt: skip


def test_errors_bound_what_finer_rules_change(found, twelve, priors, monkeypatch):
    """Every printed number moves by ten printed errors at most when all rules are refined."""
    monkeypatch.setattr(weighing, "_TOLERANCE", 1e-6)
    for part, name, value in ((monotone, "_FINE", 11), (piecewise_linear, "_MOST_A_GAP", 14),
                              (piecewise_linear, "_NODES", 400)):  # fmt: skip
        monkeypatch.setattr(part, name, value)
    finer = duration(twelve(), priors=priors, shapes=list(found.shapes["shape"]),
                     minimal_important_difference=1.0, weeks=[2, 5, 12])  # fmt: skip
    of = {"probability": "probability_error",
          "log_marginal_likelihood": "log_marginal_likelihood_error"}  # fmt: skip
    five = ("mean", "median", "lower", "upper")
    of |= {f"change_{name}": "change_error" for name in five} | {
        "change_p_better": "change_p_error"
    }
    of |= {f"tau_{name}": "tau_error" for name in five[1:]} | {"share_explained": "share_error"}
    rows = dict.fromkeys(five, "error") | {"p_better": "p_error"}
    pairs = [
        (found.shapes, finer.shapes, of),
        (found.predictions, finer.predictions,
         {**rows, "p_beyond": "p_error", "new_lower": "new_error", "new_p_beyond": "new_p_error"}),
        (found.changes, finer.changes, rows),
        (found.tau, finer.tau,
         {**dict.fromkeys(five[1:], "error"), "share_explained": "share_error"}),
    ]  # fmt: skip
    for here, there, columns in pairs:
        for name, error in columns.items():
            gap = (here[name] - there[name]).abs()
            assert (gap <= 10 * here[error] + 2e-6).all(), name
            assert (here[error] > 0).any(), error


@pytest.mark.parametrize("name", ["constant", "linear"])
def test_nothing_is_claimed_to_be_without_error(name, twelve, priors):
    """Without parameters of its own a shape still has the error of the rule in tau."""
    alone = duration(twelve(), priors=priors, shapes=[name], weeks=[4.0])

    assert (alone.shapes["log_marginal_likelihood_error"] > 0).all()
    assert (alone.shapes["tau_error"] > 0).all()
    assert (alone.predictions[["error", "p_error", "new_error"]] > 0).all(axis=None)


def test_an_error_of_a_probability_is_that_of_the_evidence(found):
    """It is P (d log evidence less its mean): to first order."""
    table = found.shapes
    most = table["log_marginal_likelihood_error"].max()

    assert (table["probability_error"] <= 2 * table["probability"] * most + 1e-12).all()
    assert table["probability_error"].max() > 0.01 * most


def test_the_averaged_share_is_the_mean_of_the_shapes_shares(found):
    """1 - E[tau**2] / E[tau**2 | constant] is linear in the shapes' probabilities."""
    mean = (found.shapes["probability"] * found.shapes["share_explained"]).sum()

    assert found.tau["share_explained"][0] == pytest.approx(mean, rel=1e-9)
    assert found.shapes["share_explained"][0] == 0


def test_the_share_explained_compares_mean_squares_of_tau(twelve, priors, brute):
    """Mean tau squared under the line and under the constant, by quadrature over tau."""
    effects = twelve()
    weeks = effects.studies["duration_weeks"]
    passed = (weeks - weeks.mean()) / 10
    one = np.ones(1)
    flat = brute(effects.estimate, effects.standard_error, [(np.ones((1, 1)), one)] * 12, [4.0])
    line = brute(
        effects.estimate, effects.standard_error,
        [(np.array([[1.0, share]]), one) for share in passed], [4.0, 2.0],
    )  # fmt: skip
    without, with_it = (known.weight @ known.tau**2 for known in (flat, line))
    table = duration(effects, shapes=["constant", "linear"], priors=priors).shapes

    assert table["share_explained"][1] == pytest.approx(1 - with_it / without, abs=1e-6)


def test_a_bayes_factor_is_evidence_over_the_constants(found):
    """Above one where the shape's evidence is higher; one for the constant."""
    table = found.shapes
    expected = np.exp(table["log_marginal_likelihood"] - table["log_marginal_likelihood"][0])

    np.testing.assert_allclose(table["bayes_factor"], expected, rtol=1e-12)


@pytest.mark.parametrize("name", CURVED)
def test_the_prior_of_the_change_is_that_of_every_shape(name, twelve, priors):
    """Sure of a change of -3 the posterior has it, however many columns share it."""
    sure = priors | {"change": "Normal(mu=-3, sigma=0.0001)"}
    row = duration(twelve(), shapes=[name], priors=sure).shapes.iloc[0]

    assert row["change_mean"] == pytest.approx(-3, abs=1e-3)


def test_a_slopes_prior_is_that_of_the_change_over_the_whole_range(twelve, priors):
    """Per week Normal(0, 0.2) is, over ten weeks, Normal(0, 2)."""
    kept = {name: prior for name, prior in priors.items() if name != "change"}
    shapes = ["constant", "linear", "natural_spline"]
    per_week = duration(twelve(), shapes=shapes,
                        priors=kept | {"beta": "Normal(mu=0, sigma=0.2)"})  # fmt: skip
    whole = duration(twelve(), shapes=shapes, priors=priors)

    np.testing.assert_allclose(per_week.shapes["probability"], whole.shapes["probability"],
                               rtol=1e-9)  # fmt: skip


def test_a_weight_is_the_precision_at_the_median_tau(found, twelve):
    """1 / (s**2 + tau**2), of all studies one."""
    precision = 1 / (twelve().standard_error ** 2 + found.tau["median"][0] ** 2)

    np.testing.assert_allclose(found.studies["weight"], precision / precision.sum(), rtol=1e-6)


def test_a_step_stands_upright_in_its_curve(found):
    """All of a step's change lies between weeks that are next to each other."""
    curve = found.shape_curves[found.shape_curves["shape"] == "step"].sort_values("weeks")
    weeks, median = curve["weeks"].to_numpy(), curve["median"].to_numpy()
    upright = np.diff(weeks) < 1e-9

    assert upright.sum() == 6
    np.testing.assert_allclose(np.abs(np.diff(median))[~upright], 0, atol=1e-7)
    assert np.abs(np.diff(median)).sum() > 1


def test_quantiles_of_the_averaged_tau_are_where_its_cdf_reaches_them(twelve, priors):
    """Over shapes with and without parameters, by both rules."""
    effects = twelve()
    durations = read_durations(effects, "duration_weeks")
    others = locate_others(effects, None, durations)
    scales = resolve_scales(effects, durations, others, priors)
    cloud = weighing.weigh(effects, durations, ["constant", "linear", "emax"], others=others,
                           scales=scales)  # fmt: skip
    p = np.array([0.025, 0.5, 0.975])

    for tau in (cloud.tau(), cloud.tau().coarse(), cloud.tau("emax")):
        np.testing.assert_allclose(tau.cdf(tau.quantile(p)), p, atol=1e-6)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_needs_as_many_distinct_weeks_as_it_says(name):
    """With its minimum it is weighed, with one less it is left out and told why."""
    least = SHAPES[name].MINIMUM
    weeks = tuple(float(week) for week in range(1, 9))

    assert name in choose(None, Observed(weeks[: max(least, 2)]))[0]
    if least > 2:
        kept, skipped = choose(None, Observed(weeks[: least - 1]))
        assert name not in kept
        assert next(item for item in skipped if item.shape == name).reason.startswith("needs")


def test_the_coarser_change_is_the_mixture_with_the_coarser_weights():
    """Atom and all: probabilities, mean and SD are those of the coarser weights alone."""
    weight, coarse = np.array([0.3, 0.5, 0.2]), np.array([0.2, 0.5, 0.3])
    mean, sd = np.array([0.0, -1.0, 2.0]), np.array([0.0, 1.0, 0.5])
    found, expected = split(weight, coarse, mean, sd).coarse(), split(coarse, coarse, mean, sd)

    assert found.same == expected.same == pytest.approx(0.2)
    assert found.below() == pytest.approx(expected.below())
    assert found.above() == pytest.approx(expected.above())
    assert found.mean() == pytest.approx(expected.mean())
    assert found.sd() == pytest.approx(expected.sd())
    p = np.array([0.05, 0.3, 0.6, 0.9])
    np.testing.assert_allclose(found.quantile(p), expected.quantile(p), atol=1e-9)


@pytest.mark.parametrize(("size", "exists"), [(4, False), (5, True)])
def test_a_share_that_does_not_exist_is_not_told(size, exists, effects_of):
    """With mu flat and tau uniform E[tau**2] needs five studies: k - 1 > 3."""
    effects = effects_of(np.arange(1.0, size + 1), np.arange(size) / 5, np.full(size, 0.3))
    priors = {"mu": "flat", "tau": "uniform", "change": "Normal(mu=0, sigma=1)"}
    found = duration(effects, shapes=["constant", "linear"], priors=priors)

    assert np.isfinite(found.shapes["share_explained"]).all() == exists


def test_a_change_in_unit_information_sds_is_that_many_of_the_unit(bangertdrowns):
    """0.5 uisd is half of sqrt(sum of participants / sum of precisions)."""
    asked = {"distribution": "Normal", "mu": 0.0, "sigma": 0.5, "unit": "uisd"}
    found = duration(bangertdrowns, shapes=["constant"], priors={"change": asked})
    precision = (1 / bangertdrowns.standard_error**2).sum()
    sd = 0.5 * np.sqrt(bangertdrowns.studies["n"].sum() / precision)

    assert float(found.priors["change"].removeprefix("Normal(mu=0, sigma=")[:-1]) == pytest.approx(
        sd
    )


def test_weeks_on_either_side_of_the_observed_are_extrapolated(twelve, priors):
    """Before the shortest, at both ends, beyond the longest."""
    found = duration(twelve(), shapes=["linear"], priors=priors, weeks=[1, 2, 12, 13])

    assert found.predictions["extrapolates"].tolist() == [True, False, False, True]
    assert not found.shape_curves["extrapolates"][found.shape_curves["weeks"] == 2].any()


def test_a_parameters_median_halves_its_posterior(twelve, priors):
    """Both shares of a monotone curve, whatever the order of the grid."""
    effects = twelve()
    durations = read_durations(effects, "duration_weeks")
    others = locate_others(effects, None, durations)
    scales = resolve_scales(effects, durations, others, priors)
    cloud = weighing.weigh(effects, durations, ["monotone"], others=others, scales=scales)
    values, weight = cloud.parameter("monotone")
    told = duration(effects, shapes=["monotone"], priors=priors).shapes["parameter"][0]
    medians = [float(part.rsplit(" ", 1)[1]) for part in told.split(", ")]

    for median, value in zip(medians, values.T, strict=True):
        assert weight[value < median * 0.99].sum() < 0.5
        assert weight[value <= median * 1.01].sum() >= 0.5


def asked(threshold):
    """Return a question with a threshold, lower being better."""
    return Question("lower", threshold, 0.9, np.empty(0), (), 0.95, {})


def test_rules_that_cross_at_the_point_asked_for_have_an_error_nearby():
    """Both say one half at zero; they are not the same distribution."""
    ones, none = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    mixture = NormalMixture(ones, np.zeros((1, 2)), np.array([[1.0, 2.0]]), none)
    found = shares(mixture, asked(None))

    assert found.better[0] == 0.5
    assert found.error[0] == pytest.approx(norm.cdf(0.3) - norm.cdf(0.15))


def test_the_error_of_a_probability_is_that_of_the_worse_known():
    """The rules agree near zero and differ at the threshold."""
    ones, none = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    mixture = NormalMixture(ones, np.zeros((1, 2)), np.array([[1.0, 1.2]]), none)
    without, with_it = (shares(mixture, asked(point)).error[0] for point in (None, -1.0))

    assert with_it > without
    assert with_it == pytest.approx(norm.cdf(-1 / 1.2) - norm.cdf(-1), rel=0.1)


def test_after_a_step_it_is_enough_right_beyond_a_cut(twelve, priors):
    """Where only steps are weighed the shortest sufficient duration stands at a cut."""
    found = duration(twelve(), shapes=["step"], priors=priors, minimal_important_difference=1.0)
    cuts = np.array([2.5, 3.5, 5, 7, 9, 11])
    beyond = found.sufficient.weeks - cuts

    assert 0 < np.min(np.abs(beyond)) < 1e-9


def test_how_many_shapes_are_weighed_is_told_before_and_after_each(twelve, priors):
    """From none of two to both."""
    told = []
    duration(twelve(), shapes=["constant", "linear"], priors=priors,
             say=lambda done, every: told.append((done, every)))  # fmt: skip

    assert told == [(0, 2), (1, 2), (2, 2)]


def test_a_figure_has_the_numbers_of_the_table(twelve, priors):
    """Median and ends at the same weeks, within a thousandth of an SD: from half the nodes."""
    found = duration(twelve(), shapes=["monotone"], priors=priors, weeks=[2.0, 12.0])
    table, drawn = found.predictions, found.curve.set_index("weeks").loc[[2.0, 12.0]]

    for name in ("median", "lower", "upper", "new_lower", "new_upper"):
        gap = np.abs(drawn[name].to_numpy() - table[name].to_numpy())
        assert np.all(gap < 1e-3 * table["sd"].to_numpy()), name
