"""Powers of likelihoods and biases of rows' own where effects are Student-t: row by row.

tau is a number in most of them, so that each posterior is an integral over mu alone.
"""

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import stats
from scipy.special import logsumexp

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.assembly.graph import build
from bayesmeta.engines import nuts
from bayesmeta.engines.agreement import LIMIT, differences_from_exact
from bayesmeta.engines.answering import answered
from bayesmeta.engines.integration import integrate_assembly
from bayesmeta.engines.lines import integrate_lines
from bayesmeta.engines.settings import Settings
from bayesmeta.errors import ModelError
from bayesmeta.refits.exact import refit_members

Y, S = [-3.1, -8.0, -11.2, -5.5, 2.0], [1.9, 2.2, 1.4, 2.8, 1.2]
DESIGN = ["RCT", "cohort", "RCT", "register", "RCT"]
COHORT = np.array([0.0, 1, 0, 1, 0])
PRIORS = {"mu": "Normal(mu=0, sigma=20)", "tau": 3.0}
BIASED = {**PRIORS, "bias": "Normal(mu=0, sigma=5)"}
LEVELS = np.array([0.025, 0.5, 0.975])
# Not plain numbers: PyTensor takes the log of 20.0 in single precision.
ZERO, ONE, NU, FIVE, TWENTY = np.array([0.0, 1.0, 4.0, 5.0, 20.0])


@pytest.fixture
def table(sized):
    """Three trials beside two other designs."""
    return sized(Y, S, DESIGN)


def _posterior(effects, model, priors, **choices):
    roles = {"heterogeneity": "student-t", **{name: str(word) for name, word in choices.items()}}
    return answered(assemble(effects, model, priors=priors, roles=roles))


def _numbers(integral):
    mu = integral.combination(np.eye(integral.points.location.shape[1])[0])
    evidence = integral.log_marginal_likelihood
    return np.concatenate([evidence, mu.mean(), mu.sd(), mu.quantile(LEVELS)[0]])


def _row(y, s, mu, wide=0.0, tau=3.0):
    """Return a row's density around centres: a normal and a t of four degrees, by trapezoids."""
    z, spread = np.linspace(-12, 12, 2401), np.hypot(s, wide)
    theta = y + spread * z
    t = stats.t.pdf(theta, 4, np.asarray(mu)[..., np.newaxis], tau)
    return t @ stats.norm.pdf(z) * (z[1] - z[0])


def _brute(of_row):
    """Return evidence, mean and sd of mu, of rows' densities given it, by the trapezoid rule."""
    mu = np.arange(-110.0, 110.1, 0.5)
    log_joint = stats.norm.logpdf(mu, 0, 20)
    for place, (y, s) in enumerate(zip(Y, S, strict=True)):
        log_joint += np.log(of_row(COHORT[place], y, s, mu))
    mass = np.exp(log_joint - log_joint.max())
    mean = mass @ mu / mass.sum()
    sd = np.sqrt(mass @ (mu - mean) ** 2 / mass.sum())
    return [np.log(mass.sum() * 0.5) + log_joint.max(), mean, sd]


def test_a_power_is_of_the_likelihood_with_effects_integrated_out(table):
    """Evidence, mean and sd of mu: each cohort's density around its centre to the power 0.4."""
    expected = _brute(lambda cohort, *row: _row(*row) ** (0.4 if cohort else 1.0))

    found = _numbers(_posterior(table, "power-prior", PRIORS, power=0.4))
    assert found[:3] == pytest.approx(expected, abs=1e-7)


def test_a_bias_of_a_rows_own_is_a_mixture_within_the_row(table):
    """Evidence, mean and sd of mu, with probability 0.3 of a bias of SD 5 a cohort."""

    def density(cohort, *row):
        return 0.7 * _row(*row) + 0.3 * _row(*row, 5.0) if cohort else _row(*row)

    found = _numbers(_posterior(table, "probably-biased", {**BIASED, "share": 0.3}))
    assert found[:3] == pytest.approx(_brute(density), abs=1e-7)


def test_a_power_of_one_pools_and_of_none_leaves_out(table, sized):
    """As the t model without a power, and as that of the trials alone."""
    trials = [place for place, word in enumerate(DESIGN) if word == "RCT"]
    alone = sized(*([column[place] for place in trials] for column in (Y, S, DESIGN)))

    for power, other in ((1.0, table), (0.0, alone)):
        found = _numbers(_posterior(table, "power-prior", PRIORS, power=power))
        expected = _numbers(_posterior(other, "random-effects", PRIORS))
        assert found == pytest.approx(expected, abs=1e-8)


