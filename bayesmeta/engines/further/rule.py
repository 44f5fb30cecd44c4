"""Integrate over further hyperparameters: a product rule whose nodes are problems of one batch.

At each node of the further hyperparameters the problem is the one-dimensional one, with its own
rule for tau; its marginal likelihood is the integrand here.
"""

from collections.abc import Callable, Sequence

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.biases import Patterns
from bayesmeta.engines.further.axis import Axis, Walk
from bayesmeta.engines.further.choice import Choice
from bayesmeta.engines.further.joint import Joint, joined, named_values, outer_sum, product
from bayesmeta.engines.further.rotated import turned
from bayesmeta.engines.quadrature import Integral, Problem, integrate
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.engines.quadrature.search import Window, find_bulk
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import Path
from bayesmeta.sinc.interpolation import midpoints

_REACH, _FIRST_STEP = 13, 0.5
"""Coarse nodes each side: sinh(6.5) is 330 scales."""
_HALVINGS, _PILOT = 5, 1e-2
_TOLERANCES = (1e-3, 3e-2, 3e-2)
"""Of an integrand between its nodes, relative to its maximum, by the number of axes: sums over
every second node are known to its square, and those over all nodes to the square of that."""
_MARGINAL = (1e-3, 1e-3, 3e-2)
"""The same of each axis' own density, the others summed over: its quantiles are read between all
nodes, where it is known to the square."""
_INNER = (1e-4, 1e-3, 3e-2)
"""The same of the innermost rule."""
_ALONE = 1e-6
"""The same where there are cases alone, and no axis."""
MOST = len(_TOLERANCES)
"""Further hyperparameters; beyond, a product rule is no longer the way."""
_NEGLIGIBLE = 36.0
"""Nodes below exp(-36) = 2e-16 of the largest are left out."""
_ENDED = 25.0
"""What lies beyond the ends of nodes that serve another posterior is below exp(-25) of it."""
_ROUNDS = 2


type Evidence = Callable[[Sequence[FloatArray]], FloatArray]
"""Log marginal likelihood at values of the axes, each of shape (point,)."""


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
    names = [axis.name for axis in axes]

    def evidence(values: Sequence[FloatArray]) -> FloatArray:
        """Return the log marginal likelihoods, summed over cases where there are any."""
        if choice is None:
            return _evidence(problem, dict(zip(names, values, strict=True)))
        cases = choice.t.size
        named = {name: np.repeat(each, cases)
                 for name, each in zip(names, values, strict=True)}  # fmt: skip
        named |= choice.named(np.tile(choice.values, values[0].size))
        found = _evidence(problem, named).reshape(-1, cases)
        return log_sum(found + choice.log_prior)

    walks, value = _settled(located(axes, evidence), evidence) if axes else ([], np.zeros(1))
    kept = np.flatnonzero(value >= value.max() - _NEGLIGIBLE)
    every: list[Walk | Choice] = [*walks, *([choice] if choice else [])]
    if choice is not None:
        possible = np.flatnonzero(np.isfinite(choice.log_prior))
        kept = (kept[:, np.newaxis] * choice.t.size + possible).ravel()
    values = {name: each[kept] for name, each in named_values(every).items()}
    tolerance = _INNER[len(walks) - 1] if walks else _ALONE
    return joined(integrate(turned(problem, values), tolerance=tolerance), kept, every, problem)


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
    each = integrate(turned(problem, values), tolerance=_INNER[len(walks) - 1])
    log_prior = outer_sum([walk.log_prior for walk in walks])
    value = each.log_marginal_likelihood.reshape(log_prior.shape) + log_prior
    if _coarse(value) or _end(value) > -_ENDED:
        return None
    return joined(each, np.arange(value.size), walks, problem, distributions=False)


def _end(value: FloatArray) -> float:
    """Return the largest of the log integrand at the ends of an axis, beside its maximum."""
    ends = [np.moveaxis(value, axis, -1)[..., [0, -1]].max() for axis in range(value.ndim)]
    return float(max(ends) - value.max())


def _evidence(problem: Problem, values: dict[str, FloatArray]) -> FloatArray:
    """Return the log marginal likelihoods; none where variances are beyond numbers."""
    asked = turned(problem, values)
    found = np.full(next(iter(values.values())).shape, -np.inf)
    usable = np.isfinite(asked.variance).all(axis=1) & np.isfinite(asked.affine[1]).all((1, 2))
    rows = np.flatnonzero(np.broadcast_to(usable, found.shape))
    pilot = integrate(asked.take(rows), tolerance=_PILOT)
    found[rows] = pilot.log_marginal_likelihood
    return found


