"""Draws against closed forms."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.mixtures import NormalMixture
from bayesmeta.summaries.mixed import Exact
from bayesmeta.summaries.sampled import Draws

SIZE = 4000
P = (np.arange(SIZE) + 0.5) / SIZE


def spread(values, seed=3):
    """Return values in random order, as four chains."""
    return np.random.default_rng(seed).permutation(values).reshape(4, -1)


@pytest.fixture(scope="module")
def normal():
    """Return draws that are the quantiles of Normal(-14.7, 7.5), shuffled."""
    return Draws(spread(stats.norm(-14.7, 7.5).ppf(P)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("mean", -14.7), ("sd", 7.5), ("median", -14.7), ("lower", -29.39973), ("upper", -0.00027)],
)
def test_five_numbers_of_a_normal(normal, name, expected):
    """Mean, sd, median and central interval are those of the normal, to the grid's width."""
    found = getattr(normal.statistics(0.95), name)

    assert found == pytest.approx(expected, abs=0.02)


def test_the_cdf_undoes_the_quantile(normal):
    """P(x <= Q(p)) is p."""
    p = np.array([0.01, 0.3, 0.5, 0.99])

    assert normal.cdf(normal.quantile(p)) == pytest.approx(p, abs=1 / SIZE)


def test_the_density_of_a_normal(normal):
    """The kernel density is within 3 % of the peak's height of the normal density."""
    x = np.linspace(-35, 5, 50)
    expected = stats.norm(-14.7, 7.5).pdf(x)

    assert normal.density(x) == pytest.approx(expected, abs=0.03 * expected.max())


def test_the_density_at_a_boundary_is_not_halved():
    """A half-normal is highest at 0, where an unfolded kernel density would show half of it."""
    draws = Draws(spread(stats.halfnorm(0, 2).ppf(P)), support=(0.0, np.inf))

    assert draws.density(np.array(0.0)) == pytest.approx(stats.halfnorm(0, 2).pdf(0), rel=0.05)


@pytest.mark.parametrize("support", [(-np.inf, np.inf), (0.0, np.inf), (0.0, 1.0)])
def test_the_density_integrates_to_one(support):
    """Folding moves mass back inside; none is lost or made."""
    draws = Draws(spread(stats.beta(1.2, 3).ppf(P)), support=support)
    x = np.linspace(-1, 2, 3001)

    assert np.trapezoid(draws.density(x), x) == pytest.approx(1, abs=2e-3)


def test_the_shortest_interval_of_a_skewed_distribution():
    """For an exponential it starts at 0 and ends where the tail is 5 %."""
    draws = Draws(spread(stats.expon().ppf(P)), support=(0.0, np.inf))

    assert draws.interval(0.95, shortest=True) == pytest.approx([0, -np.log(0.05)], abs=0.02)


def test_the_error_of_the_mean_is_that_of_independent_draws(normal):
    """With independent draws it is sd / sqrt(n)."""
    assert normal.errors(0.95).mean == pytest.approx(7.5 / np.sqrt(SIZE), rel=0.15)


def test_the_error_of_a_quantile_is_that_of_independent_draws(normal):
    """It is sqrt(p (1 - p) / n) / density, for the median sqrt(pi / 2) times that of the mean."""
    expected = 7.5 * np.sqrt(np.pi / 2 / SIZE)

    assert normal.errors(0.95).median == pytest.approx(expected, rel=0.2)


@pytest.mark.parametrize("centre", ["mean", "median"])
def test_the_error_of_a_centre_is_one_of_the_five(normal, centre):
    """Asked for alone it is that which stands beside the others, of draws and of mixtures."""
    weight, coarse = np.array([0.3, 0.4, 0.3]), np.array([0.4, 0.2, 0.4])
    mixture = NormalMixture(weight, np.array([-1.0, 0.0, 3.0]), np.array([1.0, 2.0, 3.0]), coarse)
    for quantity in (normal, Exact(mixture)):
        expected = getattr(quantity.errors(0.95), centre)

        assert expected > 0
        assert quantity.centre_error(centre) == expected


def test_a_batch_is_its_members(normal):
    """A batch of quantities has the statistics of each."""
    batch = Draws(np.stack([normal.values, 2 * normal.values]))

    assert batch.statistics(0.9).upper == pytest.approx(
        normal.statistics(0.9).upper * np.array([1, 2])
    )


def test_constant_draws_have_no_error():
    """A quantity that does not vary is known."""
    assert Draws(np.full((4, 50), 3.0)).errors(0.95) == pytest.approx((0, 0, 0, 0, 0))


def test_new_draws_come_from_the_old_ones_by_seed(normal):
    """The same seed picks the same draws, all of them stored ones."""
    first, second = normal.draw(100, 7), normal.draw(100, 7)

    assert np.array_equal(first, second)
    assert np.isin(first, normal.values).all()