def test_two_halves_of_a_cohort_are_the_cohort(table, sized):
    """Each cohort twice with power one half, and once with power one."""
    rows = [place for place, word in enumerate(DESIGN) for _ in range(1 + (word != "RCT"))]
    twice = sized(*([column[place] for place in rows] for column in (Y, S, DESIGN)))

    halves = _numbers(_posterior(twice, "power-prior", PRIORS, power=0.5))
    whole = _numbers(_posterior(table, "power-prior", PRIORS, power=1))
    assert halves == pytest.approx(whole, abs=1e-8)


def test_nobody_biased_is_the_plain_model_and_everybody_a_wider_row(table, sized):
    """A share of 0; a share of 1, whose rows have standard errors with the bias in them."""
    wider = sized(Y, np.hypot(S, 5 * COHORT), DESIGN)

    for share, other in ((0.0, table), (1.0, wider)):
        found = _numbers(_posterior(table, "probably-biased", {**BIASED, "share": share}))
        expected = _numbers(_posterior(other, "random-effects", PRIORS))
        assert found == pytest.approx(expected, abs=1e-8)


def test_effects_of_cohorts_hold_their_bias(table):
    """Mean and sd by brute force over mu, and the effect given it."""
    lines = _posterior(table, "probably-biased", {**BIASED, "share": 0.3})
    found = lines.study_effects(np.array([1]))
    theta, mu = np.arange(-60.0, 60.1, 0.25), np.arange(-45.0, 45.1, 1.0)
    around = theta - mu[:, np.newaxis]
    line = np.arange(-400.0, 400.1, 0.25)
    wide = np.convolve(stats.t.pdf(line, 4, 0, 3), stats.norm.pdf(np.arange(-40, 40.1, 0.25), 0, 5),
                       "same") * 0.25  # fmt: skip
    spread = 0.7 * stats.t.pdf(around, 4, 0, 3) + 0.3 * np.interp(around, line, wide)
    others = stats.norm.logpdf(mu, 0, 20)
    for place in (0, 2, 3, 4):
        own = _row(Y[place], S[place], mu)
        more = _row(Y[place], S[place], mu, 5.0)
        others += np.log(0.7 * own + 0.3 * more if COHORT[place] else own)
    mass = np.exp(others - others.max()) @ spread * stats.norm.pdf(Y[1], theta, S[1])
    mean = mass @ theta / mass.sum()
    sd = np.sqrt(mass @ (theta - mean) ** 2 / mass.sum())

    assert [found.mean()[0, 0], found.sd()[0, 0]] == pytest.approx([mean, sd], abs=1e-6)


def _of_effects(integral):
    return _numbers(integral), integral.study_effects().mean()[0]


def test_a_row_each_is_the_sum_over_cases(table):
    """Normal effects: two terms a row, and the sum over who is biased; a free tau."""
    priors = {**BIASED, "tau": "HalfNormal(sigma=5)", "share": 0.3}
    assembly = assemble(table, "probably-biased", priors=priors)
    cases, by_row = integrate_assembly(assembly), integrate_lines(assembly)
    unit = np.ones(1)
    for integral in (cases, by_row):
        assert integral.heterogeneity("tau").mean()[0] == pytest.approx(
            cases.heterogeneity("tau").mean()[0], abs=1e-7
        )
        mu = integral.combination(unit)
        expected = cases.combination(unit).quantile(LEVELS)
        assert mu.quantile(LEVELS) == pytest.approx(expected, abs=1e-7)
    evidence = cases.log_marginal_likelihood
    assert by_row.log_marginal_likelihood == pytest.approx(evidence, abs=1e-9)
    effects = cases.study_effects().mean()[0]
    assert by_row.study_effects().mean()[0] == pytest.approx(effects, abs=1e-6)


def test_any_number_of_cohorts_is_fitted_exactly(sized):
    """Twelve, of which cases alone would be 4096: the probabilities are those of the rows."""
    design = ["RCT"] * 3 + ["cohort"] * 12
    estimate = np.concatenate([[0.0, 1.0, -1.0], np.linspace(-2, 9, 12)])
    table = sized(estimate, np.ones(15), design)
    priors = {"mu": 0.5, "tau": 2.0, "bias": "Normal(mu=0, sigma=4)"}
    priors["mu"] = "Normal(mu=0.5, sigma=0.0001)"
    posterior = bm.fit(table, "probably-biased", priors=priors, engine="exact", draws=50)
    density = [stats.norm.pdf(estimate, 0.5, sd) for sd in (np.sqrt(5), np.sqrt(21))]
    expected = density[1] / (density[0] + density[1]) * (np.array(design) != "RCT")

    found = posterior["posterior"]["p_biased"].mean(("chain", "draw")).to_numpy()
    assert found == pytest.approx(expected, abs=1e-4)
    evidence = np.log(np.where(np.array(design) == "RCT", density[0], sum(density) / 2)).sum()
    assert posterior.attrs["log_marginal_likelihood"] == pytest.approx(evidence, abs=1e-6)


