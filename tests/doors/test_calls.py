"""Calls that do not fit: a keyword that nobody takes, a value of another kind, a name in words."""

import pickle
import re

import pandas as pd
import pytest

import bayesmeta as bm
from bayesmeta.errors import BayesmetaError, CallError

OWN = {"mu": "Normal(mu=0, sigma=1)", "tau": "HalfNormal(sigma=1)"}
TABLE = pd.DataFrame({
    "study": list("abcdef"), "estimate": [0.1, 0.2, 0.3, 0.2, 0.1, 0.4], "standard_error": 0.1,
    "n": 40, "year": [2001.0, 2003, 2004, 2008, 2010, 2011],
    "duration_weeks": [2.0, 4, 6, 8, 10, 12], "design": ["RCT", "RCT", "cohort"] * 2,
    "region": list("xxyyzz"),
})  # fmt: skip


class Desk:
    """What lies ready when a mistake is made."""

    def __init__(self, folder):
        self.folder = folder
        self.effects = bm.effect_sizes(TABLE, "MD")
        self.posterior = self.fit()
        self.slope = self.fit(moderators="duration_weeks",
                              priors=OWN | {"beta": "Normal(mu=0, sigma=1)"})  # fmt: skip

    def fit(self, **asked):
        """Fit with priors unless others are asked for."""
        return bm.fit(self.effects, **{"engine": "exact", "priors": OWN, **asked})

    def prior(self, text, name="tau"):
        """Fit with one prior of one's own."""
        return self.fit(priors=OWN | {name: text})


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Return what lies ready, made once."""
    return Desk(tmp_path_factory.mktemp("desk"))


MISTAKES = {
    # keywords
    "effect_sizes(units=)": (lambda _: bm.effect_sizes(TABLE, "MD", units="d"), "mean 'unit'?"),
    "effect_sizes(table)": (lambda _: bm.effect_sizes(TABLE), "effect_sizes() needs measure"),
    "fit(interval=)": (lambda d: d.fit(interval=0.9), "'interval' goes with summary"),
    "fit(random_seed=)": (lambda d: d.fit(random_seed=1), "Did you mean 'seed'?"),
    "fit(mods=)": (lambda d: d.fit(mods="year"), "Did you mean 'moderators'?"),
    "summary(ci=)": (lambda d: bm.summary(d.posterior, ci=0.9), "Did you mean 'interval'?"),
    "summary(two)": (lambda d: bm.summary(d.posterior, 0.9), "1 value too many is given: name"),
    "compare(rows=)": (lambda d: bm.compare(d.effects, rows=["DL"]), "takes no 'rows'"),
    "explain_gap(x=)": (lambda d: bm.explain_gap(d.effects, x=1), "takes no 'x'"),
    "build_model(x=)": (lambda d: bm.build_model(d.effects, x=1), "takes no 'x'"),
    "correlation_strip(x=)": (lambda d: bm.correlation_strip(d.effects, x=1), "takes no 'x'"),
    "leave_one_out(x=)": (lambda d: bm.leave_one_out(d.effects, x=1), "This question takes no 'x'"),
    "subgroups(by=)": (lambda d: bm.subgroups(d.effects, by="region"), "Did you mean 'column'?"),
    "forest_pages(rows=)": (lambda d: bm.forest_pages(d.posterior, rows=3), "'rows_a_page'"),
    "calibrate()": (lambda d: bm.calibrate(d.effects), "calibrate() needs tau: tau=..."),
    "pool(standard_error=)": (lambda _: bm.pool([1.0], standard_error=[1.0]), "mean 'variance'?"),
    "pool(effects, DL)": (lambda d: bm.pool(d.effects, "DL"), "variances of their own"),
    # values of another kind
    "interval=95%": (lambda d: bm.summary(d.posterior, interval="95%"), "The interval is 95%"),
    "interval=pair": (lambda d: bm.summary(d.posterior, interval=(0.1, 0.9)), "such as 0.95"),
    "interval=None": (lambda d: bm.compare(d.effects, interval=None), "The interval is None"),
    "benefit=-1": (lambda d: bm.text(d.posterior, benefit=-1), "one of: lower, higher"),
    "benefit=Lower": (lambda d: bm.plot_forest(d.posterior, benefit="Lower"), "'Lower'"),
    "difference=text": (
        lambda d: bm.text(d.posterior, benefit="lower", minimal_important_difference="3"),
        "difference is '3'; it must be above 0"),
    "difference=True": (
        lambda d: bm.text(d.posterior, benefit="lower", minimal_important_difference=True), "True"),
    "duration: difference=text": (
        lambda d: bm.duration(d.effects, minimal_important_difference="3"), "difference is '3'"),
    "weeks=text": (lambda d: bm.duration(d.effects, weeks="4"), "'4' is no duration"),
    "at=9": (lambda d: bm.leave_one_out(d.slope, at=9), "say of which moderator"),
    "null=zero": (lambda d: bm.leave_one_out(d.posterior, null="zero"), "null is zero"),
    "thresholds=text": (
        lambda d: bm.tipping_point(d.posterior, thresholds="0.9"), "such as [0.975]"),
    "predict([])": (lambda d: bm.predict(d.slope, duration_weeks=[]), "give one at least"),
    "quantity=list": (lambda d: bm.quantile(d.posterior, ["mu"], 0.5), "has no ['mu']"),
    "measure=list": (lambda _: bm.effect_sizes(TABLE, ["MD"]), "Unknown measure ['MD']"),
    "unit=5": (lambda _: bm.effect_sizes(TABLE, "MD", unit=5), 'such as unit="days"'),
    "model=1": (lambda d: d.fit(model=1), "The model is 1"),
    "missing=omit": (lambda d: d.fit(missing="omit"), "known: error, drop"),
    "prior of 1": (lambda d: d.prior("HalfNormal(sigma=1)", name=1), "1 is no parameter's name"),
    "nu=0": (lambda d: d.fit(model="student-t", priors=OWN | {"nu": 0}), "it lies above 0"),
    "title=5": (lambda d: bm.plot_forest(d.posterior, title=5), "title is 5"),
    "axes=text": (lambda d: bm.plot_weights(d.posterior, axes="x"), "plt.subplots()"),
    "dpi=text": (
        lambda d: bm.save_figure(bm.plot_prior("HalfNormal(sigma=1)"), d.folder / "x.png",
                                 dpi="300"), "'300' pixels"),
    "save_figure(path, figure)": (
        lambda d: bm.save_figure(d.folder / "x.png", None), "save_figure(figure, 'forest.png')"),
    "save_posterior(None)": (lambda d: bm.save_posterior(d.posterior, None), "path of a file"),
    "save_posterior(csv)": (
        lambda d: bm.save_posterior(d.posterior, d.folder / "p.csv"), "the ending .nc"),
    "read_posterior(folder)": (lambda d: bm.read_posterior(d.folder), "a folder; name the file"),
    "studies_differ_by(x)": (lambda _: bm.studies_differ_by("x"), "The value is 'x'"),
    "parse_prior(None)": (lambda _: bm.parse_prior(None), "None is not a prior"),
    "mantel_haenszel(frame)": (lambda _: bm.mantel_haenszel(TABLE), "Effects are needed"),
    "gap_sentences(frame)": (lambda _: bm.gap_sentences(TABLE), "bayesmeta.explain_gap"),
    "columns=list": (lambda _: bm.read_studies(TABLE, columns=["study"]), '{"study": "author"}'),
    "columns turned": (
        lambda _: bm.read_studies(TABLE.rename(columns={"study": "author"}),
                                  columns={"author": "study"}), '{"study": "author"}'),
    # names that are nearly right
    "weeks": (lambda d: d.fit(moderators="weeks"), "Did you mean 'duration_weeks'?"),
    "Duration weeks": (lambda d: d.fit(moderators="Duration weeks"), "mean 'duration_weeks'?"),
    "a, b": (lambda d: d.fit(moderators="year, region"), "by +, never by a comma"),
    "~ 1": (lambda d: d.fit(moderators="~ 1"), "with the intercept alone the moderators"),
    "dsgn": (lambda d: bm.subgroups(d.effects, column="dsgn"), "Did you mean 'design'?"),
    "groups of one": (lambda d: bm.subgroups(d.effects, column="year"), "is a single study"),
    "random": (lambda d: d.fit(model="random"), "Did you mean 'random-effects'?"),
    "fixed": (lambda d: d.fit(model="fixed"), "Did you mean 'common-effect'?"),
    "three-level": (lambda d: d.fit(model="three-level"), "Did you mean 'nested'?"),
    "prior of Mu": (lambda d: d.prior("Normal(mu=0, sigma=1)", name="Mu"), "Did you mean 'mu'?"),
    "prior of mean": (lambda d: d.prior("Normal(mu=0, sigma=1)", "mean"), "Did you mean 'mu'?"),
    "quantity=Mu": (lambda d: bm.quantile(d.posterior, "Mu", 0.5), "Did you mean 'mu'?"),
    "correlation": (lambda _: bm.effect_sizes(TABLE, "correlation"), "'ZCOR'"),
    "hazard": (lambda _: bm.effect_sizes(TABLE, "hazard"), "'HR' (Hazard ratio)"),
    "no design": (
        lambda _: bm.designs(bm.effect_sizes(TABLE.drop(columns="design"), "MD")),
        'design="COLUMN"'),
    "column of durations": (
        lambda d: bm.duration(d.effects, column="week"), 'say column="duration_weeks"'),
    "cumulative(posterior)": (
        lambda d: bm.cumulative(d.posterior, by="year"), "A posterior keeps no column 'year'"),
    # priors as others write them
    "half-Cauchy": (lambda d: d.prior("half-Cauchy(0.5)"), "write HalfCauchy(beta=0.5)."),
    "pm.": (lambda d: d.prior('pm.HalfNormal("tau", sigma=1)'), "write HalfNormal(sigma=1)."),
    "decimal comma": (lambda d: d.prior("HalfNormal(sigma=1,5)"), "write HalfNormal(sigma=1.5)."),
    "square brackets": (lambda d: d.prior("HalfNormal[sigma=1]"), "write HalfNormal(sigma=1)."),
    "Turner(mortality)": (lambda _: bm.turner("mortality"), "'mortality' fits several"),
}  # fmt: skip
CELLS = {
    "10%": "without its per cent sign", "0.1 days": "the unit elsewhere",
    "01-Feb": "a date of it", "3/20": "have a column each",
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_call_that_does_not_fit_is_answered_in_a_sentence(name, desk):
    """One of our errors, which says what would do."""
    mistake, said = MISTAKES[name]

    with pytest.raises(BayesmetaError, match=re.escape(said)):
        mistake(desk)


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_that_is_nearly_a_number_says_what_would_do(cell):
    """Its advice stands behind the cell."""
    table = TABLE.assign(estimate=[cell, "0.2", "0.3", "0.2", "0.1", "0.4"])

    with pytest.raises(BayesmetaError, match=re.escape(CELLS[cell])):
        bm.read_studies(table)


def test_a_unit_in_a_heading_is_no_riddle():
    """The columns without their units are offered to paste."""
    table = TABLE.rename(columns={"estimate": "estimate (mg)", "standard_error": "standard_error "
                                  "[mg]"})  # fmt: skip

    with pytest.raises(BayesmetaError, match=re.escape('"standard_error": "standard_error [mg]"')):
        bm.effect_sizes(table, "MD")


def test_studies_in_the_index_are_read(desk):
    """An index that has a name is a column, and that is noted."""
    found = bm.effect_sizes(TABLE.set_index("study"), "MD")

    assert found.labels == desk.effects.labels
    assert any("index, 'study', is taken as a column" in note for note in found.studies.notes)


def test_one_family_is_a_list_of_one(desk):
    """A word where words are wanted, a number where numbers are."""
    alone = bm.prior_map(desk.posterior, families="HalfNormal", mu_sds=[1.0], tau_scales=[1.0])
    tips = bm.tipping_point(desk.posterior, thresholds=0.9)

    assert alone.sizes["family"] == 1
    assert "P(mu < 0) = 0.9" in tips.index.get_level_values(1)


def test_a_question_of_a_posterior_has_its_direction(desk):
    """Benefit is what the posterior was told, unless another is said."""
    from bayesmeta.summaries.remembered import remember

    told = remember(desk.posterior, "higher", None)

    assert bm.leave_one_out(told).attrs["event"] == "mu > 0"
    assert bm.leave_one_out(told, benefit="lower").attrs["event"] == "mu < 0"


def test_too_small_a_benefit_is_no_harm(desk):
    """Where the null is a difference that matters, nothing beyond it is no harm."""
    table = bm.prior_sensitivity(desk.effects, priors=OWN, benefit="higher", null=3.0)

    assert "no effect beyond 3 at 0.975" in bm.stability(table)


def test_an_error_of_a_call_is_also_pythons():
    """Who catches a TypeError catches it."""
    with pytest.raises(TypeError):
        bm.summary()
    assert issubclass(CallError, BayesmetaError)


def test_verbs_can_be_sent_to_other_processes():
    """Pickle finds each where it was got."""
    assert pickle.loads(pickle.dumps(bm.fit)) is bm.fit  # noqa: S301 - our own


def test_verbs_say_what_they_take():
    """Signature and help are the function's own."""
    import inspect

    from bayesmeta.summaries.summary import summary

    assert inspect.signature(bm.summary) == inspect.signature(summary)
    assert bm.summary.__doc__ == summary.__doc__


