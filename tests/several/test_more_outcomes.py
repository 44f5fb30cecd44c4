"""More than two outcomes: correlations that are restricted together."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayesmeta as bm
from bayesmeta.assembly import assemble
from bayesmeta.assembly.graph import build
from bayesmeta.covariance import Groups, Layout
from bayesmeta.engines import nuts
from bayesmeta.engines.agreement import LIMIT, differences_from_exact
from bayesmeta.engines.settings import Settings
from bayesmeta.errors import BayesmetaError
from bayesmeta.priors import density
from bayesmeta.random_effects import multivariate
from bayesmeta.spec import Prior, parse_prior

PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": "HalfNormal(sigma=0.5)", "rho_within": 0.3}
CORRELATION = np.array([[1.0, 0.6, 0.2], [0.6, 1.0, -0.3], [0.2, -0.3, 1.0]])
FIXED = {"rho_between[x, y]": 0.6, "rho_between[x, z]": 0.2, "rho_between[y, z]": -0.3}
TAUS = {"tau[x]": 0.3, "tau[y]": 0.5, "tau[z]": 0.2}
VOLUME = {2: 2.0, 3: np.pi**2 / 2, 4: 32 * np.pi**2 / 27}
"""Of the correlation matrices of so many variables (Joe 2006, J Multivar Anal 97:2177-2189)."""


@pytest.fixture
def rows():
    """Return three outcomes of five studies, simulated; three of them lack one."""
    generator = np.random.default_rng(3)
    table = pd.DataFrame(
        [(f"s{study}", outcome) for study in range(5) for outcome in "xyz"],
        columns=["study", "outcome"],
    )
    table["estimate"] = generator.normal(0.3, 0.5, len(table)).round(3)
    table["variance"] = generator.uniform(0.02, 0.2, len(table)).round(3)
    return table.drop(index=[2, 6, 13]).reset_index(drop=True)


@pytest.mark.parametrize("count", [3, 4])
def test_correlations_are_uniform_over_positive_definite_matrices(count):
    """LKJ(1): the density of the Betas over the Jacobian is one over the volume, everywhere."""
    import pymc as pm

    names = list("wxyz"[:count])
    layout = Layout({"outcome": Groups.of(names), "trial": Groups.of("a" * count)})
    with pm.Model() as model:
        found = multivariate.joint_variables(layout, Prior("LKJ", {"eta": 1.0}))
    pairs = [f"rho_between[{a}, {b}]" for a, b in combinations(names, 2)]
    shares = model.free_RVs
    value = pm.compile(shares, [found[name] for name in pairs], mode="FAST_COMPILE")
    shapes = [float(share.owner.op.dist_params(share.owner)[0].eval()) for share in shares]
    generator = np.random.default_rng(count)
    for _ in range(5):
        point = generator.uniform(0.1, 0.9, len(shares))
        steps = 1e-5 * np.eye(len(shares))
        up, down = (np.array([value(*(point + sign * step)) for step in steps]) for sign in (1, -1))
        slope = (up - down) / 2e-5
        log_joint = stats.beta.logpdf(point, shapes, shapes).sum() - np.linalg.slogdet(slope)[1]
        assert log_joint == pytest.approx(-np.log(VOLUME[count]), abs=1e-6)


@pytest.mark.parametrize("count", [3, 4])
def test_a_stated_eta_is_a_power_of_the_determinant(count):
    """LKJ(eta): the log density of the matrix moves by (eta - 1) log |R|, but for a constant."""
    import pymc as pm

    names = list("wxyz"[:count])
    layout = Layout({"outcome": Groups.of(names), "trial": Groups.of("a" * count)})
    generator, gaps = np.random.default_rng(count), []
    models = {}
    for eta in (1.0, 2.5):
        with pm.Model() as model:
            found = multivariate.joint_variables(layout, Prior("LKJ", {"eta": eta}))
        models[eta] = model, model.compile_logp(jacobian=False, mode="FAST_COMPILE")
    first = models[1.0][0]
    rhos = first.replace_rvs_by_values(list(first.deterministics))
    value = first.compile_fn(rhos, mode="FAST_COMPILE")
    for _ in range(4):
        point = {name: np.asarray(generator.normal(0, 0.5))
                 for name in models[1.0][0].initial_point()}  # fmt: skip
        matrix = np.eye(count)
        rho = value(point)
        for place, (one, other) in enumerate((a, b) for b in range(count) for a in range(b)):
            matrix[one, other] = matrix[other, one] = rho[place]
        moved = models[2.5][1](point) - models[1.0][1](point)
        gaps.append(float(moved) - 1.5 * np.linalg.slogdet(matrix)[1])

    assert len(found) == count * (count - 1) // 2
    assert gaps == pytest.approx([gaps[0]] * 4, abs=1e-10)


def test_the_prior_of_correlations_is_said_as_lkj(rows, sized):
    """With the eta that was stated, and the number of outcomes that its margins depend on."""
    usual = assemble(sized(rows), "several-outcomes", priors=PRIORS)
    stated = {**PRIORS, "rho_between": "LKJ(eta=2)"}
    other = assemble(sized(rows), "several-outcomes", priors=stated)
    names = [name for name in usual.priors if name.startswith("rho_between[")]

    found = {str(assembly.priors[name]) for assembly in (usual, other) for name in names}

    assert found == {"LKJ(eta=1, outcomes=3)", "LKJ(eta=2, outcomes=3)"}


def test_the_margin_of_a_correlation_is_a_stretched_beta():
    """Lewandowski, Kurowicka and Joe (2009), section 3: Beta(b, b), b = eta - 1 + K / 2."""
    x, p = np.array([-0.9, -0.2, 0.0, 0.7]), np.array([0.05, 0.5, 0.9])
    margin = stats.beta(2.5, 2.5, loc=-1, scale=2)
    found = density(parse_prior("LKJ(eta=2, outcomes=3)"))
    twin = density(parse_prior("StretchedBeta(alpha=2.5, beta=2.5)"))

    for one in (found, twin):
        np.testing.assert_allclose(one.log_density(x), margin.logpdf(x), rtol=1e-12)
        np.testing.assert_allclose(one.cdf(x), margin.cdf(x), rtol=1e-12)
        np.testing.assert_allclose(one.quantile(p), margin.ppf(p), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("prior", "shapes"),
    [("LKJ(eta=2)", (2, 2)), ("StretchedBeta(alpha=3, beta=1.5)", (3, 1.5))],
)
def test_a_stretched_beta_in_pymc_is_that_of_scipy(rows, sized, prior, shapes):
    """Both engines have it: of two outcomes the log density moves by that of the prior."""
    two = sized(rows[rows["outcome"] != "z"].reset_index(drop=True))
    fixed = {**dict.fromkeys(("tau[x]", "tau[y]"), 0.5), "mu": PRIORS["mu"], "rho_within": 0.3}
    models = [bm.build_model(two, "several-outcomes", priors={**fixed, "rho_between": one})
              for one in (prior, "Uniform(lower=-1, upper=1)")]  # fmt: skip
    at = {name: np.asarray(0.3) for name in models[0].initial_point()}
    rho = 2 / (1 + np.exp(-0.3)) - 1

    one, other = (model.compile_logp(mode="FAST_COMPILE")(at) for model in models)

    moved = stats.beta(*shapes, loc=-1, scale=2).logpdf(rho) + np.log(2)
    # The transform ends a little inside: what it makes of 0.3 differs by that.
    assert float(one - other) == pytest.approx(moved, abs=1e-8)


def test_a_stretched_beta_in_the_exact_engine_is_the_integral_over_it(rows, sized):
    """The evidence is the mean, over the prior, of that at fixed correlations: Gauss-Legendre."""
    two = sized(rows[rows["outcome"] != "z"].reset_index(drop=True))
    fixed = {**dict.fromkeys(("tau[x]", "tau[y]"), 0.5), "mu": PRIORS["mu"], "rho_within": 0.3}

    def evidence(rho):
        priors = {**fixed, "rho_between": rho}
        posterior = bm.fit(two, "several-outcomes", engine="exact", priors=priors)
        return posterior.attrs["log_marginal_likelihood"]

    nodes, weight = np.polynomial.legendre.leggauss(16)
    each = np.exp([evidence(float(rho)) for rho in nodes])
    expected = np.log((weight * stats.beta(2, 3, loc=-1, scale=2).pdf(nodes)) @ each)

    assert evidence("StretchedBeta(alpha=2, beta=3)") == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("form", ["marginal", "hierarchical"])
def test_the_log_density_is_that_of_plain_pymc(rows, sized, form):
    """The third correlation by the recursion of partial ones; dense matrices; to 1e-10."""
    import pymc as pm
    import pytensor.tensor as pt

    effects = sized(rows)
    ours = build(assemble(effects, "several-outcomes", priors=PRIORS), form=form)
    error, study = np.sqrt(rows["variance"].to_numpy()), Groups.of(rows["study"])
    which, eye = Groups.of(rows["outcome"]).code, np.eye(len(rows))
    with pm.Model() as theirs:
        mu = pt.stack([pm.Normal(f"mu[{name}]", 0.0, np.array(2.0)) for name in "xyz"])
        tau = pt.stack([pm.HalfNormal(f"tau[{name}]", np.array(0.5)) for name in "xyz"])
        one, other = (2 * pm.Beta(f"rho_between[x, {name}]_share", np.array(1.5), np.array(1.5)) - 1
                      for name in "yz")  # fmt: skip
        partial = 2 * pm.Beta("rho_between[y, z]_share", np.array(1.0), np.array(1.0)) - 1
        third = partial * pt.sqrt((1 - one**2) * (1 - other**2)) + one * other
        between = pt.stack([[1.0, one, other], [one, 1.0, third], [other, third, 1.0]])
        sampling = np.outer(error, error) * study.same * (0.3 + 0.7 * eye)
        if form == "marginal":
            spread = tau[which][:, None] * tau[which] * between[which][:, which] * study.same
            pm.MvNormal("y", mu[which], sampling + spread, observed=rows["estimate"])
        else:
            z = pm.Normal("theta_deviation", 0.0, 1.0, shape=(len(study), 3))
            effect = (z @ pt.linalg.cholesky(between).T)[study.code, which]
            pm.MvNormal("y", mu[which] + tau[which] * effect, sampling, observed=rows["estimate"])

    assert at_a_point(ours, ours) == pytest.approx(at_a_point(theirs, ours), abs=1e-10)


def at_a_point(model, ours):
    """Return a model's log density at a point made by chance, of the parameters of ours."""
    generator = np.random.default_rng(1)
    point = {name: np.asarray(generator.normal(0, 0.4, np.shape(value)))
             for name, value in ours.initial_point().items()}  # fmt: skip
    return float(model.compile_logp(mode="FAST_COMPILE")(point))


