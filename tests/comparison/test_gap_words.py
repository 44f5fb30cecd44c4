"""What the gap says of ratios, and of the order of its steps."""

import re

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.comparison.gap_steps import ALL_PRIORS, FLAT_TAU, MU_PRIOR
from bayesmeta.summaries import digits

PRIORS = {"mu": "Normal(mu=-0.3, sigma=0.2)", "tau": "HalfNormal(sigma=0.2)"}
FRAME = pd.DataFrame({"study": list("abcde"), "estimate": [-1.1, -0.2, -0.6, 0.3, -0.8],
                      "standard_error": [0.3, 0.2, 0.35, 0.4, 0.25]})  # fmt: skip


@pytest.fixture(scope="module")
def gap():
    """Return the gap of five log odds ratios under priors that both matter."""
    effects = bm.effect_sizes(bm.read_studies(FRAME), "OR", values="log")
    return bm.explain_gap(effects, priors=PRIORS)


def test_the_reversed_path_has_the_same_ends(gap):
    """Both orders start with a flat prior on tau, and end under all priors."""
    steps = {step["step"]: step for step in gap.attrs["reversed"]}
    rows = gap.set_index("step")

    for name in (FLAT_TAU, ALL_PRIORS):
        assert steps[name]["estimate"] == rows.loc[name, "estimate"]


def test_contributions_of_both_orders_add_up_alike(gap):
    """Mu's and tau's changes sum to the same, and each differs by the order."""
    steps = {step["step"]: step for step in gap.attrs["reversed"]}
    rows = gap.set_index("step")
    first = rows.loc["tau prior", "estimate_change"], rows.loc[ALL_PRIORS, "estimate_change"]
    other = steps[ALL_PRIORS]["estimate_change"], steps[MU_PRIOR]["estimate_change"]

    assert sum(first) == pytest.approx(sum(other), rel=1e-9)
    assert abs(first[0] - other[0]) > 0.01


def test_the_step_with_mus_prior_first_is_the_fit_that_it_says(gap):
    """Under mu's prior and a uniform one on tau: the fit of the exact engine."""
    effects = bm.effect_sizes(bm.read_studies(FRAME), "OR", values="log")
    fitted = bm.fit(effects, priors=PRIORS | {"tau": "uniform"}, engine="exact")
    step = next(one for one in gap.attrs["reversed"] if one["step"] == MU_PRIOR)

    assert step["estimate"] == pytest.approx(float(bm.quantile(fitted, "mu", 0.5)), abs=1e-9)


def test_the_sentence_says_that_the_order_matters(gap):
    """With the numbers of the other order."""
    _, parts = bm.gap_sentences(gap)

    assert "depends on their order" in parts
    assert parts.index("With the prior on mu first") > parts.index("using its prior HalfNormal")


def test_ratios_change_by_factors(gap):
    """The estimate's factor is exp of the change of its logarithm; nothing is a log ratio."""
    whole, _ = bm.gap_sentences(gap)
    steps = gap.set_index("step")
    expected = np.exp(steps.loc[ALL_PRIORS, "estimate"] - steps.loc["plug-in", "estimate"])
    ends = re.findall(r"is (\d+\.\d+) \(", whole)

    factor = re.search(r"multiplies the estimate by (\d+\.\d+)", whole)

    assert factor is not None
    assert float(factor[1]) == pytest.approx(expected, abs=6e-4)
    assert [float(end) for end in ends] == pytest.approx(
        np.exp(steps.loc[["plug-in", ALL_PRIORS], "estimate"]).tolist(), abs=6e-3
    )
    assert "log odds ratio" not in whole


def test_the_figure_of_ratios_has_ratios(gap):
    """Ticks stand at the logarithms of what they say, changes are factors."""
    figure = bm.plot_gap(gap)
    axes = figure.axes[0]
    labels = [digits.read(label.get_text()) for label in axes.get_xticklabels()]
    words = [text.get_text() for text in figure.texts]

    np.testing.assert_allclose(np.exp(axes.get_xticks()), labels, rtol=1e-9)
    assert sum(text.startswith("×") for text in words) >= 6  # noqa: RUF001
