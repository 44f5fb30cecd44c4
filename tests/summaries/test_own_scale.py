"""Effects are read on their own scale: ratios, correlations."""

import re

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries import digits
from bayesmeta.summaries.own_scale import pooled_as, read_as
from bayesmeta.summaries.precision import Kind, Precision

PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.3)"}
FRAME = pd.DataFrame({"study": list("abcdef"), "correlation": [0.2, 0.35, 0.5, 0.1, 0.42, 0.6],
                      "n": [40, 60, 100, 55, 80, 30]})  # fmt: skip


@pytest.fixture(scope="module")
def effects():
    """Return six correlations as Fisher's z."""
    return bm.effect_sizes(bm.read_studies(FRAME), "ZCOR")


@pytest.fixture(scope="module")
def posterior(effects):
    """Return their posterior."""
    return bm.fit(effects, priors=PRIORS, engine="exact")


def spans(text):
    """Return every 'a [b to c]' or 'a (… b to c)' as three numbers."""
    number = r"(−?\d+\.\d+)"  # noqa: RUF001
    found = re.findall(rf"{number} [\[(](?:95 % interval )?{number} to {number}", text)
    return np.array([[digits.read(part) for part in parts] for parts in found])


@pytest.mark.parametrize("measure", ["MD", "OR", "ZCOR"])
def test_a_difference_comes_back_from_the_scale_that_is_pooled_on(measure):
    """What is stated is what is read: of a ratio on the other side of 1."""
    assert read_as(measure, pooled_as(measure, 0.6)) == pytest.approx(
        1 / 0.6 if measure == "OR" else 0.6
    )


def test_a_correlation_of_1_is_no_minimal_important_difference(posterior):
    """It is an error that says what would do."""
    with pytest.raises(PosteriorError, match=re.escape("such as 0.1")):
        bm.text(posterior, benefit="higher", minimal_important_difference=1.0)


def test_a_correlation_that_is_not_1_does_not_print_as_1():
    """Next to 1 more digits are shown, as next to no effect."""
    known = Precision.of(sd=0.5, lower=3.0, upper=5.0, median=4.0, kind=Kind.CORRELATION)

    assert known.limit(5.0) == "0.99991"
    assert digits.read(known.limit(3.0)) == pytest.approx(np.tanh(3.0), abs=1e-3)


def test_the_text_has_the_pooled_correlation(posterior):
    """Median and limits are hyperbolic tangents of the table's, to the last digit printed."""
    row = bm.summary(posterior).loc["mu", ["median", "lower", "upper"]]
    told = bm.text(posterior)
    line = next(line for line in told.splitlines() if line.startswith("Pooled correlation"))

    np.testing.assert_allclose(spans(line)[0], np.tanh(row.to_numpy(float)), atol=6e-4)
    assert "P(r < 0)" in told
    assert "on the scale of Fisher's z" in told


def test_the_forest_has_correlations(posterior):
    """Labels of the axis stand at Fisher's z of what they say."""
    axes = bm.plot_forest(posterior).axes[0]
    labels = [digits.read(label.get_text()) for label in axes.get_xticklabels()]

    np.testing.assert_allclose(np.tanh(axes.get_xticks()), labels, atol=1e-9)
    assert axes.get_xlabel() == "Correlation (scale of Fisher's z)"


@pytest.mark.parametrize("span", [(-0.3, 0.4), (-0.2, 1.1), (-1.0, 2.5), (0.5, 4.0)])
def test_ticks_of_correlations_are_some_and_apart(span):
    """Three at least, in the range, and none nearer to the next than a tenth of it."""
    from bayesmeta.plots.scale import Range, correlation_ticks

    found = correlation_ticks(Range(*span))
    at = np.array(found.positions)

    assert 3 <= at.size <= 9
    assert (at >= span[0]).all()
    assert (at <= span[1]).all()
    assert np.diff(at).min() > 0.07 * (span[1] - span[0])


def test_a_comparison_and_its_gap_are_of_correlations(effects):
    """Rows, and both ends of the gap, are tanh of the tables."""
    table, gap = bm.compare(effects, priors=PRIORS), bm.explain_gap(effects, priors=PRIORS)
    whole, _ = bm.gap_sentences(gap)
    ends = gap.iloc[[0, -1]][["estimate", "lower", "upper"]].to_numpy(float)

    found = re.findall(r"(\d\.\d+) \((?:95 % interval )?(\d\.\d+) to (\d\.\d+)\)", whole)

    np.testing.assert_allclose(np.array(found, dtype=float), np.tanh(ends), atol=6e-4)
    assert "pooled correlation" in whole
    assert bm.plot_comparison(table).axes[0].get_xlabel() == "Correlation (scale of Fisher's z)"


def test_sensitivity_tables_are_of_correlations(effects):
    """Estimate and limits in the text are tanh of the table's; the event is of r."""
    from bayesmeta.sensitivity.examination import examine
    from bayesmeta.sensitivity.text import text

    found = examine(effects, priors=PRIORS, benefit="higher")
    told = text(found)
    row = next(line for line in told.splitlines() if line.startswith("own "))
    own = found.tables["prior_sensitivity"].iloc[0]
    numbers = [digits.read(cell) for cell in row.split()[1:5]]

    np.testing.assert_allclose(
        [numbers[0], *numbers[2:]], np.tanh(own[["estimate", "lower", "upper"]].to_numpy(float)),
        atol=6e-4,
    )  # fmt: skip
    assert told.startswith("Own priors: P(r > 0)")


def test_the_minimal_important_difference_is_a_correlation(posterior):
    """P(beyond) is that of z beyond artanh(0.3)."""
    found = bm.tail(posterior, benefit="higher", beyond=0.3)

    assert found.beyond == pytest.approx(1 - float(bm.cdf(posterior, "mu", np.arctanh(0.3))))
