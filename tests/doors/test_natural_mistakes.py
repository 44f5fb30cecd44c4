"""What people type in Python that is not quite right: each is taken, or answered in a sentence."""

import contextlib
import re

import numpy as np
import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import BayesmetaError

PRIORS = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)",
          "beta": "Normal(mu=0, sigma=1)", "change": "Normal(mu=0, sigma=1)"}  # fmt: skip
OWN = {name: PRIORS[name] for name in ("mu", "tau")}
SLOPE = OWN | {"beta": PRIORS["beta"]}
TABLE = pd.DataFrame({
    "study": list("abcdef"), "n_treatment": 20, "mean_treatment": [1.0, 2, 3, 2, 1, 4],
    "sd_treatment": 1.0, "n_control": 20, "mean_control": [1.0, 1, 1, 2, 2, 1], "sd_control": 1.0,
    "year": [2001.0, 2003, 2004, 2008, 2010, 2011], "weeks": [2.0, 4, 6, 8, 10, 12],
    "dose per day": [1.0, 3, 2, 5, 4, 6], "mean/age": [60.0, 61, 65, 66, 70, 71],
    "class": [1.0, 2, 1, 2, 3, 3],
})  # fmt: skip
BARE = pd.DataFrame({"study": list("abc"), "estimate": [0.1, 0.2, 0.3], "standard_error": 0.1,
                     "year": [1.0, 2, 4]})  # fmt: skip


