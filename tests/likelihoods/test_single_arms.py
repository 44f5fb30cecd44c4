"""Events of one group: proportions on the logit, rates on the log."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.comparison import compare
from bayesmeta.covariance import Layout, Rows
from bayesmeta.errors import PriorError, StudiesError
from bayesmeta.likelihoods import LIKELIHOODS
from bayesmeta.sensitivity.examination import examine
from bayesmeta.sensitivity.named import named_priors

THETA = np.array([[-60.0], [-8.0], [-1.3], [0.0], [4.0]])
TABLE = pd.DataFrame({
    "study": list("abcd"), "events": [0, 3, 12, 7], "n": [20, 41, 160, 7],
    "time": [120.0, 80.0, 990.0, 41.5],
})  # fmt: skip
MU = {"mu": "Normal(mu=-2, sigma=2)"}


def rows(**columns):
    """Return rows of one group's events."""
    data = {name: np.array(column, dtype=float) for name, column in columns.items()}
    return Rows(np.ones(1), Layout(), data=data)


def of(part, what, *given):
    """Return what a part says of rows, its estimates and values not looked at."""
    return getattr(LIKELIHOODS[part], what)(np.zeros(1), *given)


def test_proportions_are_binomial_around_a_logit():
    """All numbers of 9, beside scipy's; they sum to one."""
    known = rows(events=range(10), n=[9] * 10)
    found = of("proportion", "log_density", np.tile(THETA, 10), {}, known)

    risk = 1 / (1 + np.exp(-THETA[1:]))
    np.testing.assert_allclose(found[1:], stats.binom.logpmf(np.arange(10), 9, risk), rtol=1e-11)
    np.testing.assert_allclose(np.exp(found).sum(axis=1), 1.0, rtol=1e-12)


def test_rates_are_poisson_around_a_log_rate():
    """Numbers up to 1999 in 3.5 years, beside scipy's; they sum to one."""
    known = rows(events=range(2000), time=[3.5] * 2000)
    found = of("rate", "log_density", np.tile(THETA, 2000), {}, known)

    expected = stats.poisson.logpmf(np.arange(2000), 3.5 * np.exp(THETA[1:]))
    np.testing.assert_allclose(found[1:, :40], expected[:, :40], rtol=1e-11)
    np.testing.assert_allclose(np.exp(found).sum(axis=1), 1.0, rtol=1e-11)


@pytest.mark.parametrize("events", [0, 4, 9])
def test_mid_ps_are_those_of_scipys_laws(events):
    """P(fewer) + P(as many) / 2, at both ends too."""
    theta = np.array([[-0.4]])
    laws = {"proportion": stats.binom(9, 1 / (1 + np.exp(0.4))),
            "rate": stats.poisson(3.5 * np.exp(-0.4))}  # fmt: skip
    known = rows(events=[events], n=[9], time=[3.5])

    for part, law in laws.items():
        found = of(part, "below", theta, {}, known)
        assert found[0, 0] == pytest.approx(law.cdf(events - 1) + law.pmf(events) / 2, rel=1e-12)


@pytest.mark.parametrize("part", ["proportion", "rate"])
def test_replicates_fall_below_the_data_as_often_as_the_mid_p_says(part):
    """20 000 replicates of the estimate; 4 standard errors."""
    known, count = rows(events=[4], n=[9], time=[3.5]), 20_000
    own = {"proportion": np.log(4 / 5), "rate": np.log(4 / 3.5)}[part]
    theta = np.full((count, 1), 0.1)

    found = LIKELIHOODS[part].draw(theta, {}, known, np.random.default_rng(1))

    share = np.mean(found < own - 1e-9) + np.mean(np.abs(found - own) < 1e-9) / 2
    expected = of(part, "below", theta[:1], {}, known)[0, 0]
    assert share == pytest.approx(expected, abs=4 * np.sqrt(0.25 / count))


@pytest.mark.parametrize(("part", "size"), [("proportion", "n"), ("rate", "time")])
def test_pymcs_density_is_ours(part, size):
    """At one point of three rows."""
    import pymc as pm

    known, theta = rows(events=[0, 3, 9], **{size: [12.0, 40.0, 9.0]}), np.array([-2.0, -1.5, 1.0])
    with pm.Model(coords={"study": list("abc")}) as model:
        LIKELIHOODS[part].observe_rows(pm.math.constant(theta), known)
    found = model.compile_logp(sum=False, mode="FAST_COMPILE")({})[0]

    expected = of(part, "log_density", theta[np.newaxis], {}, known)[0]
    np.testing.assert_allclose(found, expected, atol=1e-10)


