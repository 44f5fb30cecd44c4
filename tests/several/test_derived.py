"""What follows from parameters, as parts say it: shares of variance, ratios of taus, contrasts."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.summaries.contract import contract
from bayesmeta.summaries.view import view_of

SHARE, RATIO = "intraclass_share", "tau_ratio[a vs b]"
HALF, LOG = "HalfNormal(sigma=0.5)", "LogNormal(mu=-1, sigma=0.7)"
PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": HALF}
LEVELS = np.linspace(0.1, 0.9, 5)
E_SHARE = {
    "HalfNormal(sigma=0.3)": (0.6523461897449934, "HalfNormal(sigma=0.3)", 1.0),
    "HalfCauchy(beta=0.5)": (0.6716986240398344, "HalfCauchy(beta=0.25)", 10.0),
}
"""Posterior means of tau² / (tau² + tau_within²) by a dense quadrature of a program of its own,
to 1e-11: by tau's prior, with that of tau_within and the sd of mu's."""


@pytest.fixture(scope="module")
def fitted(frame, sized):
    """Return an exact fit to a small table made by chance, its rows of levels a, b and c."""

    def posterior(model="nested", *, levels="aabbcaabb", **options):
        rows = frame()
        rows = rows.assign(level=list(levels))
        if model == "tau-by-level":
            rows["study"] = [f"row {number}" for number in range(len(rows))]
            options = {"level": "level", **options}
        else:
            options = {"cluster": "cluster", **options}
        return bm.fit(sized(rows), model, engine="exact", **options)

    return posterior


@pytest.fixture(scope="module")
def by_level(fitted):
    """Return a fit with a tau for each of two levels."""
    return fitted("tau-by-level", levels="aabbaaabb", priors=PRIORS)


@pytest.mark.parametrize("tau", E_SHARE)
def test_the_intraclass_share_has_the_mean_of_the_reference(tau, table, sized):
    """Schools in districts (Konstantopoulos 2011)."""
    mean, within, sd = E_SHARE[tau]
    priors = {"mu": f"Normal(mu=0, sigma={sd})", "tau": tau, "tau_within": within}

    posterior = bm.fit(sized(table("konstantopoulos2011.csv"), "SMD"), "nested", priors=priors,
                       cluster="district", engine="exact")  # fmt: skip

    assert bm.summary(posterior).loc[SHARE, "mean"] == pytest.approx(mean, abs=1e-10)


def test_the_share_at_a_fixed_tau_within_is_a_function_of_tau(fitted):
    """P(share <= x) = P(tau <= tau_within sqrt(x / (1 - x)))."""
    posterior = fitted(priors={**PRIORS, "tau_within": 0.3})
    tau = 0.3 * np.sqrt(LEVELS / (1 - LEVELS))

    np.testing.assert_allclose(
        bm.cdf(posterior, SHARE, LEVELS), bm.cdf(posterior, "tau", tau), atol=1e-9
    )


def test_the_share_at_a_fixed_tau_is_a_falling_function_of_tau_within(fitted):
    """P(share <= x) = P(tau_within >= tau sqrt((1 - x) / x))."""
    posterior = fitted(priors={**PRIORS, "tau": 0.3, "tau_within": HALF})
    within = 0.3 * np.sqrt((1 - LEVELS) / LEVELS)

    np.testing.assert_allclose(
        bm.cdf(posterior, SHARE, LEVELS), 1 - bm.cdf(posterior, "tau_within", within), atol=1e-9
    )


def test_draws_of_the_share_are_those_of_the_formula(fitted):
    """ArviZ finds it beside the parameters it follows from."""
    drawn = fitted(priors={**PRIORS, "tau_within": HALF})["posterior"]

    np.testing.assert_allclose(
        drawn[SHARE], drawn["tau"] ** 2 / (drawn["tau"] ** 2 + drawn["tau_within"] ** 2)
    )


def _grid(prior, y, s, mu):
    """Return log p(y, tau | mu) at equal steps of tau, shape (mu, tau), of one level."""
    tau = (np.arange(1200) + 0.5) * 3.5 / 1200
    sd = np.sqrt(s[:, None] ** 2 + tau**2)
    each = stats.norm.logpdf(y[:, None], mu[:, None, None], sd).sum(axis=1)
    return each + prior.logpdf(tau)


def test_how_probable_it_is_that_one_tau_is_larger_by_brute_force(by_level, frame):
    """Given mu the levels are independent: sums over mu, and over the tau of each."""
    rows, level = frame(), np.array(list("aabbaaabb"))
    y, s = rows["estimate"].to_numpy(), np.sqrt(rows["variance"].to_numpy())
    mu, prior = np.linspace(-3, 3.5, 400), stats.halfnorm(scale=0.5)
    a, b = (_grid(prior, y[level == one], s[level == one], mu) for one in "ab")
    pair = [np.exp(each - each.max()) for each in (a, b)]
    weight = stats.norm.pdf(mu, 0, 2)
    below = [np.cumsum(one, axis=1) - one / 2 for one in pair]
    total = weight @ (pair[0].sum(axis=1) * pair[1].sum(axis=1))
    larger = weight @ (pair[0] * below[1]).sum(axis=1) / total

    assert 1 - float(bm.cdf(by_level, RATIO, 1.0)) == pytest.approx(larger, abs=5e-6)


def test_the_ratio_of_taus_the_other_way_round_is_its_reciprocal(by_level, fitted):
    """With the levels' names exchanged the quantiles are those of 1 / x."""
    other = fitted("tau-by-level", levels="bbaabbbaa", priors=PRIORS)

    np.testing.assert_allclose(
        bm.quantile(other, "tau_ratio[b vs a]", LEVELS), bm.quantile(by_level, RATIO, LEVELS)
    )