def test_one_groups_events_are_read_under_metafors_names():
    """`xi` of `ni` patients are a proportion, `xi` in `ti` years a rate."""
    shares = pd.DataFrame({"study": list("ab"), "xi": [3, 5], "ni": [10, 10]})
    rates = pd.DataFrame({"study": list("ab"), "xi": [3, 5], "ti": [10.0, 20.0]})

    assert bm.effect_sizes(shares, "PLO").estimate[1] == pytest.approx(0.0)
    assert bm.effect_sizes(rates, "IRLN").estimate[1] == pytest.approx(-1.3862943611198906)


def test_columns_of_another_measure_are_named():
    """Means where odds are asked for: the measures whose columns they are."""
    table = pd.DataFrame({"study": ["a"], "n1i": 9, "m1i": 1.0, "sd1i": 1.0, "n2i": 9, "m2i": 1.0,
                          "sd2i": 1.0})  # fmt: skip

    with pytest.raises(BayesmetaError, match="Its columns are those of MD or SMD"):
        bm.effect_sizes(table, "OR")


def test_a_formula_for_tau_is_called_so():
    """A tilde is taken, and an absent column is tau's."""
    effects = bm.effect_sizes(TABLE, "MD")
    priors = OWN | {"gamma": "Normal(mu=0, sigma=1)"}
    with pytest.raises(BayesmetaError, match=r"^tau_formula 'weeks': no column"):
        bm.fit(effects, "location-scale", tau_formula="weeks", priors=priors, engine="exact")

    assert bm.build_model(effects, "location-scale", tau_formula="~ duration_weeks") is not None


