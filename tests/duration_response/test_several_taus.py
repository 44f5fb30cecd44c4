"""Shapes of a duration beside several taus, powers and cases: laws, and sums by brute force."""

import json

import numpy as np
import pytest
from scipy.stats import halfnorm, multivariate_normal

import bayesmeta as bm
from bayesmeta.duration_response import duration
from bayesmeta.duration_response.contract import contract
from bayesmeta.duration_response.text import text
from bayesmeta.errors import ModelError

DESIGNS = ["RCT", "cohort"] * 6
PRIORS = {"mu": "Normal(mu=0, sigma=4)", "tau": "HalfNormal(sigma=1)",
          "change": "Normal(mu=0, sigma=2)"}  # fmt: skip
BIAS = {**PRIORS, "bias": "Normal(mu=0.1, sigma=0.5)"}
EXTRA = {**BIAS, "kappa": "HalfNormal(sigma=0.5)"}
MODELS = {
    "extra": ({"model": "design-bias"}, EXTRA),
    "own": ({"model": "design-bias", "spread": "own"},
            {**BIAS, "tau_cohort": "HalfNormal(sigma=0.7)"}),
    "ratio": ({"model": "design-bias", "spread": "ratio", "ratio": 3.0}, BIAS),
    "power": ({"model": "power-prior", "power": 0.3}, PRIORS),
    "power, own": ({"model": "power-prior", "power": 0.3, "spread": "own"},
                   {**PRIORS, "tau_cohort": "HalfNormal(sigma=0.7)"}),
    "each biased or not": ({"model": "probably-biased"},
                           {**PRIORS, "bias": "Normal(mu=0, sigma=0.5)"}),
    "all biased or none": ({"model": "probably-biased", "shared_bias": True}, BIAS),
}  # fmt: skip


SLOW = pytest.mark.slow


def _named(*quick):
    """Return the models' names, those that are not quick marked as slow."""
    return [name if name in quick else pytest.param(name, marks=SLOW) for name in MODELS]


@pytest.fixture(scope="module")
def mixed(twelve):
    """Twelve studies whose effect falls with the weeks, every other one a cohort."""
    return lambda **changed: twelve(design=DESIGNS, **changed)


def asked(effects, name, **choices):
    """Return a duration analysis under one of the models."""
    keywords, priors = MODELS[name]
    return duration(effects, **{**keywords, "priors": priors, **choices})


def fitted(effects, name, **choices):
    """Return the exact fit of the same model, with the slope that the change means."""
    keywords, priors = MODELS[name]
    own = {key: prior for key, prior in priors.items() if key != "change"}
    span = np.ptp(np.asarray(effects.studies["duration_weeks"], dtype=float))
    if "moderators" in choices:
        own["beta"] = f"Normal(mu=0, sigma={2 / span})"
    return bm.fit(effects, engine="exact", priors=own, **keywords, **choices)


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.parametrize(
    "name", _named("extra", "own", "power", "each biased or not", "all biased or none")
)
def test_the_constant_shape_is_the_fit(name, mixed):
    """Evidence, mean and SD of the effect in trials, and in a new one, are those of `fit`."""
    effects = mixed()
    found, posterior = asked(effects, name, shapes=["constant"]), fitted(effects, name)
    row, known = found.predictions.iloc[0], bm.summary(posterior)

    evidence = float(posterior["mixture"].attrs["log_marginal_likelihood"])
    assert found.shapes["log_marginal_likelihood"][0] == pytest.approx(evidence, abs=1e-5)
    for prefix, of in (("", "mu"), ("new_", "theta_new")):
        for number in ("mean", "sd"):
            expected = known.loc[of, number]
            assert row[f"{prefix}{number}"] == pytest.approx(expected, abs=1e-5), of
    for own in found.tau.to_dict("records"):
        expected = known.loc[own["parameter"]]
        for number in ("median", "lower", "upper"):
            assert own[number] == pytest.approx(expected[number], rel=2e-3), own["parameter"]


