"""The exact posterior over shapes, against certified figures and brute force."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import halfnorm, multivariate_normal, norm

from bayesmeta.duration_response import duration
from bayesmeta.duration_response.changes import split
from bayesmeta.errors import PriorError
from bayesmeta.location.shapes import SHAPES, Observed


def evidence(effects, columns, change_sd=2.0):
    """Return log p(y) by one-dimensional quadrature over tau of a multivariate normal density."""
    y, error = effects.estimate, effects.standard_error
    centred = columns - columns.mean(axis=0)
    structure = 16.0 + change_sd**2 * centred @ centred.T  # mu ~ Normal(0, 4)

    def integrand(tau):
        covariance = np.diag(error**2 + tau**2) + structure
        density = multivariate_normal.pdf(y, np.zeros(y.size), covariance)
        return density * halfnorm.pdf(tau, scale=1.0)

    return np.log(quad(integrand, 0, 8, epsabs=0, epsrel=1e-10, points=[0.2, 0.5, 1.0])[0])


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.parametrize("name", ["linear", "square_root", "natural_spline", "categories"])
def test_the_evidence_is_that_of_a_multivariate_normal(name, twelve, priors):
    """Coefficients integrated out, the estimates are jointly normal given tau."""
    effects = twelve()
    weeks = effects.studies["duration_weeks"]
    columns = np.column_stack(SHAPES[name].columns(weeks, Observed.of(weeks), []))
    found = duration(effects, shapes=[name], priors=priors).shapes

    expected = evidence(effects, columns)
    assert found["log_marginal_likelihood"][0] == pytest.approx(expected, abs=1e-7)


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.parametrize("name", ["emax", pytest.param("piecewise_linear", marks=pytest.mark.slow)])
def test_a_continuous_parameter_is_integrated_as_by_adaptive_quadrature(name, twelve, priors):
    """The grid's answer is within its printed error, and 1e-4, of nested quadrature."""
    effects = twelve()
    weeks = effects.studies["duration_weeks"]
    observed = Observed.of(weeks)
    low, high = (np.log([2, 12])) if name == "emax" else (2.0, 12.0)

    def integrand(value):
        parameter = np.exp(value) if name == "emax" else value
        columns = np.column_stack(SHAPES[name].columns(weeks, observed, [parameter]))
        return np.exp(evidence(effects, columns)) / (high - low)

    inside = [3.0, 4.0, 6.0, 8.0, 10.0] if name == "piecewise_linear" else None
    expected = np.log(quad(integrand, low, high, epsabs=0, epsrel=1e-6, points=inside)[0])
    found = duration(effects, shapes=[name], priors=priors).shapes.iloc[0]
    assert found["log_marginal_likelihood"] == pytest.approx(expected, abs=1e-4)


@pytest.mark.usefixtures("no_single_studies")
def test_a_cut_is_averaged_over_all_gaps_between_neighbouring_weeks(twelve, priors):
    """The evidence of the step is the mean of those with a fixed cut."""
    effects = twelve()
    weeks = effects.studies["duration_weeks"]
    cuts = [2.5, 3.5, 5, 7, 9, 11]
    each = [np.exp(evidence(effects, (weeks > cut)[:, np.newaxis] * 1.0)) for cut in cuts]
    found = duration(effects, shapes=["step"], priors=priors).shapes

    expected = np.log(np.mean(each))
    assert found["log_marginal_likelihood"][0] == pytest.approx(expected, abs=1e-7)


@pytest.mark.usefixtures("no_single_studies")
def test_a_range_is_averaged_over_its_weeks(twelve, priors, effects_of):
    """A duration of 4-8 weeks gives the mean evidence over the weeks from 4 to 8."""
    effects = twelve()
    weeks = effects.studies["duration_weeks"].copy()

    def integrand(week):
        weeks[5] = week
        columns = SHAPES["linear"].columns(weeks, Observed((2.0, 12.0)), [])[0][:, np.newaxis]
        return np.exp(evidence(effects, columns)) / 4

    expected = np.log(quad(integrand, 4, 8, epsrel=1e-7)[0])
    words = [str(week) for week in weeks]
    words[5] = "4-8"
    named = effects_of(words, effects.estimate, effects.standard_error, column="weeks")
    found = duration(named, column="weeks", shapes=["linear"], priors=priors).shapes
    # Here each week has its own centre, which a prior of mu of SD 4 hardly feels.
    assert found["log_marginal_likelihood"][0] == pytest.approx(expected, abs=2e-5)


