"""Several variance components of one meta-analysis, by restricted likelihood."""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Covariance, Groups
from bayesmeta.covariance.sums import in_blocks
from bayesmeta.errors import ModelError
from bayesmeta.frequentist.design import Design

type Spread = Callable[[FloatArray], Covariance]
"""The covariance of the estimates at standard deviations, shape (component,)."""

_STARTS = (0.0, 0.1, 1.0, 10.0)
"""Variances to start from, in mean sampling variances."""
_SEVERAL, _REFINED, _STEPS = 3, 3, 50
_CLOSE = 1e-9


class Components(NamedTuple):
    """The standard deviations, and what follows at them.

    Parameters
    ----------
    deviations
        Standard deviations, shape (component,).
    covariance
        Of the estimates at them, by cluster, shape (cluster, place, place).
    coefficients, inverse
        Generalised least squares and its model-based covariance, of the design's columns.
    log_likelihood
        Restricted, less a constant.
    Q
        Weighted residual sum of squares where every component is 0.
    """

    deviations: FloatArray
    covariance: FloatArray
    coefficients: FloatArray
    inverse: FloatArray
    log_likelihood: float
    Q: float


class _Problem(NamedTuple):
    """Data by cluster; what is no row has covariance 1 and nothing else."""

    fixed: FloatArray
    scaled: FloatArray
    columns: FloatArray
    estimate: FloatArray

    def at(self, variance: FloatArray) -> FloatArray:
        """Return the covariance at variances, shape (cluster, place, place)."""
        return np.asarray(self.fixed + np.tensordot(variance, self.scaled, axes=1))


class _State(NamedTuple):
    log_likelihood: float
    score: FloatArray
    information: FloatArray
    location: FloatArray
    inverse: FloatArray
    Q: float


def components(
    estimate: FloatArray, design: Design, spread: Spread, groups: Groups, count: int
) -> Components:
    """Return the standard deviations that maximise the restricted likelihood.

    The covariance is V = S + sum of s² M over components with standard deviations s. Fisher
    scoring in the variances from the best of several starts, each step halved until it climbs,
    with variances that would fall below 0 kept there.

    Parameters
    ----------
    spread
        The covariance at `count` standard deviations, affine in their squares.
    groups
        The clusters, which are independent of each other.

    Raises
    ------
    ModelError
        If the covariance is not affine in the squares, or there are no more estimates than
        coefficients.

    References
    ----------
    Harville DA (1977). Maximum likelihood approaches to variance component estimation. J Am Stat
    Assoc 72:320-338.
    """
    if len(estimate) <= len(design.basis):
        raise ModelError(
            f"{len(estimate)} estimates are too few for {len(design.basis)} coefficients."
        )
    problem, unit = _posed(estimate, design, spread, groups, count)
    found = max(
        (_climbed(problem, start) for start in _starts(problem, count)),
        key=lambda variance: _state(problem, variance).log_likelihood,
    )
    state, nothing = _state(problem, found), _state(problem, np.zeros(count))
    back = design.back
    return Components(
        deviations=unit * np.sqrt(found),
        covariance=unit**2 * problem.at(found),
        coefficients=unit * back @ state.location,
        inverse=unit**2 * back @ state.inverse @ back.T,
        log_likelihood=state.log_likelihood,
        Q=nothing.Q,
    )


def _posed(
    estimate: FloatArray, design: Design, spread: Spread, groups: Groups, count: int
) -> tuple[_Problem, float]:
    """Return the problem in units of the mean standard error, and that unit."""
    every = [np.zeros(count), *np.eye(count), np.ones(count)]
    blocks = [np.asarray(in_blocks(spread(each), groups).whole) for each in every]
    nothing, *ones, whole = (np.broadcast_to(block, groups.both.shape) for block in blocks)
    scaled = np.array([one - nothing for one in ones]).reshape(count, *nothing.shape)
    if not np.allclose(whole, nothing + scaled.sum(axis=0), rtol=_CLOSE):
        raise ModelError("The covariance is not a sum of variance components.")
    diagonal = np.einsum("gii->gi", nothing)[groups.filled]
    unit = float(np.sqrt(np.mean(diagonal)))
    empty = np.where(groups.both, 1 / unit**2, 1.0)
    columns = np.where(groups.filled[..., np.newaxis], design.basis.T[groups.member], 0.0)
    own = np.where(groups.filled, estimate[groups.member] / unit, 0.0)
    return _Problem(nothing * empty, scaled, columns, own), unit


