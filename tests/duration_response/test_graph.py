"""The PyMC models: log densities by hand, and draws against the exact answer."""

from typing import NamedTuple

import numpy as np
import pytest
from scipy.interpolate import CubicSpline
from scipy.stats import halfnorm, lognorm, norm

from bayesmeta.duration_response import duration
from bayesmeta.duration_response.graph import duration_model
from bayesmeta.errors import ModelError
from bayesmeta.location.shapes import SHAPES

DRAWS = {"draws": 2000, "tune": 1000, "chains": 4, "seed": 1, "target_accept": 0.95,
         "progress_bar": False}  # fmt: skip


def log_density(model, **values):
    """Return the model's log density at constrained values, without Jacobians."""
    point = model.initial_point(random_seed=1)
    point.update(values)
    return float(model.compile_logp(jacobian=False, mode="FAST_COMPILE")(point))


KNOTS = [2.0, 4.0, 8.0, 12.0]  # thirds of the distinct weeks 2, 3, 4, 6, 8, 10, 12
HALF, POINT, SHARES = 5.0, 7.0, np.array([0.2, 0.5, 0.3])


def spline(piece):
    """Return a natural spline that rises between two knots, as a share of the way's root."""
    levels = np.where(np.arange(4) > piece, ((KNOTS[piece + 1] - KNOTS[piece]) / 10) ** 0.5, 0.0)
    return CubicSpline(KNOTS, levels, bc_type="natural")


def on_interval(value, low, high):
    """Return where PyMC keeps a bounded value: its logit."""
    return np.log((value - low) / (high - value))


class Twin(NamedTuple):
    """A shape by hand: its columns, its own parameters as PyMC keeps them, their log prior."""

    columns: list
    point: dict
    log_prior: float = 0.0


