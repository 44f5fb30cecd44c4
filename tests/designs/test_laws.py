"""Laws of trials beside cohorts, each against another way to the same posterior."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy import stats

from bayesmeta.cohorts.dial import biased_by, dial_over_bias, powered_by
from bayesmeta.cohorts.question import Question
from bayesmeta.engines.integration import integrate_as, integrate_assembly
from bayesmeta.errors import BayesmetaError
from bayesmeta.refits.exact import refit_members

PRIORS = {"mu": "Normal(mu=0, sigma=20)", "tau": "HalfNormal(sigma=5)"}
BIASED = {**PRIORS, "bias": "Normal(mu=0, sigma=5)"}
Y = [-3.1, -8.0, -11.2, -5.5, 2.0, -12.3, -1.0]
S = [1.9, 2.2, 1.4, 2.8, 1.2, 3.1, 2.0]
DESIGN = ["RCT", "cohort", "RCT", "register", "RCT", "cohort", "RCT"]


@pytest.fixture
def table(sized):
    """Seven studies, four of them trials; two other designs."""
    return sized(Y, S, DESIGN)


@pytest.fixture
def question(table):
    """The question of it, with a common spread."""
    cohort = np.array([float(word != "RCT") for word in DESIGN])
    return Question(table, table, "design", "RCT", cohort, priors=_priors(BIASED), spread="common")


def _priors(stated):
    from bayesmeta.spec import parse_prior

    return {name: parse_prior(text) for name, text in stated.items()}


def _of(posed):
    mu = posed.integral.combination(posed.row)
    return np.concatenate([mu.mean(), mu.sd(), mu.quantile(np.array([0.025, 0.5, 0.975]))[0]])


def test_no_bias_is_the_plain_fit(question, table, solved, numbers):
    """At u = 0 designs are pooled: to a billionth of the posterior sd."""
    plain = numbers(*solved(table, "random-effects", PRIORS))
    found = _of(biased_by(question, 0.0))

    assert found == pytest.approx(plain[[0, 1, 2, 4, 6]], abs=1e-9 * plain[1])


def test_the_dial_has_no_step_at_no_bias(question):
    """A tiny bias is as good as none: the batch of the dial, and the fit without a column."""
    table = dial_over_bias(question, [0.0, 1e-7, 1.0, np.inf])

    assert table["mean"][1] == pytest.approx(table["mean"][0], abs=1e-9 * table["sd"][0])
    assert table["sd"][1] == pytest.approx(table["sd"][0], rel=1e-9)


def test_no_uncertainty_of_a_bias_takes_its_mean_off(question):
    """At u = 0 with a mean: as under a prior as narrow as can be around it."""
    own = replace(question, priors=_priors({**BIASED, "bias": "Normal(mu=-3, sigma=2)"}))
    none, narrow = _of(biased_by(own, 0.0)), _of(biased_by(own, 1e-6))

    assert none == pytest.approx(narrow, abs=1e-8)


def test_a_wide_bias_is_a_flat_one(tnf):
    """At u = 1e5 pg/mL the cohorts say nothing of mu: to a billionth of the posterior sd.

    In the tails the models themselves differ by 1.0e-9: by the cohorts' precision over u squared.
    """
    cohort = np.array([float(word != "RCT") for word in tnf.studies["design"]])
    own = Question(tnf, tnf, "design", "RCT", cohort, priors=_priors(BIASED), spread="common")
    flat, wide = _of(biased_by(own, np.inf)), _of(biased_by(own, 1e5))

    assert wide[:2] == pytest.approx(flat[:2], abs=1e-9 * flat[1])
    assert wide == pytest.approx(flat, abs=2e-9 * flat[1])


def test_under_a_flat_bias_cohorts_still_say_how_studies_spread(question, table, solved, numbers):
    """Unlike a power of 0: tau's posterior is not that of the trials alone."""
    flat = biased_by(question, np.inf)
    alone = powered_by(question, 0.0)

    taus = [each.integral.heterogeneity().median()[0] for each in (flat, alone)]
    assert abs(taus[0] - taus[1]) > 0.1
    assert abs(flat.integral.combination(flat.row).sd()[0] - _of(alone)[1]) > 1e-3


def test_a_power_of_one_pools_and_of_none_leaves_out(question, table, solved, numbers):
    """To a billionth of the posterior sd, evidence included."""
    plain, pooled = solved(table, "random-effects", PRIORS)
    trials = integrate_assembly(plain, members=1 - question.cohort)

    for power, other in ((1.0, pooled), (0.0, trials)):
        ours, expected = powered_by(question, power), numbers(plain, other)
        assert _of(ours) == pytest.approx(expected[[0, 1, 2, 4, 6]], abs=1e-9 * expected[1])
        evidence = ours.integral.log_marginal_likelihood[0]
        assert evidence == pytest.approx(other.log_marginal_likelihood[0], abs=1e-9)


