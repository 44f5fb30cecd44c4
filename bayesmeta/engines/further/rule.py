"""Integrate over further hyperparameters: a product rule whose nodes are problems of one batch.

At each node of the further hyperparameters the problem is the one-dimensional one, with its own
rule for tau; its marginal likelihood is the integrand here.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.biases import Patterns
from bayesmeta.engines.further.axis import Axis, Walk
from bayesmeta.engines.further.choice import Choice
from bayesmeta.engines.further.joint import Joint, joined, named_values, outer_sum, product
from bayesmeta.engines.further.locating import located
from bayesmeta.engines.further.refining import (
    MOST,
    NEGLIGIBLE,
    Accuracy,
    Heights,
    Posed,
    coarse_axes,
    settled,
)
from bayesmeta.engines.further.rotated import turned
from bayesmeta.engines.quadrature import Integral, Problem, integrate
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.search import Bulk
from bayesmeta.errors import PosteriorError

_PILOT, _ROUGH = Accuracy(1e-2, 0.25), Accuracy(1e-1, 0.5)
"""Of the innermost rule where only the integrand is wanted; and where it is looked for."""
_INNER = (1e-4, 1e-3, 3e-2)
"""Tolerance of the innermost rule, by the number of axes."""
_ALONE = 1e-6
"""The same where there are cases alone, and no axis."""
_ENDED = 25.0
"""What lies beyond the ends of nodes that serve another posterior is below exp(-25) of it."""


def integrate_further(
    problem: Problem, axes: Sequence[Axis], patterns: Patterns | None = None
) -> Integral:
    """Return the posterior over tau and further hyperparameters as one finite normal mixture.

    Parameters
    ----------
    problem
        A batch of one, which the further hyperparameters complete.
    axes
        One, or up to three of them; none where there are cases.
    patterns
        Cases, one of which is so, each with a covariance of its own.

    Raises
    ------
    PosteriorError
        If there are more axes than a product rule serves.
    """
    if len(axes) > MOST:
        said = ", ".join(axis.name for axis in axes)
        raise PosteriorError(
            f"The exact engine integrates {problem.structure.inner or 'none'} and at most {MOST} "
            f"further hyperparameters, and there are {len(axes)}: {said}. Give numbers to all but "
            f'{MOST} of them, or sample with engine="nuts".'
        )

    choice = None if patterns is None else Choice(patterns)
    evidence = partial(_evidence, problem, [axis.name for axis in axes], choice)
    walks, heights = _nodes(axes, evidence)
    value = heights.value
    kept = np.flatnonzero(value >= value.max() - NEGLIGIBLE)
    start = heights.bulk.take(kept) if choice is None and axes else None
    every: list[Walk | Choice] = [*walks, *([choice] if choice else [])]
    if choice is not None:
        possible = np.flatnonzero(np.isfinite(choice.log_prior))
        kept = (kept[:, np.newaxis] * choice.t.size + possible).ravel()
    values = {name: each[kept] for name, each in named_values(every).items()}
    tolerance = _INNER[len(walks) - 1] if walks else _ALONE
    each = integrate(turned(problem, values), tolerance=tolerance, start=start)
    return joined(each, kept, every, problem)


def _nodes(axes: Sequence[Axis], evidence: Posed) -> tuple[list[Walk], Heights]:
    """Return the nodes of the axes that matter; where there are none, one point."""
    if not axes:
        return [], Heights(*np.array([[0.0], [np.nan], [np.nan]]))
    walks = located(axes, lambda values: evidence(values, accuracy=_ROUGH).value)
    return settled(walks, evidence)


def integrate_like(problem: Problem, axes: Sequence[Axis], like: Joint) -> Joint | None:
    """Return the posterior on the outer nodes of another; None where they do not serve it.

    Without the distributions of the hyperparameters: for many posteriors that differ little, of
    which the coefficients are asked.

    Parameters
    ----------
    problem, axes
        As in `integrate_further`.
    like
        A posterior over the same axes, of `integrate_further`.
    """
    names = [axis.name for axis in axes]
    walks = [walk for walk in like.walks if isinstance(walk, Walk)]
    if len(walks) < len(like.walks) or [walk.axis.name for walk in walks] != names:
        return None
    walks = [walk._replace(axis=axis) for walk, axis in zip(walks, axes, strict=True)]
    values = dict(zip(names, product(walks), strict=True))
    start = _spread(like.each.bulk, like.kept, like.log_share.size)
    each = integrate(turned(problem, values), tolerance=_INNER[len(walks) - 1], start=start)
    log_prior = outer_sum([walk.log_prior for walk in walks])
    value = each.log_marginal_likelihood.reshape(log_prior.shape) + log_prior
    if coarse_axes(value) or _end(value) > -_ENDED:
        return None
    return joined(each, np.arange(value.size), walks, problem, distributions=False)


def _end(value: FloatArray) -> float:
    """Return the largest of the log integrand at the ends of an axis, beside its maximum."""
    ends = [np.moveaxis(value, axis, -1)[..., [0, -1]].max() for axis in range(value.ndim)]
    return float(max(ends) - value.max())


def _spread(bulk: Bulk, kept: IntArray, size: int) -> Bulk:
    """Return bulks that are known at some outer nodes at all of them, as the nearest has it.

    What they are there is little beside the others, and a bulk is but where a rule begins.
    """
    return bulk.take(np.abs(np.arange(size)[:, np.newaxis] - kept).argmin(axis=1))


def _evidence(
    problem: Problem,
    names: Sequence[str],
    choice: Choice | None,
    values: Sequence[FloatArray],
    *,
    start: Bulk | None = None,
    accuracy: Accuracy = _PILOT,
) -> Heights:
    """Return the log marginal likelihoods, summed over cases where there are any."""
    if choice is None:
        return _heights(problem, dict(zip(names, values, strict=True)), start, accuracy)
    cases = choice.t.size
    named = {name: np.repeat(each, cases)
             for name, each in zip(names, values, strict=True)}  # fmt: skip
    named |= choice.named(np.tile(choice.values, values[0].size))
    each = _heights(problem, named, None, accuracy).value.reshape(-1, cases)
    found = log_sum(each + choice.log_prior)
    return Heights(found, *(np.full_like(found, np.nan) for _ in range(2)))


def _heights(
    problem: Problem,
    values: dict[str, FloatArray],
    start: Bulk | None,
    accuracy: Accuracy,
) -> Heights:
    """Return the log marginal likelihoods; none where variances are beyond numbers."""
    asked = turned(problem, values)
    shape = next(iter(values.values())).shape
    found = Heights(*(np.full(shape, value) for value in (-np.inf, np.nan, np.nan)))
    usable = np.isfinite(asked.variance).all(axis=1) & np.isfinite(asked.affine[1]).all((1, 2))
    rows = np.flatnonzero(np.broadcast_to(usable, shape))
    pilot = integrate(
        asked.take(rows), tolerance=accuracy.tolerance, first_step=accuracy.step,
        start=None if start is None else start.take(rows),
    )  # fmt: skip
    for array, own in zip(found, (pilot.log_marginal_likelihood, *pilot.bulk), strict=True):
        array[rows] = own
    return found
