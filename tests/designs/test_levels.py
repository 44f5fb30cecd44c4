"""Levels as tables have them, what both sides are called, and what is said not to be known."""

import warnings

import numpy as np
import pytest
from matplotlib.text import Text

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.cohorts import contract, designs
from bayesmeta.cohorts.dial import dial_over_bias
from bayesmeta.cohorts.text import member_grid
from bayesmeta.covariance import NO_LAYOUT
from bayesmeta.errors import StudiesError
from bayesmeta.plots.designs_forest import _entries
from bayesmeta.report.chapters.designs import designs as chapter_of

TRIALS, COHORTS = [-2.6, -1.4, -2.9, -0.9], [0.9, 1.6, -0.3, 1.9]
ERRORS = [0.9, 0.7, 1.1, 0.8]
PRIORS = {
    "mu": "Normal(mu=0, sigma=10)", "tau": "HalfNormal(sigma=1)", "bias": "Normal(mu=0, sigma=1)",
}  # fmt: skip


def test_a_level_that_is_the_reference_but_for_capitals_is_no_cohort(sized):
    """The row is named; a misspelt one is told among the designs taken together."""
    design = ["RCT", "RCT", "RCT", "rct ", "cohort", "cohort"]
    table = sized([0.0, 1, 2, 3, 4, 5], [1.0] * 6, design)

    with pytest.raises(StudiesError, match=r"row 4, study 's3': design is 'rct'.*write both alike"):
        designs(table, priors=PRIORS, points=5)


def test_levels_may_be_numbers(sized):
    """A reference of 1 is the level 1, whole or with a point."""
    table = sized([0.0, 1, 2, 3], [1.0] * 4, [1.0, 1.0, 2.5, 0.0])
    found = designs(table, reference=1, priors=PRIORS, points=5, spread="common")

    assert found.counts == {"1": 2, "2.5": 1, "0": 1}
    assert [entry.label for entry in _entries(found) if entry.heading][:3] == ["1", "2.5", "0"]


def test_weeks_that_are_missing_are_said_not_to_be_looked_at(sized):
    """Where nobody asks for them as a moderator: which study has none."""
    weeks = [2.0, 3, 4, np.nan, 5, 6, 7, 9]
    table = sized([*TRIALS, *COHORTS], [*ERRORS, *ERRORS], ["RCT"] * 4 + ["cohort"] * 4,
                  duration_weeks=weeks)  # fmt: skip
    found = designs(table, priors=PRIORS, points=5, spread="common")

    assert found.confounded == ()
    assert any("is not told: s3 has none" in said for said in found.warnings)


def test_designs_of_allocation_are_not_called_trials_and_cohorts(sized):
    """The reference by its level, all else others: in text, figures and the JSON's sentences."""
    design = ["random", "random", "alternate", "systematic"]
    found = designs(sized([0.0, 1, 2, 3], [1.0] * 4, design), reference="random", priors=PRIORS,
                    points=5, spread="common")  # fmt: skip
    drawn = [bm.plot_designs_dial(found), bm.plot_designs_forest(found),
             bm.plot_designs_ridges(found)]  # fmt: skip
    texts = [text.get_text() for figure in drawn for text in figure.findobj(Text)]
    said = [*contract(found)["answers"], *found.warnings, found.as_text(), *texts]

    assert not [each for each in said if "cohort" in each.replace("is_cohort", "").casefold()]
    assert "Random studies alone say" in found.as_text()
    assert "The others' share in mu is" in found.as_text()


def test_the_dial_marks_the_own_prior_and_half_of_it(sized):
    """0.25 and 0.125 uisd by default: circles on the curve of P(benefit)."""
    table = sized([*TRIALS, *COHORTS], [*ERRORS, *ERRORS], ["RCT"] * 4 + ["cohort"] * 4)
    found = designs(table, priors=PRIORS, points=5, spread="common")
    axes = next(axes for axes in bm.plot_designs_dial(found).axes
                if axes.get_xlabel().startswith("SD"))  # fmt: skip
    marks = {line.get_gid(): line.get_xydata()[0] for line in axes.lines
             if line.get_gid() in ("own", "half")}  # fmt: skip
    half = dial_over_bias(found.question, [found.question.bias_sd / 2])

    assert marks["own"][0] - marks["half"][0] == pytest.approx(np.log10(2))
    assert marks["half"][1] == pytest.approx(half["p_benefit"][0], abs=1e-9)


def test_a_mean_that_does_not_exist_has_no_error(sized):
    """Three trials under a half-Cauchy prior: tau_cohort has no mean; nothing is warned of."""
    table = sized([0.0, 1, 2, 3, 4], [1.0] * 5, ["RCT"] * 3 + ["c"] * 2)
    priors = {**PRIORS, "tau_cohort": "HalfCauchy(beta=1)", "tau": "HalfCauchy(beta=1)"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = designs(table, priors=priors, points=5, spread="own")

    known = [each for row in found.rows for each in row.parameters.values()]
    assert all(np.isnan(each["error"]) == ~np.isfinite(each["mean"]) for each in known)


@pytest.mark.parametrize("spread", ["extra", "own", "ratio"])
def test_no_hyperparameter_is_said_to_be_of_cohorts(sized, spread):
    """Where the column says allocation there are none: titles name the reference design."""
    table = sized([0.0, 1, 2, 3], [1.0] * 4, ["random", "random", "alternate", "systematic"])
    roles = {"design": "design", "reference": "random", "spread": spread}
    parts = assemble(table, "design-bias", roles=roles).parts
    said = [item.says for item in parts.hyperparameters(NO_LAYOUT) if item.name != "tau"]

    assert not any("cohort" in each for each in said)


@pytest.mark.parametrize(("benefit", "head"), [("lower", "P(mu < \u22120.500)"),
                                               ("higher", "P(mu > 0.500)")])  # fmt: skip
def test_the_text_says_how_probable_a_minimal_important_difference_is(sized, benefit, head):
    """In a column of its own, as the members have it; without one no column."""
    table = sized([*TRIALS, *COHORTS], [*ERRORS, *ERRORS], ["RCT"] * 4 + ["cohort"] * 4)
    asked = {"priors": PRIORS, "points": 5, "spread": "common", "benefit": benefit}
    found = designs(table, minimal_important_difference=0.5, **asked)
    grid = member_grid(found)
    place = list(grid.head).index(head)

    told = [float(row[place].strip("<>")) for row in grid.rows]
    assert told == pytest.approx([row.p_beyond for row in found.rows], abs=1e-3)


@pytest.mark.parametrize(("mean", "said"), [(0, "at 0 designs are pooled"),
                                            (0.3, "at 0 the bias is its prior's mean, 0.300")],
                         ids=["around 0", "around 0.3"])  # fmt: skip
def test_the_page_says_what_the_dial_is_at_0(sized, tmp_path, mean, said):
    """Cohorts lie by the mean of the bias's prior from trials there: pooled where that is 0."""
    table = sized([*TRIALS, *COHORTS], [*ERRORS, *ERRORS], ["RCT"] * 4 + ["cohort"] * 4)
    priors = {**PRIORS, "tau": 0.5, "bias": f"Normal(mu={mean}, sigma=1)"}
    found = designs(table, priors=priors, points=5, spread="common")
    first, naive = found.over_bias.iloc[0], found.member("naive").parameters["mu"]

    assert said in repr(chapter_of(found, tmp_path))
    assert (first["mean"] == pytest.approx(naive["mean"])) == (mean == 0)
