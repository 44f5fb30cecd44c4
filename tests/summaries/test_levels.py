"""Proportions and rates of one group: read as such, and compared with no value that nobody said."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

import bayesmeta as bm
from bayesmeta.errors import AnalysisError, BayesmetaError, PosteriorError
from bayesmeta.plots.scale import Range, proportion_ticks
from bayesmeta.sensitivity import leave_one_out, prior_sensitivity, tipping_point
from bayesmeta.sensitivity.examination import examine
from bayesmeta.summaries.own_scale import has_null, read_as
from bayesmeta.summaries.precision import Kind, Precision
from bayesmeta.summaries.view import view_of

TABLE = pd.DataFrame({
    "study": list("abcdef"), "events": [13, 6, 4, 14, 24, 10], "n": [17, 8, 9, 16, 31, 22],
    "time": [1344.0, 1988, 1020, 3211, 1700, 2400], "duration_weeks": [2, 4, 6, 8, 10, 12],
    "design": ["RCT", "cohort"] * 3,
})  # fmt: skip
PRIORS = {"PLO": {"mu": "Normal(mu=0, sigma=1.5)", "tau": "HalfNormal(sigma=1)"},
          "IRLN": {"mu": "Normal(mu=-5, sigma=2)", "tau": "HalfNormal(sigma=1)"}}  # fmt: skip
READ = {"PLO": expit, "IRLN": np.exp}
NULL = {"PLO": -0.4, "IRLN": -5.0}


@pytest.fixture(scope="module", params=["PLO", "IRLN"])
def measure(request):
    """Return either measure of a level."""
    return request.param


@pytest.fixture(scope="module")
def effects(measure):
    """Return six studies' levels."""
    return bm.effect_sizes(bm.read_studies(TABLE), measure)


@pytest.fixture(scope="module")
def posterior(effects, measure):
    """Return their posterior."""
    return bm.fit(effects, priors=PRIORS[measure], engine="exact")


def test_a_level_is_read_through_the_inverse_of_its_link(measure):
    """Expit of a logit, exp of a log rate, far out too: scipy's and NumPy's."""
    at = np.array([-700.0, -5.0, -0.3, 0.0, 2.0, 20.0])
    assert [read_as(measure, value) for value in at] == pytest.approx(READ[measure](at), rel=1e-9)


@pytest.mark.parametrize("kind", [Kind.PROPORTION, Kind.RATE])
def test_a_small_difference_of_a_level_is_its_slope(kind):
    """By central differences of what is shown."""
    known, at, step = Precision(3, kind), -1.3, 1e-5
    slope = (known.shown(at + step) - known.shown(at - step)) / (2 * step)
    assert known.scaled(1.0, at=at) == pytest.approx(slope, rel=1e-8)


def test_a_text_has_the_pooled_level_and_no_side_of_nothing(posterior, measure):
    """Its median and limits are those of mu, moved; nothing is said of 0."""
    mu = bm.summary(posterior).loc["mu"]
    said = bm.text(posterior)
    line = next(line for line in said.splitlines() if line.startswith("Pooled"))
    ends = re.findall(r"0\.\d+", line)

    shown = READ[measure](mu[["median", "lower", "upper"]].to_numpy(dtype=float))
    assert [float(end) for end in ends] == pytest.approx(shown, rel=0.03)
    assert "< 0" not in said


def test_a_stated_benefit_is_answered_by_what_would_do(posterior):
    """A sentence in its place, which names the option."""
    said = " ".join(bm.text(posterior, benefit="lower").split())
    assert "P(benefit" not in said
    assert "sensitivity compares with a value that you state" in said
    assert "--null" in said


def test_a_summary_has_no_probability_of_lying_below_nothing(posterior):
    """Of mu and of a new study's level."""
    assert bm.summary(posterior)["p_below_0"].isna().all()


def test_the_tail_of_a_level_is_refused(posterior):
    """With the option that would do."""
    with pytest.raises(PosteriorError, match=r"no value of no effect.*--null"):
        bm.tail(posterior, "mu", benefit="lower")


