"""A user's own density."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.errors import PriorError
from bayesmeta.priors import check_prior, log_density, quantile, rescale, tabulate
from bayesmeta.spec import Prior, parse_prior

X = np.linspace(-3, 6, 40)


def test_a_table_of_a_normal_density_is_that_normal():
    """The log of a normal density is a parabola, which a cubic spline holds exactly."""
    heights = 17 * np.exp(-0.5 * (X - 1) ** 2)
    table = Prior("Table", {"x": tuple(X), "density": tuple(heights)})
    points = np.array([-2.95, 0.123, 1.0, 5.7])

    found = log_density(table, points)

    truncated = stats.truncnorm(-4, 5, 1, 1)
    assert found == pytest.approx(truncated.logpdf(points), abs=1e-11)


def test_heights_need_no_constant():
    """Densities up to a factor state the same prior."""
    heights = np.exp(-np.abs(X))
    plain = Prior("Table", {"x": tuple(X), "density": tuple(heights)})
    scaled = Prior("Table", {"x": tuple(X), "density": tuple(1e-200 * heights)})

    assert log_density(scaled, X) == pytest.approx(log_density(plain, X), abs=1e-9)


@pytest.mark.parametrize(
    ("lower", "upper", "text"),
    [
        (0, 60, "HalfNormal(sigma=5)"),
        (1e-9, 1e9, "HalfCauchy(beta=0.5)"),
        (1e-60, 1e60, "LogStudentT(nu=5, mu=-1.635, sigma=1.33)"),
        (1e-30, 1e2, "Gamma(alpha=0.5, beta=2)"),
        (-60, 60, "Normal(mu=3, sigma=7)"),
    ],
)
def test_a_function_is_stored_as_its_values(lower, upper, text):
    """The table of a function has the function's quantiles, but for what the bounds cut off."""
    prior, levels = parse_prior(text), np.array([0.01, 0.2, 0.5, 0.9])

    table = tabulate(lambda x: float(np.exp(log_density(prior, x))), lower=lower, upper=upper)

    assert quantile(table, levels) == pytest.approx(quantile(prior, levels), rel=2e-6)
    assert len(table.parameters["x"]) < 500


def test_rescaling_moves_the_points_only():
    """A change of unit multiplies x; heights need no constant."""
    table = Prior("Table", {"x": tuple(X), "density": tuple(np.exp(-np.abs(X)))})

    other = rescale(table, 3.0)

    assert other.parameters["x"] == pytest.approx(tuple(3 * X))
    assert log_density(other, 3 * X) == pytest.approx(log_density(table, X) - np.log(3), abs=1e-9)


@pytest.mark.parametrize(
    ("x", "density", "message"),
    [
        ((0, 1, 2), (1, 1, 1), "x is .*; a list of at least 5 finite numbers is needed"),
        ((0, 1, 2, 3, 3), (1, 1, 1, 1, 1), "the points must increase"),
        ((0, 1, 2, 3, 4), (1, 1, 1, 1, 0), "density is .* numbers above 0"),
        ((0, 1, 2, 3, 4), (1, 1, 1, 1, 1, 1), "5 points and 6 densities"),
        ((-1, 0, 1, 2, 3), (1, 1, 1, 1, 1), "reaches below 0"),
    ],
)
def test_a_bad_table_is_refused(x, density, message):
    """Points must increase, heights be above 0, and tau's table start at 0 or later."""
    with pytest.raises(PriorError, match=message):
        check_prior(Prior("Table", {"x": x, "density": density}), "tau")


def test_a_function_that_is_no_density_is_refused():
    """The message says where the function fails."""
    with pytest.raises(PriorError, match="The density is 0 at 0; it must be above 0"):
        tabulate(lambda x: x, lower=0, upper=1)

    with pytest.raises(PriorError, match="no interval"):
        tabulate(lambda _: 1.0, lower=0, upper=np.inf)
