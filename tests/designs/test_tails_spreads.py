"""The members with t effects whose scale in cohorts is another than in trials."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.interpolate import CubicSpline

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.cohorts import contract
from bayesmeta.cohorts.answers import Posed, effect, parameters
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.tails.known import Known
from bayesmeta.cohorts.text import tail_dial_grid
from bayesmeta.engines.further.axis import Axis
from bayesmeta.engines.further.even import EvenWalk, axis_of
from bayesmeta.engines.further.locating import located
from bayesmeta.engines.lines import integrate_lines
from bayesmeta.priors import density
from bayesmeta.spec import Prior, prior_from_toml

Y, S = [-3.1, -8.0, -11.2, -5.5, 2.0, -9.4], [1.9, 2.2, 1.4, 2.8, 1.2, 1.6]
DESIGN = ["RCT", "cohort", "RCT", "cohort", "RCT", "cohort"]
FREE = {"mu": "Normal(mu=1, sigma=6)", "bias": "Normal(mu=0, sigma=5)",
        "tau": "HalfNormal(sigma=3)", "kappa": "HalfNormal(sigma=2)",
        "tau_cohort": "HalfNormal(sigma=3)"}  # fmt: skip
FIXED = {**FREE, "tau": 3.0, "kappa": 2.0, "tau_cohort": 4.0}


@pytest.fixture(scope="module")
def table(sized):
    """Three trials beside three cohorts."""
    return sized(Y, S, DESIGN, weeks=[2.0, 3, 4, 6, 9, 5])


@pytest.fixture(scope="module")
def asked(table):
    """Return a function from priors and choices to what is known with t effects."""
    cohort = np.array([float(word != "RCT") for word in DESIGN])

    def known(priors, **choices):
        stated = {name: prior_from_toml(prior, where=name) for name, prior in priors.items()}
        return Known(Question(table, table, "design", "RCT", cohort, priors=stated,
                              heterogeneity="student-t", **choices))  # fmt: skip

    return known


@pytest.fixture(scope="module")
def free(asked):
    """With the usual spread, both of its scales free."""
    return asked(FREE)


def _numbers(known, sd):
    """Return means, SDs and medians of effect, bias and scales under one SD of the bias."""
    found = known.biased(sd)
    names = [name for name in found.rows if name != "bias" or 0 < sd < np.inf]
    every = {name: found.combination(found.rows[name]) for name in names}
    every |= {name: found.heterogeneity(name) for name in known.tables.values}
    return {name: [each.mean()[0], each.sd()[0], each.median()[0]] for name, each in every.items()}


def _mu(integral):
    """Return mean, SD and interval of the first coefficient."""
    mu = integral.combination(np.eye(integral.design.shape[1])[0])
    return [mu.mean()[0], mu.sd()[0], *mu.interval(0.95)[0]]


EFFECT = np.linspace(-45, 40, 171)
LOGS = np.arange(-12.0, 3.7, 0.2)
SCALE = np.exp(LOGS)


LOG_U = np.arange(-24.0, 3.3, 0.2)
STEP = EFFECT[1] - EFFECT[0]


def _told(design, scales):
    """Return what a design's rows say of their effect, (scale, effect), by a rule over logs of u.

    Effects are normal given u ~ Gamma(2, rate 2).
    """
    weight = stats.gamma.pdf(np.exp(LOG_U), 2, scale=0.5) * np.exp(LOG_U) * 0.2
    total = np.zeros((scales.size, EFFECT.size))
    for y, s, own in zip(Y, S, DESIGN, strict=True):
        if own == design:
            variance = s**2 + scales[:, np.newaxis] ** 2 / np.exp(LOG_U)
            away = (y - EFFECT[:, np.newaxis, np.newaxis]) ** 2
            each = np.exp(-0.5 * away / variance) / np.sqrt(2 * np.pi * variance)
            total += np.log(each @ weight).T
    return total


@pytest.fixture(scope="module")
def brute():
    """Return sums over all scales by trapezoid rules of logs: a function of the SD of the bias.

    What cohorts say is a spline along the logs of their scale.
    """
    trials, fine = _told("RCT", SCALE), np.linspace(-12.1, 4.5, 200)
    both = np.sqrt(np.add.outer(SCALE**2, SCALE**2))
    cohorts = CubicSpline(fine, _told("cohort", np.exp(fine)))(np.log(both))
    each = [stats.halfnorm.logpdf(SCALE, scale=own) + LOGS for own in (3, 2)]
    log_prior = np.add.outer(*each) + 2 * np.log(LOGS[1] - LOGS[0])

    def sums(sd, *, alone=False):
        """Return weights over the effects in trials and in cohorts, and over both scales."""
        apart = EFFECT - EFFECT[:, np.newaxis]
        prior = np.eye(EFFECT.size) / STEP
        if sd > 0:
            prior = np.ones_like(apart) if np.isinf(sd) else stats.norm.pdf(apart, 0, sd)
        one = np.exp((0 * trials if alone else trials) + stats.norm.logpdf(EFFECT, 1, 6))
        other = np.exp(cohorts + log_prior[:, :, np.newaxis])
        effects = np.einsum("ti,tkj,ij->ij", one, other, prior, optimize=True) * STEP**2
        return effects, np.einsum("ti,tkj,ij->tk", one, other, prior, optimize=True) * STEP**2

    return sums


def _moments(value, weight):
    mean = (value * weight).sum() / weight.sum()
    return [mean, np.sqrt(((value - mean) ** 2 * weight).sum() / weight.sum())]


ENDS = [pytest.param(end, marks=pytest.mark.slow) for end in (0.0, np.inf)]


@pytest.mark.parametrize("sd", [5.0, *ENDS], ids=["usual", "none", "flat"])
def test_a_point_of_the_dial_is_the_integral_over_both_scales(free, brute, sd):
    """Mean and SD of the effect, the bias, and both scales, by brute force on a grid."""
    effects, scales = brute(sd)
    expected = {
        "effect": _moments(EFFECT[:, np.newaxis], effects),
        "tau": _moments(SCALE[:, np.newaxis], scales),
        "kappa": _moments(SCALE, scales),
    }
    if sd == 5.0:
        expected["bias"] = _moments(EFFECT - EFFECT[:, np.newaxis], effects)

    found = _numbers(free, sd)
    for name, known in expected.items():
        assert found[name][:2] == pytest.approx(known, abs=2e-5)


def test_trials_given_cohorts_are_of_both_scales(free, brute):
    """The evidence of all less that of the cohorts alone, both over both scales."""
    both, alone = (np.log(brute(5.0, alone=alone)[1].sum()) for alone in (False, True))
    found = free.biased(5.0)

    assert found.log_marginal_likelihood[0] == pytest.approx(both, abs=1e-5)
    assert free.without_trials(found) == pytest.approx(alone, abs=1e-5)


RATIO = {"ratio": 1.0, "spread": "ratio"}
SAME = [
    pytest.param(RATIO, FIXED, {}, id="a ratio of 1"),
    pytest.param({}, FIXED, {"kappa": 0.0}, id="no kappa"),
    pytest.param(RATIO, FREE, {}, id="a ratio of 1, tau free", marks=pytest.mark.slow),
    pytest.param({}, FREE, {"kappa": 0.0}, id="no kappa, tau free", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("choices", "priors", "number"), SAME)
def test_scales_that_are_the_same_are_common(asked, choices, priors, number):
    """Evidence and all numbers as with one tau."""
    own, common = asked({**priors, **number}, **choices), asked(priors, spread="common")
    found, expected = _numbers(own, 5.0), _numbers(common, 5.0)

    assert own.spread != "common"
    for name, known in expected.items():
        assert found[name] == pytest.approx(known, rel=1e-8)
    assert own.biased(5.0).log_marginal_likelihood == pytest.approx(
        common.biased(5.0).log_marginal_likelihood, abs=1e-8
    )


def test_with_many_degrees_of_freedom_effects_are_normal(asked):
    """Of 1e6: as the model with normal effects of two SDs, which is closed form given these."""
    known = asked({**FREE, "nu": 1e6, "tau": 3.0})
    normal = replace(known.question, heterogeneity="normal")
    expected = parameters(Posed.of(normal.biased, normal.integral), normal)

    found = _numbers(known, 5.0)
    for name, known in (("mu", "effect"), ("bias", "bias"), ("kappa", "kappa")):
        own = [expected[name][key] for key in ("mean", "sd", "median")]
        assert found[known] == pytest.approx(own, rel=2e-5)


@pytest.mark.slow
def test_a_row_with_two_scales_is_the_fit_of_its_model(table, asked):
    """Mean, SD and interval of mu, kappa free, are those of the engine of two coefficients."""
    known = asked({**FREE, "tau": 3.0})
    roles = {"heterogeneity": "student-t", "spread": "extra"}
    priors = {"mu": FREE["mu"], "bias": FREE["bias"], "tau": 3.0, "kappa": FREE["kappa"]}
    lines = integrate_lines(assemble(table, "design-bias", priors=priors, roles=roles))
    mu = known.biased(5.0).combination(np.eye(2)[0])

    assert [mu.mean()[0], mu.sd()[0], *mu.interval(0.95)[0]] == pytest.approx(_mu(lines), rel=1e-7)
    assert known.biased(5.0).log_marginal_likelihood == pytest.approx(
        lines.log_marginal_likelihood, abs=1e-7
    )


@pytest.mark.slow
def test_a_row_with_a_ratio_is_the_fit_of_its_model(table, asked):
    """The same with tau free, and its median."""
    known = asked(FREE, spread="ratio")
    priors = {name: FREE[name] for name in ("mu", "bias", "tau")}
    roles = {"heterogeneity": "student-t", "spread": "ratio"}
    lines = integrate_lines(assemble(table, "design-bias", priors=priors, roles=roles))
    own = known.biased(5.0)
    mu = own.combination(np.eye(2)[0])

    assert [mu.mean()[0], mu.sd()[0], *mu.interval(0.95)[0]] == pytest.approx(_mu(lines), rel=1e-6)
    found, expected = (each.heterogeneity("tau").median()[0] for each in (own, lines))
    assert found == pytest.approx(expected, rel=1e-5)


def test_cohorts_of_their_own_scale_leave_trials_alone_under_a_flat_bias(table, asked):
    """Nothing joins the designs: mu and tau are those of trials by themselves."""
    known = asked({**FREE, "tau_cohort": 4.0}, spread="own")
    priors = {"mu": FREE["mu"], "tau": FREE["tau"]}
    assembly = assemble(table, "random-effects", priors=priors,
                        roles={"heterogeneity": "student-t"})  # fmt: skip
    alone = integrate_lines(assembly, np.array([1.0, 0, 1, 0, 1, 0]))
    found = known.biased(np.inf)
    mu = found.combination(np.eye(2)[0])

    assert [mu.mean()[0], mu.sd()[0], *mu.interval(0.95)[0]] == pytest.approx(_mu(alone), rel=1e-7)
    assert found.heterogeneity("tau").median() == pytest.approx(
        alone.heterogeneity("tau").median(), rel=1e-7
    )


def test_the_cohorts_share_is_of_their_own_scale(asked):
    """Shares given scales drawn from their prior, by importance, of 4e5 draws."""
    u = stats.gamma.rvs(2, scale=0.5, size=(400_000, 6), random_state=1)
    cohort = np.array([word != "RCT" for word in DESIGN])
    variance = np.array(S) ** 2 + np.where(cohort, 3.0**2 + 2.0**2, 3.0**2) / u
    precision = np.sum(1 / variance, axis=1) + 1 / 36
    centre = (np.array(Y) / variance).sum(axis=1) + 1 / 36
    log_weight = (
        -0.5 * np.log(variance).sum(axis=1) - 0.5 * np.log(precision)
        - 0.5 * (np.array(Y) ** 2 / variance).sum(axis=1) + 0.5 * centre**2 / precision
    )  # fmt: skip
    weight = np.exp(log_weight - log_weight.max())
    expected = weight @ ((1 / variance)[:, cohort].sum(axis=1) / precision) / weight.sum()

    known = asked(FIXED)
    found = effect(Posed.of(known.under(0.0), known.biased(0.0)), known.question)
    assert found["cohort_share"][0] == pytest.approx(expected, abs=6e-3)


def test_a_bias_beside_a_slope_has_two_scales(table):
    """Mean and SD of effect, slope and bias by brute force on a grid, both scales numbers."""
    weeks = np.array([2.0, 3, 4, 6, 9, 5])
    slope, effect = np.arange(-9.0, 9.01, 0.3), np.arange(-50.0, 50.1, 0.5)
    z = np.linspace(-8, 8, 121)
    told = {True: np.zeros((slope.size, effect.size)), False: np.zeros((slope.size, effect.size))}
    for y, s, design, week in zip(Y, S, DESIGN, weeks - weeks.mean(), strict=True):
        centre = effect + week * slope[:, np.newaxis]
        scale = 3.0 if design == "RCT" else np.hypot(3, 2)
        weight = stats.norm.pdf(z) * (z[1] - z[0])
        each = sum(own * stats.t.pdf(theta, 4, centre, scale)
                   for theta, own in zip(y + s * z, weight, strict=True))  # fmt: skip
        told[design == "RCT"] += np.log(each)
    bias = effect - effect[:, np.newaxis]
    prior = stats.norm.logpdf(slope, 0, 1.5)[:, np.newaxis] + stats.norm.logpdf(effect, 1, 6)
    both = np.exp(told[True] + prior + 15)[:, :, np.newaxis] * np.exp(told[False] + 10)[:, None]
    both = both * stats.norm.pdf(bias, 0, 5)
    expected = [_moments(effect[:, np.newaxis], both), _moments(bias, both),
                _moments(slope[:, np.newaxis, np.newaxis], both)]  # fmt: skip

    cohort = np.array([float(word != "RCT") for word in DESIGN])
    priors = {**FIXED, "beta": "Normal(mu=0, sigma=1.5)"}
    stated = {name: prior_from_toml(prior, where=name) for name, prior in priors.items()}
    known = Known(Question(table, table, "design", "RCT", cohort, "weeks", priors=stated,
                           heterogeneity="student-t"))  # fmt: skip
    found = _numbers(known, 5.0)
    names = ("effect", "bias", "slope")
    assert [found[name][:2] for name in names] == [
        pytest.approx(known, abs=1e-5) for known in expected
    ]


def test_a_scale_is_walked_evenly_from_0():
    """A half-normal prior, and twice its square as a likelihood: quantiles of a half-normal."""
    axis = Axis("kappa", density(Prior("HalfNormal", {"sigma": 2.0})))
    walk = located([axis], lambda values: -(values[0] ** 2))[0]
    even = EvenWalk.of(walk).halved().halved()
    found = even.distribution(even.log_prior - even.values**2 + even.log_step)

    levels = np.array([0.025, 0.5, 0.975])
    sd = 1 / np.sqrt(0.25 + 2)
    assert found.quantile(levels)[0] == pytest.approx(
        stats.halfnorm.ppf(levels, scale=sd), rel=1e-6
    )


@pytest.fixture(scope="module")
def found(table):
    """The answer with t effects of the usual spread, all scales numbers."""
    return bm.designs(table, priors=FIXED, points=7, threshold=0.9, heterogeneity="student-t")


@pytest.fixture(scope="module")
def rows(found):
    """Its rows with t effects."""
    return {row.label: row for row in found.rows if row.heterogeneity != "normal"}


def test_the_member_with_a_bias_has_the_spread_of_the_analysis(rows, asked):
    """All others have one scale, unless a spread is stated."""
    own, common = asked(FIXED), asked(FIXED, spread="common")
    expected = {"design-bias, t effects": own.biased(5.0), "naive, t effects": common.pooling(),
                "power-prior 0.5, t effects": common.pooling(0.5)}  # fmt: skip
    for name, known in expected.items():
        mu = known.combination(known.rows["effect"])
        found = rows[name].parameters["mu"]
        assert [found["mean"], found["sd"]] == pytest.approx([mu.mean()[0], mu.sd()[0]], rel=1e-9)


def test_a_stated_spread_is_that_of_powers_too(table, asked):
    """Half of the cohorts' likelihood, by the engine of one coefficient, evidence too."""
    known = asked({**FIXED, "tau": FREE["tau"]}, spread="own").of("power-prior")
    priors = {"mu": FREE["mu"], "tau": FREE["tau"], "tau_cohort": 4.0}
    roles = {"heterogeneity": "student-t", "spread": "own", "power": "0.5"}
    assembly = assemble(table, "power-prior", priors=priors, roles=roles)
    both, alone = (integrate_lines(assembly, taking)
                   for taking in (None, np.array([0.0, 1, 0, 1, 0, 1])))  # fmt: skip
    found = known.pooling(0.5)
    mu = found.combination(np.eye(1)[0])

    assert known.spread == "own"
    assert [mu.mean()[0], mu.sd()[0], *mu.interval(0.95)[0]] == pytest.approx(_mu(both), rel=1e-6)
    assert found.log_marginal_likelihood == pytest.approx(both.log_marginal_likelihood, abs=1e-6)
    assert known.without_trials(found) == pytest.approx(alone.log_marginal_likelihood[0], abs=1e-6)


