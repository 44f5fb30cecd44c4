"""The members with t effects, in rows beside those with normal ones."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.cohorts import contract
from bayesmeta.cohorts.contract import write_tables
from bayesmeta.cohorts.evidence import cohorts_alone
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.sentences import sentences
from bayesmeta.cohorts.tails.known import Known
from bayesmeta.engines.lines import integrate_lines
from bayesmeta.errors import AnalysisError, ModelError

Y, S = [-3.1, -8.0, -11.2, -5.5, 2.0], [1.9, 2.2, 1.4, 2.8, 1.2]
DESIGN = ["RCT", "cohort", "RCT", "cohort", "RCT"]
PRIORS = {"mu": "Normal(mu=1, sigma=6)", "tau": 3.0, "bias": "Normal(mu=0, sigma=5)"}


@pytest.fixture(scope="module")
def table(sized):
    """Three trials beside two cohorts; tau is a number, so that each integral is quick."""
    return sized(Y, S, DESIGN, weeks=[2.0, 3, 4, 6, 9])


@pytest.fixture(scope="module")
def normal(table):
    """The answer with normal effects."""
    return bm.designs(table, priors=PRIORS, spread="common", points=5)


@pytest.fixture(scope="module")
def found(table):
    """The answer with t effects beside."""
    return bm.designs(table, priors=PRIORS, spread="common", points=5, heterogeneity="student-t")


@pytest.fixture(scope="module")
def tailed(found):
    """Its rows with t effects, by name and power."""
    return {(row.member, row.power): row for row in found.rows if row.heterogeneity != "normal"}


def test_every_member_has_a_row_with_t_effects_beside_the_normal_one(normal, found):
    """The normal ones first and as they were, then the same names; so are the dials."""
    names = [row.label for row in normal.rows]

    assert [row.label for row in found.rows] == [*names, *(f"{name}, t effects" for name in names)]
    assert found.members.iloc[: len(names)].equals(normal.members)
    assert found.over_bias.equals(normal.over_bias)
    assert normal.tails is None
    assert len(found.tails.over_bias) == len(found.tails.over_power) == 5


SAME = [("naive", None, "random-effects", {}), ("design-bias", None, "design-bias", {}),
        ("power-prior", 0.5, "power-prior", {"power": 0.5}),
        ("probably-biased", None, "probably-biased", {})]  # fmt: skip


@pytest.mark.parametrize(("member", "power", "model", "choices"), SAME,
                         ids=[case[0] for case in SAME])  # fmt: skip
def test_a_row_is_the_fit_of_its_model(table, tailed, member, power, model, choices):
    """Mean, SD and interval of mu are those of the model by itself, on lattices of its own."""
    spread = {} if model == "random-effects" else {"spread": "common"}
    roles = {"heterogeneity": "student-t", **spread, **{n: str(w) for n, w in choices.items()}}
    own = {name: prior for name, prior in PRIORS.items()
           if name != "bias" or "bias" in model}  # fmt: skip
    lines = integrate_lines(assemble(table, model, priors=own, roles=roles))
    mu = lines.combination(np.eye(lines.design.shape[1])[0])

    known = tailed[member, power].parameters["mu"]
    assert [known[name] for name in ("mean", "sd", "lower", "upper")] == pytest.approx(
        [mu.mean()[0], mu.sd()[0], *mu.interval(0.95)[0]], rel=1e-8
    )


def test_the_ends_of_the_power_are_the_trials_alone_and_both_pooled(tailed):
    """With t effects as with normal ones, evidence and shares too."""
    for power, end in ((0.0, "trials-only"), (1.0, "naive")):
        one, other = tailed["power-prior", power], tailed[end, None]
        assert one.parameters["mu"]["median"] == pytest.approx(other.parameters["mu"]["median"])
        assert one.log_trials_given_cohorts == pytest.approx(other.log_trials_given_cohorts)
        assert one.cohort_share == pytest.approx(other.cohort_share, abs=5e-3)


def test_the_cohorts_share_is_that_of_normals_with_scales_drawn_from_their_prior(tailed):
    """Effects are normal given u ~ Gamma(2, rate 2): shares by importance, of 4e5 draws."""
    u = stats.gamma.rvs(2, scale=0.5, size=(400_000, 5), random_state=1)
    variance = np.array(S) ** 2 + 9 / u
    precision = np.sum(1 / variance, axis=1) + 1 / 36
    centre = (np.array(Y) / variance).sum(axis=1) + 1 / 36
    log_weight = (
        -0.5 * np.log(variance).sum(axis=1) - 0.5 * np.log(precision)
        - 0.5 * (np.array(Y) ** 2 / variance).sum(axis=1) + 0.5 * centre**2 / precision
    )  # fmt: skip
    weight = np.exp(log_weight - log_weight.max())
    share = (1 / variance)[:, [1, 3]].sum(axis=1) / precision

    expected = weight @ share / weight.sum()
    assert tailed["naive", None].cohort_share == pytest.approx(expected, abs=6e-3)


@pytest.mark.parametrize("member", ["design-bias", "moderator"])
def test_cohorts_alone_are_integrated_over_the_sum_of_their_coefficients(found, tailed, member):
    """Their evidence is that over both coefficients."""
    assembly, question = tailed[member, None].posed.assembly, found.question
    asked = type(question)(**{**vars_of(question), "heterogeneity": "student-t"})
    both = integrate_lines(assembly, question.cohort)
    one = integrate_lines(cohorts_alone(assembly, asked), question.cohort)

    assert len(one.design[0]) == 1
    assert one.log_marginal_likelihood == pytest.approx(both.log_marginal_likelihood, abs=1e-8)


def vars_of(question):
    """Return what a question was made of."""
    return {name: getattr(question, name) for name in type(question).__dataclass_fields__}


def test_what_cannot_have_t_effects_is_left_out_with_its_reason(table, monkeypatch):
    """One member whose model is refused; all others stay."""
    assembled = Question.assembled

    def refused(question, model, choices=None):
        if model == "probably-biased" and question.heterogeneity != "normal":
            raise ModelError("not with t effects.")
        return assembled(question, model, choices)

    monkeypatch.setattr(Question, "assembled", refused)
    found = bm.designs(table, priors=PRIORS, spread="common", points=5, heterogeneity="student-t")

    names = [row.member for row in found.rows]
    assert (names.count("probably-biased"), names.count("naive")) == (1, 2)
    assert (
        "The member probably-biased with t effects is left out: not with t effects."
        in found.warnings
    )


def test_priors_that_are_not_normal_leave_no_member_out(table):
    """Design as a moderator goes by lattices then, as the mean and the SD of its fit say."""
    priors = {**PRIORS, "mu": "StudentT(nu=5, mu=1, sigma=6)"}
    found = bm.designs(table, priors=priors, spread="common", points=5,
                       heterogeneity="student-t")  # fmt: skip
    rows = {row.member: row for row in found.rows if row.heterogeneity != "normal"}
    mu = rows["moderator"].posed
    effect = integrate_lines(mu.assembly).combination(mu.row)
    biased = rows["design-bias"].posed
    other = integrate_lines(biased.assembly)

    assert rows["moderator"].parameters["mu"]["sd"] == pytest.approx(effect.sd()[0], rel=1e-9)
    known = rows["design-bias"].parameters
    expected = [other.combination(row).sd()[0] for row in np.eye(2)]
    assert [known["mu"]["sd"], known["bias"]["sd"]] == pytest.approx(expected, rel=1e-8)
    alone = integrate_lines(biased.assembly, found.question.cohort).log_marginal_likelihood[0]
    assert rows["design-bias"].log_trials_given_cohorts == pytest.approx(
        other.log_marginal_likelihood[0] - alone, abs=1e-8
    )


@pytest.fixture(scope="module")
def sloped(table):
    """The rows with t effects beside a slope, by name and power."""
    priors = {**PRIORS, "beta": "Normal(mu=0, sigma=1.5)"}
    found = bm.designs(table, priors=priors, spread="common", points=5, moderators="weeks",
                       heterogeneity="student-t")  # fmt: skip
    return {(row.member, row.power): row for row in found.rows if row.heterogeneity != "normal"}


@pytest.fixture(scope="module")
def told():
    """Return nodes of slope and effect, and what trials and cohorts say by trapezoid rules."""
    weeks = np.array([2.0, 3, 4, 6, 9])
    slope, effect = np.arange(-9.0, 9.01, 0.3), np.arange(-50.0, 50.1, 0.5)
    z = np.linspace(-8, 8, 121)
    total = {True: np.zeros((slope.size, effect.size)), False: np.zeros((slope.size, effect.size))}
    for y, s, design, week in zip(Y, S, DESIGN, weeks - weeks.mean(), strict=True):
        centre = effect + week * slope[:, np.newaxis]
        theta = y + s * z
        density = sum(
            weight * stats.t.pdf(theta_, 4, centre, 3.0)
            for theta_, weight in zip(theta, stats.norm.pdf(z) * (z[1] - z[0]), strict=True)
        )
        total[design != "RCT"] += np.log(density)
    return slope, effect, total[False], total[True]


def test_a_bias_beside_a_slope_is_the_integral_over_all_three(sloped, told):
    """Mean and SD of effect, slope and bias, and the evidence, by brute force on a grid."""
    slope, effect, trials, cohorts = told
    prior = stats.norm.logpdf(slope, 0, 1.5)[:, np.newaxis]
    step = (slope[1] - slope[0]) * (effect[1] - effect[0]) ** 2
    bias = effect - effect[:, np.newaxis]
    one = np.exp(trials + prior + stats.norm.logpdf(effect, 1, 6) + 15)
    both = one[:, :, np.newaxis] * np.exp(cohorts + 10)[:, np.newaxis] * stats.norm.pdf(bias, 0, 5)
    total = both.sum()
    expected = {}
    for name, at in (("mu", effect[:, np.newaxis]), ("bias", bias),
                     ("beta[weeks]", slope[:, np.newaxis, np.newaxis])):  # fmt: skip
        mean = (both * at).sum() / total
        expected[name] = [mean, np.sqrt((both * (at - mean) ** 2).sum() / total)]
    alone = np.exp(cohorts + prior + stats.norm.logpdf(effect, 1, np.hypot(6, 5)) + 10).sum()
    alone *= (slope[1] - slope[0]) * (effect[1] - effect[0])

    row = sloped["design-bias", None]
    for name, known in expected.items():
        found = [row.parameters[name][each] for each in ("mean", "sd")]
        assert found == pytest.approx(known, abs=1e-5)
    evidence = np.log(total * step) - 15 - np.log(alone)
    assert row.log_trials_given_cohorts == pytest.approx(evidence, abs=1e-5)


def test_design_as_a_moderator_is_a_bias_whose_slope_is_centred(sloped, told):
    """The effect in trials by brute force: mu and the slope of design are normal a priori."""
    slope, effect, trials, cohorts = told
    row = sloped["moderator", None]
    share = 0.4  # two of five are cohorts
    bias = effect - effect[:, np.newaxis]
    prior = stats.norm.pdf(effect[:, np.newaxis] + share * bias, 1, 6)
    prior = prior * stats.norm.pdf(bias, 0, 1.5)
    one = np.exp(trials + stats.norm.logpdf(slope, 0, 1.5)[:, np.newaxis] + 15)
    both = (one.T @ np.exp(cohorts + 10)) * prior
    along = both.sum(axis=1) / both.sum()
    mean = along @ effect

    found = [row.parameters["mu"][each] for each in ("mean", "sd")]
    assert found == pytest.approx([mean, np.sqrt(along @ (effect - mean) ** 2)], abs=1e-5)


def test_powers_beside_a_slope_are_those_of_lattices(table, sloped):
    """Half of the cohorts' likelihood: mean, SD and evidence of the engine of two coefficients."""
    priors = {"mu": PRIORS["mu"], "tau": 3.0, "beta": "Normal(mu=0, sigma=1.5)"}
    roles = {"heterogeneity": "student-t", "power": "0.5"}
    assembly = assemble(table, "power-prior", moderators="weeks", priors=priors, roles=roles)
    both, alone = (integrate_lines(assembly, taking)
                   for taking in (None, np.array([0.0, 1, 0, 1, 0])))  # fmt: skip
    mu, row = both.combination(np.eye(2)[0]), sloped["power-prior", 0.5]
    found = [row.parameters["mu"][each] for each in ("mean", "sd", "lower")]
    evidence = both.log_marginal_likelihood[0] - alone.log_marginal_likelihood[0]

    assert found == pytest.approx([mu.mean()[0], mu.sd()[0], mu.interval(0.95)[0, 0]], abs=1e-5)
    assert row.log_trials_given_cohorts == pytest.approx(evidence, abs=1e-8)


