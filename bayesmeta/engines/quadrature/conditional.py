"""The coefficients' posterior and the evidence, given tau, in closed form."""

from typing import NamedTuple

import numpy as np

from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.measures.effects import FloatArray

_BLOCK = 400_000
"""Most numbers in one array of studies times nodes: what stays in a processor's cache."""


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
    """Return the closed forms at tau, shape (batch, node).

    With V the marginal variances s**2 + tau**2, b the posterior mean of the coefficients and
    C = (X' V^-1 X + P)^-1 their covariance, d of P's p entries being zero (flat)::

        -2 log p(y | tau) = (k - d) log(2 pi) + log|V| - log|C| - sum(log P > 0)
                            + (y - X b)' V^-1 (y - X b) + (b - m)' P (b - m)

    References
    ----------
    Röver C (2020). J Stat Softw 93(6), section 2.4; Lindley DV, Smith AFM (1972). J R Stat Soc B
    34:1-41, equations 7 to 13.
    """
    studies = problem.estimate.shape[1] * problem.components
    rows = max(1, _BLOCK // (studies * tau.shape[1]))
    nodes = max(1, _BLOCK // (studies * rows))
    across = []
    for start in range(0, tau.shape[0], rows):
        here = slice(start, start + rows)
        data = _Data.of(problem.take(here))
        parts = [_block(data, tau[here, at : at + nodes]) for at in range(0, tau.shape[1], nodes)]
        across.append(_joined(parts, axis=1))
    return _joined(across, axis=0)


def _joined(parts: list[Conditional], *, axis: int) -> Conditional:
    if len(parts) == 1:
        return parts[0]
    return Conditional(*(np.concatenate(arrays, axis=axis) for arrays in zip(*parts, strict=True)))


class _Data(NamedTuple):
    """A problem as the blocks read it: first axis the batch.

    Parameters
    ----------
    variance, estimate
        Shape (batch, 1, study).
    used, masked
        The mask, shape (batch, study, 1), and whether it leaves out any study.
    design, transposed
        X of shape (batch, study, coefficient), and its transpose.
    products
        Rows of X' X, then X y, shape (batch, study, coefficient**2 + coefficient).
    centre, precision
        Of the coefficients' priors, shape (batch, 1, component, coefficient).
    constant
        (k - d) log(2 pi) - sum(log P > 0), shape (batch, 1, component).
    """

    variance: FloatArray
    estimate: FloatArray
    used: FloatArray
    masked: bool
    design: FloatArray
    transposed: FloatArray
    products: FloatArray
    centre: FloatArray
    precision: FloatArray
    constant: FloatArray

    @classmethod
    def of(cls, problem: Problem) -> "_Data":
        """Return what the blocks read."""
        design = problem.design
        squares = design[..., np.newaxis] * design[..., np.newaxis, :]
        moment = design * problem.estimate[..., np.newaxis]
        squares = np.broadcast_to(squares, (*moment.shape, moment.shape[-1]))
        flat = squares.reshape(*moment.shape[:-1], moment.shape[-1] ** 2)
        return cls(
            variance=problem.variance[:, np.newaxis],
            estimate=problem.estimate[:, np.newaxis],
            used=(np.ones((1, design.shape[1])) if problem.mask is None else problem.mask)[
                ..., np.newaxis
            ],
            masked=problem.mask is not None,
            design=design,
            transposed=np.ascontiguousarray(np.swapaxes(design, -1, -2)),
            products=np.concatenate([flat, moment], axis=-1),
            centre=problem.prior_mean[:, np.newaxis],
            precision=problem.prior_precision[:, np.newaxis],
            constant=_constants(problem)[:, np.newaxis],
        )


def _block(data: _Data, tau: FloatArray) -> Conditional:
    weight = data.variance + np.square(tau)[..., np.newaxis]
    logs = np.log(weight)
    np.reciprocal(weight, out=weight)
    log_total = _times(logs, data.used)
    if data.masked:
        weight *= np.swapaxes(data.used, -1, -2)
    information, moment = _sums(data, weight)
    diagonal = data.precision[..., np.newaxis] * np.eye(data.precision.shape[-1])
    covariance, log_determinant = inverse(information + diagonal)
    first = _applied(covariance, moment + data.precision * data.centre)
    misfit, gradient = _misfit(data, weight, first)
    # One step of iterative refinement: the mean to the rounding of the residuals, not of y.
    mean = first + _applied(covariance, gradient)
    total = log_total + log_determinant + misfit + data.constant
    return Conditional(-0.5 * total, mean, covariance)


def _sums(data: _Data, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return X' W X and X' W y, with an axis of length 1 for the components."""
    count = data.design.shape[-1]
    both = _times(weight, data.products)
    information = both[..., : count**2].reshape(*both.shape[:-1], 1, count, count)
    return information, both[..., np.newaxis, count**2 :]


def _misfit(data: _Data, weight: FloatArray, mean: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the quadratic form at the mean and half its downhill gradient there.

    From residuals, never as y'Wy less what is explained: that cancels when studies disagree.
    """
    rows, nodes, components, count = mean.shape
    residual = _times(mean.reshape(rows, nodes * components, count), data.transposed)
    np.subtract(data.estimate, residual, out=residual)
    weighted = np.repeat(weight, components, axis=1) if components > 1 else weight
    weighted = weighted * residual
    gradient = _times(weighted, data.design).reshape(mean.shape)
    misfit = np.einsum("bns,bns->bn", weighted, residual).reshape(mean.shape[:-1])
    away = mean - data.centre
    pulled = data.precision * away
    return misfit + (pulled * away).sum(axis=-1), gradient - pulled


def _times(array: FloatArray, matrix: FloatArray) -> FloatArray:
    """Return the matrix product; one large one where the batch shares its matrix."""
    if matrix.shape[0] > 1:
        return np.asarray(array @ matrix)
    flat = array.reshape(-1, array.shape[-1]) @ matrix[0]
    return np.asarray(flat.reshape(*array.shape[:-1], -1))


def _applied(matrix: FloatArray, vector: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("...pq,...q->...p", matrix, vector))


def _constants(problem: Problem) -> FloatArray:
    """Return (k - d) log(2 pi) - sum(log P > 0), shape (batch, component)."""
    precision = problem.prior_precision
    flat = precision == 0
    count = np.full(1, float(problem.estimate.shape[1]))
    studies = count if problem.mask is None else problem.mask.sum(axis=1)
    free = studies[:, np.newaxis] - flat.sum(axis=-1)
    known = np.log(np.where(flat, 1.0, precision)).sum(axis=-1)
    return np.asarray(free * np.log(2 * np.pi) - known)


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
    swept = np.array(matrix)
    log_determinant = np.zeros(matrix.shape[:-2])
    for column in range(matrix.shape[-1]):
        pivot = swept[..., column, column].copy()
        log_determinant += np.log(pivot)
        row = swept[..., column, :] / pivot[..., np.newaxis]
        below = swept[..., :, column].copy()
        swept -= below[..., :, np.newaxis] * row[..., np.newaxis, :]
        swept[..., column, :] = row
        swept[..., :, column] = -below / pivot[..., np.newaxis]
        swept[..., column, column] = 1 / pivot
    return swept, log_determinant
