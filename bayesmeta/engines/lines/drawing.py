"""Independent draws from a posterior of frame L."""

from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.lines.conditional import Conditional
from bayesmeta.engines.lines.posterior import Lines
from bayesmeta.engines.lines.reading import own_kernel
from bayesmeta.engines.lines.rows import Rows
from bayesmeta.engines.lines.widening import SHARE
from bayesmeta.engines.quadrature import Drawn
from bayesmeta.random_effects import Scales

_GRID = 256
"""Points at which a study effect's distribution is summed for a draw."""
_WIDE = 9.0
_BLOCK = 4_000
_LEAST = 1e-250


def draw(lines: Lines, size: int, generator: np.random.Generator) -> Drawn:
    """Return draws of the hyperparameters and the coefficients.

    Points are drawn by their probabilities. Each quantity then has the ranks of its points, ties
    broken by chance within a cell, and values from its own continuous distribution.
    """
    points = lines.points
    at = generator.choice(points.weight.size, size, p=points.weight / points.weight.sum())
    values = {name: _spread(lines, name, at, generator) for name in lines.marginals}
    return Drawn(values, _coefficients(lines, at, generator))


def _spread(lines: Lines, name: str, at: IntArray, generator: np.random.Generator) -> FloatArray:
    """Return draws whose ranks are those of the points, from the continuous distribution."""
    known = lines.at_points(name)[at]
    order = np.lexsort((generator.random(at.size), known))
    levels = np.sort(generator.random(at.size))
    drawn = np.empty(at.size)
    drawn[order] = lines.marginals[name].drawn(levels[np.newaxis])[0]
    return drawn


def _coefficients(lines: Lines, at: IntArray, generator: np.random.Generator) -> FloatArray:
    """Return coefficients over the points' cells, each its own ranks from its distribution."""
    points = lines.points
    jitter = generator.standard_normal((at.size, points.location.shape[1]))
    root = np.linalg.cholesky(points.covariance)[points.node[at]]
    rough = points.location[at] + (root @ jitter[..., np.newaxis])[..., 0] / 2
    drawn = np.empty_like(rough)
    for column, row in enumerate(np.eye(rough.shape[1])):
        levels = np.sort(generator.random(at.size))
        order = np.argsort(rough[:, column])
        drawn[order, column] = lines.combination(row).drawn(levels[np.newaxis])[0]
    return drawn


def study_effects(
    lines: Lines | Conditional, drawn: Drawn, generator: np.random.Generator
) -> FloatArray:
    """Return draws of study effects given all else, shape (draw, study).

    A component of the kernel first, by how likely it is of the row, then the effect from the
    product of its normal and the row's likelihood, by the inverse of its distribution function.
    """
    centre = drawn.coefficients @ lines.design.T
    found = np.empty(centre.shape)
    for start in range(0, len(centre), _BLOCK):
        part = slice(start, start + _BLOCK)
        values = {name: value[part] for name, value in drawn.values.items()}
        for study in range(lines.studies):
            row = _row(lines, study, centre[part, study], values)
            found[part, study] = _effect(row, generator)
    return found


def effect_variances(
    lines: Lines | Conditional,
    centre: FloatArray,
    values: dict[str, FloatArray],
    generator: np.random.Generator,
) -> FloatArray:
    """Return draws of the variance of study effects around their centres, (draw, study).

    That of a component of the kernel, by how likely it is of the row: given components, effects
    are normal. A bias of the row's own is in it, where it has one.
    """
    columns = [_variance(_row(lines, study, centre[:, study], values), generator)
               for study in range(lines.studies)]  # fmt: skip
    return np.column_stack(columns)


@dataclass(frozen=True, eq=False)
class _Row:
    """One study, in draws of all but its effect.

    Parameters
    ----------
    own
        What its row says.
    centre
        Around which its effect lies, shape (draw,).
    scales
        Of the normals that its effect is spread by, shape (draw, component).
    """

    own: Rows
    centre: FloatArray
    scales: Scales


def _row(
    lines: Lines | Conditional, study: int, centre: FloatArray, values: dict[str, FloatArray]
) -> _Row:
    fixed = {name: np.full(centre.size, value) for name, value in lines.fixed.items()}
    known = {**fixed, **values}
    scales = own_kernel(lines.kernel, lines.outside, study).scales(known)
    if lines.widening is not None and lines.widening.mark[study]:
        scales = lines.widening.scales(scales, np.asarray(known[SHARE]))
    return _Row(lines.rows.take(np.arange(lines.studies) == study), centre, scales)


def _effect(row: _Row, generator: np.random.Generator) -> FloatArray:
    """Return draws of its effect, shape (draw,)."""
    own, centre, variance = row.own, row.centre, _variance(row, generator)
    estimate, error = (float(each[0]) for each in own.rough())
    spread = np.sqrt(variance)
    left, right = centre - _WIDE * spread, centre + _WIDE * spread
    near = _WIDE * np.sqrt(error)
    inner = np.clip(estimate - near, left, right), np.clip(estimate + near, left, right)
    low = np.minimum(inner[0], np.where(inner[1] == left, left, inner[0]))
    high = np.where(inner[1] > low, inner[1], right)
    grid = np.linspace(low, high, _GRID, axis=-1)
    log_density = own.log_likelihood(grid[..., np.newaxis])[..., 0]
    log_density = log_density - 0.5 * (grid - centre[:, np.newaxis]) ** 2 / variance[:, np.newaxis]
    mass = np.exp(log_density - log_density.max(axis=-1, keepdims=True))
    upto = np.concatenate(
        [np.zeros((centre.size, 1)), np.cumsum((mass[:, 1:] + mass[:, :-1]) / 2, axis=-1)], axis=-1
    )
    level = generator.random(centre.size) * upto[:, -1]
    cell = np.clip((upto <= level[:, np.newaxis]).sum(axis=-1) - 1, 0, _GRID - 2)
    every = np.arange(centre.size)
    width = upto[every, cell + 1] - upto[every, cell]
    share = np.where(width > 0, (level - upto[every, cell]) / np.maximum(width, _LEAST), 0.5)
    return np.asarray(grid[every, cell] + share * (grid[every, cell + 1] - grid[every, cell]))


def _variance(row: _Row, generator: np.random.Generator) -> FloatArray:
    """Return the variance of a component drawn for each, shape (draw,)."""
    centre, scales = row.centre, row.scales
    shape = np.broadcast_shapes(scales.log_weight.shape, scales.variance.shape)
    variance = np.broadcast_to(scales.variance, shape)
    terms = row.own.log_spread(
        centre[:, np.newaxis, np.newaxis],
        variance[..., np.newaxis],
        scales.log_weight[..., np.newaxis],
    )[..., 0]
    upto = np.cumsum(np.exp(terms - terms.max(axis=-1, keepdims=True)), axis=-1)
    level = generator.random((centre.size, 1)) * upto[:, -1:]
    at = np.minimum((upto < level).sum(axis=-1), shape[-1] - 1)
    return np.asarray(variance[np.arange(centre.size), at])