def test_two_halves_of_a_cohort_are_the_cohort(sized, solved, numbers):
    """Each cohort's row twice with power one half: the table with each once, and power one."""
    rows = [place for place, word in enumerate(DESIGN) for _ in range(1 + (word != "RCT"))]
    twice = sized([Y[i] for i in rows], [S[i] for i in rows], [DESIGN[i] for i in rows])
    once = sized(Y, S, DESIGN)

    halves = numbers(*solved(twice, "power-prior", PRIORS, power=0.5))
    assert halves == pytest.approx(numbers(*solved(once, "power-prior", PRIORS, power=1)), abs=1e-9)


SAME = [
    ({"spread": "ratio", "ratio": 1}, {}, {"spread": "common"}, {}),
    ({"spread": "extra"}, {"kappa": 0.0}, {"spread": "common"}, {}),
    ({"spread": "ratio", "ratio": 4}, {"tau": 2.0}, {"spread": "own"},
     {"tau": 2.0, "tau_cohort": 4.0}),
    ({"spread": "extra"}, {"tau": 3.0, "kappa": 4.0}, {"spread": "own"},
     {"tau": 3.0, "tau_cohort": 5.0}),
]  # fmt: skip
"""Choices and priors of spreads that say the same of this table."""


@pytest.mark.parametrize("same", SAME)
@pytest.mark.parametrize("model", ["design-bias", "power-prior", "probably-biased"])
def test_spreads_agree_where_they_say_the_same(model, same, table, solved, numbers):
    """A multiple of 1 or kappa 0 is the common spread; fixed numbers are standard deviations."""
    one, with_one, other, with_other = same
    priors = PRIORS if model == "power-prior" else BIASED
    found = [numbers(*solved(table, model, {**priors, **own}, **choices))
             for choices, own in ((one, with_one), (other, with_other))]  # fmt: skip

    assert found[0] == pytest.approx(found[1], abs=1e-8)


def test_nobody_biased_is_the_plain_fit_and_all_share_one_the_bias(table, solved, numbers):
    """A share of 0 pools the designs; of 1 with one bias for all it is the design-bias model."""
    plain = numbers(*solved(table, "random-effects", PRIORS))
    biased = numbers(*solved(table, "design-bias", BIASED, spread="common"))

    for shared, share, expected in ((False, 0.0, plain), (True, 0.0, plain), (True, 1.0, biased)):
        own = {**BIASED, "share": share}
        choices = {"shared_bias": True} if shared else {}
        found = numbers(*solved(table, "probably-biased", own, **choices))
        assert found == pytest.approx(expected, abs=1e-8 * plain[1])


def test_certain_biases_of_their_own_widen_the_cohorts(table, solved, numbers):
    """A share of 1: effects of cohorts have kappa = u further, and no bias."""
    found = numbers(*solved(table, "probably-biased", {**BIASED, "share": 1.0}))
    bias = {**PRIORS, "bias": "Normal(mu=0, sigma=1e-7)", "kappa": 5.0}
    expected = numbers(*solved(table, "design-bias", bias, spread="extra"))

    assert found == pytest.approx(expected, abs=1e-8)


def test_probable_biases_are_a_sum_over_cases(table, solved):
    """Mu's mean and the evidence by brute force: every case, on a grid of tau and mu."""
    _, integral = solved(table, "probably-biased", {**BIASED, "share": 0.3})
    mu, tau = np.linspace(-35, 30, 501), np.linspace(1e-9, 28, 401)
    cohort = np.array(DESIGN) != "RCT"
    log_joint = stats.norm.logpdf(mu, 0, 20)[:, np.newaxis] + stats.halfnorm.logpdf(tau, scale=5)
    total = np.zeros_like(log_joint)
    for case in product((0, 1), repeat=int(cohort.sum())):
        biased = np.zeros(len(Y))
        biased[cohort] = case
        own = np.prod(np.where(case, 0.3, 0.7))
        each = log_joint.copy()
        for y, s, wide in zip(Y, S, biased, strict=True):
            spread = np.sqrt(s**2 + tau**2 + 25 * wide)
            each += stats.norm.logpdf(y, mu[:, np.newaxis], spread)
        total += own * np.exp(each)
    weight = np.ones(tau.size)
    weight[[0, -1]] = 0.5
    mass = (total * weight).sum(axis=1)
    step = (mu[1] - mu[0]) * (tau[1] - tau[0])

    assert integral.log_marginal_likelihood[0] == pytest.approx(np.log(mass.sum() * step), abs=1e-5)
    mean = integral.combination(np.ones(1)).mean()[0]
    assert mean == pytest.approx(mass @ mu / mass.sum(), abs=1e-4)


def test_a_share_with_a_prior_is_integrated_as_numbers_are(table, solved):
    """The evidence is the mean of those under numbers: Gauss-Legendre, exact for a polynomial."""
    _, found = solved(table, "probably-biased", {**BIASED, "share": "Beta(alpha=2, beta=3)"})
    nodes, weights = np.polynomial.legendre.leggauss(8)
    shares, weights = (nodes + 1) / 2, weights / 2 * stats.beta.pdf((nodes + 1) / 2, 2, 3)
    each = [solved(table, "probably-biased", {**BIASED, "share": float(share)})[1]
            .log_marginal_likelihood[0] for share in shares]  # fmt: skip

    expected = np.log(weights @ np.exp(each))
    assert found.log_marginal_likelihood[0] == pytest.approx(expected, abs=1e-9)
    mean = (weights * shares) @ np.exp(each) / (weights @ np.exp(each))
    assert found.heterogeneity("share").mean()[0] == pytest.approx(mean, abs=1e-9)