def test_a_study_left_out_is_one_that_was_never_there(table, sized):
    """A cohort or a trial: powers and shares of the others stay."""
    for model, priors in (("power-prior", PRIORS), ("probably-biased", BIASED)):
        assembly = assemble(table, model, priors=priors, roles={"heterogeneity": "student-t"})
        for row in (0, 1):
            kept = np.arange(5) != row
            refit = refit_members(assembly, kept[np.newaxis].astype(float)).parts[0].integral
            fewer = sized(*(np.array(each)[kept].tolist() for each in (Y, S, DESIGN)))
            expected = _numbers(_posterior(fewer, model, priors))
            assert _numbers(refit) == pytest.approx(expected, abs=1e-8)


def test_a_cohort_left_out_is_predicted_with_the_bias_that_it_may_have(table):
    """Normal effects around a known mean: the probability of less than its estimate, by hand."""
    priors = {"mu": "Normal(mu=-5, sigma=0.0001)", "tau": 3.0, "bias": "Normal(mu=0, sigma=5)"}
    assembly = assemble(table, "probably-biased", priors={**priors, "share": 0.3})
    without = (np.arange(5) != 1).astype(float)
    lines = integrate_lines(assembly, without)
    narrow, wide = (stats.norm.cdf((Y[1] + 5) / np.sqrt(S[1] ** 2 + more)) for more in (9, 34))

    assert lines.below(1)[0] == pytest.approx(0.7 * narrow + 0.3 * wide, abs=1e-6)
    sd = lines.study_effects(np.array([1])).sd()[0, 0]
    assert sd == pytest.approx(np.sqrt(9 + 0.3 * 25), abs=1e-5)


def test_a_saved_posterior_says_the_same(table, tmp_path):
    """Summaries and study effects of the file, biases in them; as they were integrated."""
    posterior = bm.fit(table, "probably-biased", priors=BIASED, heterogeneity="student-t",
                       engine="exact", draws=50)  # fmt: skip
    bm.save_posterior(posterior, tmp_path / "posterior.nc")
    read = bm.read_posterior(tmp_path / "posterior.nc")

    for asked in (bm.summary, bm.study_effects):
        ours, theirs = (asked(each).select_dtypes("number") for each in (posterior, read))
        assert theirs.to_numpy() == pytest.approx(ours.to_numpy(), abs=1e-8, nan_ok=True)
    whole = _posterior(table, "probably-biased", BIASED).study_effects()
    assert bm.study_effects(read)["mean"].to_numpy() == pytest.approx(whole.mean()[0], abs=1e-8)


def test_the_log_likelihood_of_a_power_has_effects_integrated_out(table):
    """A cohort's is multiplied by the power: by quadrature at a draw."""
    posterior = bm.fit(table, "power-prior", priors=PRIORS, heterogeneity="student-t",
                       power=0.4, engine="exact", draws=50)  # fmt: skip
    mu = float(posterior["posterior"]["mu"][0, 0])
    expected = [np.log(_row(y, s, mu)) * (0.4 if cohort else 1)
                for y, s, cohort in zip(Y, S, COHORT, strict=True)]  # fmt: skip

    found = posterior["log_likelihood"]["estimate"][0, 0].to_numpy()
    assert found == pytest.approx(expected, abs=1e-9)


@pytest.fixture
def shared(table):
    """One bias that both cohorts share, with probability 0.3; and what it is a mixture of."""
    own = {**BIASED, "share": 0.3}
    found = _posterior(table, "probably-biased", own, shared_bias=True)
    none = _posterior(table, "random-effects", PRIORS)
    some = _posterior(table, "design-bias", BIASED, spread="common")
    evidence = np.array([0.7, 0.3]) * np.exp(
        [none.log_marginal_likelihood[0], some.log_marginal_likelihood[0]]
    )
    return found, none, some, evidence


