"""The prior plot, and the table it draws."""

import numpy as np
import pytest
from scipy import integrate, stats

from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.plots.prior import plot_prior
from bayesmeta.priors import Context, studies_differ_by
from bayesmeta.sensitivity.prior_curve import prior_curve

LOG_T = 'LogStudentT(nu=5, mu=-3.27, sigma=2.66, on="tau2")'


def line(figure, gid):
    """Return the line of one kind."""
    return next(artist for artist in figure.axes[0].lines if artist.get_gid() == gid)


def said(figure):
    """Return everything written beside the panel."""
    return " ".join(text.get_text() for text in figure.texts)


def test_the_curve_is_the_density():
    """A half-normal as SciPy has it."""
    table = prior_curve("HalfNormal(sigma=5)")

    assert table["density"].to_numpy() == pytest.approx(stats.halfnorm(scale=5).pdf(table["x"]))
    assert line(plot_prior("HalfNormal(sigma=5)"), "density").get_ydata() == pytest.approx(
        table["density"].to_numpy()
    )


def test_median_and_interval_are_quantiles():
    """Of a normal: 2 and 2 -+ 1.96 * 3."""
    about = prior_curve("Normal(mu=2, sigma=3)", "mu").attrs

    found = [about["median"], about["lower"], about["upper"]]
    assert found == pytest.approx(stats.norm(2, 3).ppf([0.5, 0.025, 0.975]))


@pytest.mark.parametrize("probability", [0.5, 0.95])
def test_differences_of_new_studies_undo_the_elicitation(probability):
    """The prior under which two studies differ by at most 10 says so."""
    prior = studies_differ_by(10, probability=probability, family="HalfCauchy")

    about = prior_curve(prior).attrs

    name = "difference_median" if probability == 0.5 else "difference_upper"
    assert about[name] == pytest.approx(10, rel=1e-6)


def test_differences_of_new_studies_are_an_average_over_tau():
    """Half-normal of 5: the integral of Normal(0, sqrt(2) tau) at the bound is 0.95."""
    bound = prior_curve("HalfNormal(sigma=5)").attrs["difference_upper"]

    def inside(tau):
        return stats.halfnorm(scale=5).pdf(tau) * (1 - 2 * stats.norm.cdf(-bound / tau / 2**0.5))

    assert integrate.quad(inside, 1e-12, 60)[0] == pytest.approx(0.95, abs=1e-8)


def test_an_interval_that_is_cut_says_how_much_lies_outside():
    """A half-Cauchy at eight times its median: 1 - 2 / pi * arctan(8) = 0.079."""
    figure = plot_prior("HalfCauchy(beta=2)")

    assert "8 % of the prior lies outside the figure." in said(figure)
    assert "outside" not in said(plot_prior("HalfNormal(sigma=2)"))


def test_the_figure_says_what_the_prior_says():
    """Median, interval and differences, in the unit."""
    text = said(plot_prior("HalfNormal(sigma=5)", unit="days"))

    assert "Median 3.37, 95 % interval 0.157 to 11.2 days." in text
    assert "differ by 2.58 days in the median, and by at most 15.4 days in 95 %" in text


def test_a_coefficient_says_nothing_of_new_studies():
    """Their difference is tau's business."""
    assert "new studies" not in said(plot_prior("Normal(mu=0, sigma=1)", "mu"))


@pytest.mark.parametrize(
    ("prior", "parameter", "unit", "x", "y"),
    [
        ("HalfNormal(sigma=5)", "tau", "days", "tau, SD between studies, days",
         "Density (1 / days)"),
        ('HalfNormal(sigma=1, unit="uisd")', "tau", "days", "tau, SD between studies, uisd",
         "Density (1 / uisd)"),
        ("Normal(mu=0, sigma=1)", "mu", "", "mu, mean effect", "Density"),
    ],
)  # fmt: skip
def test_axes_have_name_and_unit(prior, parameter, unit, x, y):
    """A prior in unit-information SDs is drawn in them."""
    axes = plot_prior(prior, parameter, unit=unit).axes[0]

    assert (axes.get_xlabel(), axes.get_ylabel()) == (x, y)


@pytest.mark.parametrize("prior", [LOG_T, "Gamma(alpha=0.5, beta=0.5)", "HalfNormal(sigma=1e-9)"])
def test_a_pole_does_not_flatten_the_rest(prior):
    """The density at the median is to be seen: at least a twentieth of the panel's height."""
    figure = plot_prior(prior)

    median = float(line(figure, "median").get_xdata()[0])
    curve = line(figure, "density")
    height = np.interp(median, curve.get_xdata(), curve.get_ydata())
    assert height > figure.axes[0].get_ylim()[1] / 20


def test_a_data_dependent_prior_is_drawn_with_its_context():
    """DuMouchel's median is the harmonic scale: 2 for two errors of 2."""
    figure = plot_prior("DuMouchel", context=Context(np.array([2.0, 2.0])))

    assert line(figure, "median").get_xdata()[0] == pytest.approx(2)


@pytest.mark.parametrize(
    ("prior", "parameter", "message"),
    [
        ("flat", "mu", "no total mass"),
        ("uniform", "tau", "no total mass"),
        ("Normal(mu=0, sigma=1)", "tau", "reaches below 0"),
    ],
)
def test_what_has_no_density_is_refused(prior, parameter, message):
    """Improper priors, and priors of another parameter."""
    with pytest.raises(PriorError, match=message):
        plot_prior(prior, parameter)


def test_an_interval_of_95_is_refused():
    """It is a probability."""
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        plot_prior("HalfNormal(sigma=1)", interval=95)