@pytest.mark.slow
def test_the_order_of_three_levels_changes_no_ratio(frame, fitted):
    """Whichever tau the engine integrates innermost: b / c as inner and outer axes."""
    first = fitted("tau-by-level", priors={**PRIORS, "tau": LOG})
    rows = frame()
    order = np.argsort(np.array(list("aabbcaabb")) == "a", kind="stable")
    moved = rows.assign(level=list("aabbcaabb"), study=[f"row {n}" for n in range(len(rows))])
    later = bm.fit(
        bm.effect_sizes(bm.read_studies(moved.iloc[order]), "MD"), "tau-by-level", level="level",
        priors={**PRIORS, "tau": LOG}, engine="exact",
    )  # fmt: skip

    np.testing.assert_allclose(
        bm.quantile(first, "tau_ratio[b vs c]", LEVELS),
        bm.quantile(later, "tau_ratio[b vs c]", LEVELS), rtol=1e-6,
    )  # fmt: skip


@pytest.mark.parametrize(("prior", "exists"), [(HALF, False), (LOG, True)])
def test_a_ratio_has_a_mean_where_the_prior_of_what_divides_vanishes_at_zero(prior, exists, fitted):
    """1 / tau has none where tau's density at 0 is above 0: infinite, and no number."""
    posterior = fitted("tau-by-level", levels="aabbaaabb", priors={**PRIORS, "tau[b]": prior})

    assert np.isfinite(bm.summary(posterior).loc[RATIO, "mean"]) == exists


def test_what_follows_from_hyperparameters_is_asked_by_every_table(by_level):
    """Summary, heterogeneity, JSON, text and figure have it, and none has a list of names."""
    titles = bm.plot_posterior(by_level, RATIO).axes[0].get_xlabel()

    assert RATIO in bm.summary(by_level).index
    assert RATIO in bm.heterogeneity(by_level).index
    assert RATIO in contract(by_level)["parameters"]
    assert "tau ratio, tau[a] / tau[b]" in bm.text(by_level)
    assert titles == "tau ratio, tau[a] / tau[b]"