def test_a_shared_bias_is_there_or_not(shared):
    """Evidence and means of mu, the bias and an effect: of two posteriors, by their evidence."""
    found, none, some, evidence = shared
    chance = evidence / evidence.sum()
    unit = np.eye(2)

    total = found.log_marginal_likelihood[0]
    assert total == pytest.approx(np.log(evidence.sum()), abs=1e-9)
    mu = [none.combination(np.ones(1)).mean()[0], some.combination(unit[0]).mean()[0]]
    assert found.combination(unit[0]).mean()[0] == pytest.approx(chance @ mu, abs=1e-7)
    bias = chance[1] * some.combination(unit[1]).mean()[0]
    assert found.combination(unit[1]).mean()[0] == pytest.approx(bias, abs=1e-7)
    effects = [each.study_effects().mean()[0] for each in (none, some)]
    assert found.study_effects().mean()[0] == pytest.approx(chance @ effects, abs=1e-7)


def test_no_bias_is_a_spike_at_nothing(shared):
    """The probability within a millionth of the prior's SD around 0 is that of no bias."""
    found, _, _, evidence = shared
    ends = found.combination(np.eye(2)[1]).cdf(np.array([-5e-6, 5e-6]))[0]

    assert ends[1] - ends[0] == pytest.approx(evidence[0] / evidence.sum(), abs=1e-5)


@pytest.mark.parametrize(("share", "other"), [(0.0, "random-effects"), (1.0, "design-bias")])
def test_a_shared_bias_may_be_certain(share, other, table):
    """Of share 0 nobody has it, of 1 all."""
    own = {**BIASED, "share": share}
    found = _posterior(table, "probably-biased", own, shared_bias=True)
    spread = {"spread": "common"} if share else {}
    expected = _posterior(table, other, BIASED if share else PRIORS, **spread)

    assert _numbers(found) == pytest.approx(_numbers(expected), abs=1e-8)


def test_a_shared_bias_is_saved_with_its_spike(table, tmp_path):
    """Summaries and study effects of the file; draws are biased as often as the posterior says."""
    posterior = bm.fit(table, "probably-biased", priors={**BIASED, "share": 0.3}, shared_bias=True,
                       heterogeneity="student-t", engine="exact", draws=500)  # fmt: skip
    bm.save_posterior(posterior, tmp_path / "posterior.nc")
    read = bm.read_posterior(tmp_path / "posterior.nc")
    whole = _posterior(table, "probably-biased", {**BIASED, "share": 0.3}, shared_bias=True)
    ends = whole.combination(np.eye(2)[1]).cdf(np.array([-5e-6, 5e-6]))[0]
    drawn = posterior["posterior"]["p_biased"].mean(("chain", "draw")).to_numpy()

    assert bm.study_effects(read)["mean"].to_numpy() == pytest.approx(
        whole.study_effects().mean()[0], abs=1e-7
    )
    bias = bm.summary(read).loc["bias", ["mean", "lower", "upper"]].to_numpy(float)
    own = whole.combination(np.eye(2)[1])
    expected = [own.mean()[0], *own.quantile(np.array([0.025, 0.975]))[0]]
    assert bias == pytest.approx(expected, abs=1e-7)
    assert drawn == pytest.approx(COHORT * (1 - ends[1] + ends[0]), abs=0.05)


WRONG = [
    ({"heterogeneity": "contaminated"}, "each have a parameter of one name"),
    ({"heterogeneity": "student-t", "moderators": "a + b + c"}, "at most 3 coefficients"),
]


@pytest.mark.parametrize(("choices", "said"), WRONG)
def test_what_is_not_integrated_is_refused_by_name(choices, said, sized):
    """Two shares; more coefficients than a lattice has."""
    table = sized(Y, S, DESIGN, a=[1.0, 2, 3, 4, 5], b=[2.0, 1, 4, 2, 3], c=[3.0, 1, 5, 4, 1])
    priors = {**BIASED, **({"beta": "Normal(mu=0, sigma=1)"} if "moderators" in choices else {})}
    with pytest.raises(bm.errors.BayesmetaError, match=said):
        bm.fit(table, "probably-biased", priors=priors, engine="exact", **choices)


def test_powers_of_counts_are_refused_by_name():
    """Their likelihoods are no normal ones."""
    frame = pd.DataFrame({
        "study": list("abcd"), "design": ["RCT", "cohort"] * 2, "events_treatment": [4, 6, 3, 62],
        "events_control": [11, 29, 11, 148], "n_treatment": [123, 306, 231, 498],
        "n_control": [139, 303, 220, 467],
    })  # fmt: skip
    effects = bm.effect_sizes(bm.read_studies(frame), "OR")
    spec = bm.load_model("power-prior").with_part("likelihood", "binomial")
    with pytest.raises(ModelError, match="not of the likelihood 'binomial'"):
        bm.fit(effects, spec, engine="exact")