class Desk:
    """What lies ready when a mistake is made."""

    def __init__(self, folder):
        self.path = folder / "trials.csv"
        TABLE.to_csv(self.path, index=False)
        self.studies = bm.read_studies(TABLE)
        self.effects = bm.effect_sizes(self.studies, "MD")
        self.bare = bm.effect_sizes(bm.read_studies(BARE), "generic")
        self.posterior = self.fit()
        self.slope = self.fit(moderators="year", priors=SLOPE)

    def fit(self, **asked):
        """Fit with priors unless others are asked for."""
        return bm.fit(self.effects, engine="exact", **{"priors": OWN, **asked})

    def duration(self, **asked):
        """Ask of durations in the column weeks."""
        return bm.duration(self.effects, priors=PRIORS, column="weeks", **asked)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Return what lies ready, made once."""
    return Desk(tmp_path_factory.mktemp("desk"))


EFFECTS, POSTERIOR = "Effects are needed", "A posterior is needed"
TAKEN = ""
"""What a mistake says that is taken."""

MISTAKES = {
    # a table, a path or a posterior where effect sizes are wanted
    "fit(frame)": (lambda _: bm.fit(TABLE), EFFECTS),
    "fit(path)": (lambda _: bm.fit("trials.csv"), "effect_sizes('trials.csv', measure=...)"),
    "fit(studies)": (lambda d: bm.fit(d.studies), EFFECTS),
    "fit(posterior)": (lambda d: bm.fit(d.posterior), "a posterior was made of some: give those"),
    "build_model(frame)": (lambda _: bm.build_model(TABLE), EFFECTS),
    "compare(frame)": (lambda _: bm.compare(TABLE), EFFECTS),
    "duration(frame)": (lambda _: bm.duration(TABLE), EFFECTS),
    "duration(posterior)": (lambda d: bm.duration(d.posterior), EFFECTS),
    "designs(frame)": (lambda _: bm.designs(TABLE), EFFECTS),
    "subgroups(frame)": (lambda _: bm.subgroups(TABLE, column="class"), EFFECTS),
    "select_moderators(posterior)": (lambda d: bm.select_moderators(d.slope, ["year"]), EFFECTS),
    "pool(frame)": (lambda _: bm.pool(TABLE), EFFECTS),
    "pool(posterior)": (lambda d: bm.pool(d.posterior), EFFECTS),
    "egger(posterior)": (lambda d: bm.egger(d.posterior), EFFECTS),
    "trim_and_fill(posterior)": (lambda d: bm.trim_and_fill(d.posterior), EFFECTS),
    "calibrate(posterior)": (lambda d: bm.calibrate(d.posterior, tau=1.0), EFFECTS),
    "leave_one_out(frame)": (lambda _: bm.leave_one_out(TABLE), EFFECTS),
    # a path or a frame where a table is wanted
    "effect_sizes(path)": (lambda d: bm.effect_sizes(d.path, "MD"), TAKEN),
    "effect_sizes(str)": (lambda d: bm.effect_sizes(str(d.path), "MD"), TAKEN),
    "effect_sizes(frame)": (lambda _: bm.effect_sizes(TABLE, "MD"), TAKEN),
    "effect_sizes(effects)": (lambda d: bm.effect_sizes(d.effects, "MD"), "effect sizes already"),
    "effect_sizes(dict)": (lambda _: bm.effect_sizes({"study": ["a"]}, "MD"), "not a dict"),
    "read_studies(studies)": (lambda d: bm.read_studies(d.studies), "not a Studies"),
    "read_studies(list)": (lambda _: bm.read_studies([1]), "not a list"),
    # a posterior where a question is asked of an analysis: priors are stated once
    "compare(posterior)": (lambda d: bm.compare(d.posterior), TAKEN),
    "explain_gap(posterior)": (lambda d: bm.explain_gap(d.posterior), TAKEN),
    "leave_one_out(posterior)": (lambda d: bm.leave_one_out(d.posterior), TAKEN),
    "prior_sensitivity(posterior)": (lambda d: bm.prior_sensitivity(d.posterior), TAKEN),
    "prior_map(posterior)": (lambda d: bm.prior_map(d.posterior, mu_sds=[1.0]), TAKEN),
    "tipping_point(posterior)": (lambda d: bm.tipping_point(d.posterior, thresholds=[0.9]), TAKEN),
    "tipping_curve(posterior)": (lambda d: bm.tipping_curve(d.posterior), TAKEN),
    "power_scaling(posterior)": (lambda d: bm.power_scaling(d.posterior), TAKEN),
    "informativeness(posterior)": (lambda d: bm.informativeness(d.posterior), TAKEN),
    "prior_data_conflict(posterior)": (lambda d: bm.prior_data_conflict(d.posterior), TAKEN),
    "prior_predictive_table(posterior)": (lambda d: bm.prior_predictive_table(d.slope), TAKEN),
    "cumulative(posterior)": (lambda d: bm.cumulative(d.slope, by="year"), TAKEN),
    "subsets(posterior)": (lambda d: bm.subsets(d.posterior), TAKEN),
    "compare(one, other)": (lambda d: bm.compare(d.posterior, d.slope), "of one analysis"),
    # something else where a posterior is wanted
    "summary(effects)": (lambda d: bm.summary(d.effects), "fit(effects) of these"),
    "summary(path)": (lambda _: bm.summary("p.nc"), "read_posterior('p.nc')"),
    "summary(None)": (lambda _: bm.summary(None), POSTERIOR),
    "text(summary)": (lambda d: bm.text(bm.summary(d.posterior)), TAKEN),
    "heterogeneity(effects)": (lambda d: bm.heterogeneity(d.effects), POSTERIOR),
    "study_effects(frame)": (lambda _: bm.study_effects(TABLE), POSTERIOR),
    "plot_forest(effects)": (lambda d: bm.plot_forest(d.effects), POSTERIOR),
    "plot_posterior(frame)": (lambda _: bm.plot_posterior(TABLE), POSTERIOR),
    "save_posterior(effects)": (lambda d: bm.save_posterior(d.effects, "p.nc"), POSTERIOR),
    "read_posterior(frame)": (lambda _: bm.read_posterior(TABLE), "path of a saved posterior"),
    "read_posterior(csv)": (lambda d: bm.read_posterior(d.path), "not a NetCDF file"),
    "plot_bubble(effects)": (lambda d: bm.plot_bubble(d.effects), "bayesmeta.duration"),
    "plot_comparison(posterior)": (lambda d: bm.plot_comparison(d.posterior), "bayesmeta.compare"),
    "plot_leave_one_out(posterior)": (
        lambda d: bm.plot_leave_one_out(d.posterior), "bayesmeta.leave_one_out"),
    "stability(posterior)": (lambda d: bm.stability(d.posterior), "prior_sensitivity"),
    # moderators
    "moderators=[one]": (lambda d: d.fit(moderators=["year"], priors=SLOPE), TAKEN),
    "moderators=[two]": (lambda d: d.fit(moderators=["year", "C(class)"], priors=SLOPE), "class"),
    "moderators=~": (lambda d: d.fit(moderators="~ year", priors=SLOPE), TAKEN),
    "moderators=y ~ x": (lambda d: d.fit(moderators="yi ~ year", priors=SLOPE), "not a formula"),
    "moderators=(3,)": (lambda d: d.fit(moderators=(3,), priors=SLOPE), "write a formula"),
    "backticks, spaces": (lambda d: d.fit(moderators="`dose per day`", priors=SLOPE), TAKEN),
    "backticks, slash": (lambda d: d.fit(moderators="`mean/age` + year", priors=SLOPE), TAKEN),
    "backticks, keyword": (lambda d: d.fit(moderators="C(`class`)", priors=SLOPE), TAKEN),
    "spaces": (lambda d: d.fit(moderators="dose per day", priors=SLOPE), '="`dose per day`"'),
    "slash": (lambda d: d.fit(moderators="mean/age", priors=SLOPE), 'moderators="`mean/age`"'),
    "keyword": (lambda d: d.fit(moderators="class", priors=SLOPE), 'moderators="`class`"'),
    # priors
    "HalfNormal(10)": (lambda d: d.fit(priors={"tau": "HalfNormal(10)"}), ": HalfNormal(sigma=10)"),
    "Normal(0, 10)": (lambda d: d.fit(priors={"mu": "Normal(0, 10)"}), "Normal(mu=0, sigma=10)"),
    "half-normal": (lambda d: d.fit(priors={"tau": "half-normal(10)"}), "HalfNormal(sigma=10)."),
    "priors=text": (lambda d: d.fit(priors="HalfNormal(sigma=1)"), "of which parameters"),
    "priors=list": (lambda d: d.fit(priors=["HalfNormal(sigma=1)"]), "of which parameters"),
    "tau=10": (lambda d: d.fit(priors=OWN | {"tau": 10}), TAKEN),
    "no n": (lambda d: bm.fit(d.bare), "No prior in the outcome's unit for mu, tau, and"),
    "no n, tau stated": (
        lambda d: bm.fit(d.bare, priors={"tau": "HalfNormal(sigma=1)"}), "unit for mu, and"),
    "no n, beta missing": (
        lambda d: bm.fit(d.bare, moderators="year", priors=OWN), "unit for beta[year], and"),
    # words
    "measure=WMD": (lambda d: bm.effect_sizes(d.studies, "WMD"), TAKEN),
    "measure=md": (lambda d: bm.effect_sizes(d.studies, "md"), TAKEN),
    "measure=mean difference": (lambda d: bm.effect_sizes(d.studies, "Mean difference"), TAKEN),
    "measure=Hedges' g": (lambda d: bm.effect_sizes(d.studies, "Hedges' g"), TAKEN),
    "measure=d": (lambda d: bm.effect_sizes(d.studies, "d"), "Unknown measure 'd'; known: MD"),
    "shapes=Emax": (lambda d: d.duration(shapes=["constant", "Emax"]), TAKEN),
    "shapes=square root": (lambda d: d.duration(shapes=["constant", "square root"]), TAKEN),
    "shapes=text": (lambda d: d.duration(shapes="linear"), TAKEN),
    "column weeks": (lambda d: bm.duration(d.effects), "If 'weeks' holds the durations"),
    "engine=Exact": (lambda d: bm.fit(d.effects, engine="Exact"), "known: nuts, exact"),
    "model=random effects": (lambda d: bm.fit(d.effects, "random effects"), "random-effects"),
    "interval=95": (lambda d: bm.summary(d.posterior, interval=95), "such as 0.95"),
    "benefit=less": (lambda d: bm.leave_one_out(d.posterior, benefit="less"), "lower, higher"),
    "p=95": (lambda d: bm.quantile(d.posterior, "mu", 95), "between 0 and 1"),
    "run(csv)": (lambda d: bm.run(d.path, output=d.path.parent / "new"), "not TOML"),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, (_, said) in MISTAKES.items() if said])
def test_a_mistake_is_answered_in_a_sentence(name, desk):
    """One of our errors, which says what would do; never an error of another library."""
    mistake, said = MISTAKES[name]

    with pytest.raises(BayesmetaError, match=re.escape(said)):
        mistake(desk)


@pytest.mark.parametrize("name", [name for name, (_, said) in MISTAKES.items() if not said])
def test_what_is_unambiguous_is_taken(name, desk):
    """It gives an answer."""
    assert MISTAKES[name][0](desk) is not None


def test_there_are_as_many_mistakes_as_people_made():
    """Seventy-five at least."""
    assert len(MISTAKES) >= 75


def test_a_posteriors_priors_are_those_of_its_questions(desk):
    """Leave-one-out of a posterior and of its effects under its priors are one."""
    of_posterior = bm.leave_one_out(desk.posterior)
    of_effects = bm.leave_one_out(desk.effects, priors=OWN)

    pd.testing.assert_frame_equal(of_posterior, of_effects)


def test_a_posteriors_moderators_come_with_it(desk):
    """Power-scaling of a meta-regression has its slope."""
    assert "beta[year]" in bm.power_scaling(desk.slope).index


def test_a_comparison_of_a_posterior_has_its_priors_as_own(desk):
    """The row "own" is the posterior's median and interval."""
    row = bm.compare(desk.posterior).set_index("method").loc["Bayes (own)"]
    own = bm.summary(desk.posterior).loc["mu"]

    assert row[["estimate", "lower", "upper"]].tolist() == pytest.approx(
        own[["median", "lower", "upper"]].tolist()
    )