def test_a_forest_of_levels_has_their_axis_and_no_line_of_no_effect(posterior, measure):
    """No column of P(benefit), nothing that one side favours."""
    figure = bm.plot_forest(posterior, benefit="lower")
    axes = figure.axes[0]
    said = {text.get_text() for text in figure.texts}
    names = {"PLO": "Proportion (logit scale)",
             "IRLN": "Incidence rate per unit of person-time (log scale)"}  # fmt: skip
    assert axes.get_xlabel() == names[measure]
    assert "null" not in [line.get_gid() for line in axes.lines]
    assert not [word for word in said if "benefit" in word or "favours" in word]


def test_a_comparison_of_levels_has_no_column_of_chances(effects, measure):
    """Whichever side is benefit."""
    found = bm.compare(effects, priors=PRIORS[measure], benefit="lower")
    assert found["p_below_0"].isna().all()
    assert "P(" not in str(bm.text(found))


def test_priors_are_compared_without_a_chance_that_has_no_side(effects, measure):
    """Medians and limits stay; so does leaving studies out."""
    asked = {"priors": PRIORS[measure]}
    named, left = prior_sensitivity(effects, **asked), leave_one_out(effects, **asked)
    assert named["p_benefit"].isna().all()
    assert np.isfinite(named["estimate"]).all()
    assert np.isfinite(left["elpd"]).all()


def test_a_stated_null_is_what_benefit_lies_beyond(effects, posterior, measure):
    """P(mu < null), that of the posterior's own distribution function."""
    named = prior_sensitivity(effects, priors=PRIORS[measure], null=NULL[measure])
    known = float(view_of(posterior).quantity("mu").cdf(np.array(NULL[measure])))
    assert named["p_benefit"].iloc[0] == pytest.approx(known, abs=1e-8)


def test_tipping_points_ask_for_a_null(effects, measure):
    """And take one."""
    with pytest.raises(AnalysisError, match="tipping_point asks how probable benefit is"):
        tipping_point(effects, priors=PRIORS[measure])
    found = tipping_point(effects, priors=PRIORS[measure], null=NULL[measure], thresholds=[0.9])
    assert len(found)


def test_an_examination_says_that_no_conclusion_is_drawn(effects, measure):
    """In its first line, and why the others are not there."""
    found = examine(effects, priors=PRIORS[measure])
    assert found.stability.startswith("No conclusion is drawn.")
    assert any(
        note.startswith("No tipping_points, tipping_curve, prior_map") for note in found.notes
    )
    assert "nan" not in found.as_text()


@pytest.mark.parametrize("verb", [bm.duration, bm.designs], ids=["duration", "designs"])
def test_what_asks_for_benefit_alone_refuses_a_level(verb, effects):
    """With the fit that would do."""
    with pytest.raises(BayesmetaError, match=r"is a level.*A fit"):
        verb(effects)


def test_subgroups_of_levels_have_differences_with_sides_alone(effects, measure):
    """A mean has none; a difference of two means has one."""
    found = bm.subgroups(effects, column="design", priors=PRIORS[measure])
    assert found.groups["p_benefit"].isna().all()
    assert found.contrasts["p_better"].notna().all()
    assert "P(benefit)" not in found.as_text()


def test_differences_between_two_groups_keep_their_null():
    """The rule is of levels alone."""
    assert [has_null(code) for code in ("MD", "RR", "ZCOR", "SMCR", "IRR")] == [True] * 5


@pytest.mark.parametrize("span", [(-0.8, 1.4), (-9.0, 4.0), (2.0, 3.0), (-7.0, -5.5)])
def test_ticks_of_proportions_stand_at_their_logits(span):
    """Two or more within the axis, each where its label says."""
    ticks = proportion_ticks(Range(*span))
    shown = np.array([float(label) for label in ticks.labels])
    assert len(shown) >= 2
    assert np.log(shown / (1 - shown)) == pytest.approx(ticks.positions, abs=1e-6)
