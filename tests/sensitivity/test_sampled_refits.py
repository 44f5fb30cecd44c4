"""NUTS refits: leaving out, other priors, cumulating, subsets."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import log_ndtr

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.engines import compiled, nuts
from bayesmeta.engines.settings import Settings
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.refits.sampled import alarms, taking_part
from bayesmeta.sensitivity import cumulative, leave_one_out, prior_sensitivity, subsets

BCG = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=0.5)"}
UNIFORM = {"mu": "Uniform(lower=-1, upper=1)", "tau": "HalfNormal(sigma=0.5)"}
BRIEF = {"engine": "nuts", "draws": 100, "tune": 200, "chains": 2}
NUMBERS = ["estimate", "sd", "lower", "upper", "p_benefit", "tau", "tau_lower", "tau_upper"]


def in_errors(sampled, exact, columns):
    """Return (draws - exact) / Monte Carlo error, flat."""
    return np.concatenate([
        ((sampled[name] - exact[name]) / sampled[f"{name}_error"]).to_numpy(dtype=float)
        for name in columns
    ])  # fmt: skip


@pytest.fixture(scope="module")
def left_out(bcg):
    """Return leave-one-out of BCG by both engines, and how often NUTS told of its progress."""
    told = []
    found = leave_one_out(
        bcg, priors=BCG, engine="nuts", seed=3, progress=lambda *said: told.append(said)
    )
    return found, leave_one_out(bcg, priors=BCG), told


def test_leaving_out_by_draws_agrees_with_the_exact_engine(left_out):
    """Every number of every row is within four Monte Carlo errors of the exact one."""
    found, exact, _ = left_out

    differences = in_errors(found, exact, [*NUMBERS, "elpd", "pit", "shift", "shift_tau"])
    assert np.abs(differences).max() < 4


def test_monte_carlo_errors_are_neither_too_large_nor_too_small(left_out):
    """Differences from the exact answer have the size that their errors say: about one."""
    found, exact, _ = left_out

    differences = in_errors(found, exact, ["estimate", "lower", "upper", "tau", "elpd", "pit"])
    assert 0.6 < np.sqrt(np.mean(differences**2)) < 1.5


def test_the_sum_of_elpd_is_the_exact_one(left_out):
    """Issue 4: -14.35348 for these priors."""
    found = left_out[0].attrs

    assert abs(found["elpd"] + 14.35348) < 4 * found["elpd_error"]


def test_progress_is_told_once_a_refit(left_out, bcg):
    """All studies and each left out: fourteen."""
    assert left_out[2] == [(done, len(bcg) + 1) for done in range(1, len(bcg) + 2)]


def test_good_draws_are_flagged_as_good(left_out):
    """No refit of BCG has a complaint."""
    assert left_out[0]["ok"].all()
    assert alarms(left_out[0]) == []


def test_refits_of_fewer_studies_reuse_one_compilation(left_out, bcg, monkeypatch):
    """Neither another table size nor other numbers in the priors compile again."""

    def refuse(model):
        pytest.fail("compiled again")

    monkeypatch.setattr(compiled, "_compile", refuse)
    few, everyone = bcg.take(np.arange(5)), np.ones(5)
    others = {"mu": "Normal(mu=0.2, sigma=3)", "tau": "HalfNormal(sigma=2)"}

    table = leave_one_out(few, priors=others, **BRIEF)
    for sigma in (0.1, 0.3, 0.7):
        priors = BCG | {"tau": f"HalfNormal(sigma={sigma})"}
        nuts.sample(
            taking_part(assemble(few, priors=priors), everyone), Settings(draws=20, tune=20)
        )

    assert len(table) == 5


@pytest.mark.parametrize("question", [leave_one_out, prior_sensitivity])
def test_draws_do_not_depend_on_the_workers(question, bcg):
    """One worker and two give the same table."""
    one, two = (question(bcg.take(np.arange(4)), priors=BCG, cores=n, **BRIEF) for n in (1, 2))

    pd.testing.assert_frame_equal(one, two)
    assert one.attrs == two.attrs


def test_the_seed_decides(bcg):
    """Other seeds, other draws; and refits of one run differ in their draws."""
    few = bcg.take(np.arange(3))
    one, two = (leave_one_out(few, priors=BCG, seed=seed, **BRIEF) for seed in (1, 2))

    assert (one["estimate"] != two["estimate"]).all()


def test_the_own_row_is_the_fit(bcg):
    """Same seed, same draws as `fit`."""
    few = bcg.take(np.arange(4))
    table = prior_sensitivity(few, priors=BCG, seed=7, **BRIEF)
    fit = bm.fit(few, priors=BCG, seed=7, draws=100, tune=200, chains=2)

    median = float(np.median(fit["posterior"]["mu"]))
    lower = float(np.quantile(fit["posterior"]["theta_new"], 0.025))
    assert table.loc["own", "estimate"] == pytest.approx(median, rel=1e-12)
    assert table.loc["own", "pi_lower"] == pytest.approx(lower, rel=1e-12)


def test_a_truncated_prior_is_sampled_where_the_exact_engine_refuses(generic):
    """Two equal studies, tau next to nothing: a normal cut at 0, whose median is known."""
    effects = generic([0.5, 0.5], [2**0.5, 2**0.5])
    priors = {"mu": "Uniform(lower=0, upper=50)", "tau": "HalfNormal(sigma=1e-4)"}

    table = prior_sensitivity(effects, priors=priors, engine="nuts", seed=4)

    # mu ~ Normal(0.5, 1) above 0: half the mass above the median.
    row = table.loc["own"]
    share = np.exp(log_ndtr(-(row["estimate"] - 0.5)) - log_ndtr(0.5))
    slope = np.exp(-((row["estimate"] - 0.5) ** 2) / 2) / np.sqrt(2 * np.pi)
    assert share == pytest.approx(
        0.5, abs=4 * row["estimate_error"] * slope / np.exp(log_ndtr(0.5))
    )
    assert row["p_benefit"] == 0
    assert row["p_benefit_error"] > 0


@pytest.mark.parametrize("question", [leave_one_out, prior_sensitivity, subsets])
def test_the_exact_engine_names_the_way_out(question, bcg):
    """A uniform prior on mu is no mixture of normals; NUTS takes it."""
    with pytest.raises(PriorError, match='use engine="nuts"'):
        question(bcg, priors=UNIFORM)


def test_an_improper_prior_is_noted_beside_the_sampled_ones(bcg):
    """NUTS has no draws for a flat prior; the other rows stand."""
    few = bcg.take(np.arange(4))
    table = prior_sensitivity(few, priors=UNIFORM, named={"flat": {"mu": "flat"}}, **BRIEF)

    assert "NUTS needs proper priors, and mu ~ flat" in table.loc["flat", "note"]
    assert np.isnan(table.loc["flat", "estimate"])
    assert np.isfinite(table.loc["own", "estimate"])


def test_too_few_draws_are_flagged_in_their_row(bcg):
    """Forty draws are fewer than the limit of effective draws."""
    few = bcg.take(np.arange(3))
    table = leave_one_out(few, priors=BCG, engine="nuts", draws=20, tune=100, chains=2)

    assert not table["ok"].any()
    assert table["messages"].str.contains("ESS").all()
    assert len(alarms(table)) == 4


def test_the_refit_that_breaks_off_is_named(bcg, monkeypatch):
    """The message begins with the study left out."""

    def broken(assembly, settings):
        if bcg.labels[1] not in assembly.effects.labels:
            raise ModelError("NUTS broke off: no reason.")
        return sample(assembly, settings)

    sample = nuts.sample
    monkeypatch.setattr(nuts, "sample", broken)

    with pytest.raises(ModelError, match=f"Without {bcg.labels[1]}: NUTS broke off"):
        leave_one_out(bcg.take(np.arange(3)), priors=BCG, **BRIEF)


def test_data_dependent_priors_are_those_of_the_full_table(bcg):
    """DuMouchel's scale is the harmonic mean of all standard errors, whoever takes part."""
    assembly = assemble(bcg, priors=BCG | {"tau": "DuMouchel"})
    s0 = np.sqrt(13 / np.sum(bcg.standard_error**-2.0))

    held = taking_part(assembly, np.arange(13) < 4).priors["tau"]

    assert held.distribution == "Lomax"
    assert held.parameters["scale"] == pytest.approx(s0)