@pytest.mark.parametrize("name", _named("extra", "power", "each biased or not"))
def test_the_straight_line_is_the_regression(name, mixed):
    """Evidence; the slope's mean and SD; mu at the mean duration."""
    effects = mixed()
    weeks = np.asarray(effects.studies["duration_weeks"], dtype=float)
    found = asked(effects, name, shapes=["linear"], weeks=[weeks.mean()])
    posterior = fitted(effects, name, moderators="duration_weeks")
    known = bm.summary(posterior)

    evidence = float(posterior["mixture"].attrs["log_marginal_likelihood"])
    assert found.shapes["log_marginal_likelihood"][0] == pytest.approx(evidence, abs=1e-5)
    for row, of in ((found.leave_one_out.iloc[0], "beta[duration_weeks]"),
                    (found.predictions.iloc[0], "mu")):  # fmt: skip
        for number in ("mean", "sd"):
            assert row[number] == pytest.approx(known.loc[of, number], abs=1e-5), of


@pytest.mark.usefixtures("no_single_studies")
def test_no_further_spread_is_one_tau(mixed):
    """Kappa a number, 0, or with a prior that lets it be nothing else: spread common."""
    shapes = {"shapes": ["constant", "linear", "emax"]}
    common = duration(mixed(), model="design-bias", spread="common", priors=BIAS, **shapes)

    for kappa in (0.0, "HalfNormal(sigma=1e-6)"):
        found = asked(mixed(), "extra", priors={**EXTRA, "kappa": kappa}, **shapes)
        for table, columns in (("shapes", ["log_marginal_likelihood", "change_mean", "tau_median"]),
                               ("predictions", ["mean", "sd", "new_sd", "new_upper"])):  # fmt: skip
            for column in columns:
                np.testing.assert_allclose(
                    getattr(found, table)[column], getattr(common, table)[column], atol=3e-4
                )


@pytest.mark.usefixtures("no_single_studies")
def test_no_bias_and_no_further_spread_is_the_plain_answer(mixed):
    """Both priors all but nothing: the answer without a model of cohorts."""
    shapes = {"shapes": ["constant", "linear"]}
    none = {**EXTRA, "bias": "Normal(mu=0, sigma=1e-7)", "kappa": 0.0}
    found = asked(mixed(), "extra", priors=none, **shapes)
    plain = duration(mixed(), priors=PRIORS, **shapes)

    np.testing.assert_allclose(
        found.predictions[["mean", "sd", "new_sd"]], plain.predictions[["mean", "sd", "new_sd"]],
        atol=1e-5,
    )  # fmt: skip
    np.testing.assert_allclose(found.shapes["probability"], plain.shapes["probability"], atol=1e-6)


SHAPES = {"shapes": ["constant", "linear"], "weeks": [2.0, 7.0, 12.0]}


@pytest.mark.usefixtures("no_single_studies")
def test_the_whole_power_is_the_plain_answer(mixed):
    """Cohorts to the power 1 count as trials do."""
    found = asked(mixed(), "power", power=1.0, **SHAPES)
    plain = duration(mixed(), priors=PRIORS, **SHAPES)

    for column in ("mean", "sd", "new_upper"):
        np.testing.assert_allclose(found.predictions[column], plain.predictions[column], atol=1e-7)


@pytest.mark.usefixtures("no_single_studies")
def test_no_power_is_trials_alone(effects_of):
    """Cohorts to the power 0, trials of the same durations: the answer without the cohorts."""
    weeks, estimate = [2.0, 4.0, 7.0, 12.0], [0.1, -0.8, -1.2, -2.5]
    error = [0.3, 0.4, 0.35, 0.5]
    both = effects_of(weeks * 2, [*estimate, 3.0, 2.0, -4.0, 1.0], error * 2,
                      design=["RCT"] * 4 + ["cohort"] * 4)  # fmt: skip
    found = asked(both, "power", power=0.0, **SHAPES)
    alone = duration(both.take(np.arange(8) < 4), priors=PRIORS, **SHAPES)

    for table, columns in (("predictions", ["mean", "sd", "new_upper"]),
                           ("shapes", ["log_marginal_likelihood", "probability"])):  # fmt: skip
        np.testing.assert_allclose(
            getattr(found, table)[columns], getattr(alone, table)[columns], atol=1e-6
        )


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.slow
def test_a_bias_that_all_share_for_sure_is_the_bias(mixed):
    """Share 1 is design-bias with one tau, share 0 no bias at all."""
    sure = asked(mixed(), "all biased or none", priors={**BIAS, "share": 1.0}, **SHAPES)
    biased = duration(mixed(), model="design-bias", spread="common", priors=BIAS, **SHAPES)
    none = asked(mixed(), "all biased or none", priors={**BIAS, "share": 0.0}, **SHAPES)
    plain = duration(mixed(), priors=PRIORS, **SHAPES)

    for one, other in ((sure, biased), (none, plain)):
        np.testing.assert_allclose(one.predictions["mean"], other.predictions["mean"], atol=1e-6)