def located(axes: Sequence[Axis], evidence: Evidence) -> list[Walk]:
    """Return where each axis' integrand lives, one axis at a time while the others rest."""
    rest = [np.array([axis.window[1]]) for axis in axes]
    scale = [np.ones(1) for _ in axes]
    for _ in range(_ROUNDS if len(axes) > 1 else 1):
        for place, axis in enumerate(axes):
            rest[place], scale[place] = _bulk(axes, axis, place, rest, evidence)
    return [_walk(*each) for each in zip(axes, rest, scale, strict=True)]


def _walk(axis: Axis, centre: FloatArray, scale: FloatArray) -> Walk:
    """Return coarse nodes as far out as numbers reach, an even number of steps apart."""
    path = Path(axis.support, centre[:, np.newaxis], scale[:, np.newaxis])
    t = np.arange(-_REACH, _REACH + 1.0) * _FIRST_STEP
    return Walk(axis, path, t[axis.usable(path.line(t))[0]])


def _bulk(
    axes: Sequence[Axis], axis: Axis, place: int, rest: Sequence[FloatArray], evidence: Evidence
) -> tuple[FloatArray, FloatArray]:
    def log_integrand(line: FloatArray, _: object) -> FloatArray:
        usable = axis.usable(line[0])
        near = np.where(usable, line[0], axis.window[1])
        lines = [np.broadcast_to(point, near.shape) for point in rest]
        lines[place] = near
        values = [one.support.value(points) for one, points in zip(axes, lines, strict=True)]
        found = evidence(values) + axis.log_prior(near)
        return np.where(usable, found, -np.inf)[np.newaxis]

    left, _, right = axis.window
    bulk = find_bulk(Window(np.array([left]), np.array([right])), log_integrand)
    return bulk.centre, bulk.scale


def _grid(walks: Sequence[Walk], evidence: Evidence) -> FloatArray:
    """Return the log integrand on the product of the nodes, shape (node of each axis)."""
    value = evidence(product(walks)).reshape([walk.t.size for walk in walks])
    return value + outer_sum([walk.log_prior for walk in walks])


def _refined(
    walks: Sequence[Walk], value: FloatArray, evidence: Evidence, coarse: Sequence[int]
) -> tuple[list[Walk], FloatArray]:
    """Return walks, some at half their steps, with the log integrand, evaluated where it is new."""
    halved = [walk.halved() if axis in coarse else walk for axis, walk in enumerate(walks)]
    found = np.full([walk.t.size for walk in halved], np.nan)
    known = tuple(slice(None, None, 2 if axis in coarse else 1) for axis in range(found.ndim))
    found[known] = value
    new = np.isnan(found)
    points = [each[new.ravel()] for each in product(halved)]
    found[new] = evidence(points) + outer_sum([walk.log_prior for walk in halved])[new]
    return halved, found


def _settled(walks: list[Walk], evidence: Evidence) -> tuple[list[Walk], FloatArray]:
    """Return the nodes that matter, steps halved axis by axis until new ones are no surprise.

    With them the log integrand on their product.
    """
    walks, value = trimmed(walks, _grid(walks, evidence))
    coarse = list(range(len(walks)))
    for _ in range(_HALVINGS):
        walks, value = _refined(walks, value, evidence, coarse)
        coarse = _coarse(value)
        walks, value = trimmed(walks, value)
        if not coarse:
            break
    return walks, value


def _coarse(value: FloatArray) -> list[int]:
    """Return the axes on which every second node does not foretell the rest.

    On the product of all, or of the axis' own density.
    """
    density = np.exp(value - value.max())
    along = [np.moveaxis(density, axis, -1) for axis in range(density.ndim)]
    own = [each.reshape(-1, each.shape[-1]).sum(axis=0) for each in along]
    place = density.ndim - 1
    return [
        axis
        for axis, (joint, alone) in enumerate(zip(along, own, strict=True))
        if _surprise(joint) > _TOLERANCES[place] or _surprise(alone) > _MARGINAL[place]
    ]


def _surprise(density: FloatArray) -> float:
    """Return how far new nodes of the last axis are from their prediction, beside the maximum."""
    gap = np.abs(density[..., 1::2] - midpoints(density[..., ::2])).max()
    return float(gap / density.max())


def trimmed(walks: Sequence[Walk], value: FloatArray) -> tuple[list[Walk], FloatArray]:
    """Return the walks without end nodes at which nothing matters; every other node stays.

    With them what is left of the log integrand.
    """
    matters = value >= value.max() - _NEGLIGIBLE
    found, slices = [], []
    for place, walk in enumerate(walks):
        others = tuple(axis for axis in range(value.ndim) if axis != place)
        own = np.flatnonzero(matters.any(axis=others))
        # One node more each side, an even one: the coarse rule keeps its nodes.
        first = max(0, own[0] - 1) // 2 * 2
        last = min(walk.t.size - 1, (own[-1] + 2) // 2 * 2)
        found.append(walk.within(int(first), int(last)))
        slices.append(slice(int(first), int(last) + 1))
    return found, value[tuple(slices)]
