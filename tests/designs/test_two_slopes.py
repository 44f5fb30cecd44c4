"""Members with t effects beside two slopes: integrated row by row, or sampled and said to be."""

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.cohorts.answers import Posed, numbers
from bayesmeta.cohorts.contract import contract
from bayesmeta.cohorts.members import effect_row
from bayesmeta.cohorts.sampled import Quantity, Sampled
from bayesmeta.cohorts.shares import shares
from bayesmeta.engines.lines import integrate_lines
from bayesmeta.summaries.monte_carlo import mcse_mean

Y, S = [-3.1, -8.0, -11.2, -5.5, 2.0, -6.0], [1.9, 2.2, 1.4, 2.8, 1.2, 2.0]
DESIGN = ["RCT", "cohort"] * 2 + ["RCT", "cohort"]
COLUMNS = {"weeks": [2.0, 3, 4, 6, 9, 5], "dose": [1.0, 3, 2, 2, 1, 4]}
PRIORS = {"mu": "Normal(mu=1, sigma=6)", "tau": 3.0, "bias": "Normal(mu=0, sigma=5)",
          "beta": "Normal(mu=0, sigma=2)"}  # fmt: skip


@pytest.fixture(scope="module")
def table(sized):
    """Three trials beside three cohorts; tau is a number."""
    return sized(Y, S, DESIGN, **COLUMNS)


@pytest.fixture(scope="module")
def found(table):
    """The answer."""
    return bm.designs(table, moderators="weeks + dose", priors=PRIORS, spread="common", points=5,
                      heterogeneity="student-t")  # fmt: skip


def test_the_error_of_what_is_sampled_is_that_of_monte_carlo():
    """What a table prints as the error of a mean, and a mean that does not exist."""
    drawn = np.random.default_rng(2).normal(size=(4, 300))

    assert numbers(Quantity(drawn), 0.95)["error"][0] == pytest.approx(mcse_mean(drawn))
    assert np.isnan(Quantity(drawn, moments=0.0).mean())
    assert np.isinf(Quantity(drawn, moments=1.0).sd())


@pytest.mark.slow
def test_every_member_has_a_row_beside_two_slopes(found):
    """Those of four coefficients are sampled, without evidence; dials are left out; all is said."""
    rows = [row for row in found.rows if row.heterogeneity != "normal"]
    sampled = [row for row in rows if row.is_sampled]

    assert len(rows) == len(found.rows) / 2
    assert [row.label for row in sampled] == [
        "design-bias, t effects, sampled", "moderator, t effects, sampled",
    ]  # fmt: skip
    assert all(row.log_trials_given_cohorts is None for row in sampled)
    assert sum("drawn by NUTS (4 chains of 1000, seed 14)" in each for each in found.warnings) == 2
    assert found.tails is None
    assert any("dials with t effects are left out" in each for each in found.warnings)
    assert [row["sampled"] for row in contract(found)["rows"]].count(True) == 2


@pytest.mark.slow
def test_an_integrated_row_is_the_fit_of_its_model(found, table):
    """Pooled: `fit` of Student-t effects with both moderators."""
    own = {name: PRIORS[name] for name in ("mu", "tau", "beta")}
    fitted = bm.fit(table, "student-t", moderators="weeks + dose", priors=own, engine="exact")
    row = next(row for row in found.rows if row.label == "naive, t effects")

    assert [row.parameters["mu"][name] for name in ("mean", "sd")] == pytest.approx(
        bm.summary(fitted).loc["mu", ["mean", "sd"]].tolist(), abs=1e-6
    )


@pytest.mark.slow
def test_a_sampled_row_is_the_exact_one(sized):
    """Of a bias and one slope both are had: mean within 4 Monte Carlo errors, share to 2 %."""
    table = sized(Y, S, DESIGN, weeks=COLUMNS["weeks"])
    assembly = bm.assembly.assemble(
        table, "design-bias", moderators="weeks", priors=PRIORS,
        roles={"spread": "common", "heterogeneity": "student-t"},
    )  # fmt: skip
    exact, sampled = integrate_lines(assembly), Sampled.of(assembly)
    row = effect_row(assembly)
    drawn = Posed(assembly, sampled, row).integral.combination(row)
    share = [shares(assembly, each, row)[0].sum() for each in (exact, sampled)]

    assert abs(drawn.mean() - exact.combination(row).mean()[0]) < 4 * mcse_mean(drawn.values)
    assert share[1] == pytest.approx(share[0], abs=0.02)


@pytest.mark.slow
def test_a_sampled_row_knows_the_scale_of_each_design(sized):
    """Tau is a number, kappa is drawn: it is kappa's posterior that stands under its name."""
    assembly = bm.assembly.assemble(
        sized(Y, S, DESIGN), "design-bias",
        priors={**{name: PRIORS[name] for name in ("mu", "tau", "bias")},
                "kappa": "HalfNormal(sigma=4)"},
        roles={"spread": "extra", "heterogeneity": "student-t"},
    )  # fmt: skip
    exact, sampled = integrate_lines(assembly), Sampled.of(assembly)
    row, kappa = effect_row(assembly), sampled.heterogeneity("kappa")
    share = [shares(assembly, each, row)[0].sum() for each in (exact, sampled)]

    assert abs(kappa.mean() - exact.heterogeneity("kappa").mean()[0]) < 4 * mcse_mean(kappa.values)
    assert share[1] == pytest.approx(share[0], abs=0.02)