def test_the_slope_on_latitude_is_the_certified_one(bcg, effects_of):
    """BCG on latitude: the linear shape gives the certified slope, tau, means and evidence."""
    case = bcg["bcg_bmr_ablat_n_hn05"]
    data, certified = case["data"], case["certified"]
    latitude = np.array(data["X"])[:, 1] + 33.46153846153846
    effects = effects_of(latitude, data["y"], data["se"])
    priors = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)",
              "beta": "Normal(mu=0, sigma=0.05)"}  # fmt: skip
    found = duration(effects, shapes=["linear"], priors=priors, weeks=[13, 33, 55])

    slope, expected = found.leave_one_out.iloc[0], certified["beta"]["ablat"]
    for name, value in (("mean", expected["mean"]), ("sd", expected["sd"]),
                        ("median", expected["median"]), ("lower", expected["eti95"][0]),
                        ("upper", expected["eti95"][1])):  # fmt: skip
        assert slope[name] == pytest.approx(value, abs=1e-8 * expected["sd"] + 1e-10), name
    assert slope["p_better"] == pytest.approx(certified["p_slope_lt_0"], abs=1e-8)
    evidence = found.shapes["log_marginal_likelihood"][0]
    assert evidence == pytest.approx(certified["log_marginal_likelihood"], abs=1e-8)
    for row, at in zip(found.predictions.to_dict("records"), certified["mean_at_ablat_13_33_55"],
                       strict=True):  # fmt: skip
        assert row["median"] == pytest.approx(at["median"], abs=1e-7)
        assert row["upper"] == pytest.approx(at["eti95"][1], abs=1e-7)
    tau = found.tau.iloc[0]
    assert tau["median"] == pytest.approx(certified["tau"]["median"], abs=1e-7)
    assert tau["upper"] == pytest.approx(certified["tau"]["eti95"][1], abs=1e-6)


@pytest.mark.parametrize("key", ["beta", "beta[duration_weeks]", "change"])
def test_a_flat_slope_is_refused(key, twelve):
    """A flat slope has no evidence to compare shapes by; the message says what would do."""
    with pytest.raises(PriorError, match=r"flat.*Normal"):
        duration(twelve(), priors={"mu": "flat", "tau": "uniform", key: "flat"})


def test_a_change_with_an_atom_has_the_quantiles_of_a_sampled_one():
    """Half the probability on no change, half on Normal(-1, 1)."""
    half = np.array([0.5, 0.5])
    # Below: 0.4207; the atom reaches to 0.9207.
    change = split(half, half, np.array([0.0, -1.0]), np.array([0.0, 1.0]))
    p = np.array([0.1, 0.3, 0.42, 0.45, 0.9, 0.93, 0.99])

    below, share = 0.5 * norm.cdf(1.0), 0.5
    expected = np.where(p < below, norm.ppf(np.minimum(p / share, 0.9)) - 1, 0.0)
    late = p > below + 0.5
    expected[late] = norm.ppf((p[late] - 0.5) / share) - 1
    np.testing.assert_allclose(change.quantile(p), expected, atol=1e-9)
    assert change.below() + change.same + change.above() == pytest.approx(1.0)


@pytest.mark.parametrize("same", [0.0, 0.25, 0.9])
@pytest.mark.parametrize("mean", [0.0, -1.0, 3.0])
def test_a_change_with_an_atom_has_the_moments_of_a_mixture(same, mean):
    """Mean p m and variance p (m**2 + s**2) - (p m)**2, where p moves by Normal(m, s)."""
    weight, sd, moves = np.array([same, 1 - same]), 2.0, 1 - same
    change = split(weight, weight, np.array([0.0, mean]), np.array([0.0, sd]))

    variance = moves * (mean**2 + sd**2) - (moves * mean) ** 2
    assert change.mean() == pytest.approx(moves * mean)
    assert change.sd() == pytest.approx(np.sqrt(variance), rel=1e-12)


def test_teacher_expectation_has_the_published_slope_on_weeks(effects_of):
    """Where tau is all but zero and priors are vague, the slope is the published one.

    Raudenbush SW, Bryk AS (1985), J Educ Stat 10:75-98, pages 90 and 92: on weeks of contact up
    to 3, tau**2 is 0, intercept 0.4072 (z 4.6782), slope -0.1572 (z -4.3884).
    Data: dat.raudenbush1985 of the R package metadat.
    """
    weeks = np.minimum([2, 21, 19, 0, 0, 3, 17, 24, 0, 1, 0, 0, 1, 2, 17, 5, 1, 2, 7], 3.0)
    estimate = np.array(
        [
            0.03,
            0.12,
            -0.14,
            1.18,
            0.26,
            -0.06,
            -0.02,
            -0.32,
            0.27,
            0.8,
            0.54,
            0.18,
            -0.02,
            0.23,
            -0.18,
            -0.06,
            0.3,
            0.07,
            -0.07,
        ]
    )
    variance = np.array(
        [
            0.0156,
            0.0216,
            0.0279,
            0.1391,
            0.1362,
            0.0106,
            0.0106,
            0.0484,
            0.0269,
            0.063,
            0.0912,
            0.0497,
            0.0835,
            0.0841,
            0.0253,
            0.0279,
            0.0193,
            0.0088,
            0.0303,
        ]
    )
    priors = {"mu": "flat", "tau": "HalfNormal(sigma=0.0001)", "beta": "Normal(mu=0, sigma=50)"}
    found = duration(effects_of(weeks, estimate, np.sqrt(variance)), shapes=["linear"],
                     priors=priors, weeks=[0])  # fmt: skip
    slope, intercept = found.leave_one_out.iloc[0], found.predictions.iloc[0]

    assert slope["mean"] == pytest.approx(-0.1572, abs=5e-5)
    assert slope["mean"] / slope["sd"] == pytest.approx(-4.3884, abs=2e-3)
    assert intercept["mean"] == pytest.approx(0.4072, abs=5e-5)
    assert intercept["mean"] / intercept["sd"] == pytest.approx(4.6782, abs=2e-3)