def test_a_prior_that_cannot_be_held_is_refused(bcg):
    """The conventional prior has every standard error in it."""
    with pytest.raises(PriorError, match='use engine="exact"'):
        leave_one_out(bcg, priors=BCG | {"tau": "conventional"}, **BRIEF)


def test_slopes_and_centring_are_held(bcg):
    """The design without a study is the full table's without its row."""
    assembly = assemble(bcg, moderators="ablat", priors=BCG | {"beta": "Normal(mu=0, sigma=0.1)"})

    part = taking_part(assembly, np.arange(13) != 2)

    assert part.design == pytest.approx(np.delete(assembly.design, 2, axis=0))
    assert part.priors == assembly.priors


def test_a_moment_that_does_not_exist_is_infinite(generic):
    """Cauchy mu and half-Cauchy tau, one study: two moments do not exist."""
    effects = generic([0.3, -0.4], [0.2, 0.3])
    priors = {"mu": "Cauchy(alpha=0, beta=1)", "tau": "HalfCauchy(beta=1)"}

    table = leave_one_out(effects, priors=priors, quantity="theta_new", **BRIEF)
    exact = leave_one_out(effects, priors=priors, quantity="theta_new")

    assert np.isinf(exact["sd"]).all()
    assert np.isinf(table["sd"]).all()


def test_cumulating_ends_with_the_fit(bcg):
    """The last row holds every study; all are within four errors of the exact rows."""
    few = bcg.take(np.arange(5))
    found = cumulative(few, by="year", priors=BCG, engine="nuts", seed=2)
    exact = cumulative(few, by="year", priors=BCG)

    assert list(found.index) == list(exact.index)
    assert np.abs(in_errors(found, exact, [*NUMBERS, "pi_lower", "p_benefit_new"])).max() < 4


def test_subsets_are_sampled_too(bcg):
    """Seven subsets of three studies, in the exact engine's order."""
    few = bcg.take(np.arange(3))
    found = subsets(few, priors=BCG, engine="nuts", seed=5)
    exact = subsets(few, priors=BCG)

    pd.testing.assert_frame_equal(found[list(few.labels)], exact[list(few.labels)])
    assert np.abs(in_errors(found, exact, ["estimate", "p_benefit", "tau"])).max() < 4


def test_the_common_effect_model_is_sampled_too(generic):
    """Two equal studies: each left out, the other's estimate; tau is 0."""
    effects = generic([1.0, 3.0], [1.0, 1.0])
    table = leave_one_out(
        effects, "common-effect", priors={"mu": "Normal(mu=0, sigma=1000)"}, engine="nuts"
    )

    assert table["estimate"].to_list() == pytest.approx([3.0, 1.0], abs=0.2)
    assert (table["tau"] == 0).all()
