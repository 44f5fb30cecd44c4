"""Find every bulk of an integrand that has several, and walk the line by all of them."""

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.quadrature.nodes import evaluate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.profile import Peaks, Profile
from bayesmeta.engines.quadrature.search import Bulk, Window, find_bulk
from bayesmeta.priors.landmarks import ONE_PART
from bayesmeta.sinc import Path, Support

_MEANS = 16
"""Components of the coefficients' prior whose means are looked at for a conflict with the data."""
_FARTHEST = 700.0
_TINY = np.finfo(float).tiny


def landmarks(problem: Problem, support: Support) -> FloatArray:
    """Return points of the line where a bulk may be, shape (batch, point).

    Where the prior has its mass, and where the residuals from the coefficients' prior means
    would have tau: far out if the data are far from a narrow prior.
    """
    marks = [_residuals(problem)]
    if problem.landmarks is not None:
        marks.append(problem.landmarks)
    size = (problem.size,)
    log_tau = np.concatenate([np.broadcast_to(m, (*size, m.shape[-1])) for m in marks], axis=-1)
    line = log_tau
    if support.bounded or np.any(support.lower):
        line = support.inverse(np.exp(log_tau))
    return np.asarray(np.minimum(np.maximum(line, -_FARTHEST), _FARTHEST))


def _residuals(problem: Problem) -> FloatArray:
    """Return logs of the root mean squares of y - X m over prior means m, (batch, component)."""
    means = problem.prior_mean[:, :1] if _alike(problem.prior_mean) else problem.prior_mean
    fitted = means[:, :_MEANS] @ np.swapaxes(problem.design, -1, -2)
    square = np.square(problem.estimate[:, np.newaxis] - fitted) * problem.used[:, np.newaxis]
    mean = square.sum(axis=-1) / np.maximum(problem.used.sum(axis=-1), 1.0)[:, np.newaxis]
    return np.asarray(np.log(np.maximum(mean, _TINY)) / 2)


def has_parts(problem: Problem) -> bool:
    """Return whether a prior is a mixture or a table, whose posterior may have several bulks."""
    marks = problem.landmarks
    return (marks is not None and marks.shape[-1] > ONE_PART) or not _alike(problem.prior_mean)


def _alike(means: FloatArray) -> bool:
    return means.shape[1] == 1 or bool(np.all(means == means[:, :1]))


def separated(problem: Problem, path: Path, profile: Profile) -> Path:
    """Return a path by all bulks that a profile shows; the same path where it knows them all."""
    peaks = profile.peaks()
    if not peaks.row.size:
        return path
    counts = np.bincount(peaks.row, minlength=problem.size)
    known = np.isfinite(path.scale).sum(axis=1)
    if np.all(counts <= known):
        return path
    found = _measured(problem, path.support, peaks)
    width = max(int(counts.max()), path.bulks)
    centre, scale = np.zeros((problem.size, width)), np.full((problem.size, width), np.inf)
    centre[:, : path.bulks], scale[:, : path.bulks] = path.centre, path.scale
    for row in np.flatnonzero(counts > known).tolist():
        own, count = peaks.row == row, counts[row]
        centre[row, :count], scale[row, :count] = found.centre[own], found.scale[own]
    return Path(path.support, centre, scale)


def _measured(problem: Problem, support: Support, peaks: Peaks) -> Bulk:
    """Return centre and scale of each peak, seen by itself."""

    def log_integrand(line: FloatArray, chosen: IntArray) -> FloatArray:
        rows = peaks.row[chosen]
        return evaluate(problem.take(rows), support.take(rows), line).log_value

    start, limits = Window(peaks.left, peaks.right), Window(peaks.lowest, peaks.highest)
    return find_bulk(start, log_integrand, limits=limits)
