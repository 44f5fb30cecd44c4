"""Funnel asymmetry: the tests, and trim and fill."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.errors import ModelError
from bayesmeta.frequentist import begg, egger, pool, trim_and_fill


def funnel(seed, k, slope=0.0):
    """Return a table whose estimates lean on their standard errors."""
    random = np.random.default_rng(seed)
    se = random.uniform(0.1, 1.0, k)
    return 0.3 + slope * se + se * random.standard_normal(k), se**2


def test_classical_egger_is_weighted_least_squares():
    """Statistic, p and limit as from a textbook regression of y / se on 1 / se."""
    estimate, variance = funnel(1, 15, slope=2.0)
    precision = 1 / np.sqrt(variance)
    line = stats.linregress(precision, estimate * precision)
    test = egger(estimate, variance)

    assert test.statistic == pytest.approx(line.intercept / line.intercept_stderr)
    assert [test.limit, test.limit_se] == pytest.approx([line.slope, line.stderr])


@pytest.mark.parametrize("k", [5, 12, 40])
def test_begg_is_kendalls_correlation(k):
    """Exact p values without ties, as SciPy counts them."""
    estimate, variance = funnel(2, k)
    weight = 1 / variance
    deviate = estimate - weight @ estimate / weight.sum()
    deviate /= np.sqrt(variance - 1 / weight.sum())
    expected = stats.kendalltau(deviate, variance, method="exact")
    test = begg(estimate, variance)

    assert [test.statistic, test.p] == pytest.approx([expected.statistic, expected.pvalue])


def test_begg_with_ties_is_the_normal_approximation():
    """Ties among variances take SciPy's asymptotic p value."""
    estimate, variance = funnel(3, 20)
    variance = np.round(variance, 1) + 0.1
    weight = 1 / variance
    deviate = estimate - weight @ estimate / weight.sum()
    deviate /= np.sqrt(variance - 1 / weight.sum())
    expected = stats.kendalltau(deviate, variance, method="asymptotic")

    assert begg(estimate, variance).p == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("question", [egger, begg, trim_and_fill])
@pytest.mark.parametrize("k", [9, 10])
def test_fewer_than_ten_studies_deserve_a_warning(question, k):
    """The warning is there below ten and not at ten, and counts the studies."""
    warning = question(*funnel(4, k)).warning

    assert (f"{k} studies" in warning) == (k < 10)


def test_a_symmetric_funnel_is_left_alone():
    """Mirror-image studies have nothing missing."""
    estimate = np.array([-1.0, 1.0, -0.5, 0.5, -0.1, 0.1, 0.0])
    variance = np.array([1.0, 1.0, 0.3, 0.3, 0.05, 0.05, 0.01])
    filled = trim_and_fill(estimate, variance, side="left")

    assert filled.missing == 0
    assert filled.fit.mu == pool(estimate, variance).mu


@pytest.mark.parametrize("counter", ["L0", "R0"])
def test_the_other_side_is_the_mirror_image(counter):
    """The negative estimates are filled on the other side, with the negative pooled effect."""
    estimate, variance = funnel(5, 20, slope=2.0)
    one = trim_and_fill(estimate, variance, side="left", counter=counter)
    two = trim_and_fill(-estimate, variance, side="right", counter=counter)

    assert one.missing == two.missing > 0
    assert two.fit.mu == pytest.approx(-one.fit.mu)


def test_trimmed_studies_come_back_with_their_images():
    """The filled table holds every study first, then as many images with the same variances."""
    estimate, variance = funnel(5, 20, slope=2.0)
    filled = trim_and_fill(estimate, variance)

    assert filled.estimate[:20] == pytest.approx(estimate)
    assert len(filled.variance) == 20 + filled.missing


@pytest.mark.parametrize(
    ("question", "choice", "named"),
    [(egger, {"form": "odd"}, "odd"), (trim_and_fill, {"side": "up"}, "up"),
     (trim_and_fill, {"counter": "Q9"}, "Q9")],
)  # fmt: skip
def test_unknown_choices_are_refused(question, choice, named):
    """The message names the choice."""
    with pytest.raises(ModelError, match=named):
        question(*funnel(6, 12), **choice)


def test_equal_standard_errors_are_no_funnel():
    """Nothing can be regressed on, or ranked with, a constant."""
    for question in (egger, begg):
        with pytest.raises(ModelError):
            question([1.0, 2.0, 3.0, 5.0], [1.0, 1.0, 1.0, 1.0])