@pytest.mark.parametrize("name", ["extra", pytest.param("power", marks=SLOW)])
def test_the_order_of_the_studies_does_not_matter(name, mixed):
    """Rows permuted: predictions and each study's leave-one-out slope stay."""
    effects, order = mixed(), np.random.default_rng(3).permutation(12)
    one, other = (asked(table, name, **SHAPES) for table in (effects, effects.take(order)))

    np.testing.assert_allclose(one.predictions["upper"], other.predictions["upper"], atol=1e-6)
    shift = other.leave_one_out.set_index("study")["shift"]
    for row in one.leave_one_out.to_dict("records"):
        assert shift[row["study"]] == pytest.approx(row["shift"], abs=1e-5)


@pytest.mark.usefixtures("no_single_studies")
def test_arms_swapped_turn_every_sign(mixed):
    """Estimates with the other sign, higher better: the same probabilities, effects turned."""
    here = asked(mixed(), "extra", priors={**EXTRA, "bias": "Normal(mu=0, sigma=0.5)"}, **SHAPES)
    there = asked(mixed(sign=-1.0), "extra", benefit="higher",
                  priors={**EXTRA, "bias": "Normal(mu=0, sigma=0.5)"}, **SHAPES)  # fmt: skip

    np.testing.assert_allclose(here.predictions["upper"], -there.predictions["lower"], atol=1e-6)
    assert here.p_longer_is_better == pytest.approx(there.p_longer_is_better, abs=1e-8)


@pytest.mark.usefixtures("no_single_studies")
@pytest.mark.slow
def test_another_unit_changes_numbers_by_it(mixed):
    """A thousandth of the unit: effects and taus times 1000, probabilities as they were."""
    wide = {"mu": "Normal(mu=0, sigma=4000)", "tau": "HalfNormal(sigma=1000)",
            "change": "Normal(mu=0, sigma=2000)", "bias": "Normal(mu=100, sigma=500)",
            "kappa": "HalfNormal(sigma=500)"}  # fmt: skip
    here = asked(mixed(), "extra", **SHAPES)
    there = asked(mixed(scale=1000.0), "extra", priors=wide, **SHAPES)

    np.testing.assert_allclose(1000 * here.tau["upper"], there.tau["upper"], rtol=1e-5)
    np.testing.assert_allclose(here.shapes["probability"], there.shapes["probability"], atol=1e-6)
    np.testing.assert_allclose(
        1000 * here.predictions["new_upper"], there.predictions["new_upper"], rtol=1e-5
    )


def _grid():
    """Return tau, kappa and their prior masses on a fine grid, each of shape (point,)."""
    node, length = np.polynomial.legendre.leggauss(60)
    tau, kappa = 2.5 * (node + 1), 1.5 * (node + 1)
    mass = np.outer(2.5 * length * halfnorm.pdf(tau), 1.5 * length * halfnorm.pdf(kappa, scale=0.5))
    pairs = np.meshgrid(tau, kappa, indexing="ij")
    return pairs[0].ravel(), pairs[1].ravel(), mass.ravel()


def _conditional(effects, design, precision):
    """Return log p(y | tau, kappa), means and covariances of mu, bias and change."""
    prior_mean, prior_sd = np.array([0, 0.1, 0]), np.array([4, 0.5, 2])
    inner = np.einsum("ip,ni,iq->npq", design, precision, design) + np.diag(prior_sd**-2.0)
    covariance = np.linalg.inv(inner)
    moment = precision * effects.estimate @ design + prior_mean / prior_sd**2
    mean = np.einsum("npq,nq->np", covariance, moment)
    misfit = (precision * (effects.estimate - mean @ design.T) ** 2).sum(axis=1)
    pulled = (((mean - prior_mean) / prior_sd) ** 2).sum(axis=1)
    constant = 2 * np.log(prior_sd).sum() + 12 * np.log(2 * np.pi)
    further = np.linalg.slogdet(inner)[1] - np.log(precision).sum(axis=1)
    return -0.5 * (misfit + pulled + further + constant), mean, covariance


