"""What is known given tau, against dense matrices: every study counts, however many there are."""

import numpy as np
import pytest
from scipy import stats

from bayesmeta.engines.quadrature.conditional import condition, inverse
from bayesmeta.engines.quadrature.problem import Problem

TAU = np.array([0.0, 0.4])
PRECISION = np.array([0.25, 4.0])


def made_up(studies, seed=0):
    """Return estimates, variances and a centred design with one slope."""
    random = np.random.default_rng(seed)
    x = random.standard_normal(studies)
    variance = random.uniform(0.1, 1.0, studies)
    return random.standard_normal(studies), variance, np.column_stack([np.ones(studies), x])


def problem(*tables):
    """Return a batch of problems with normal priors."""
    parts = [
        Problem.of(*table, prior_precision=PRECISION, log_prior=np.zeros_like) for table in tables
    ]
    arrays = {name: np.concatenate([getattr(part, name) for part in parts])
              for name in ("estimate", "variance", "design")}  # fmt: skip
    return Problem(
        **arrays, prior_mean=parts[0].prior_mean, prior_precision=parts[0].prior_precision,
        log_prior=np.zeros_like,
    )  # fmt: skip


def dense(table, tau):
    """Return the evidence of y ~ N(0, V + X P^-1 X') and the mean of b, by regression."""
    y, variance, x = table
    marginal = np.diag(variance + tau**2)
    evidence = stats.multivariate_normal(cov=marginal + x @ np.diag(1 / PRECISION) @ x.T).logpdf(y)
    root = 1 / np.sqrt(variance + tau**2)
    rows = np.vstack([root[:, np.newaxis] * x, np.diag(np.sqrt(PRECISION))])
    return evidence, np.linalg.lstsq(rows, np.append(root * y, [0.0, 0.0]))[0]


@pytest.mark.parametrize("studies", [3, 255, 256, 257, 513, 600])
def test_the_closed_forms_are_those_of_dense_matrices(studies):
    """Evidence and posterior means at two values of tau, to 1e-10."""
    table = made_up(studies)
    found = condition(problem(table), TAU[np.newaxis])

    for node, tau in enumerate(TAU):
        evidence, mean = dense(table, tau)
        assert found.log_evidence[0, node, 0] == pytest.approx(evidence, rel=1e-10)
        assert found.mean[0, node, 0] == pytest.approx(mean, rel=1e-10)


@pytest.mark.parametrize("studies", [3, 300])
def test_problems_of_a_batch_do_not_know_each_other(studies):
    """Two tables at once give what each gives alone."""
    tables = [made_up(studies, seed) for seed in (1, 2)]
    both = condition(problem(*tables), np.tile(TAU, (2, 1)))

    for row, table in enumerate(tables):
        alone = condition(problem(table), TAU[np.newaxis])
        assert both.log_evidence[row] == pytest.approx(alone.log_evidence[0], rel=1e-12)
        assert both.covariance[row] == pytest.approx(alone.covariance[0], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("shape", [(), (5,), (2, 3, 1)], ids=["alone", "row", "batch"])
@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_inverses_and_determinants_are_those_of_one_matrix_at_a_time(shape, count):
    """As LAPACK has them, however the matrices are batched."""
    half = np.random.default_rng(count).normal(size=(*shape, count + 4, count))
    matrix = np.swapaxes(half, -1, -2) @ half

    found, log_determinant = inverse(matrix)

    np.testing.assert_allclose(found, np.linalg.inv(matrix), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(log_determinant, np.linalg.slogdet(matrix)[1], rtol=1e-12)
