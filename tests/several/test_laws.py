"""Models of several estimates a study, where they must be simpler ones or cannot change."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

HALF = "HalfNormal(sigma=0.5)"
PRIORS = {"mu": "Normal(mu=0, sigma=2)", "tau": HALF}
CLOSE = {"rtol": 1e-9, "atol": 1e-10}
"""Integrals over one hyperparameter, done in two ways."""
LOOSE = {"rtol": 1e-6, "atol": 1e-7}
"""Integrals over several, whose rules settle to their own tolerance."""


def _alike(one, other, names=("mu", "tau", "theta_new"), *, evidence=True, **tolerance):
    """Compare the printed numbers of two solutions, and their evidence."""
    pairs = dict.fromkeys(names) if not isinstance(names, dict) else names
    for name, theirs in pairs.items():
        left, right = one[0].loc[name], other[0].loc[theirs or name]
        np.testing.assert_allclose(left, right, **(tolerance or CLOSE), err_msg=name)
    if evidence:
        np.testing.assert_allclose(one[1], other[1], rtol=0, atol=(tolerance or CLOSE)["rtol"])


def _single(frame):
    """Return the table with every row a study and cluster of its own."""
    own = [f"row {number}" for number in range(len(frame))]
    return frame.assign(study=own, cluster=own)


def _wider(frame, sd):
    return frame.assign(variance=frame["variance"] + sd**2)


def test_nothing_within_and_one_row_a_cluster_is_random_effects(frame, solved):
    """tau_within = 0: a cluster's effect is its estimate's."""
    rows, priors = _single(frame()), {**PRIORS, "tau_within": 0}

    nested = solved(rows, "nested", priors=priors, cluster="cluster")

    _alike(nested, solved(rows, "random-effects", priors=PRIORS))


def test_tau_within_of_single_rows_is_sampling_variance(frame, solved):
    """One row a cluster: V = s² + tau_within² + tau²; the new effect alone is wider."""
    rows = _single(frame())
    nested = solved(rows, "nested", priors={**PRIORS, "tau_within": 0.4}, cluster="cluster")
    plain = solved(_wider(rows, 0.4), "random-effects", priors=PRIORS)

    _alike(nested, plain, ("mu", "tau"))


def test_nothing_within_makes_of_a_cluster_one_estimate(frame, solved):
    """tau_within = 0: rows of a cluster weigh in by precision as in a common effect."""
    rows = frame()
    weight = 1 / rows["variance"]
    sums = pd.DataFrame(
        {"cluster": rows["cluster"], "weight": weight, "both": weight * rows["estimate"]}
    ).groupby("cluster", sort=False).sum()  # fmt: skip
    one = pd.DataFrame(
        {"study": sums.index, "estimate": sums["both"] / sums["weight"],
         "variance": 1 / sums["weight"]}
    )  # fmt: skip
    nested = solved(rows, "nested", priors={**PRIORS, "tau_within": 0}, cluster="cluster")

    _alike(nested, solved(one, "random-effects", priors=PRIORS), evidence=False)


def test_nothing_between_leaves_rows_independent(frame, solved):
    """Tau = 0: what is left is random effects of rows, with tau_within for tau."""
    rows = frame()
    priors = {**PRIORS, "tau": 0, "tau_within": HALF}
    nested = solved(rows, "nested", priors=priors, cluster="cluster")

    _alike(
        nested,
        solved(_single(rows), "random-effects", priors=PRIORS),
        {"mu": "mu", "tau_within": "tau", "theta_new": "theta_new"},
    )


def test_no_correlation_within_is_independence(frame, solved):
    """rho_within = 0."""
    rows = frame()
    found = solved(rows, "correlated", priors={**PRIORS, "rho_within": 0}, trial="cluster")

    _alike(found, solved(_single(rows), "random-effects", priors=PRIORS))


def test_a_formula_without_slope_is_random_effects(frame, solved):
    """Gamma = 0: tau is the same whatever the column."""
    rows = _single(frame()).assign(x=lambda rows: np.arange(len(rows)) ** 1.5)
    found = solved(rows, "location-scale", priors={**PRIORS, "gamma": 0}, tau_formula="x")

    _alike(found, solved(rows, "random-effects", priors=PRIORS))


def test_one_level_is_random_effects(frame, solved):
    """Tau by level, and all studies of one."""
    rows = _single(frame()).assign(kind="a")
    found = solved(rows, "tau-by-level", priors=PRIORS, level="kind")

    _alike(
        found,
        solved(rows, "random-effects", priors=PRIORS),
        {"mu": "mu", "tau[a]": "tau", "theta_new[a]": "theta_new"},
    )


def test_a_formula_of_two_levels_is_two_taus(frame, solved):
    """Tau exp(gamma z) with fixed gamma is the scale of known ratio: tau[b] = e^gamma tau[a]."""
    rows = _single(frame()).assign(z=lambda rows: (np.arange(len(rows)) % 2).astype(float))
    shift = float(rows["z"].mean())
    found = solved(rows, "location-scale", priors={**PRIORS, "gamma": 0.7}, tau_formula="z")
    taus = np.linspace(0, 4, 4001)
    scale = np.exp(0.7 * (rows["z"].to_numpy() - shift))
    log_joint = _log_joint(rows, taus, lambda tau: np.diag((tau * scale) ** 2))

    np.testing.assert_allclose(found[0].loc["tau", "mean"], _mean(taus, log_joint), rtol=1e-6)


def _log_joint(rows, taus, spread, *, correlation=None):
    """Return log p(y, tau) with mu integrated out, at each tau: dense matrices by hand."""
    error = np.sqrt(rows["variance"].to_numpy())
    sampling = np.diag(error**2) if correlation is None else np.outer(error, error) * correlation
    found, estimate = np.empty(taus.size), rows["estimate"].to_numpy()
    for place, tau in enumerate(taus):
        matrix = sampling + spread(tau) + 2.0**2  # mu ~ Normal(0, 2)
        log_determinant = np.linalg.slogdet(2 * np.pi * matrix)[1]
        misfit = estimate @ np.linalg.solve(matrix, estimate)
        found[place] = -0.5 * (misfit + log_determinant) + stats.halfnorm.logpdf(tau, scale=0.5)
    return found


def _mean(taus, log_joint):
    weight = np.exp(log_joint - log_joint.max())
    return np.trapezoid(weight * taus, taus) / np.trapezoid(weight, taus)


@pytest.fixture
def correlation(frame):
    """Return a correlation of the rows of each cluster, different for every pair."""
    cluster = frame()["cluster"].to_numpy()
    root = np.random.default_rng(8).normal(size=(cluster.size, 12))
    every = np.corrcoef(root)
    return np.where(cluster[:, np.newaxis] == cluster, every, 0.0)


@pytest.mark.parametrize("with_trial", [True, False])
def test_a_given_matrix_is_the_dense_computation(frame, solved, correlation, tmp_path, with_trial):
    """Quadrature over tau of a multivariate normal by hand: evidence, tau and mu."""
    rows = frame()
    error = np.sqrt(rows["variance"].to_numpy())
    path = tmp_path / "covariance.csv"
    np.savetxt(path, np.outer(error, error) * correlation, delimiter=",", fmt="%.17g")
    roles = {"trial": "cluster"} if with_trial else {}
    numbers, evidence = solved(rows, "correlated", priors=PRIORS, covariance=str(path), **roles)
    taus = np.linspace(0, 4, 4001)
    eye = np.eye(len(rows))
    log_joint = _log_joint(rows, taus, lambda tau: tau**2 * eye, correlation=correlation)

    total = np.log(np.trapezoid(np.exp(log_joint - log_joint.max()), taus)) + log_joint.max()
    assert evidence == pytest.approx(total, abs=1e-6)
    assert numbers.loc["tau", "mean"] == pytest.approx(_mean(taus, log_joint), rel=1e-6)


@pytest.mark.parametrize(
    ("model", "priors", "roles"),
    [
        ("nested", {"tau_within": 0.2}, {"cluster": "cluster"}),
        pytest.param(
            "nested", {"tau_within": HALF}, {"cluster": "cluster"}, marks=pytest.mark.slow
        ),
        ("nested", {"tau": 0.3, "tau_within": 0.2}, {"cluster": "cluster"}),
        ("correlated", {"rho_within": 0.4}, {"trial": "cluster"}),
        ("correlated", {"tau": 0.3, "rho_within": 0.4}, {"trial": "cluster"}),
    ],
)
def test_a_student_prior_of_many_degrees_is_the_normal_one(frame, solved, model, priors, roles):
    """The prior of mu is then a mixture, whatever else the model has."""
    rows = frame()
    student = {**PRIORS, **priors, "mu": "StudentT(nu=1e7, mu=0, sigma=2)"}
    found = solved(rows, model, priors=student, **roles)

    _alike(found, solved(rows, model, priors={**PRIORS, **priors}, **roles), ("mu",), **LOOSE)


@pytest.mark.parametrize("model", ["nested", "correlated"])
def test_all_fixed_is_a_normal_posterior(frame, solved, model):
    """With every hyperparameter a number: generalised least squares by hand."""
    rows = frame()
    error = np.sqrt(rows["variance"].to_numpy())
    same = rows["cluster"].to_numpy()[:, np.newaxis] == rows["cluster"].to_numpy()
    eye = np.eye(len(rows))
    matrix, fixed, role = {
        "nested": (np.diag(error**2) + 0.09 * same + 0.04 * eye,
                   {"tau": 0.3, "tau_within": 0.2}, "cluster"),
        "correlated": (np.outer(error, error) * np.where(eye > 0, 1, 0.4 * same) + 0.09 * eye,
                       {"tau": 0.3, "rho_within": 0.4}, "trial"),
    }[model]  # fmt: skip
    weight = np.linalg.inv(matrix)
    precision = weight.sum() + 1 / 4
    priors = {"mu": PRIORS["mu"], **fixed}
    numbers, evidence = solved(rows, model, priors=priors, **{role: "cluster"})

    assert numbers.loc["mu", "sd"] == pytest.approx(precision**-0.5, rel=1e-12)
    assert numbers.loc["mu", "mean"] == pytest.approx(
        (weight @ rows["estimate"]).sum() / precision, rel=1e-12
    )
    assert evidence == pytest.approx(
        stats.multivariate_normal.logpdf(rows["estimate"], cov=matrix + 4), rel=1e-12
    )