def dense(rows):
    """Return the covariance of the estimates at the fixed numbers, mu given."""
    error, study = np.sqrt(rows["variance"].to_numpy()), rows["study"].to_numpy()
    which = Groups.of(rows["outcome"]).code
    tau = np.array(list(TAUS.values()))[which]
    same = np.equal.outer(study, study)
    sampling = np.outer(error, error) * same * (0.3 + 0.7 * np.eye(len(rows)))
    return sampling + np.outer(tau, tau) * CORRELATION[which][:, which] * same, which


def test_all_fixed_is_a_normal_posterior(rows, solved):
    """Generalised least squares of three means by hand, and the evidence."""
    numbers, evidence = solved(rows, "several-outcomes", priors={**PRIORS, **FIXED, **TAUS})
    matrix, which = dense(rows)
    design = np.eye(3)[which]
    weight = np.linalg.inv(matrix)
    inverse = np.linalg.inv(design.T @ weight @ design + np.eye(3) / 4)
    means = [f"mu[{name}]" for name in "xyz"]

    np.testing.assert_allclose(numbers.loc[means, "sd"], np.sqrt(np.diag(inverse)), rtol=1e-10)
    np.testing.assert_allclose(
        numbers.loc[means, "mean"], inverse @ design.T @ weight @ rows["estimate"], rtol=1e-10
    )
    expected = stats.multivariate_normal.logpdf(
        rows["estimate"], cov=matrix + 4 * design @ design.T
    )
    assert evidence == pytest.approx(expected, rel=1e-10)


