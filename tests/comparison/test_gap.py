"""The path from plug-in REML to the chosen priors: its ends, its sums, its gaps."""

import re

import numpy as np
import pytest

import bayesmeta as bm
from bayesmeta.comparison import explain_gap, gap_sentences
from bayesmeta.comparison.both import compare_and_explain
from bayesmeta.errors import AnalysisError, PriorError
from bayesmeta.frequentist import pool

PRIORS = {"mu": "Normal(mu=0, sigma=30)", "tau": "HalfNormal(sigma=10)"}
PARTS = ["estimate", "width", "pi_width"]
SCHOOLS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])


def test_the_first_row_is_reml(normand):
    """REML's tau plugged in: its estimate, Wald's interval, metafor's prediction interval."""
    row = explain_gap(normand).iloc[0]
    fit = pool(normand)

    expected = [fit.mu, fit.lower[0], fit.upper[0], fit.pi_lower, fit.pi_upper, fit.tau2**0.5]
    names = ["estimate", "lower", "upper", "pi_lower", "pi_upper", "tau"]
    assert row[names].tolist() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("priors", [None, PRIORS])
def test_the_last_row_is_the_fit(normand, priors):
    """All chosen priors: the posterior that `bm.fit` gives."""
    row = explain_gap(normand, priors=priors).iloc[-1]
    fit = bm.summary(bm.fit(normand, priors=priors, engine="exact"))

    names = ["median", "lower", "upper"]
    found = row[["estimate", "lower", "upper"]].tolist()
    assert found == pytest.approx(fit.loc["mu", names].tolist(), rel=1e-9)
    assert row[["pi_lower", "pi_upper"]].tolist() == pytest.approx(
        fit.loc["theta_new", names[1:]].tolist(), rel=1e-9
    )


def test_slopes_have_a_path_too(weeks):
    """The last row of a slope's path is the fit's slope; no study has a slope to predict."""
    asked = {"moderators": "duration_weeks", "missing": "drop"}
    table = explain_gap(weeks, **asked, quantity="beta[duration_weeks]")
    fit = bm.summary(bm.fit(weeks, **asked, engine="exact")).loc["beta[duration_weeks]"]

    found = table.iloc[-1][["estimate", "lower", "upper"]].tolist()
    assert found == pytest.approx(fit[["median", "lower", "upper"]].tolist(), rel=1e-9)
    assert table["pi_width"].isna().all()


def test_the_flat_step_is_the_integral_done_by_hand(make):
    """Eight schools, flat mu and tau: mean and interval by a fine sum over tau (Rubin 1981)."""
    y, s = SCHOOLS
    step = explain_gap(make(y, s), priors=PRIORS).set_index("step").loc["flat tau"]
    tau = np.linspace(0, 2000, 400_001)[:, np.newaxis]
    weight = 1 / (s**2 + tau**2)
    mean, variance = (weight @ y) / weight.sum(1), 1 / weight.sum(1)
    misfit = (weight * (y - mean[:, np.newaxis]) ** 2).sum(1)
    mass = np.exp(0.5 * (np.log(weight).sum(1) + np.log(variance) - misfit))
    from scipy.special import ndtr

    below = [mass @ ndtr((x - mean) / variance**0.5) / mass.sum()
             for x in step[["lower", "estimate", "upper"]]]  # fmt: skip
    assert below == pytest.approx([0.025, 0.5, 0.975], abs=2e-5)


def test_changes_add_up_to_the_whole(normand):
    """What the steps change is what lies between both ends."""
    table = explain_gap(normand)

    for part in PARTS:
        whole = table[part].iloc[-1] - table[part].iloc[0]
        assert table[f"{part}_change"].sum() == pytest.approx(whole, rel=1e-12)


def test_vague_priors_change_nothing_after_the_flat_step(normand):
    """Uniform on a huge range and normal with a huge sd are flat, to six digits."""
    vague = {"mu": "Normal(mu=0, sigma=1e6)", "tau": "Uniform(lower=0, upper=1e6)"}
    table = explain_gap(normand, priors=vague).set_index("step")

    ends = ["estimate", "lower", "upper"]
    found = table.loc["all priors", ends].tolist()
    assert found == pytest.approx(table.loc["flat tau", ends].tolist(), rel=1e-6)


def test_with_many_studies_there_is_no_gap(make):
    """A thousand studies leave the priors and the uncertainty of tau nothing to say."""
    generator = np.random.default_rng(4)
    estimate = 3.0 + 2.0 * generator.standard_normal(1000)
    table = explain_gap(make(estimate, np.ones(1000), n=np.full(1000, 50)))

    assert table[["width_change", "pi_width_change"]].abs().max(axis=None) < 0.02
    assert table["estimate_change"].abs().max() < 0.001


