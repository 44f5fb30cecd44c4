"""Leave studies out: the same problem under many masks, and what each study's rest foretells."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.engines.quadrature.bulks import has_parts
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.engines.quadrature.nodes import LARGEST, Nodes
from bayesmeta.engines.quadrature.posteriors import integrate, normalised
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.rule import Rule
from bayesmeta.engines.quadrature.shared import serves
from bayesmeta.sinc import Path

_BLOCK = 2_000_000
"""Most numbers in one array of studies times nodes, or in the masks of one batch."""
_DOMINATES = 0.01
"""A study that leaves less of its variance to others' prediction is left out by new sums."""
_FAR = 1e3
"""So is one whose squared distance from its prediction is more than so many variances."""
_NEGLIGIBLE = 33.0
"""Nodes below exp(-33) = 5e-15 of the largest do not matter."""


class Predictive(NamedTuple):
    """log p(y_i | all other y) of each study, shape (study,), with the numerical error."""

    log_density: FloatArray
    error: FloatArray


class Without(NamedTuple):
    """Which studies are left out, each by itself, shape (batch,), and the posteriors without."""

    study: IntArray
    integral: Integral


def masked(problem: Problem, mask: FloatArray) -> Problem:
    """Return a problem, a batch of one, once for each mask.

    Parameters
    ----------
    mask
        1 for studies used, 0 for studies left out, shape (batch, study).

    Examples
    --------
    >>> problem = Problem.of(np.zeros(3), np.ones(3), log_prior=np.zeros_like)
    >>> masked(problem, 1 - np.eye(3)).size
    3
    """
    return replace(problem, mask=mask if problem.mask is None else problem.mask * mask)


def without_each(whole: Integral, *, tolerance: float = 1e-6) -> Iterator[Without]:
    """Yield the posteriors without each study, in batches, together every study once.

    The sums over all studies less one study's terms, on the nodes of the whole posterior: the
    cost grows with the studies, not their square. Where those nodes do not serve a posterior to
    the tolerance, or a difference of sums would lose digits, it is integrated anew.

    The posteriors without one study must be proper; `propriety.require_proper` tells.

    Parameters
    ----------
    whole
        The posterior of all studies, a batch of one.

    References
    ----------
    Cook RD, Weisberg S (1982). Residuals and Influence in Regression. Chapman and Hall,
    section 2.2: the formulas for one case deleted.
    """
    anew = np.arange(whole.problem.estimate.shape[1])
    if _is_plain(whole):
        left = []
        for study in _blocks(whole.tau.shape[1], anew):
            found = _down_dated(whole, study)
            served = found.serves(whole, tolerance)
            left.append(study[~served])
            if served.any():
                yield Without(study[served], found.take(served).integral(whole, study[served]))
        anew = np.concatenate(left)
    for study in _blocks(whole.problem.estimate.shape[1], anew):
        problem = masked(whole.problem, _mask(whole.problem, study))
        yield Without(study, integrate(problem, tolerance=tolerance))


