"""Integrate over further hyperparameters: a product rule whose nodes are problems of one batch.

At each node of the further hyperparameters the problem is the one-dimensional one, with its own
rule for tau; its marginal likelihood is the integrand here.
"""

from collections.abc import Callable, Sequence

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.further.axis import Axis, Walk
from bayesmeta.engines.further.joint import joined, outer_sum, product
from bayesmeta.engines.further.rotated import turned
from bayesmeta.engines.quadrature import Integral, Problem, integrate
from bayesmeta.engines.quadrature.search import Window, find_bulk
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import Path
from bayesmeta.sinc.interpolation import midpoints

_REACH, _FIRST_STEP = 13, 0.5
"""Coarse nodes each side: sinh(6.5) is 330 scales."""
_HALVINGS, _PILOT = 5, 1e-2
_TOLERANCES = (1e-4, 1e-3, 3e-2)
"""Of an integrand between its nodes, relative to its maximum, by the number of axes; sums are known
to its square."""
MOST = len(_TOLERANCES)
"""Further hyperparameters; beyond, a product rule is no longer the way."""
_NEGLIGIBLE = 36.0
"""Nodes below exp(-36) = 2e-16 of the largest are left out."""
_ROUNDS = 2


type Evidence = Callable[[Sequence[FloatArray]], FloatArray]
"""Log marginal likelihood at values of the axes, each of shape (point,)."""


def integrate_further(problem: Problem, axes: Sequence[Axis]) -> Integral:
    """Return the posterior over tau and further hyperparameters as one finite normal mixture.

    Parameters
    ----------
    problem
        A batch of one, which the further hyperparameters complete.
    axes
        One, or up to three of them.

    Raises
    ------
    PosteriorError
        If there are more axes than a product rule serves.
    """
    if len(axes) > MOST:
        raise PosteriorError(
            f"The exact engine integrates tau and at most {MOST} further hyperparameters, and "
            f'there are {len(axes)}; use engine="nuts".'
        )

    def evidence(values: Sequence[FloatArray]) -> FloatArray:
        """Return the log marginal likelihoods; none where variances are beyond numbers."""
        asked = _at(problem, axes, values)
        found = np.full(values[0].shape, -np.inf)
        usable = np.isfinite(asked.variance).all(axis=1) & np.isfinite(asked.affine[1]).all((1, 2))
        rows = np.flatnonzero(np.broadcast_to(usable, found.shape))
        pilot = integrate(asked.take(rows), tolerance=_PILOT)
        found[rows] = pilot.log_marginal_likelihood
        return found

    walks, value = _settled(located(axes, evidence), evidence)
    kept = np.flatnonzero(value >= value.max() - _NEGLIGIBLE)
    values = [each[kept] for each in product(walks)]
    each = integrate(_at(problem, axes, values), tolerance=_TOLERANCES[len(walks) - 1])
    return joined(each, kept, walks, problem)


def _at(problem: Problem, axes: Sequence[Axis], values: Sequence[FloatArray]) -> Problem:
    return turned(problem, dict(zip((axis.name for axis in axes), values, strict=True)))


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


def _settled(walks: list[Walk], evidence: Evidence) -> tuple[list[Walk], FloatArray]:
    """Return the nodes that matter, their steps halved until new ones are no surprise.

    With them the log integrand on their product.
    """
    walks, value = trimmed(walks, _grid(walks, evidence))
    for _ in range(_HALVINGS):
        walks = [walk.halved() for walk in walks]
        value = _grid(walks, evidence)
        surprise = _surprise(value)
        walks, value = trimmed(walks, value)
        if surprise <= _TOLERANCES[len(walks) - 1]:
            break
    return walks, value


def _surprise(value: FloatArray) -> float:
    """Return how far new nodes are from their prediction, relative to the maximum."""
    density = np.exp(value - value.max())
    gaps = []
    for axis in range(density.ndim):
        along = np.moveaxis(density, axis, -1)
        gaps.append(np.abs(along[..., 1::2] - midpoints(along[..., ::2])).max())
    return float(max(gaps))


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