TWINS = {
    "linear": Twin([lambda w: (w - 2) / 10], {}),
    "logarithm": Twin([lambda w: np.log(w / 2) / np.log(6)], {}),
    "square_root": Twin([lambda w: (w**0.5 - 2**0.5) / (12**0.5 - 2**0.5)], {}),
    "categories": Twin([lambda w: 0.5**0.5 * (w > 3.5), lambda w: 0.5**0.5 * (w > 9)], {}),
    "natural_spline": Twin([spline(0), spline(1), spline(2)], {}),
    "emax": Twin(
        [lambda w: (w / (w + HALF) - 2 / (2 + HALF)) / (12 / (12 + HALF) - 2 / (2 + HALF))],
        {"log_half_effect_week_interval__": on_interval(np.log(HALF), np.log(2), np.log(12))},
        -np.log(np.log(6)),
    ),
    "piecewise_linear": Twin(
        [lambda w: 0.5**0.5 * np.interp(w, [2, POINT], [0, 1]),
         lambda w: 0.5**0.5 * np.interp(w, [POINT, 12], [0, 1])],
        {"change_point_interval__": on_interval(POINT, 2, 12)},
        -np.log(10),
    ),
    "monotone": Twin(
        [lambda w: np.interp(w, KNOTS, np.cumsum([0, *SHARES]))],
        {"share_simplex__": np.log(SHARES[:2]) - np.log(SHARES).mean()},
        np.log(2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", TWINS)
def test_a_shape_in_pymc_is_its_twin_by_hand(shape, twelve, priors):
    """Priors, and normal densities of the estimates around mu and the centred columns."""
    effects, twin, tau = twelve(), TWINS[shape], 0.4
    weeks = effects.studies["duration_weeks"]
    columns = np.array([column(weeks) for column in twin.columns])
    standardised = np.array([-0.6, 0.9, 0.3])[: len(columns)]
    found = log_density(
        duration_model(effects, shape, priors=priors),
        mu=-1.0, tau_log__=np.log(tau), standardised=standardised, **twin.point,
    )  # fmt: skip
    centre = -1.0 + 2 * standardised @ (columns - columns.mean(axis=1, keepdims=True))
    spread = np.sqrt(effects.standard_error**2 + tau**2)
    expected = (
        norm.logpdf(-1.0, 0, 4) + halfnorm.logpdf(tau) + norm.logpdf(standardised).sum()
        + twin.log_prior + norm.logpdf(effects.estimate, centre, spread).sum()
    )  # fmt: skip

    assert found == pytest.approx(expected, rel=1e-10)


def test_the_step_model_sums_over_the_cuts(twelve, priors):
    """The likelihood is the mean over six cuts of the product of normal densities."""
    effects = twelve()
    weeks = effects.studies["duration_weeks"]
    model = duration_model(effects, "step", priors=priors)
    found = log_density(model, mu=-1.0, tau_log__=np.log(0.4), change=-1.5)
    spread = np.sqrt(effects.standard_error**2 + 0.16)
    each = []
    for cut in (2.5, 3.5, 5, 7, 9, 11):
        late = (weeks > cut) * 1.0
        each.append(norm.pdf(effects.estimate, -1 - 1.5 * (late - late.mean()), spread).prod())
    expected = (
        norm.logpdf(-1.0, 0, 4) + halfnorm.logpdf(0.4) + norm.logpdf(-1.5, 0, 2)
        + np.log(np.mean(each))
    )  # fmt: skip

    assert found == pytest.approx(expected, rel=1e-9)


def test_a_missing_duration_has_its_stated_prior(twelve, effects_of, priors):
    """Log-normal with mean and SD of the known logs, truncated to the observed weeks.

    The curve's centre is the mean of the known weeks, whatever the missing one is.
    """
    effects = twelve()
    weeks = effects.studies["duration_weeks"].copy()
    weeks[3] = np.nan
    model = duration_model(
        effects_of(weeks, effects.estimate, effects.standard_error), "linear", priors=priors
    )
    unknown = 5.0
    point = {"mu": -1.0, "tau_log__": np.log(0.4), "standardised": np.array([0.5])}
    name = "scaled_week_missing_interval__"
    low, high = np.log(2), np.log(12)
    share = (np.log(unknown) - low) / (high - low)
    found = log_density(model, **point, **{name: np.array([np.log(share / (1 - share))])})
    known = np.log(weeks[np.isfinite(weeks)])
    prior = norm(known.mean(), known.std(ddof=1))
    centre = np.nanmean(weeks)
    weeks[3] = unknown
    passed = (weeks - centre) / 10
    spread = np.sqrt(effects.standard_error**2 + 0.16)
    expected = (
        norm.logpdf(-1.0, 0, 4) + halfnorm.logpdf(0.4) + norm.logpdf(0.5)
        + prior.logpdf(np.log(unknown)) - np.log(prior.cdf(high) - prior.cdf(low))
        + norm.logpdf(effects.estimate, -1 + passed, spread).sum()
    )  # fmt: skip

    assert found == pytest.approx(expected, rel=1e-8)
    assert lognorm.median(s=1, scale=np.exp(known.mean())) < 12


def test_a_cut_and_an_open_duration_are_for_the_exact_engine(effects_of, twelve, priors):
    """The refusal says who can do it."""
    weeks = twelve().studies["duration_weeks"].copy()
    weeks[0] = np.nan
    effects = effects_of(weeks, twelve().estimate, twelve().standard_error)

    with pytest.raises(ModelError, match="exact engine"):
        duration_model(effects, "step", priors=priors)


def sampled(model):
    """Return draws of a model by nutpie, and the number of divergences."""
    import nutpie

    tree = nutpie.sample(nutpie.compile_pymc_model(model), **DRAWS)
    return tree["posterior"], int(tree["sample_stats"]["diverging"].sum())


def in_mcse(draws, expected):
    """Return how many Monte Carlo standard errors the draws' mean is off."""
    from arviz_stats.base import array_stats

    return (draws.mean() - expected) / float(np.asarray(array_stats.mcse(draws, method="mean")))


@pytest.mark.slow
@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "constant"])
def test_nuts_agrees_with_the_exact_answer(shape, twelve, priors):
    """Mean change within 4 MCSE, sd within 5 %, at most a few divergences in 8000 draws."""
    effects = twelve()
    exact = duration(effects, shapes=[shape], priors=priors).shapes.iloc[0]
    posterior, divergences = sampled(duration_model(effects, shape, priors=priors))
    change = posterior["change"].to_numpy()

    assert abs(in_mcse(change, exact["change_mean"])) < 4
    assert change.std() == pytest.approx(exact["change_sd"], rel=0.05)
    assert divergences <= 8


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["linear", "emax", "natural_spline"])
def test_nuts_agrees_where_durations_are_open(shape, twelve, effects_of, priors):
    """Three missing and two ranges: change, tau and a missing week, each within 4 MCSE."""
    effects = twelve()
    words = [f"{week:g}" for week in effects.studies["duration_weeks"]]
    for row, word in {1: "", 3: "", 5: "4-11", 7: "6-10", 10: ""}.items():
        words[row] = word
    there = effects_of(words, effects.estimate, effects.standard_error, column="weeks")
    found = duration(there, column="weeks", shapes=[shape], priors=priors)
    exact = found.shapes.iloc[0]
    posterior, _ = sampled(duration_model(there, shape, column="weeks", priors=priors))
    change, tau = posterior["change"].to_numpy(), posterior["tau"].to_numpy()

    assert abs(in_mcse(change, exact["change_mean"])) < 4
    assert abs(in_mcse((change - exact["change_mean"]) ** 2, exact["change_sd"] ** 2)) < 4
    assert abs(in_mcse((change < 0) * 1.0, exact["change_p_better"])) < 4
    for name in ("lower", "median", "upper"):
        at = {"lower": 0.025, "median": 0.5, "upper": 0.975}[name]
        assert abs(in_mcse((tau < exact[f"tau_{name}"]) * 1.0, at)) < 4, name
    assert posterior["week_missing"].to_numpy().min() >= 2


@pytest.mark.slow
def test_nuts_agrees_with_the_reference_case(effects_of):
    """Five of twelve missing: the sampled change has the mean and SD of the exact one."""
    weeks = [2, 12, np.nan, np.nan, np.nan, 8, np.nan, 4, 2, np.nan, 4, 10]
    estimate = [7.137, -14.946, -12.212, -13.926, -2.839, -5.516, -16.483, 0.052, 2.486, -0.007,
                4.528, -11.554]  # fmt: skip
    error = [2.325, 3.651, 2.722, 2.39, 3.333, 2.425, 3.43, 2.774, 2.39, 3.015, 2.949, 3.086]
    priors = {"mu": "Normal(mu=0, sigma=20)", "tau": "HalfCauchy(beta=5)",
              "change": "Normal(mu=0, sigma=16.6)"}  # fmt: skip
    effects = effects_of(weeks, estimate, error)
    exact = duration(effects, shapes=["linear"], priors=priors).shapes.iloc[0]
    posterior, _ = sampled(duration_model(effects, "linear", priors=priors))
    change = posterior["change"].to_numpy()

    assert abs(in_mcse(change, exact["change_mean"])) < 4
    assert abs(in_mcse((change - exact["change_mean"]) ** 2, exact["change_sd"] ** 2)) < 4
