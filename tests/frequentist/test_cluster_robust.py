"""Cluster-robust standard errors with Satterthwaite's degrees of freedom, and several components.

Reference numbers: metafor 3.8-1 (rma.mv, REML, rel.tol 1e-10; vcalc for correlations) with
clubSandwich 0.5.8 (coef_test, vcov = "CR2"), on the tables of tests/several/data.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

import bayesmeta as bm
from bayesmeta.covariance import Clustered, Diagonal, Groups, total
from bayesmeta.errors import BayesmetaError
from bayesmeta.frequentist import cluster_robust
from bayesmeta.frequentist.components import components
from bayesmeta.frequentist.design import design_of, mean_only

DATA = Path(__file__).parents[1] / "several" / "data"
CLOSE = {"rtol": 2e-6}
"""metafor stops where its likelihood no longer rises: its variances are good to so much."""


@pytest.fixture(scope="module")
def schools():
    """Return 56 schools in 11 districts."""
    return pd.read_csv(DATA / "konstantopoulos2011.csv")


def nested(table, cluster):
    """Return the covariance of effects nested in clusters, at two standard deviations."""
    groups, own = Groups.of(table[cluster]), Diagonal(table["variance"].to_numpy())
    return groups, lambda sd: total(
        own, Clustered(np.full(1, sd[1] ** 2), np.full(1, sd[0] ** 2), groups)
    )


def found(table, cluster, design=None):
    """Return the components of a nested model, and its robust coefficients."""
    groups, spread = nested(table, cluster)
    columns = mean_only(len(table)) if design is None else design_of(design)
    fit = components(table["estimate"].to_numpy(), columns, spread, groups, 2)
    matrix = spread(fit.deviations).matrix(len(table))
    return fit, cluster_robust(table["estimate"], matrix, table[cluster], design)


def test_schools_in_districts_are_as_metafor_and_clubsandwich_have_them(schools):
    """Variances, coefficient, both standard errors, degrees of freedom, and Q."""
    fit, robust = found(schools, "district")

    np.testing.assert_allclose(fit.deviations**2, [0.0650619442753, 0.0327365170279], **CLOSE)
    np.testing.assert_allclose(
        [fit.coefficients[0], fit.inverse[0, 0] ** 0.5, robust.se[0], robust.degrees_of_freedom[0],
         fit.Q],
        [0.184713163673, 0.0845559187421, 0.0844579954348, 9.86315623332, 578.864017958], **CLOSE,
    )  # fmt: skip


def test_a_slope_by_year_is_as_clubsandwich_has_it(schools):
    """Few degrees of freedom: the years differ between few districts."""
    design = np.column_stack([np.ones(len(schools)), schools["year"]])
    fit, robust = found(schools, "district", design)

    np.testing.assert_allclose(fit.deviations**2, [0.0722655836317, 0.0326502045950], **CLOSE)
    np.testing.assert_allclose(
        [robust.coefficients[1], robust.se[1], robust.degrees_of_freedom[1], robust.se[0],
         robust.degrees_of_freedom[0]],
        [0.00531181822473, 0.0100034242117, 4.18899869077, 19.9189286421, 4.15473009428], **CLOSE,
    )  # fmt: skip


def dense_cr2(estimate, matrix, cluster, design, row):
    """Return se and degrees of freedom as the paper writes them, with matrices in full.

    Pustejovsky and Tipton (2018), equations 5, 7 and 11, the working covariance's own weights.
    """
    weight, count = np.linalg.inv(matrix), len(estimate)
    inverse = np.linalg.inv(design.T @ weight @ design)
    hat = np.eye(count) - design @ inverse @ design.T @ weight
    residual, vectors, variance = hat @ estimate, [], 0.0
    for name in dict.fromkeys(cluster):
        own = np.array([other == name for other in cluster])
        upper = np.linalg.cholesky(matrix[np.ix_(own, own)]).T
        inside = upper @ (hat[own] @ matrix @ hat[own].T) @ upper.T
        value, vector = np.linalg.eigh(inside)
        power = np.where(value > 1e-10 * value.max(), np.abs(value) ** -0.5, 0.0)
        adjust = upper.T @ (vector * power) @ vector.T @ upper
        left = row @ inverse @ design[own].T @ weight[np.ix_(own, own)] @ adjust
        variance += float(left @ residual[own]) ** 2
        vectors.append(hat[own].T @ left)
    omega = np.array(vectors) @ matrix @ np.array(vectors).T
    return np.sqrt(variance), np.trace(omega) ** 2 / (omega**2).sum()


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_sums_by_cluster_are_the_matrices_in_full(columns):
    """Unequal clusters, any working covariance within them, one to three coefficients."""
    generator = np.random.default_rng(columns)
    cluster = np.repeat(list("abcdefg"), [3, 1, 4, 2, 2, 1, 3])
    root = generator.normal(size=(len(cluster), 20))
    matrix = root @ root.T / 20 * np.equal.outer(cluster, cluster)
    design = np.column_stack([np.ones(len(cluster)), generator.normal(size=(len(cluster), 2))])
    design, estimate = design[:, :columns], generator.normal(size=len(cluster))

    robust = cluster_robust(estimate, matrix, cluster, design)

    for place, row in enumerate(np.eye(columns)):
        expected = dense_cr2(estimate, matrix, cluster, design, row)
        own = robust.se[place], robust.degrees_of_freedom[place]
        np.testing.assert_allclose(own, expected, rtol=1e-9)


def test_equal_clusters_are_their_means():
    """Balanced compound symmetry: the t interval of the cluster means, on k - 1."""
    generator = np.random.default_rng(4)
    values = generator.normal(size=(6, 3))
    matrix = np.kron(np.eye(6), 0.4 + 0.6 * np.eye(3))
    cluster = np.repeat(range(6), 3)

    robust = cluster_robust(values.ravel(), matrix, cluster, interval=0.9)

    means = values.mean(axis=1)
    expected = stats.t.interval(0.9, 5, means.mean(), means.std(ddof=1) / np.sqrt(6))
    np.testing.assert_allclose([robust.lower[0], robust.upper[0]], expected, rtol=1e-12)
    assert robust.degrees_of_freedom[0] == pytest.approx(5.0, rel=1e-12)


def test_the_robust_variance_is_unbiased_under_its_working_covariance():
    """E[c' V c] = c' M c: the mean over estimates drawn from the working covariance."""
    generator = np.random.default_rng(5)
    cluster = np.repeat(list("abcde"), [2, 3, 1, 4, 2])
    matrix = (0.5 + np.eye(12)) * np.equal.outer(cluster, cluster)
    draws = generator.multivariate_normal(np.zeros(12), matrix, size=4000)

    squared = [cluster_robust(draw, matrix, cluster).se[0] ** 2 for draw in draws[:1500]]

    expected = 1 / np.linalg.inv(matrix).sum()
    error = np.std(squared) / np.sqrt(len(squared))
    assert abs(np.mean(squared) - expected) < 4 * error


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_a_unit_is_a_unit(schools, factor):
    """Estimates and errors in another unit: everything but the degrees of freedom scales."""
    scaled = schools.assign(
        estimate=factor * schools["estimate"], variance=factor**2 * schools["variance"]
    )
    (fit, robust), (other, again) = (found(table, "district") for table in (schools, scaled))

    np.testing.assert_allclose(other.deviations, factor * fit.deviations, rtol=1e-6)
    np.testing.assert_allclose(again.se, factor * robust.se, rtol=1e-6)
    np.testing.assert_allclose(again.degrees_of_freedom, robust.degrees_of_freedom, rtol=1e-6)


def test_the_order_of_rows_changes_nothing(schools):
    """Rows shuffled, clusters apart."""
    (fit, robust), (other, again) = (
        found(table, "district") for table in (schools, schools.sample(frac=1, random_state=2))
    )

    np.testing.assert_allclose(other.deviations, fit.deviations, rtol=1e-7)
    np.testing.assert_allclose([again.se, again.degrees_of_freedom],
                               [robust.se, robust.degrees_of_freedom], rtol=1e-9)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_components_maximise_the_restricted_likelihood(seed):
    """Never below what a simplex search of the likelihood, written in full, finds."""
    generator = np.random.default_rng(seed)
    cluster = np.repeat(range(6), [4, 1, 3, 2, 5, 2])
    shift = generator.normal(0, [0.0, 0.3, 1.0][seed % 3], 6)[cluster]
    table = pd.DataFrame({
        "estimate": generator.normal(shift, 0.4), "cluster": cluster,
        "variance": generator.uniform(0.05, 0.3, cluster.size),
    })  # fmt: skip
    groups, spread = nested(table, "cluster")
    fit = components(table["estimate"].to_numpy(), mean_only(len(table)), spread, groups, 2)

    def minus(variance):
        matrix = spread(np.sqrt(np.abs(variance))).matrix(len(table))
        weight = np.linalg.inv(matrix)
        centre = (weight @ table["estimate"]).sum() / weight.sum()
        misfit = (table["estimate"] - centre) @ weight @ (table["estimate"] - centre)
        return (misfit + np.linalg.slogdet(matrix)[1] + np.log(weight.sum())) / 2

    starts = [[0.01, 0.01], [0.5, 0.01], [0.01, 0.5]]
    best = min(optimize.minimize(minus, start, method="Nelder-Mead", tol=1e-12).fun
               for start in starts)  # fmt: skip
    assert minus(fit.deviations**2) <= best + 1e-9


def test_one_component_of_single_rows_is_reml():
    """The same tau², estimate and standard error as pool, on Normand's nine trials."""
    effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), "MD")
    plain = bm.pool(effects, method="REML")
    variance = effects.standard_error**2

    fit = components(
        effects.estimate, mean_only(9), lambda sd: Diagonal(variance + sd[0] ** 2),
        Groups.of(effects.labels), 1,
    )  # fmt: skip

    assert fit.deviations[0] ** 2 == pytest.approx(plain.tau2, rel=1e-6)
    assert fit.coefficients[0] == pytest.approx(plain.mu, rel=1e-6)
    assert fit.inverse[0, 0] ** 0.5 == pytest.approx(plain.se[0], rel=1e-6)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (([1.0, 2.0, 3.0], [1.0] * 3, "abc"), "3 clusters are too few .* at least 4"),
        (([1.0, 2.0], [1.0] * 3, "abc"), "Estimates of shape"),
        (([1.0] * 4, np.ones((4, 4)), "abcd"), "joins rows of different clusters"),
        (([1.0] * 4, [1.0, 1.0, np.nan, 1.0], "abcd"), "must be finite"),
        (([1.0] * 4, [1.0, 1.0, -1.0, 1.0], "abcd"), "not positive definite"),
    ],
)
def test_what_cannot_be_used_is_refused(asked, expected):
    """Said with the number, and what would do."""
    with pytest.raises(BayesmetaError, match=expected):
        cluster_robust(*asked)


def test_a_level_that_is_none():
    """95 is no level."""
    with pytest.raises(BayesmetaError, match="Interval level 95"):
        cluster_robust([1.0] * 4, [1.0] * 4, "abcd", interval=95)