@pytest.mark.usefixtures("no_single_studies")
def test_a_step_is_the_sum_over_cuts_taus_and_kappas(mixed):
    """Evidence, change and new study by brute force: 6 cuts, 3600 pairs of tau and kappa."""
    effects = mixed()
    weeks = np.asarray(effects.studies["duration_weeks"], dtype=float)
    cohort = np.array([float(word == "cohort") for word in DESIGNS])
    tau, kappa, mass = _grid()
    variance = effects.standard_error**2 + tau[:, None] ** 2 + np.outer(kappa**2, cohort)
    total, moments = 0.0, np.zeros(4)
    for cut in (2.5, 3.5, 5, 7, 9, 11):
        late = (weeks > cut) * 1.0
        design = np.column_stack([np.ones(12), cohort, late - late.mean()])
        log_density, mean, covariance = _conditional(effects, design, 1 / variance)
        share, last = mass * np.exp(log_density) / 6, np.array([1.0, 0.0, 1 - late.mean()])
        place, spread = mean @ last, np.einsum("p,npq,q->n", last, covariance, last) + tau**2
        total += share.sum()
        moments += [share @ mean[:, 2], share @ (mean[:, 2] ** 2 + covariance[:, 2, 2]),
                    share @ place, share @ (place**2 + spread)]  # fmt: skip
    moments /= total
    found = asked(effects, "extra", shapes=["step"], weeks=[12.0])
    shape, row = found.shapes.iloc[0], found.predictions.iloc[0]

    assert shape["log_marginal_likelihood"] == pytest.approx(np.log(total), abs=1e-5)
    for prefix, own, first in (("change_", shape, 0), ("new_", row, 2)):
        sd = np.sqrt(moments[first + 1] - moments[first] ** 2)
        error = own[f"{prefix}error"]
        assert own[f"{prefix}mean"] == pytest.approx(moments[first], abs=error)
        assert own[f"{prefix}sd"] == pytest.approx(sd, abs=error)
        assert error < 5e-3 * sd


@pytest.mark.usefixtures("no_single_studies")
def test_cases_of_who_is_biased_are_summed_over(effects_of):
    """Two cohorts: the evidence of the constant shape is that of four cases, by brute force."""
    estimate, error = np.array([0.1, -0.4, 0.3, 2.0, -1.8]), np.array([0.3, 0.4, 0.5, 0.3, 0.4])
    effects = effects_of([2.0, 4.0, 6.0, 8.0, 9.0], estimate, error,
                         design=["RCT"] * 3 + ["cohort"] * 2)  # fmt: skip
    node, length = np.polynomial.legendre.leggauss(80)
    total = 0.0
    for one in (0, 1):
        for other in (0, 1):
            extra = 0.25 * np.array([0, 0, 0, one, other])
            for tau, mass in zip(3 * (node + 1), 3 * length, strict=True):
                covariance = np.diag(error**2 + tau**2 + extra) + 16.0
                density = multivariate_normal(np.zeros(5), covariance).pdf(estimate)
                total += 0.25 * mass * halfnorm.pdf(tau) * density
    found = asked(effects, "each biased or not", shapes=["constant", "linear"])

    assert found.shapes["log_marginal_likelihood"][0] == pytest.approx(np.log(total), abs=1e-6)


@pytest.mark.usefixtures("no_single_studies")
def test_a_new_study_is_of_the_level_that_is_asked_for(mixed):
    """Taus by level: the new study's SD is mu's and that level's tau, the reference's without."""
    priors = {**PRIORS, "tau[RCT]": "HalfNormal(sigma=0.01)", "tau[cohort]": "HalfNormal(sigma=2)"}
    by_level = {"model": "tau-by-level", "level": "design", "priors": priors,
                "shapes": ["constant", "linear"]}  # fmt: skip
    of_trials = duration(mixed(), **by_level)
    of_cohorts = duration(mixed(), at={"design": "cohort"}, **by_level)

    assert of_trials.predictions["mean"].iloc[0] == pytest.approx(
        of_cohorts.predictions["mean"].iloc[0], abs=1e-9
    )
    assert of_trials.predictions["new_sd"].iloc[0] < 1.05 * of_trials.predictions["sd"].iloc[0]
    assert of_cohorts.predictions["new_sd"].iloc[0] > 2 * of_cohorts.predictions["sd"].iloc[0]
    assert of_cohorts.tau["parameter"].to_list() == ["tau[cohort]", "tau[RCT]"]
    assert "design cohort" in of_cohorts.predicted