def _twin(table, model):
    """Write the model in plain PyMC: the t integrated by a trapezoid rule, or explicit."""
    y, s = table.estimate, table.standard_error
    mu, tau = pm.Normal("mu", ZERO, TWENTY), pm.HalfNormal("tau", FIVE)
    if model == "power-prior":
        z = np.linspace(-12, 12, 4801)
        theta = y[:, np.newaxis] + s[:, np.newaxis] * z
        spread = pm.logp(pm.StudentT.dist(nu=NU, mu=mu, sigma=tau), theta)
        log_normal = stats.norm.logpdf(z) + np.log(z[1] - z[0])
        log_density = pm.math.logsumexp(spread + log_normal, axis=1)
        pm.Potential("rows", (np.where(COHORT, 0.4, 1.0) * log_density).sum())
        return
    deviation = pm.StudentT("theta_deviation", nu=NU, mu=ZERO, sigma=ONE, shape=len(y))
    theta = mu + tau * deviation
    if model == "shared":
        bias = pm.Normal("bias", ZERO, FIVE)
        each = [pm.logp(pm.Normal.dist(theta + b * COHORT, s), y).sum() for b in (ZERO, bias)]
        pm.Potential("rows", pm.math.logaddexp(np.log(0.7) + each[0], np.log(0.3) + each[1]))
        return
    both = [pm.logp(pm.Normal.dist(theta, sd), y) for sd in (s, np.hypot(s, 5.0))]
    mixed = pm.math.logaddexp(np.log(0.7) + both[0], np.log(0.3) + both[1])
    pm.Potential("rows", pm.math.where(COHORT > 0, mixed, both[0]).sum())


@pytest.mark.parametrize("model", ["power-prior", "probably-biased", "shared"])
def test_log_density_is_that_of_the_twin(model, table):
    """Model and twin have the same log density, where the trapezoid rule serves."""
    priors = {"mu": "Normal(mu=0, sigma=20)", "tau": "HalfNormal(sigma=5)"}
    power = model == "power-prior"
    priors |= {} if power else {"bias": "Normal(mu=0, sigma=5)", "share": 0.3}
    roles = {"heterogeneity": "student-t", **({"power": "0.4"} if power else {})}
    roles |= {"shared_bias": "True"} if model == "shared" else {}
    name = "power-prior" if power else "probably-biased"
    assembly = assemble(table, name, priors=priors, roles=roles)
    with pm.Model() as twin:
        _twin(table, model)
    ours = build(assembly, form="marginal" if power else "hierarchical")
    density, expected = (each.compile_logp(mode="FAST_COMPILE") for each in (ours, twin))
    generator = np.random.default_rng(20)
    start = twin.initial_point()

    for _ in range(5):
        point = {name: generator.normal(0.5, 1, np.shape(value)) for name, value in start.items()}
        assert density(point) == pytest.approx(expected(point), abs=1e-10)


@pytest.mark.slow
def test_a_share_with_a_prior_is_integrated_as_numbers_are(table):
    """The evidence is the mean of those under numbers: Gauss-Legendre, exact for a polynomial."""
    free = {**BIASED, "share": "Beta(alpha=2, beta=3)"}
    found = _posterior(table, "probably-biased", free)
    nodes, weights = np.polynomial.legendre.leggauss(8)
    shares, weights = (nodes + 1) / 2, weights / 2 * stats.beta.pdf((nodes + 1) / 2, 2, 3)
    each = [_posterior(table, "probably-biased", {**BIASED, "share": float(share)})
            .log_marginal_likelihood[0] for share in shares]  # fmt: skip

    expected = logsumexp(each, b=weights)
    assert found.log_marginal_likelihood[0] == pytest.approx(expected, abs=1e-7)
    mean = (weights * shares) @ np.exp(each - expected)
    assert found.heterogeneity("share").mean()[0] == pytest.approx(mean, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["power-prior", "probably-biased", "shared"])
@pytest.mark.parametrize("data", ["tnf", "table"])
def test_draws_agree_with_the_integral(model, data, request):
    """The mean of every parameter within four Monte Carlo errors."""
    effects = request.getfixturevalue(data)
    priors = {**PRIORS, "tau": "HalfNormal(sigma=5)"}
    priors |= {} if model == "power-prior" else {"bias": "Normal(mu=0, sigma=5)"}
    roles = {"heterogeneity": "student-t"}
    roles |= {"shared_bias": "True"} if model == "shared" else {}
    name = "probably-biased" if model == "shared" else model
    assembly = assemble(effects, name, priors=priors, roles=roles)
    posterior = nuts.sample(assembly, Settings(seed=5, draws=2000))
    differences = differences_from_exact(posterior, assembly)

    assert {"mu", "tau", "theta_new"} <= set(differences)
    assert max(map(abs, differences.values())) <= LIMIT