def test_the_order_of_studies_changes_nothing(normand, numbers):
    """Every number is the same for the studies in another order."""
    shuffled = normand.take(np.array([3, 0, 8, 5, 1, 7, 2, 6, 4]))

    found, expected = numbers(explain_gap(shuffled)), numbers(explain_gap(normand))
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-7)


def test_the_unit_of_the_outcome_changes_nothing_else(make):
    """Days or microseconds: every number scales."""
    y, s = SCHOOLS
    n = np.full(8, 60)
    table, scaled = explain_gap(make(y, s, n=n)), explain_gap(make(1e9 * y, 1e9 * s, n=n))

    found = scaled[[*PARTS, "tau"]].to_numpy() / 1e9
    assert found == pytest.approx(table[[*PARTS, "tau"]].to_numpy(), rel=1e-6, abs=1e-9)


def test_a_step_that_would_be_improper_is_skipped_with_the_reason(make):
    """Two studies: no posterior under a uniform tau and flat mu; the next change spans both."""
    table = explain_gap(make([1.0, 3.0], [1.0, 0.5], n=[20, 40])).set_index("step")

    assert "at least 3 studies" in table.loc["flat tau", "skipped"]
    assert np.isnan(table.loc["flat tau", "estimate"])
    whole = table.loc["tau prior", "width"] - table.loc["plug-in", "width"]
    assert table.loc["tau prior", "width_change"] == pytest.approx(whole, rel=1e-12)


def test_moderators_raise_the_number_of_studies_a_uniform_tau_needs(make):
    """Four studies are enough with one slope (k > p + 1), three are not."""
    y, s, x, n = [1.0, 3.0, 2.0, 5.0], [1.0, 0.5, 0.8, 0.6], [1.0, 2.0, 4.0, 3.0], [20, 40, 30, 25]

    def skipped(k):
        effects = make(y[:k], s[:k], n=n[:k], x=x[:k])
        return explain_gap(effects, moderators="x").set_index("step").loc["flat tau", "skipped"]

    assert not skipped(4)
    assert skipped(3)


def test_a_common_effect_has_a_path_of_two_steps(normand):
    """Without a tau only the prior on mu lies between the classical and the Bayesian row."""
    table = explain_gap(normand, "common-effect").set_index("step")

    assert table.loc["plug-in", "estimate"] == pytest.approx(pool(normand, method="CE").mu)
    assert table["skipped"].ne("").tolist() == [False, True, True, False]


def test_one_study_says_that_reml_cannot_be(make):
    """One study has no tau to estimate; the sentences speak of the priors alone."""
    table = explain_gap(make([1.0], [0.5], n=[20]))

    assert "cannot be estimated" in table["skipped"].iloc[0]
    assert gap_sentences(table)[0].startswith("Under the chosen priors")


def test_the_sentences_say_the_tables_numbers(normand):
    """Both ends are in the words to a day's tenth, every change of width with a digit more."""
    table = explain_gap(normand)
    whole, parts = (text.replace("−", "-") for text in gap_sentences(table))  # noqa: RUF001

    ends = table[["estimate", "lower", "upper"]].iloc[[0, -1]].to_numpy().ravel()
    assert [float(x) for x in re.findall(r"-?\d+\.\d", whole)][:6] == pytest.approx(ends, abs=0.05)
    for change in table["width_change"].dropna():
        assert f"{'widens' if change > 0 else 'narrows'} the interval by {abs(change):.2f}" in parts


def test_a_prior_may_be_beyond_the_exact_engine(normand):
    """A uniform prior on mu is no mixture of normals: the last step is skipped, the rest stands."""
    table = explain_gap(normand, priors={"mu": "Uniform(lower=-90, upper=90)"}).set_index("step")

    assert "Uniform" in table.loc["all priors", "skipped"]
    assert table.loc["tau prior", "skipped"] == ""
    assert "not known" in gap_sentences(table.reset_index())[0]


def test_without_default_priors_there_is_no_gap_to_explain(make):
    """The comparison stands; asked for by name, the gap says what is missing."""
    effects = make([1.0, 3.0, 2.0], [1.0, 0.5, 0.8])

    assert compare_and_explain(effects).gap is None
    with pytest.raises(PriorError, match="participants"):
        explain_gap(effects)


def test_an_unknown_quantity_is_refused(normand):
    """The message lists the quantities there are."""
    with pytest.raises(AnalysisError, match="known: mu"):
        explain_gap(normand, quantity="beta[weeks]")