PRINTED = {
    "studies": (lambda d: d.effects.studies, "Studies of DataFrame, 6 rows; columns: study"),
    "effects": (lambda d: d.effects, "Effects: MD, 6 rows of DataFrame\nstudy        n"),
    "prior": (lambda _: bm.parse_prior("HalfNormal(sigma=5)"), "Prior('HalfNormal(sigma=5)')"),
    "model": (lambda _: bm.load_model("random-effects"), "Model random-effects: Normal-normal"),
    "published": (lambda _: bm.search_priors("cytokine")[0], "<Rhodes, tau: SMD; biological"),
    "Kenward-Roger": (lambda d: bm.kenward_roger(d.effects), "Kenward-Roger, tau "),
    "cluster-robust": (
        lambda _: bm.cluster_robust([1.0, 2, 3, 4], [[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0],
                                                     [0, 0, 0, 1]], list("abcd")),
        "Cluster-robust (CR2), 4 clusters\n  2.5 ("),
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_an_object_prints_as_it_is_read(name, desk):
    """No fields and no arrays: a few lines."""
    make, said = PRINTED[name]
    printed = repr(make(desk))

    assert printed.startswith(said)
    assert "array(" not in printed
    assert "mappingproxy" not in printed


def test_a_change_is_parted_among_the_shapes_there_are():
    """With three durations there is no flexible shape, and none is named."""
    from bayesmeta.duration_response.text import text

    few = bm.effect_sizes(TABLE.iloc[:3], "MD")
    said = text(bm.duration(few, priors={"tau": "HalfNormal(sigma=1)"}))

    assert "the rest in equal parts to curves and jumps, equal within each" in said
    # The direction is taken, and said so: only the difference is missing.
    assert "where lower is better" in said
    assert "that needs a minimal important difference." in said


def test_one_is_singular():
    """A scale of one point, and of two points."""
    effects = bm.effect_sizes(TABLE, "MD", unit="points")
    table = bm.tipping_point(effects, priors=OWN, thresholds=[0.9])

    assert "(HalfNormal, 1 point, " in table.loc["tau", "sentence"].iloc[0]