@pytest.mark.parametrize("model", ["design-bias", "power-prior", "probably-biased"])
@pytest.mark.parametrize("row", [0, 1])
def test_a_study_left_out_is_one_that_was_never_there(model, row, sized, table, solved, numbers):
    """A trial or a cohort; its own bias is then as open as before."""
    priors = PRIORS if model == "power-prior" else BIASED
    choices = {"power": 0.4} if model == "power-prior" else {}
    assembly, _ = solved(table, model, {**priors, **_fixed(model)}, **choices)
    kept = np.arange(len(Y)) != row
    refits = refit_members(assembly, kept[np.newaxis].astype(float))
    fewer = sized(*(np.array(column)[kept].tolist() for column in (Y, S, DESIGN)))

    expected = numbers(*solved(fewer, model, {**priors, **_fixed(model)}, **choices))
    assert numbers(assembly, refits.parts[0].integral) == pytest.approx(expected, abs=1e-8)


def _fixed(model):
    return {"kappa": 1.5} if model == "design-bias" else {}


@pytest.mark.parametrize("model", ["design-bias", "power-prior", "probably-biased"])
def test_units_and_order_do_not_matter(model, sized, solved, numbers):
    """Times a thousand, rows turned round: the same numbers times a thousand."""
    big = {"mu": "Normal(mu=0, sigma=20000)", "tau": "HalfNormal(sigma=5000)"}
    if model != "power-prior":
        big["bias"] = "Normal(mu=0, sigma=5000)"
    choices = {"spread": "common"}
    turned = sized([1000 * y for y in Y[::-1]], [1000 * s for s in S[::-1]], DESIGN[::-1])
    own = PRIORS if model == "power-prior" else BIASED
    here = numbers(*solved(sized(Y, S, DESIGN), model, own, **choices))

    assert numbers(*solved(turned, model, big, **choices)) == pytest.approx(1000 * here, rel=1e-9)


def test_study_effects_of_cohorts_have_their_bias(solved, sized):
    """With tau and the bias all but known: a weighted mean of its estimate and mu + bias."""
    priors = {"mu": "Normal(mu=1, sigma=1e-6)", "tau": 2.0, "bias": "Normal(mu=3, sigma=1e-6)"}
    table = sized([0.0, 9.0, 2.0, 4.0], [1.0, 2.0, 1.0, 1.0], ["RCT", "cohort", "RCT", "cohort"])
    _, integral = solved(table, "design-bias", priors, spread="common")

    assert integral.study_effects().mean()[0, 1] == pytest.approx((9.0 + 4.0) / 2, abs=1e-4)


@pytest.mark.parametrize("model", ["power-prior"])
def test_a_power_takes_proper_priors(model, table, solved):
    """The theorem on propriety counts rows, and a row to a power is less than one."""
    with pytest.raises(BayesmetaError, match="no total mass"):
        solved(table, model, {**PRIORS, "mu": "flat"}, power=0.5)


@pytest.mark.slow
def test_the_dial_of_an_extra_spread_is_one_fit_after_the_other(question):
    """Nodes of the default's fit serve the others: the same numbers as anew."""
    asked = replace(
        question, spread="extra", priors=_priors({**BIASED, "kappa": "HalfNormal(sigma=2.5)"})
    )
    for sd in (0.5, 40.0):
        posed = biased_by(asked, sd)
        anew = integrate_assembly(posed.assembly)
        other = replace(posed, integral=anew)
        assert _of(posed) == pytest.approx(_of(other), abs=1e-8)


def test_a_shared_bias_is_a_mixture_of_none_and_one(table, solved):
    """The evidence is a mean of that of the plain fit and that of the bias, by the share."""
    none = solved(table, "random-effects", PRIORS)[1].log_marginal_likelihood[0]
    one = solved(table, "design-bias", BIASED, spread="common")[1].log_marginal_likelihood[0]
    own = {**BIASED, "share": 0.2}
    found = solved(table, "probably-biased", own, shared_bias=True)[1].log_marginal_likelihood[0]

    expected = np.log(0.8 * np.exp(none) + 0.2 * np.exp(one))
    assert found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("kappa", ["HalfNormal(sigma=400)", "Uniform(lower=0, upper=2)"])
def test_nodes_that_do_not_serve_are_left_alone(kappa, table, solved):
    """A kappa beyond them, or with an end among them: integrated anew, with all that it has."""
    priors = {**BIASED, "kappa": "HalfNormal(sigma=3)"}
    _, like = solved(table, "design-bias", priors, spread="extra")
    assembly, anew = solved(table, "design-bias", {**priors, "kappa": kappa}, spread="extra")
    found = integrate_as(assembly, like)

    assert found.marginals
    row = np.array([1.0, 0.0])
    mean = anew.combination(row).mean()[0]
    assert found.combination(row).mean()[0] == pytest.approx(mean, abs=1e-9)