def test_the_dial_is_of_both_spreads_and_each_ends_where_it_should(found, asked):
    """No bias pools; of numbers for scales an unlimited one leaves trials alone."""
    table, own = found.tails.over_bias, asked(FIXED)
    alone = own.common.pooling(0.0)
    ends = {("extra", 0): own.biased(0.0), ("common", 0): own.common.pooling(),
            ("extra", -1): alone, ("common", -1): alone}  # fmt: skip

    assert list(dict.fromkeys(table["spread"])) == ["extra", "common"]
    for (spread, place), known in ends.items():
        point, mu = table[table["spread"] == spread].iloc[place], known.combination(np.eye(1)[0])
        assert [point["mean"], point["sd"]] == pytest.approx([mu.mean()[0], mu.sd()[0]], rel=1e-7)


def test_crossings_with_t_effects_are_of_the_spread_of_the_analysis(found, asked):
    """P(benefit) there is the threshold."""
    tips = [item for item in found.tails.crossings if item.dial == "u"]

    assert tips
    for item in tips:
        known = asked(FIXED).biased(item.at)
        mu = known.combination(known.rows["effect"])
        assert mu.cdf(np.array([0.0]))[..., 0] == pytest.approx(item.threshold, abs=1e-6)


def test_both_spreads_are_in_json_table_and_figure(found):
    """Each by its name; nothing says that t effects have one tau."""
    told = json.loads(json.dumps(contract(found), allow_nan=False))["student_t"]["dial"]["u"]
    head = tail_dial_grid(found).head
    lines = {line.get_gid() for axes in bm.plot_designs_dial(found).axes for line in axes.lines}

    assert {point["spread"] for point in told} == {"extra", "common"}
    assert {"mu, spread extra, t effects", "mu, spread common, t effects"} <= set(head)
    assert {"median, t effects", "median, common spread, t effects"} <= lines
    assert not any("one tau" in said for said in (*found.notes, *found.warnings))