def _blocks(width: int, studies: IntArray) -> Iterator[IntArray]:
    rows = max(1, _BLOCK // width)
    for start in range(0, studies.size, rows):
        yield studies[start : start + rows]


def _mask(problem: Problem, study: IntArray) -> FloatArray:
    """Return masks that leave out one study each; of neighbours in turn, windows of one array."""
    count = problem.estimate.shape[1]
    if study.size > 1 and (np.diff(study) == 1).all():
        one = np.ones(2 * count - 1)
        one[count - 1] = 0.0
        windows = np.lib.stride_tricks.sliding_window_view(one, count)[::-1]
        return windows[study[0] : study[-1] + 1]
    mask = np.ones((study.size, count))
    mask[np.arange(study.size), study] = 0.0
    return mask


def _is_plain(whole: Integral) -> bool:
    """Return whether one study's terms can be taken out of the sums, on nodes of one rule."""
    problem, path = whole.problem, whole.path
    if problem.components > 1 or problem.load is not None or np.any(problem.used != 1):
        return False
    return path is None or bool(
        path.bulks == 1 and not has_parts(problem) and whole.tau.max() < LARGEST
    )


class _DownDated(NamedTuple):
    """Posteriors without one study each, at the nodes of the whole one.

    Parameters
    ----------
    log_value
        Log integrand in t, shape (study, node).
    mean, covariance
        Of the coefficients, shape (study, node, coefficient), twice the last.
    exact
        Whether the sums keep their digits, shape (study, node).
    """

    log_value: FloatArray
    mean: FloatArray
    covariance: FloatArray
    exact: BoolArray

    def take(self, rows: BoolArray) -> "_DownDated":
        """Return some of the posteriors."""
        if rows.all():
            return self
        log_value, mean, covariance, exact = self
        return _DownDated(log_value[rows], mean[rows], covariance[rows], exact[rows])

    def serves(self, whole: Integral, tolerance: float) -> BoolArray:
        """Return for which studies the nodes are close, wide and exact enough, shape (study,)."""
        if whole.path is None:
            return np.asarray(self.exact.all(axis=1))
        log_tau = _log_tau(whole)
        top = self.log_value.max(axis=1, keepdims=True)
        served = (self.exact | (self.log_value < top - _NEGLIGIBLE)).all(axis=1)
        height = whole.log_weight[0, :, 0] + 2 * log_tau[0]
        exists = height[-1] < height.max() - _NEGLIGIBLE  # tau's second moment
        powers = (0, 2) if exists else (0,)
        served &= serves(self.log_value, log_tau, tolerance=tolerance, powers=powers)
        return np.asarray(served)

    def integral(self, whole: Integral, study: IntArray) -> Integral:
        """Return the posteriors."""
        size = study.size
        problem = masked(whole.problem, _mask(whole.problem, study))
        tau = np.broadcast_to(whole.tau, self.log_value.shape)
        joint = self.log_value[..., np.newaxis]
        nodes = Nodes(
            self.log_value, joint, np.broadcast_to(_log_tau(whole), tau.shape), tau,
            self.mean[:, :, np.newaxis], self.covariance[:, :, np.newaxis],
        )  # fmt: skip
        first, step = (np.broadcast_to(array, (size,)) for array in (whole.first, whole.step))
        path = whole.path and Path(
            whole.path.support,
            *(np.broadcast_to(a, (size, 1)) for a in (whole.path.centre, whole.path.scale)),
        )
        if path is not None:
            joint = joint + np.log(whole.step)
        return normalised(problem, joint, Rule(path, first, step, nodes, 0 * study))


def _log_tau(whole: Integral) -> FloatArray:
    if whole.path is None:
        return np.full_like(whole.tau, -np.inf)
    return whole.path.log_value(
        whole.first[:, np.newaxis] + whole.step * np.arange(whole.tau.shape[1])
    )


def _down_dated(whole: Integral, study: IntArray) -> _DownDated:
    """Return the posteriors without each of some studies.

    With h = x C x' and r = y - x b of the study in the posterior of all, V its variance, and
    D = V - h::

        mean          b - C x' r / D
        covariance    C + C x' x C / D
        log p         log p(y) + (log(2 pi) + 2 log V - log D + r**2 / D) / 2
    """
    problem, mean, covariance = whole.problem, whole.mean[0, :, 0], whole.covariance[0, :, 0]
    row, estimate = problem.design[0, study], problem.estimate[0, study, np.newaxis]
    variance = problem.marginal_variance(whole.tau)[0].T[study]
    residual = estimate - row @ mean.T
    gain = np.einsum("kp,npq->knq", row, covariance, optimize=True)
    left = variance - np.einsum("knp,kp->kn", gain, row, optimize=True)
    share = np.where(left > 0, left / variance, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = residual**2 / left
        log_rest = 0.5 * (np.log(2 * np.pi) + 2 * np.log(variance) - np.log(left) + far)
    exact = (share > _DOMINATES) & (far < _FAR * share)
    own = whole.log_weight[0, :, 0] + whole.log_marginal_likelihood
    if whole.path is not None:
        own = own - np.log(whole.step)
    scaled = gain / np.where(left > 0, left, np.inf)[..., np.newaxis]
    return _DownDated(
        np.where(left > 0, own + log_rest, -np.inf),
        mean - scaled * residual[..., np.newaxis],
        covariance + scaled[..., np.newaxis] * gain[..., np.newaxis, :],
        exact,
    )


def log_predictive(integral: Integral, *, tolerance: float = 1e-6) -> Predictive:
    """Return the log density of each estimate given all others: log p(y) - log p(y without i).

    The posteriors without one study must be proper; `propriety.require_proper` tells.

    Parameters
    ----------
    integral
        The posterior of all studies, a batch of one.

    Examples
    --------
    Two studies with a common effect and a flat prior: the second is Normal(y_1, s_1**2 + s_2**2)
    given the first.

    >>> problem = Problem.of(np.array([0.0, 1.0]), np.array([1.0, 3.0]), log_prior=None)
    >>> log_predictive(integrate(problem)).log_density.round(6)
    array([-1.737086, -1.737086])
    """
    rest, error = np.empty((2, integral.problem.estimate.shape[1]))
    for study, without in without_each(integral, tolerance=tolerance):
        rest[study], error[study] = without.log_marginal_likelihood, without.error
    return Predictive(integral.log_marginal_likelihood - rest, integral.error + error)