@pytest.mark.usefixtures("no_single_studies")
def test_a_kappa_that_is_known_is_a_part_of_the_standard_errors(twelve, effects_of):
    """With durations that are ranges or missing: cohorts' s² + kappa² in the place of s²."""
    plain, kappa = twelve(), 0.4
    words = [f"{week:g}" for week in plain.studies["duration_weeks"]]
    words[3], words[6], words[8] = "", "4-8", ""
    cohort = np.array([word == "cohort" for word in DESIGNS])
    wider = np.sqrt(plain.standard_error**2 + kappa**2 * cohort)
    here, there = (effects_of(words, plain.estimate, error, design=DESIGNS)
                   for error in (plain.standard_error, wider))  # fmt: skip
    one = asked(here, "extra", priors={**EXTRA, "kappa": kappa}, shapes=["constant", "linear"])
    other = duration(there, model="design-bias", spread="common", priors=BIAS,
                     shapes=["constant", "linear"])  # fmt: skip

    np.testing.assert_allclose(one.predictions["mean"], other.predictions["mean"], atol=2e-4)
    np.testing.assert_allclose(one.predictions["new_sd"], other.predictions["new_sd"], atol=2e-4)
    np.testing.assert_allclose(
        one.shapes["log_marginal_likelihood"], other.shapes["log_marginal_likelihood"], atol=2e-4
    )


@pytest.mark.usefixtures("no_single_studies")
def test_a_ratio_holds_of_cohorts_whose_duration_is_all_but_known(twelve, effects_of):
    """Cohorts' weeks as ranges as narrow as can be: the answer of the numbers in their middle."""
    plain = twelve()
    words = [f"{week:g}" for week in plain.studies["duration_weeks"]]
    narrow = [f"{float(word) - 1e-4:.4f}-{float(word) + 1e-4:.4f}" if row in (3, 5) else word
              for row, word in enumerate(words)]  # fmt: skip
    one, other = (
        asked(effects_of(cells, plain.estimate, plain.standard_error, design=DESIGNS), "ratio",
              shapes=["linear"])
        for cells in (words, narrow)
    )  # fmt: skip

    for column in ("mean", "sd", "new_sd"):
        np.testing.assert_allclose(
            one.predictions[column], other.predictions[column], rtol=1e-3, atol=1e-4
        )


def test_each_study_left_out_is_left_out(mixed):
    """The slope without a study is that of the table without it, in the full table's priors.

    Under a wide prior of mu, for curves are centred at the studies there are.
    """
    effects = mixed()
    wide = {**EXTRA, "mu": "Normal(mu=0, sigma=400)"}
    table = asked(effects, "extra", shapes=["linear"], priors=wide).leave_one_out

    for row in (5, 10):
        rest = effects.take(np.arange(12) != row)
        alone = asked(rest, "extra", shapes=["linear"], priors=wide).leave_one_out.iloc[0]
        assert table["mean"][1 + row] == pytest.approx(alone["mean"], abs=2e-4)
        assert table["sd"][1 + row] == pytest.approx(alone["sd"], abs=2e-4)


def test_everything_is_said_of_every_tau(mixed):
    """Text, JSON and warnings: kappa has a line, errors are small, and trials are named."""
    found = asked(mixed(), "extra", minimal_important_difference=0.5,
                  shapes=["constant", "linear", "step"])  # fmt: skip
    said, data = text(found), json.loads(json.dumps(contract(found), allow_nan=False))

    for words in ("kappa", "predictions are of trials", "design-bias"):
        assert words in said
    assert [row["parameter"] for row in data["tau"]] == ["tau", "kappa"]
    assert (found.predictions["error"] < 0.01 * found.predictions["sd"]).all()
    assert (found.changes["error"] < 0.01 * found.changes["sd"]).all()
    assert 0 < found.tau["share_explained"].iloc[0] < 1


def test_between_designs_lies_nothing_where_durations_are_balanced(effects_of):
    """Each trial's duration a cohort's too, alike in precision: 0; durations by design alone: 1."""
    weeks, error = [2.0, 4.0, 9.0], [0.3, 0.4, 0.5]
    balanced = effects_of(weeks * 2, [0.1, -0.5, -1.0, 0.4, 0.2, -2.0], error * 2,
                          design=["RCT"] * 3 + ["cohort"] * 3)  # fmt: skip
    apart = effects_of([4.0] * 3 + [8.0] * 3, [0.1, -0.5, -1.0, 0.4, 0.2, -2.0], error * 2,
                       design=["RCT"] * 3 + ["cohort"] * 3)  # fmt: skip
    shapes = {"model": "design-bias", "spread": "common", "priors": BIAS, "shapes": ["linear"]}
    none, every = (duration(effects, **shapes) for effects in (balanced, apart))

    assert none.between_designs == pytest.approx(0.0, abs=1e-12)
    assert every.between_designs == 1.0
    assert "100 % lies between trials and cohorts" in text(every)


