"""What duration analyses say over many simulated tables."""

import sys
from typing import NamedTuple

import numpy as np
import pytest

from bayesmeta.duration_response import duration
from bayesmeta.duration_response.candidates import Curves
from bayesmeta.duration_response.others import locate_others
from bayesmeta.duration_response.scales import resolve_scales
from bayesmeta.duration_response.weeks import read_durations
from bayesmeta.duration_response.weighing import weigh
from bayesmeta.engines.quadrature.posteriors import integrate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.location.shapes import SHAPES, Observed
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import density
from bayesmeta.spec import parse_prior

WEEKS = {
    6: np.array([2, 4, 4, 6, 8, 12.0]),
    12: np.array([2, 2, 3, 4, 4, 6, 6, 8, 8, 10, 12, 12.0]),
}
ERRORS = {k: np.resize([0.15, 0.25, 0.35], k) for k in WEEKS}
CLAIM = 0.95
SIMULATIONS, TABLES = 4000, 400
CURVED = [name for name in SHAPES if name != "constant"]


def tell(sentence):
    """Print a row of the table of figures; shown by pytest -s."""
    sys.stdout.write(f"{sentence}\n")


def linear_posteriors(estimate, k):
    """Integrate the linear shape under the default priors, uisd one, a batch of tables."""
    weeks = WEEKS[k]
    observed, one = Observed.of(weeks), np.ones(1)
    line = Curves("linear", observed, weeks, np.empty((1, 0)), one, one)
    column = line.columns(weeks)[0, :, 0]
    change_sd = 0.25 * observed.span / weeks.std(ddof=1)
    tau = density(parse_prior("HalfCauchy(beta=0.25)"))
    problem = Problem(
        estimate=estimate, variance=ERRORS[k][np.newaxis] ** 2,
        design=np.column_stack([np.ones(k), column])[np.newaxis],
        prior_mean=np.zeros((1, 1, 2)), prior_precision=np.array([[[1.0, change_sd**-2]]]),
        log_prior=tau.log_density_at_log, support=tau.support(),
    )  # fmt: skip
    return integrate(problem, tolerance=1e-3).combination(np.array([0.0, 1.0])), change_sd


def draw(generator, k, tau, change=0.0):
    """Draw tables around a straight line with mu from its prior."""
    passed = (WEEKS[k] - 2) / 10
    centre = generator.normal(size=(SIMULATIONS, 1)) + np.atleast_1d(change)[:, np.newaxis] * (
        passed - passed.mean()
    )
    spread = np.sqrt(ERRORS[k] ** 2 + np.atleast_1d(tau)[:, np.newaxis] ** 2)
    return centre + spread * generator.normal(size=(SIMULATIONS, k))


@pytest.mark.slow
@pytest.mark.parametrize("k", [6, 12])
def test_flat_truth_gives_no_false_promise(k):
    """With mu and tau from their priors and no slope, P(longer is better) > 0.95 in 5 % at most."""
    generator = np.random.default_rng(k)
    tau = 0.25 * np.abs(generator.standard_cauchy(SIMULATIONS))
    slope, _ = linear_posteriors(draw(generator, k, tau), k)
    share = float((slope.cdf(0.0) > CLAIM).mean())

    tell(f"k = {k}: P(longer is better) > {CLAIM} in {share:.4f} of flat tables")
    assert share < 0.05 + 3 * np.sqrt(0.05 * 0.95 / SIMULATIONS)


@pytest.mark.slow
@pytest.mark.parametrize("k", [6, 12])
@pytest.mark.parametrize("tau", [0.25, 0.5, 1.0])
def test_flat_truth_at_fixed_tau_is_tabled(k, tau):
    """At one tau, beyond what its prior thinks likely, the share is told; it is bounded loosely."""
    generator = np.random.default_rng(100 * k + int(100 * tau))
    slope, _ = linear_posteriors(draw(generator, k, np.full(SIMULATIONS, tau)), k)
    share = float((slope.cdf(0.0) > CLAIM).mean())

    tell(f"k = {k}, tau = {tau}: share above {CLAIM} {share:.4f}")
    assert share < 0.12


@pytest.mark.slow
@pytest.mark.parametrize("k", [6, 12])
def test_intervals_cover_when_everything_is_drawn_from_the_priors(k):
    """Slope, mu and tau from their priors: the 95 % interval of the slope covers in 95 %."""
    generator = np.random.default_rng(7 * k)
    _, change_sd = linear_posteriors(np.zeros((1, k)), k)
    tau = 0.25 * np.abs(generator.standard_cauchy(SIMULATIONS))
    change = generator.normal(0, change_sd, SIMULATIONS)
    slope, _ = linear_posteriors(draw(generator, k, tau, change), k)
    lower, upper = slope.interval(0.95).T
    share = float(((lower < change) & (change < upper)).mean())

    tell(f"k = {k}: coverage {share:.4f}")
    assert share == pytest.approx(0.95, abs=3.5 * np.sqrt(0.95 * 0.05 / SIMULATIONS))


class Simulated(NamedTuple):
    """A table drawn from a shape's own prior, and the change that was drawn."""

    effects: Effects
    change: float


