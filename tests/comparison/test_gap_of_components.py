"""The path from REML to the chosen priors, where a model has several standard deviations."""

import pytest

import bayesmeta as bm
from bayesmeta.comparison import gap_sentences
from bayesmeta.comparison.both import compare_and_explain
from bayesmeta.errors import ModelError

HALF = "HalfNormal(sigma=0.3)"
PRIORS = {"mu": "Normal(mu=0, sigma=0.5)", "tau": HALF, "tau_within": HALF}


@pytest.fixture(scope="module")
def schools():
    """Achievement by school calendar, 56 schools in 11 districts (Konstantopoulos 2011)."""
    table = bm.read_studies("examples/data/konstantopoulos2011.csv")
    return bm.effect_sizes(table, "SMD", repeated=True)


@pytest.fixture(scope="module")
def gap(schools):
    """The path of the nested model."""
    return bm.explain_gap(schools, "nested", priors=PRIORS, cluster="district").set_index("step")


def test_the_path_starts_at_the_reml_of_all_variance_components(gap):
    """As metafor's rma.mv(yi, vi, random = ~ 1 | district/school) prints it on its website.

    0.1847, 95 % interval 0.0190 to 0.3504, and tau² between districts 0.0651.
    """
    found = gap.loc["plug-in", ["estimate", "lower", "upper", "tau"]].to_list()

    assert found == pytest.approx([0.1847, 0.0190, 0.3504, 0.0651**0.5], abs=1e-4)


@pytest.mark.parametrize(
    ("step", "priors"),
    [
        ("tau prior", {**PRIORS, "mu": "flat"}),
        ("all priors", PRIORS),
    ],
    ids=["tau prior", "all priors"],
)
def test_each_step_is_a_fit_under_its_priors(gap, schools, step, priors):
    """A step takes both standard deviations; mu's prior comes last."""
    fit = bm.fit(schools, "nested", priors=priors, cluster="district", engine="exact")
    own = bm.summary(fit).loc["mu", ["median", "lower", "upper"]].to_list()

    assert gap.loc[step, ["estimate", "lower", "upper"]].to_list() == pytest.approx(own, abs=1e-6)


def test_the_words_name_every_standard_deviation(schools):
    """Nobody is told of one tau where two were taken as known."""
    found = bm.explain_gap(schools, "nested", priors=PRIORS, cluster="district")

    whole, steps = gap_sentences(found)
    assert whole.startswith("With tau and tau_within taken as known (REML), the pooled")
    assert "aking tau and tau_within as uncertain" in steps
    assert f"with the priors tau ~ {HALF}, tau_within ~ {HALF}" in steps


def test_a_step_without_a_proper_posterior_says_so(gap):
    """Flat priors on two standard deviations: no theorem says that there is a posterior."""
    assert "tau_within ~ uniform has no total mass" in gap.loc["flat tau", "skipped"]
    assert gap.loc["tau prior", "skipped"] == ""


def test_a_correlation_that_is_not_known_is_at_its_working_value_first(schools):
    """It has its own prior in every other step: no row is without it."""
    found = bm.explain_gap(
        schools.take(range(12)), "correlated", priors={"tau": HALF}, trial="district"
    ).set_index("step")  # fmt: skip

    assert "rho_within at a working 0.8" in found.loc["plug-in", "what"]
    assert "rho_within too, under rho_within ~ Uniform" in found.loc["flat tau", "what"]


def test_a_comparison_explains_it(schools):
    """What the command prints under the table."""
    found = compare_and_explain(schools, "nested", priors=PRIORS, cluster="district")

    assert found.gap is not None


def test_where_there_is_no_reml_the_part_is_named_and_what_would_do(schools):
    """A tau by a formula is no sum of variance components."""
    with pytest.raises(ModelError, match=r"'log-linear' .*gamma.*compare shows"):
        bm.explain_gap(schools, "location-scale", tau_formula="year")