@pytest.mark.parametrize("name", ["dose per day", "mean/age", "class"])
def test_a_quoted_moderator_is_the_same_column_by_another_name(name, desk, tmp_path):
    """Slope and prediction equal those of the column renamed, also after saving and reading."""
    plain = bm.effect_sizes(TABLE.rename(columns={name: "x"}), "MD")
    expected = bm.fit(plain, moderators="x", priors=SLOPE, engine="exact")
    found = desk.fit(moderators=f"`{name}`", priors=SLOPE)
    again = bm.read_posterior(bm.save_posterior(found, tmp_path / "p.nc"))

    assert bm.summary(again).loc[f"beta[{name}]", "mean"] == pytest.approx(
        bm.summary(expected).loc["beta[x]", "mean"]
    )
    assert bm.predict(again, **{name: 3.0})["mean"].iloc[0] == pytest.approx(
        bm.predict(expected, x=3.0)["mean"].iloc[0]
    )


def test_a_quoted_column_may_stand_within_a_function(desk):
    """Levels of a column called class, a logarithm of a dose per day."""
    found = desk.fit(moderators="C(`class`) + log(`dose per day`)", priors=SLOPE)

    assert {"beta[C(class)[T.2.0]]", "beta[log(dose per day)]"} < set(bm.summary(found).index)


def test_the_order_of_pymc_is_the_one_that_is_written_out():
    """A message names parameters in PyMC's own order."""
    import inspect

    import pymc as pm

    from bayesmeta.spec.parsing import IN_ORDER

    for family, names in IN_ORDER.items():
        with contextlib.suppress(AttributeError):
            order = list(inspect.signature(getattr(pm, family).dist).parameters)
            assert order[: len(names)] == list(names), family


def test_numbers_stay_numbers(desk):
    """A list of standard errors is a design, no wrong object."""
    assert len(bm.calibrate([1.0, 2.0, 3.0], tau=1.0, rows=["DL"], simulations=100)) == 1
    assert np.isfinite(bm.pool([0.1, 0.2], variance=[0.1, 0.1]).coefficients).all()