def from_shape(truth, k, generator, effects_of):
    """Draw mu, tau, coefficients and the shape's own parameters from their priors, then a table."""
    weeks, error = np.resize(WEEKS[12], k), np.resize([0.2, 0.3, 0.4], k)
    observed, shape = Observed.of(weeks), SHAPES[truth]
    grid = shape.grid(observed)
    node = grid.values[generator.choice(len(grid.weight), p=grid.weight / grid.weight.sum())]
    columns = np.array(shape.columns(weeks, observed, node))
    ends = np.array(shape.columns(np.array([2.0, 12.0]), observed, node))
    beta = generator.normal(0, 2, len(columns))
    centre = generator.normal(0, 4) + beta @ (columns - columns.mean(axis=1, keepdims=True))
    spread = np.sqrt(error**2 + generator.normal(0, 1) ** 2)
    effects = effects_of(weeks, generator.normal(centre, spread), error)
    return Simulated(effects, float(beta @ np.diff(ends, axis=1)[:, 0]))


def posterior_over(effects, names, priors):
    """Integrate some shapes."""
    durations = read_durations(effects, "duration_weeks")
    others = locate_others(effects, None, durations)
    scales = resolve_scales(effects, durations, others, priors)
    return weigh(effects, durations, names, others=others, scales=scales)


@pytest.mark.slow
@pytest.mark.parametrize("truth", CURVED)
def test_intervals_of_the_change_cover_for_every_shape(truth, effects_of, priors):
    """With all drawn from the priors, the 95 % interval under the true shape covers in 95 %."""
    generator, covered = np.random.default_rng([7, len(truth)]), []
    for _ in range(TABLES):
        table = from_shape(truth, 12, generator, effects_of)
        change = posterior_over(table.effects, [truth], priors).change(2.0, 12.0)
        low, high = change.quantile(np.array([0.025, 0.975]))
        covered.append(low < table.change < high)

    share = float(np.mean(covered))
    tell(f"{truth}: coverage {share:.3f} of {TABLES}")
    assert share == pytest.approx(0.95, abs=3.5 * np.sqrt(0.95 * 0.05 / TABLES))


@pytest.mark.slow
@pytest.mark.parametrize("truth", CURVED)
def test_the_right_shape_gains_as_studies_come_in(truth, effects_of, priors):
    """The true shape's mean probability rises from 12 to 96 studies, above its prior's 0.1."""
    generator, found = np.random.default_rng([8, len(truth)]), {}
    for k in (12, 96):
        tables = [from_shape(truth, k, generator, effects_of) for _ in range(60)]
        clouds = [posterior_over(table.effects, list(SHAPES), priors) for table in tables]
        found[k] = float(np.mean([cloud.shape_probability(truth)[0] for cloud in clouds]))

    tell(f"{truth}: P(true shape) {found[12]:.3f} at k = 12, {found[96]:.3f} at k = 96")
    assert found[96] > max(found[12], 0.1)


@pytest.mark.slow
@pytest.mark.parametrize("truth", CURVED)
def test_with_many_studies_the_right_shape_is_the_most_probable(truth, effects_of, priors):
    """With 1000 studies the true shape's mean probability is the highest of all ten."""
    generator, names = np.random.default_rng([9, len(truth)]), list(SHAPES)
    tables = [from_shape(truth, 1000, generator, effects_of) for _ in range(12)]
    clouds = [posterior_over(table.effects, names, priors) for table in tables]
    mean = {name: np.mean([cloud.shape_probability(name)[0] for cloud in clouds]) for name in names}

    tell(f"{truth}: P(true shape) {mean[truth]:.3f} at k = 1000")
    assert max(mean, key=mean.__getitem__) == truth


@pytest.mark.slow
def test_missing_durations_widen_the_slope_and_keep_its_coverage(effects_of, priors):
    """With 30 % of the durations deleted the interval covers, wider than with all of them."""
    generator = np.random.default_rng(30)
    weeks, error = WEEKS[12], ERRORS[12]
    passed = (weeks - 2) / 10
    covered, wider, tables = [], [], 60
    for _ in range(tables):
        change = generator.normal(0, 2)
        spread = np.sqrt(error**2 + 0.3**2)
        estimate = generator.normal(change * (passed - passed.mean()), spread)
        gaps = weeks.copy()
        gaps[generator.choice(12, 4, replace=False)] = np.nan
        ends = {}
        for name, column in (("whole", weeks), ("gaps", gaps)):
            found = duration(effects_of(column, estimate, error), shapes=["linear"], priors=priors)
            row = found.shapes.iloc[0]
            # Per week: deleting the ends shortens the observed range.
            span = found.longest - found.shortest
            ends[name] = np.array([row["change_lower"], row["change_upper"]]) / span
            assert len(found.studies) == 12
        covered.append(ends["gaps"][0] < change / 10 < ends["gaps"][1])
        wider.append(np.ptp(ends["gaps"]) / np.ptp(ends["whole"]))

    tell(f"coverage {np.mean(covered):.3f}, median width ratio {np.median(wider):.2f}")
    assert np.mean(covered) > 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / tables)
    assert np.median(wider) > 1.0