def _starts(problem: _Problem, count: int) -> list[FloatArray]:
    """Return the best few of several starting points."""
    if count <= _SEVERAL:
        every = [np.array(each) for each in product(_STARTS, repeat=count)]
    else:
        every = [np.full(count, each) for each in _STARTS]
    heights = [_state(problem, each).log_likelihood for each in every]
    return [every[place] for place in np.argsort(heights)[::-1][:_REFINED]]


def _climbed(problem: _Problem, start: FloatArray) -> FloatArray:
    variance, state = start.astype(float), _state(problem, start)
    for _ in range(_STEPS if start.size else 0):
        free = (variance > 0) | (state.score > 0)
        if not free.any():
            break
        step = np.zeros_like(variance)
        step[free] = np.linalg.lstsq(
            state.information[np.ix_(free, free)], state.score[free], rcond=None
        )[0]
        moved = _risen(problem, variance, step, state)
        if moved is None:
            break
        settled = np.all(np.abs(moved[0] - variance) <= _CLOSE * variance)
        variance, state = moved
        if settled:
            break
    return variance


def _risen(
    problem: _Problem, variance: FloatArray, step: FloatArray, state: _State
) -> tuple[FloatArray, _State] | None:
    """Return a point that is higher along a step, and what is known there; None where none is."""
    for halving in range(40):
        trial = np.maximum(variance + step / 2**halving, 0.0)
        there = _state(problem, trial)
        if there.log_likelihood > state.log_likelihood:
            return trial, there
    return None


def _state(problem: _Problem, variance: FloatArray) -> _State:
    """Return the restricted log-likelihood with its slopes and their expected curvature."""
    covariance, columns = problem.at(variance), problem.columns
    weight = np.linalg.inv(covariance)
    left = np.swapaxes(columns, -1, -2) @ weight
    precision = (left @ columns).sum(axis=0)
    inverse = np.linalg.inv(precision)
    location = inverse @ np.einsum("gpi,gi->p", left, problem.estimate)
    residual = problem.estimate - columns @ location
    drawn = np.einsum("gij,gj->gi", weight, residual)
    misfit = float((residual * drawn).sum())
    log_determinant = np.linalg.slogdet(covariance)[1].sum() + np.linalg.slogdet(precision)[1]
    turned = np.einsum("gij,agjk->agik", weight, problem.scaled)
    around = np.einsum("gpi,agij->agpj", left, problem.scaled)
    first = np.einsum("agpj,gqj->apq", around, left)
    score = (
        np.einsum("gi,agij,gj->a", drawn, problem.scaled, drawn)
        - np.einsum("agii->a", turned)
        + np.einsum("apq,qp->a", first, inverse)
    ) / 2
    return _State(-0.5 * (misfit + log_determinant), score,
                  _information(turned, around, left, first, inverse), location, inverse,
                  misfit)  # fmt: skip


def _information(
    turned: FloatArray, around: FloatArray, left: FloatArray, first: FloatArray, inverse: FloatArray
) -> FloatArray:
    """Return half the traces of P M P M' for pairs of components, P the error contrasts' weight."""
    plain = np.einsum("agij,bgji->ab", turned, turned)
    second = np.einsum("agpj,bgjk,gqk->abpq", around, turned, left)
    mixed = np.einsum("abpq,qp->ab", second, inverse)
    both = np.einsum("apq,qr,brs,sp->ab", first, inverse, first, inverse)
    found: FloatArray = (plain - mixed - mixed.T + both) / 2
    return found