def test_its_words_name_the_scales_there_are_and_what_the_weight_is(found):
    """Tau and kappa, no tau_cohort; a power of a mixture has no share, and that is said."""
    said = " ".join(found.as_text().split())

    assert "of t effects tau and kappa are scales, not SDs." in said
    assert "weight of cohorts: their share in mu (n/a for t effects with a power between" in said
    assert "share: the" not in said


@pytest.mark.parametrize(
    ("own", "even"),
    [
        pytest.param({}, ["kappa"], id="as a rule"),
        pytest.param({"tau": 0.0}, [], id="beside a tau of 0"),
        pytest.param({"kappa": "Uniform(lower=0, upper=9)"}, [], id="a prior with an end"),
        pytest.param({"kappa": "LogNormal(mu=0, sigma=1)"}, [], id="nothing at 0"),
    ],
)
def test_only_what_is_smooth_in_its_square_is_walked_evenly(table, own, even):
    """Kappa is, as its part says, where tau is not 0 and the prior is smooth from 0 on."""
    priors = {name: FREE[name] for name in ("mu", "bias", "tau", "kappa")} | own
    roles = {"heterogeneity": "student-t", "spread": "extra"}
    assembly = assemble(table, "design-bias", priors=priors, roles=roles)

    axes = [axis_of(assembly, item) for item in assembly.hyperparameters]
    assert [axis.name for axis in axes if axis.even] == even