def test_outcomes_in_another_order_have_the_same_answers(rows, solved):
    """Rows turned round: the outcomes are numbered z, x, y, and correlations named after that."""
    turned = rows.iloc[::-1].reset_index(drop=True)
    pairs = combinations(dict.fromkeys(turned["outcome"]), 2)
    other = {
        f"rho_between[{a}, {b}]": CORRELATION["xyz".index(a), "xyz".index(b)] for a, b in pairs
    }
    first, evidence = solved(rows, "several-outcomes", priors={**PRIORS, **FIXED, **TAUS})
    second, again = solved(turned, "several-outcomes", priors={**PRIORS, **other, **TAUS})

    np.testing.assert_allclose(second.loc[first.index], first, rtol=1e-9, atol=1e-12)
    assert again == pytest.approx(evidence, abs=1e-10)


def test_the_exact_engine_refuses_by_name_what_is_too_many(rows, sized):
    """The message has the hyperparameters, and what would do."""
    with pytest.raises(BayesmetaError, match=r"there are 5: tau\[y\], tau\[z\], rho_between\[x, y"):
        bm.fit(sized(rows), "several-outcomes", engine="exact", priors=PRIORS)


@pytest.mark.parametrize(
    "changed",
    [{"rho_between[x, y]": 0.5}, {"rho_between[y, z]": "Uniform(lower=0, upper=1)"}],
    ids=["one of three fixed", "a prior of its own"],
)
def test_correlations_that_go_together_are_fixed_or_free_together(rows, sized, changed):
    """Not one of them alone: the three are named, and the one to change."""
    (name,) = changed

    with pytest.raises(BayesmetaError) as error:
        bm.build_model(sized(rows), "several-outcomes", priors={**PRIORS, **changed})

    assert "are restricted together: either all are fixed" in str(error.value)
    assert str(error.value).endswith(f"change {name}.")