REFUSED = [
    ({"model": "tau-by-level", "level": "three", "at": {"three": "a"}}, "one hyperparameter more"),
    ({"model": "tau-by-level", "level": "three"}, "say which"),
]


@pytest.mark.parametrize(("choices", "said"), REFUSED)
def test_what_is_not_weighed_says_what_would_do(choices, said, twelve):
    """Three taus, or a new study of nobody knows which level."""
    effects = twelve(three=list("abcabcabcabc"))

    with pytest.raises(ModelError, match=said):
        duration(effects, shapes=["constant"], priors=PRIORS, **choices)


def test_open_durations_are_not_weighed_beside_several_taus(effects_of, twelve):
    """A range or a gap beside kappa, or in a cohort whose likelihood has a power, is refused."""
    plain = twelve()
    words = [f"{week:g}" for week in plain.studies["duration_weeks"]]
    words[3] = ""
    effects = effects_of(words, plain.estimate, plain.standard_error, design=DESIGNS)

    with pytest.raises(ModelError, match="kappa"):
        asked(effects, "extra", shapes=["linear"])
    with pytest.raises(ModelError, match="powers"):
        asked(effects, "power", shapes=["linear"])


@pytest.mark.slow
def test_all_shapes_of_the_example_stay_within_ten_seconds():
    """TNF-alpha, SIMULATED, the default model of cohorts: CPU time of one call."""
    import time

    studies = bm.read_studies("examples/data/rtms_SIMULATED.csv")
    effects = bm.effect_sizes(studies, measure="MD", outcome="TNF-alpha")
    start = time.process_time()
    found = bm.duration(effects, model="design-bias")

    assert time.process_time() - start < 10
    assert len(found.shapes) == 10
    assert (found.changes["error"] < 0.01 * found.changes["sd"]).all()


def _emax(effects):
    """Return the model of one shape beside a bias, tau and kappa, in plain PyMC."""
    import pymc as pm

    weeks = np.asarray(effects.studies["duration_weeks"], dtype=float)
    cohort = np.array([float(word == "cohort") for word in DESIGNS])
    with pm.Model() as model:
        mu, bias = pm.Normal("mu", 0, 4), pm.Normal("bias", 0.1, 0.5)
        tau, kappa = pm.HalfNormal("tau", 1), pm.HalfNormal("kappa", 0.5)
        change, half = pm.Normal("change", 0, 2), pm.Uniform("log_half", np.log(2), np.log(12))
        fifty = pm.math.exp(half)
        raw = [week / (week + fifty) for week in (weeks, 2.0, 12.0)]
        column = (raw[0] - raw[1]) / (raw[2] - raw[1])
        centre = mu + bias * cohort + change * (column - column.mean())
        spread = pm.math.sqrt(effects.standard_error**2 + tau**2 + kappa**2 * cohort)
        pm.Normal("y", centre, spread, observed=effects.estimate)
    return model


@pytest.mark.slow
def test_nuts_agrees_with_emax_beside_two_taus(mixed):
    """Change, tau and kappa within 4 MCSE of the exact answer."""
    import nutpie
    from arviz_stats.base import array_stats

    drawn = nutpie.sample(nutpie.compile_pymc_model(_emax(mixed())), draws=2000, tune=1000,
                          chains=4, seed=7, target_accept=0.95, progress_bar=False)  # fmt: skip
    found, drawn = asked(mixed(), "extra", shapes=["emax"]), drawn["posterior"]

    def off(values, expected):
        error = float(np.asarray(array_stats.mcse(values, method="mean")))
        return abs(values.mean() - expected) / error

    moves = drawn["change"].to_numpy()
    assert off(moves, found.shapes["change_mean"][0]) < 4
    assert off((moves < 0) * 1.0, found.shapes["change_p_better"][0]) < 4
    for row in found.tau.to_dict("records"):
        values = drawn[row["parameter"]].to_numpy()
        for name, level in (("lower", 0.025), ("median", 0.5), ("upper", 0.975)):
            assert off((values < row[name]) * 1.0, level) < 4, (row["parameter"], name)