@pytest.mark.parametrize(("measure", "expected"), [
    ("PLO", np.log([0.5 / 20.5, 3 / 38, 12 / 148, 7.5 / 0.5])),
    ("IRLN", np.log([0.5 / 120, 3 / 80, 12 / 990, 7 / 41.5])),
])  # fmt: skip
def test_estimates_have_a_half_added_where_none_or_all_had_an_event(measure, expected):
    """By hand."""
    found = bm.effect_sizes(bm.read_studies(TABLE), measure)

    np.testing.assert_allclose(found.estimate, expected, rtol=1e-14)
    assert any("1/2 is added" in note for note in found.notes)


def test_more_events_than_participants_are_refused():
    """With the study and the reason."""
    with pytest.raises(StudiesError, match=r"'b'.*events must be 0 or more, and at most n"):
        bm.effect_sizes(bm.read_studies(TABLE.assign(n=[20, 2, 160, 7])), "PLO")


@pytest.mark.parametrize("measure", ["PLO", "IRLN"])
def test_the_level_of_what_is_counted_has_no_default_prior(measure):
    """Mu is to be stated; tau is HalfNormal(1)."""
    effects = bm.effect_sizes(bm.read_studies(TABLE), measure)

    with pytest.raises(PriorError, match=f"mu has no default for {measure}"):
        bm.fit(effects, engine="exact")
    assert "HalfNormal(sigma=1)" in bm.fit(effects, engine="exact", priors=MU).attrs["priors"]


def test_a_comparison_without_a_prior_of_the_level_says_which_rows_are_left_out():
    """Classical rows stand; the Bayesian ones have a message."""
    table = compare(bm.effect_sizes(bm.read_studies(TABLE), "PLO"))

    assert "Bayesian" not in set(table["kind"])
    assert "Bayes (default), Bayes (half-normal 0.5)" in table.attrs["messages"][0]
    assert "mu has no default for PLO" in table.attrs["messages"][0]


@pytest.mark.parametrize("measure", ["PLO", "IRLN"])
def test_a_level_without_a_default_keeps_its_own_prior_among_the_named_ones(measure):
    """The others have theirs: tau's is HalfNormal(1)."""
    effects = bm.effect_sizes(bm.read_studies(TABLE), measure)
    known = named_priors(assemble(effects, priors={**MU, "tau": "HalfNormal(sigma=3)"}))

    found = {name: str(prior) for name, prior in known["default"].priors.items()}

    assert found == {"mu": MU["mu"], "tau": "HalfNormal(sigma=1)"}


@pytest.mark.slow
def test_the_sensitivity_of_a_level_tells_halves_to_be_of_the_estimates_shown_alone():
    """The likelihood reads the counts as they are; a has none."""
    proportions = bm.effect_sizes(bm.read_studies(TABLE.head(2)), "PLO")

    notes = " ".join(examine(proportions, "proportion", priors=MU, benefit="lower").notes)

    assert "For the estimates shown alone: 1/2 is added to events and others" in notes


def test_a_sentence_that_ends_with_an_abbreviated_name_has_one_full_stop():
    """Of Hadeishi et al. alone there are no events in the first two rows."""
    table = TABLE.head(2).replace("a", "Hadeishi et al.")

    notes = bm.effect_sizes(bm.read_studies(table), "PLO").notes

    assert "1/2 is added to events and others, because one is zero: Hadeishi et al." in notes


@pytest.mark.slow
def test_methods_to_paste_keep_the_capital_of_a_persons_name(tmp_path):
    """Poisson was one; the title of another model has a small letter within a sentence."""
    rates = bm.fit(
        bm.effect_sizes(bm.read_studies(TABLE), "IRLN"), "rate", engine="exact", priors=MU
    )
    said = bm.write_report(rates, tmp_path / "report.md").read_text()

    assert "We pooled 4 studies with the Poisson-normal model of one group." in said