def test_two_outcomes_have_one_correlation(rows, sized):
    """Called rho_between alone, with a variable of its own."""
    effects = sized(rows[rows["outcome"] != "z"].reset_index(drop=True))

    names = [item.name for item in assemble(effects, "several-outcomes", priors=PRIORS).parameters]

    assert "rho_between" in names
    assert not [name for name in names if name.startswith("rho_between[")]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["marginal", "hierarchical"])
def test_draws_agree_with_the_integral_where_there_is_one(rows, sized, form):
    """Three outcomes with fixed correlations and two fixed taus: within four Monte Carlo errors."""
    priors = {**PRIORS, **FIXED, "tau[y]": 0.5, "tau[z]": 0.2}
    assembly = assemble(sized(rows), "several-outcomes", priors=priors)
    posterior = nuts.sample(assembly, Settings(seed=3, form=form, draws=1000))

    differences = differences_from_exact(posterior, assembly)

    assert {"mu[x]", "mu[y]", "mu[z]", "tau[x]"} <= set(differences)
    assert max(map(abs, differences.values())) <= LIMIT


@pytest.mark.slow
def test_nuts_samples_all_of_them(rows, sized):
    """Diagnostics pass, every correlation matrix is positive definite, and the file reads back."""
    posterior = bm.fit(sized(rows), "several-outcomes", priors=PRIORS, seed=2)
    rho = posterior.posterior["rho_between"].to_numpy().reshape(-1, 3)
    matrices = np.ones((len(rho), 3, 3))
    for place, (one, other) in enumerate(combinations(range(3), 2)):
        matrices[:, one, other] = matrices[:, other, one] = rho[:, place]

    assert bm.text(posterior).count("DIAGNOSTICS FAILED") == 0
    assert np.linalg.eigvalsh(matrices).min() > 0
