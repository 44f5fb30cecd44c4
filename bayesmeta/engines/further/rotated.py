"""Rows turned so that, whatever their covariance, they are independent given one scale.

Given all hyperparameters but the scale t, a marginal covariance is V = F + t² M. There are
coordinates in which both F and M are diagonal: in them the rows are independent with variances
1 + t² load, and integrating over t is the same one-dimensional problem as without blocks.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Blocks, Clustered, Covariance, Diagonal
from bayesmeta.covariance.sums import in_blocks, outer
from bayesmeta.engines.quadrature import Problem
from bayesmeta.errors import PosteriorError

_ROUNDING = 1e-10
"""Eigenvalues this far below 0, relative to the largest, are 0 but for rounding."""


class Rotated(NamedTuple):
    """Rows in coordinates in which they are independent, at each of several points.

    Parameters
    ----------
    columns
        Design and estimate, shape (point, row, coefficient + 1).
    variance, load
        Each row's variance is ``variance + t**2 * load``, shape (point, row).
    log_constant
        What the log density of the estimates has beside that of the rows, shape (point,).
    """

    columns: FloatArray
    variance: FloatArray
    load: FloatArray
    log_constant: FloatArray


def rotated(fixed: Covariance, scaled: Covariance, columns: FloatArray) -> Rotated:
    """Return rows of covariance ``fixed + t**2 * scaled`` as independent ones.

    Parameters
    ----------
    fixed, scaled
        Of leading shape (point,) or (1,).
    columns
        Design and estimate, shape (row, coefficient + 1).
    """
    if isinstance(fixed, Diagonal) and isinstance(scaled, Diagonal):
        return _independent(fixed, scaled, columns)
    if isinstance(fixed, Diagonal) and isinstance(scaled, Clustered) and not np.any(scaled.own):
        return _averaged(fixed, scaled, columns)
    return _diagonalised(fixed, scaled, columns)


def _independent(fixed: Diagonal, scaled: Diagonal, columns: FloatArray) -> Rotated:
    variance, load = np.broadcast_arrays(
        fixed.variance, scaled.variance, np.ones((1, len(columns)))
    )[:2]
    return Rotated(columns[np.newaxis], variance, load, np.zeros(1))


def _averaged(fixed: Diagonal, scaled: Clustered, columns: FloatArray) -> Rotated:
    """Return the mean of each group, and what is within groups as few rows without a load.

    With w the rows' precisions, a group's mean has variance 1 / sum(w) and load M. Of the
    deviations from the means only their cross products matter: their triangular root has as many
    rows as there are columns.
    """
    groups, count = scaled.groups, len(columns)
    weight = 1 / (fixed.variance * np.ones((1, count)))
    total = groups.sums(weight)
    by_column = columns.T[:, np.newaxis]
    mean = groups.sums(weight * by_column) / total
    within = np.sqrt(weight) * (by_column - groups.each(mean))
    root = np.linalg.qr(np.moveaxis(within, 0, -1), mode="r")
    size = root.shape[-2]
    ones = np.ones((len(root), size))
    load = np.broadcast_to(scaled.shared * np.ones((1, len(groups))), total.shape)
    gone = count - len(groups) - size
    constant = np.log(weight).sum(axis=-1) - np.log(total).sum(axis=-1) - gone * np.log(2 * np.pi)
    return Rotated(
        np.concatenate([np.moveaxis(mean, 0, -1), root], axis=1),
        np.concatenate([1 / total, ones], axis=1),
        np.concatenate([load, 0 * ones], axis=1),
        0.5 * constant,
    )


def _diagonalised(fixed: Covariance, scaled: Covariance, columns: FloatArray) -> Rotated:
    """Return rows in the coordinates of the generalised eigenvectors, block by block.

    References
    ----------
    Golub GH, Van Loan CF (2013). Matrix Computations, 4th ed., section 8.7.2.
    """
    groups = outer(fixed, scaled)
    own, turned = (_at_points(in_blocks(each, groups)) for each in (fixed, scaled))
    try:
        root = np.linalg.cholesky(own.whole)
    except np.linalg.LinAlgError as error:
        raise PosteriorError(
            "The covariance of the estimates is not positive definite at some values of the "
            "hyperparameters: correlations of the same patients' estimates are too near 1."
        ) from error
    half = np.linalg.solve(root, turned.alone)
    value, vector = np.linalg.eigh(np.linalg.solve(root, np.swapaxes(half, -1, -2)))
    by_column = own.parted(columns.T[:, np.newaxis])
    whitened = np.linalg.solve(root, np.moveaxis(by_column, 0, -1))
    every = np.swapaxes(vector, -1, -2) @ whitened
    points = max(len(every), len(value))
    # Places that are no rows have the eigenvalue 0 too: the rows' are told by what stands there.
    log_root = np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=(-2, -1))
    padded = int((~groups.filled).sum())
    flat = np.broadcast_to(every, (points, *every.shape[1:])).reshape(points, -1, every.shape[-1])
    load = np.broadcast_to(_positive(value), (points, *value.shape[1:])).reshape(points, -1)
    constant = 0.5 * padded * np.log(2 * np.pi) - log_root
    return Rotated(flat, np.ones_like(load), load, np.broadcast_to(constant, points))


def _at_points(blocks: Blocks) -> Blocks:
    """Return blocks with an axis of points; where all is fixed there is none, and one point."""
    block = np.asarray(blocks.block)
    return blocks._replace(block=block.reshape(-1, *block.shape[-3:]))


def _positive(value: FloatArray) -> FloatArray:
    """Return eigenvalues that are known not to be negative; raise where rounding is not why."""
    least, largest = value.min(), np.abs(value).max(initial=0.0)
    if least < -_ROUNDING * largest:
        raise PosteriorError(f"A covariance of study effects has the eigenvalue {least:.3g}.")
    return np.where(value < 0, 0.0, value)


def turned(problem: Problem, values: Mapping[str, FloatArray]) -> Problem:
    """Return the problem at points of the further hyperparameters, a batch of independent rows.

    Parameters
    ----------
    problem
        A batch of one.
    values
        Of each further hyperparameter, shape (point,).
    """
    with np.errstate(over="ignore", invalid="ignore"):  # whoever asks looks
        fixed, scaled = problem.structure.halves(values, np.sqrt(problem.variance[0]))
    columns = np.column_stack([problem.design[0], problem.estimate[0]])
    found = rotated(fixed, scaled, columns)
    ratios = {name: values[name] for name in problem.structure.relative}
    mask, log_constant = _powers(problem, found)
    return replace(
        problem,
        prior_parameters={**problem.prior_parameters, **ratios},
        support=_narrowed(problem, ratios),
        estimate=found.columns[..., -1],
        design=found.columns[..., :-1],
        variance=found.variance,
        load=found.load,
        mask=mask,
        log_constant=log_constant,
    )


def _powers(problem: Problem, found: Rotated) -> tuple[FloatArray | None, FloatArray]:
    """Return the powers of turned rows, and the constant: one power of all rows is of those too."""
    mask = problem.mask
    if mask is None or np.ptp(mask) > 0:
        return mask, found.log_constant
    power = float(mask.flat[0])
    return np.full((1, found.load.shape[-1]), power), power * found.log_constant


def _narrowed(
    problem: Problem, ratios: Mapping[str, FloatArray]
) -> tuple[FloatArray | float, FloatArray | float]:
    """Return where the inner hyperparameter has a prior, with those that stand as ratios to it."""
    lower, upper = problem.support
    for name, ratio in ratios.items():
        least, most = problem.log_prior.ends(name)  # type: ignore[union-attr]
        lower, upper = np.maximum(lower, least / ratio), np.minimum(upper, most / ratio)
    return lower, upper
