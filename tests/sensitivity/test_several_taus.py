"""Questions of priors asked of models with more than one tau: laws, closed forms, refusals."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.errors import ModelError
from bayesmeta.refits.batch import Refit
from bayesmeta.refits.exact import refit
from bayesmeta.sensitivity import power_scaling, prior_data_conflict
from bayesmeta.spec import parse_prior

HALF = "HalfNormal(sigma=0.5)"
PRIORS = {"mu": "Normal(mu=0.2, sigma=0.7)", "tau": HALF}
WITHIN = {**PRIORS, "tau_within": HALF}
NOTHING = {**PRIORS, "tau_within": 0.0}
ESTIMATE = [0.31, 0.12, 0.75, -0.2, 0.44, 0.6, 0.05]
ERROR = [0.2, 0.15, 0.3, 0.25, 0.2, 0.35, 0.22]


@pytest.fixture(scope="module")
def effects():
    """Return seven rows in four clusters, each a study of its own too."""
    frame = pd.DataFrame({"study": list("abcdefg"), "cluster": list("ppqqqrs"),
                          "estimate": ESTIMATE, "standard_error": ERROR})  # fmt: skip
    return bm.effect_sizes(bm.read_studies(frame), "MD")


@pytest.mark.parametrize("verb", [power_scaling, prior_data_conflict, bm.tipping_point])
def test_nothing_within_and_one_row_a_cluster_answers_as_random_effects(verb, effects):
    """tau_within = 0: the same numbers by the core for turned rows as by that for plain ones."""
    own = {"thresholds": [0.95], "benefit": "higher"} if verb is bm.tipping_point else {}

    one = verb(effects, "nested", cluster="study", priors=NOTHING, **own)

    other = verb(effects, "random-effects", priors=PRIORS, **own)
    numbers = one.select_dtypes(float).drop(columns="error", errors="ignore")
    numbers = numbers[[name for name in numbers if not name.endswith("_error")]]
    np.testing.assert_allclose(numbers, other[numbers.columns], rtol=2e-5, atol=1e-6)
    assert list(one.index) == list(other.index)


def _covariance(model):
    same = np.equal.outer(*[np.array(list("ppqqqrs"))] * 2)
    sampling, eye = np.diag(np.square(ERROR)), np.eye(len(ERROR))
    if model == "nested":
        return sampling + 0.3**2 * same + 0.2**2 * eye
    return np.outer(ERROR, ERROR) * np.where(same, 0.6 + 0.4 * eye, 0) + 0.3**2 * eye


@pytest.mark.parametrize(
    ("model", "role", "fixed"),
    [("nested", "cluster", {"tau": 0.3, "tau_within": 0.2}),
     ("correlated", "trial", {"tau": 0.3, "rho_within": 0.6})],
)  # fmt: skip
def test_a_likelihood_of_dependent_rows_to_a_power(model, role, fixed, effects):
    """N(y; mu, V)^a = (2 pi)^(n (1 - a) / 2) |V|^((1 - a) / 2) a^(-n / 2) N(y; mu, V / a)."""
    power, count, prior = 0.7, len(ERROR), stats.norm(0.2, 0.7)
    assembly = assemble(effects, model, roles={role: "cluster"}, priors={**PRIORS, **fixed})
    matrix, ones = _covariance(model), np.ones(count)
    scaled = matrix / power
    precision = ones @ np.linalg.solve(scaled, ones) + prior.std() ** -2
    constant = 0.5 * (1 - power) * (count * np.log(2 * np.pi) + np.linalg.slogdet(matrix)[1])
    whole = scaled + prior.var() * np.ones((count, count))
    evidence = stats.multivariate_normal.logpdf(ESTIMATE, 0.2 * ones, whole)

    found = refit(assembly, [Refit(assembly.priors, power * ones)])

    sd = found.gather(lambda part: part.combination(np.ones(1)).sd())
    assert float(sd[0]) == pytest.approx(precision**-0.5, rel=1e-10)
    expected = constant - 0.5 * count * np.log(power) + evidence
    assert float(found.log_marginal_likelihood[0]) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", ["tau", "tau_within"])
def test_a_half_normal_prior_to_a_power_is_a_narrower_one(name, effects):
    """HalfNormal(s)^a is HalfNormal(s / sqrt(a)) but for a constant, inner one and further one."""
    assembly = assemble(effects, "nested", roles={"cluster": "cluster"}, priors=WITHIN)
    everyone, narrow = np.ones(len(ERROR)), parse_prior(f"HalfNormal(sigma={0.5 / 2**0.5:.16g})")

    found = refit(
        assembly,
        [
            Refit(assembly.priors, everyone, powers={name: 2.0}),
            Refit({**assembly.priors, name: narrow}, everyone),
        ],
    )

    for each in ("tau", "tau_within"):
        one, other = found.gather(lambda part, each=each: part.heterogeneity(each).quantile(0.7))
        assert float(one) == pytest.approx(float(other), rel=1e-7)


@pytest.mark.slow
def test_a_uniform_prior_to_a_power_moves_nothing(effects):
    """What is level stays so: rho_within ~ Uniform is not sensitive to its own power."""
    table = power_scaling(effects, "correlated", trial="cluster", priors=PRIORS)

    assert table["prior_rho_within"].to_numpy() == pytest.approx(np.zeros(3), abs=1e-5)
    assert list(table.index) == ["mu", "tau", "rho_within"]


def test_conflict_is_that_of_simulated_tables(effects):
    """Drawn from the priors: how often b is as far off, and twice the smaller tail of Q."""
    draws, generator = 200_000, np.random.default_rng(1)
    half = stats.halfnorm(scale=0.5)
    tau, within = (half.rvs(draws, random_state=generator) for _ in range(2))
    cluster = np.array([0, 0, 1, 1, 1, 2, 3])
    mu = -0.5 + 0.1 * generator.standard_normal((draws, 1))
    effect = (tau[:, None] * generator.standard_normal((draws, 4)))[:, cluster]
    own = np.hypot(within[:, None], ERROR) * generator.standard_normal((draws, 7))
    weight = np.square(ERROR) ** -1.0
    weight /= weight.sum()

    def statistics(rows):
        mean = rows @ weight
        return mean, (((rows - mean[:, None]) / ERROR) ** 2).sum(axis=1)

    mean, residual = statistics(mu + effect + own)
    seen, q = (float(each[0]) for each in statistics(np.array([ESTIMATE])))
    upper = np.mean(residual >= q)
    expected = [np.mean(np.abs(mean + 0.5) >= abs(seen + 0.5)), 2 * min(upper, 1 - upper)]

    priors = {**WITHIN, "mu": "Normal(mu=-0.5, sigma=0.1)"}
    table = prior_data_conflict(effects, "nested", cluster="cluster", priors=priors)

    assert list(table.index) == ["mu", "tau, tau_within"]
    assert table["tail_probability"].to_list() == pytest.approx(expected, abs=4e-3)
    assert table["error"].max() < 1e-4


def test_a_cell_of_the_map_is_a_fit_under_its_priors(effects):
    """Of tau between clusters; tau_within keeps its own prior."""
    found = bm.prior_map(effects, "nested", cluster="cluster", priors=WITHIN, tau_scales=[0.3],
                         mu_sds=[2.0], statistics=["median", "upper"])  # fmt: skip
    priors = {**WITHIN, "mu": "Normal(mu=0.2, sigma=2)", "tau": "HalfNormal(sigma=0.3)"}

    fitted = bm.fit(effects, "nested", cluster="cluster", priors=priors, engine="exact")

    row = bm.summary(fitted).loc["mu"]
    assert [float(found[name].squeeze()) for name in ("median", "upper")] == pytest.approx(
        [row["median"], row["upper"]], rel=1e-7
    )


def test_several_outcomes_have_axes_of_their_own(effects):
    """The first outcome's mean and tau, on the scale and in the unit of its own rows."""
    frame = pd.DataFrame({"study": list("aabbccd"), "outcome": list("xyxyxyx"),
                          "estimate": ESTIMATE, "standard_error": ERROR})  # fmt: skip
    several = bm.effect_sizes(bm.read_studies(frame), "MD", repeated=True)
    fixed = {"tau[y]": 0.4, "rho_between": 0.3, "rho_within": 0.2}

    table = bm.tipping_point(several, "several-outcomes", priors={**PRIORS, **fixed},
                             thresholds=[0.95], benefit="higher")  # fmt: skip

    assert list(dict.fromkeys(table.index.get_level_values(0))) == ["mu[x]", "tau[x]"]


@pytest.mark.parametrize(
    ("verb", "model", "roles", "priors", "said"),
    [
        (power_scaling, "probably-biased", {}, {**PRIORS, "bias": "Normal(mu=0, sigma=1)"},
         "the bias 'probable' of model"),
        (prior_data_conflict, "power-prior", {}, PRIORS, "the power 'cohorts' of model"),
        (bm.tipping_point, "correlated", {"trial": "cluster", "cluster": "cluster"}, WITHIN,
         r"3 hyperparameters \(tau, tau_within, rho_within\); give numbers to all but 2"),
    ],
)  # fmt: skip
def test_what_is_refused_has_one_clear_reason(verb, model, roles, priors, said, effects):
    """The part, or how many hyperparameters there are and what would do."""
    studies = effects.studies
    designs = ["RCT", "cohort"] * 3 + ["RCT"]
    frame = pd.DataFrame({name: studies[name] for name in ("study", "cluster", "estimate")})
    frame = frame.assign(standard_error=ERROR, design=designs)
    asked = bm.effect_sizes(bm.read_studies(frame), "MD")

    with pytest.raises(ModelError, match=said):
        verb(asked, model, priors=priors, **roles)