def test_what_is_stored_is_what_was_found(by_level, tmp_path):
    """A file keeps the density itself."""
    bm.save_posterior(by_level, tmp_path / "posterior.nc")
    read = bm.read_posterior(tmp_path / "posterior.nc")

    assert bm.summary(read).loc[RATIO].equals(bm.summary(by_level).loc[RATIO])


def test_another_unit_changes_no_ratio(fitted, frame, sized):
    """Lengths times 1e6, with the priors': shares and ratios stay."""
    rows = frame()
    large = rows.assign(estimate=1e6 * rows["estimate"], variance=1e12 * rows["variance"])
    priors = {"mu": "Normal(mu=0, sigma=2e6)", "tau": "HalfNormal(sigma=5e5)",
              "tau_within": "HalfNormal(sigma=5e5)"}  # fmt: skip
    wide = bm.fit(sized(large), "nested", priors=priors, cluster="cluster", engine="exact")
    usual = fitted(priors={**PRIORS, "tau_within": HALF})

    np.testing.assert_allclose(
        bm.quantile(wide, SHARE, LEVELS), bm.quantile(usual, SHARE, LEVELS), rtol=1e-7
    )


def test_nothing_follows_where_all_is_fixed(fitted):
    """A share of two numbers is no quantity of the posterior."""
    posterior = fitted(priors={"mu": "Normal(mu=0, sigma=2)", "tau": 0.2, "tau_within": 0.1})

    assert SHARE not in bm.summary(posterior).index


def test_draws_alone_say_what_follows(by_level):
    """A posterior without its integral: the formula on its draws."""
    alone = by_level.copy()
    del alone["mixture"]
    drawn = bm.summary(alone).loc[RATIO]

    assert list(view_of(alone).follows.derived) == [RATIO]
    assert drawn["median"] == pytest.approx(bm.summary(by_level).loc[RATIO, "median"], rel=0.1)


@pytest.fixture(scope="module")
def outcomes(sized):
    """Return an exact fit to two outcomes of six studies, in units that a column says."""

    def posterior(units=("mm", "mm")):
        generator = np.random.default_rng(5)
        frame = pd.DataFrame(
            {
                "study": np.repeat([f"s{number}" for number in range(6)], 2),
                "outcome": ["A", "B"] * 6,
                "estimate": generator.normal([0.3, -0.2] * 6, 0.3).round(3),
                "variance": generator.uniform(0.02, 0.1, 12).round(3),
                "unit": list(units) * 6,
            }
        )
        priors = {"mu": "Normal(mu=0, sigma=1)", "tau": HALF, "rho_between": 0.4, "rho_within": 0.3}
        return bm.fit(sized(frame), "several-outcomes", priors=priors, engine="exact")

    return posterior


def test_the_difference_of_two_means_is_their_difference(outcomes):
    """Exactly the difference of the means, and its sd that of the draws."""
    posterior = outcomes()
    table = bm.summary(posterior)
    drawn = posterior["posterior"]["mu"]
    sd = float((drawn.sel(outcome="A") - drawn.sel(outcome="B")).std(ddof=1))

    row = table.loc["mu_difference[A vs B]"]
    assert row["mean"] == pytest.approx(table.loc["mu[A]", "mean"] - table.loc["mu[B]", "mean"])
    assert row["sd"] == pytest.approx(sd, rel=0.06)


def test_means_in_two_units_have_no_difference(outcomes):
    """Nor have they where nobody says that the units are one."""
    for units in (("mm", "kg"), ("", "")):
        assert "mu_difference[A vs B]" not in bm.summary(outcomes(units)).index


def test_each_outcome_is_printed_in_its_own_unit(outcomes):
    """The text names the unit of each mean; JSON has one an outcome."""
    posterior = outcomes(("mm", "kg"))

    assert ", A, mm " in bm.text(posterior)
    assert ", B, kg " in bm.text(posterior)
    assert contract(posterior)["unit"] == {"A": "mm", "B": "kg"}
