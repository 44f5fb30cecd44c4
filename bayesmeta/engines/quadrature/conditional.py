"""The coefficients' posterior and the evidence, given tau, in closed form."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature.problem import Problem

_BLOCK = 400_000
"""Most numbers in one array of studies times nodes: what stays in a processor's cache."""

_SUM = 256
"""Most terms in one sum of a matrix product."""


class Conditional(NamedTuple):
    """What is known at each tau of each problem, for each component of the coefficient prior.

    Parameters
    ----------
    log_evidence
        log p(y | tau), shape (batch, node, component), with all constants.
    mean
        Posterior means of the coefficients, shape (batch, node, component, coefficient).
    covariance
        Shape (batch, node, component, coefficient, coefficient).
    """

    log_evidence: FloatArray
    mean: FloatArray
    covariance: FloatArray


def condition(problem: Problem, tau: FloatArray) -> Conditional:
    """Return the closed forms at tau, shape (batch, node), or (1, node) where all share it.

    With V the marginal variances that the model's parts give, b the posterior mean of the
    coefficients and C = (X' V^-1 X + P)^-1 their covariance, d of P's p entries being zero (flat)::

        -2 log p(y | tau) = (k - d) log(2 pi) + log|V| - log|C| - sum(log P > 0)
                            + (y - X b)' V^-1 (y - X b) + (b - m)' P (b - m)

    References
    ----------
    Lindley DV, Smith AFM (1972). Bayes estimates for the linear model. J R Stat Soc B 34:1-41.
    """
    size, studies = max(problem.size, len(tau)), problem.estimate.shape[1] * problem.components
    if size * studies * tau.shape[1] <= _BLOCK:
        return _each(_block(problem, tau), size)
    rows = max(1, _BLOCK // (studies * tau.shape[1]))
    nodes = max(1, _BLOCK // (studies * rows))
    across = []
    for start in range(0, size, rows):
        here = slice(start, min(start + rows, size))
        part, own = problem.take(here), tau if len(tau) == 1 else tau[here]
        parts = [_block(part, own[:, at : at + nodes]) for at in range(0, tau.shape[1], nodes)]
        across.append(_each(_joined(parts, axis=1), here.stop - start))
    return _joined(across, axis=0)


def _each(known: Conditional, size: int) -> Conditional:
    """Return what is known of each problem, where it may be the same of all."""
    return Conditional(*(
        array if len(array) == size else np.broadcast_to(array, (size, *array.shape[1:]))
        for array in known
    ))  # fmt: skip


def _joined(parts: list[Conditional], *, axis: int) -> Conditional:
    if len(parts) == 1:
        return parts[0]
    return Conditional(*(np.concatenate(arrays, axis=axis) for arrays in zip(*parts, strict=True)))


def _block(problem: Problem, tau: FloatArray) -> Conditional:
    weight = problem.marginal_variance(tau)
    log_total = _times(np.log(weight), problem.used[..., np.newaxis])
    np.reciprocal(weight, out=weight)
    information, moment = _sums(problem, weight)
    covariance, log_determinant = inverse(information + problem.prior_information)
    pull = (problem.prior_precision * problem.prior_mean)[:, np.newaxis]
    first = _applied(covariance, moment + pull)
    misfit, gradient = _misfit(problem, weight, first)
    # One step of iterative refinement: the mean to the rounding of the residuals, not of y.
    mean = first + _applied(covariance, gradient)
    total = log_total + log_determinant + misfit + problem.constant[:, np.newaxis]
    evidence = -0.5 * total
    if problem.log_constant is not None:
        evidence += problem.log_constant[:, np.newaxis, np.newaxis]
    return Conditional(evidence, mean, covariance)


def _sums(problem: Problem, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return X' W X and X' W y, with an axis of length 1 for the components."""
    count = problem.design.shape[-1]
    both = _times(weight, problem.products)
    information = both[..., : count**2].reshape(*both.shape[:-1], 1, count, count)
    return information, both[..., np.newaxis, count**2 :]


def _misfit(
    problem: Problem, weight: FloatArray, mean: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the quadratic form at the mean and half its downhill gradient there.

    From residuals, never as y'Wy less what is explained: that cancels when studies disagree.
    """
    rows, nodes, components, count = mean.shape
    fitted = mean.reshape(rows, nodes * components, count)
    residual = _times(fitted, np.swapaxes(problem.design, -1, -2))
    np.subtract(problem.estimate[:, np.newaxis], residual, out=residual)
    weighted = np.repeat(weight, components, axis=1) if components > 1 else weight
    weighted = weighted * residual
    if problem.mask is not None:
        weighted *= problem.mask[:, np.newaxis]
    gradient = _times(weighted, problem.design).reshape(mean.shape)
    misfit = np.einsum("bns,bns->bn", weighted, residual).reshape(mean.shape[:-1])
    away = mean - problem.prior_mean[:, np.newaxis]
    pulled = problem.prior_precision[:, np.newaxis] * away
    return misfit + np.einsum("...p,...p->...", pulled, away), gradient - pulled


def _times(array: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return the matrix product; one large one where the batch shares its matrix."""
    if matrix.shape[0] > 1:
        return _summed(array, matrix)
    flat = _summed(array.reshape(-1, array.shape[-1]), matrix[0])
    return flat.reshape(*array.shape[:-1], -1)


def _summed(array: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return the matrix product as a sum over blocks of studies.

    Sums of sums round less. And with longer ones OpenBLAS 0.3.34 overruns a buffer where it is
    told to take an older processor's kernels on some newer ones (its issue 6021).
    """
    total = np.asarray(array[..., :_SUM] @ matrix[..., :_SUM, :])
    for start in range(_SUM, array.shape[-1], _SUM):
        part = slice(start, start + _SUM)
        total += array[..., part] @ matrix[..., part, :]
    return total


def _applied(matrix: FloatArray, vector: FloatArray) -> FloatArray:
    if matrix.shape[-1] == 1:
        return np.asarray(matrix[..., 0] * vector)
    return np.asarray(np.einsum("...pq,...q->...p", matrix, vector))


def inverse(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the inverses and log determinants of positive definite matrices.

    The sweep operator, one pivot after the other, over whole batches at a time: for the few
    coefficients of a meta-regression this beats a library call a matrix.

    Parameters
    ----------
    matrix
        Shape (..., p, p).

    References
    ----------
    Goodnight JH (1979). A tutorial on the SWEEP operator. Am Stat 33:149-158.

    Examples
    --------
    >>> inverse(np.array([[2.0, 1.0], [1.0, 2.0]]))[0].round(12) * 3
    array([[ 2., -1.],
           [-1.,  2.]])
    """
    count = matrix.shape[-1]
    if count == 1:
        return 1 / matrix, np.log(matrix[..., 0, 0])
    # Each entry an array of its own along the nodes, and of two that mirror each other the one.
    swept = {(i, j): matrix[..., i, j].copy() for i in range(count) for j in range(i, count)}
    log_determinant = np.zeros(matrix.shape[:-2])
    for pivot in range(count):
        log_determinant += np.log(swept[pivot, pivot])
        _sweep(swept, pivot, count)
    found = np.empty(matrix.shape)
    for (i, j), entry in swept.items():
        np.negative(entry, out=found[..., i, j])
        if i != j:
            found[..., j, i] = found[..., i, j]
    return found, log_determinant


def _sweep(swept: dict[tuple[int, int], FloatArray], pivot: int, count: int) -> None:
    """Sweep entries (i, j), i up to j, of a symmetric matrix on a pivot; all give -inverse."""
    less = 1 / swept[pivot, pivot]
    column = [swept[min(i, pivot), max(i, pivot)] for i in range(count)]
    scaled = [entry * less for entry in column]
    for (i, j), entry in swept.items():
        if pivot not in (i, j):
            swept[i, j] = entry - column[i] * scaled[j]
    for i in range(count):
        swept[min(i, pivot), max(i, pivot)] = -less if i == pivot else scaled[i]