def test_the_dials_with_t_effects_end_where_members_do(found, tailed):
    """No bias pools; power 1 too, and power 0 is of trials alone; the usual u is the member's."""
    bias, power = found.tails.over_bias, found.tails.over_power
    ends = {"naive": [bias.iloc[0], power.iloc[-1]], "trials-only": [power.iloc[0]]}
    for name, points in ends.items():
        mu = tailed[name, None].parameters["mu"]
        for point in points:
            assert [point[each] for each in ("mean", "sd", "lower")] == pytest.approx(
                [mu["mean"], mu["sd"], mu["lower"]], rel=1e-8
            )


def test_a_flat_bias_leaves_the_cohorts_out_of_the_effect_of_a_known_tau(found, tailed):
    """With tau a number nothing else joins the designs: trials alone, and no share."""
    last, mu = found.tails.over_bias.iloc[-1], tailed["trials-only", None].parameters["mu"]

    assert last["u"] == np.inf
    assert [last["mean"], last["sd"]] == pytest.approx([mu["mean"], mu["sd"]], rel=1e-8)
    assert last["cohort_share"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("where", [2.0, 0.5])
def test_the_dial_is_smooth_where_its_rules_meet(where, found):
    """The cohorts' grid, a finer one, and nodes around each centre: a parabola goes through."""
    question = replace(found.question, heterogeneity="student-t", spread="common")
    known = Known(question)
    step = known.tables.nodes[0].cohort_step
    sds = step * where * np.array([0.998, 0.999, 1.001, 1.002])
    means = [known.biased(sd).combination(np.eye(2)[0]).mean()[0] for sd in sds]

    assert np.polyval(np.polyfit(sds[[0, 1, 3]], np.array(means)[[0, 1, 3]], 2), sds[2]) == (
        pytest.approx(means[2], abs=1e-8)
    )


def test_crossings_with_t_effects_stand_at_the_threshold(table):
    """P(benefit) there is the threshold; the sentence says of which effects it is."""
    found = bm.designs(table, priors=PRIORS, spread="common", points=7, threshold=0.9,
                       heterogeneity="student-t")  # fmt: skip
    known = Known(replace(found.question, heterogeneity="student-t", spread="common"))
    assert found.tails.crossings
    for item in found.tails.crossings:
        at = known.biased(item.at) if item.dial == "u" else known.pooling(item.at)
        effect = at.combination(at.rows["effect"])
        assert effect.cdf(np.array([0.0]))[..., 0] == pytest.approx(item.threshold, abs=1e-8)
    assert any("with t effects P(mu < 0)" in said for said in sentences(found))


@pytest.mark.slow
def test_beside_two_slopes_the_dials_are_left_out_by_name(sized):
    """Tables have one; the reason names both. Rows are there: `test_two_slopes.py`."""
    table = sized(Y, S, DESIGN, a=[1.0, 2, 3, 4, 5], b=[2.0, 1, 4, 2, 3])
    priors = {**PRIORS, "beta": "Normal(mu=0, sigma=1)"}
    found = bm.designs(table, priors=priors, spread="common", points=5, moderators="a + b",
                       heterogeneity="student-t")  # fmt: skip

    assert {row.heterogeneity for row in found.rows} == {"normal", "student-t"}
    assert found.tails is None
    assert any("dials with t effects are left out" in said and "beta[a], beta[b]" in said
               for said in found.warnings)  # fmt: skip


def test_text_and_json_say_which_effects_a_row_has(found):
    """A share that is none is null."""
    rows = json.loads(json.dumps(contract(found), allow_nan=False))["rows"]

    assert {row["heterogeneity"] for row in rows} == {"normal", "student-t"}
    assert [row["cohort_share"] for row in rows if row["power"] == 0.5][1] is None
    assert "probably biased, t effects" in found.as_text()


def test_the_dials_with_t_effects_are_in_json_files_and_figure(found, normal, tmp_path):
    """Under names of their own, beside those with normal effects."""
    told = json.loads(json.dumps(contract(found), allow_nan=False))["student_t"]
    files = {path.name for path in write_tables(found, tmp_path)}
    figure = bm.plot_designs_dial(found)
    drawn = {line.get_gid() for axes in figure.axes for line in axes.lines}

    assert [len(told["dial"][name]) for name in ("u", "power")] == [5, 5]
    assert contract(normal)["student_t"] is None
    assert {"over_bias_student_t.csv", "over_power_student_t.csv"} <= files
    assert "median, t effects" in drawn
    for axes in figure.axes:
        low, high = axes.get_ylim()
        for line in axes.lines:
            if "t effects" in line.get_gid():
                assert low <= line.get_ydata().min() <= line.get_ydata().max() <= high


def test_the_longest_name_has_room_beside_its_ridge(found):
    """No row's name leaves the figure at the left."""
    figure = bm.plot_designs_ridges(found)
    figure.canvas.draw()

    names = figure.axes[0].get_yticklabels()
    assert any("t effects" in name.get_text() for name in names)
    assert min(name.get_window_extent().x0 for name in names) >= 0


def test_an_unknown_heterogeneity_is_refused(table):
    """With those that there are."""
    with pytest.raises(AnalysisError, match="the members have: normal, student-t"):
        bm.designs(table, heterogeneity="contaminated")
