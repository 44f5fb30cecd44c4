"""Which points of the line rows are tabulated on, and their likelihoods there."""

from collections.abc import Iterator, Sequence

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.covariance import Rows
from bayesmeta.engines.lines.bundle import ROOM, WIDTH, Bundle
from bayesmeta.engines.lines.gridding import DROP, Grids, Known, grids
from bayesmeta.engines.lines.panels import Panels
from bayesmeta.engines.lines.stencil import POINTS
from bayesmeta.engines.lines.stretches import Stretch, stretches
from bayesmeta.likelihoods import Likelihood

_STEP, _HALVINGS, _SURPRISE = 0.25, 3, 1e-8
"""The first step along stretches, and how far a log likelihood may be, halfway between two nodes,
from what they say, as a share of how far below its peak it is."""


def laid(part: Likelihood, estimate: FloatArray, known: Rows) -> Iterator[Bundle | Panels]:
    """Yield rows, tabulated, by the points that they are on.

    Parameters
    ----------
    estimate
        Shape (row,).
    known
        What the likelihood looks at of the rows.
    """
    kinks = part.kinks(known)
    found = grids(_log_likelihood(part, estimate, known), np.asarray(known.standard_error), kinks)
    for rows in found.together():
        chosen = np.isin(np.arange(estimate.size), rows)
        own = _log_likelihood(part, estimate[chosen], taken(known, chosen))
        yield _panels(found, rows, own, kinks) if kinks else _bundle(found, rows, own)


def _bundle(found: Grids, rows: IntArray, own: Known) -> Bundle:
    lower, upper = found.lower[rows].min(), found.upper[rows].max()
    step = found.step[rows].min()
    flat = (bool(found.flat_left[rows[0]]), bool(found.flat_right[rows[0]]))
    lower, upper = lower - ROOM * step * flat[0], upper + ROOM * step * flat[1]
    count = max(int(np.ceil((upper - lower) / step)), POINTS)
    theta = lower + step * np.arange(count + 1)
    value = own(np.broadcast_to(theta[:, np.newaxis], (count + 1, rows.size)))
    return Bundle(rows, float(lower), float(step), value, flat)


def _panels(found: Grids, rows: IntArray, own: Known, kinks: tuple[float, ...]) -> Panels:
    within = float(found.lower[rows].min()), float(found.upper[rows].max())
    width = float(found.step[rows].min() * WIDTH)
    for halving in range(_HALVINGS + 1):
        every = stretches(kinks, within, width=width, step=_STEP / 2**halving)
        panels = _tabulated(rows, kinks, every, own)
        if halving == _HALVINGS or _serves(panels, own):
            break
    return panels


def _tabulated(
    rows: IntArray, kinks: tuple[float, ...], every: Sequence[Stretch], own: Known
) -> Panels:
    """Return rows on the stretches where they may be at all."""
    values = [_repeated(own, each.theta, rows.size) for each in every]
    possible = [np.isfinite(value).all() for value in values]
    held = tuple(each for each, may in zip(every, possible, strict=True) if may)
    kept = [value for value, may in zip(values, possible, strict=True) if may]
    return Panels(rows, kinks, held, np.concatenate(kept))


def _serves(panels: Panels, own: Known) -> bool:
    """Return whether the nodes say what the likelihoods are halfway between them."""
    theta = np.concatenate([each.between for each in panels.stretches])
    exact = _repeated(own, theta, panels.rows.size)
    below = panels.log_likelihood.max(axis=0) - exact
    apart = np.abs(panels.at(theta) - exact)
    return bool((apart < _SURPRISE * np.maximum(below, 1.0))[below < DROP / 2].all())


def _repeated(own: Known, theta: FloatArray, count: int) -> FloatArray:
    return own(np.broadcast_to(theta[:, np.newaxis], (theta.size, count)))


def _log_likelihood(part: Likelihood, estimate: FloatArray, known: Rows) -> Known:
    return lambda theta: part.log_density(estimate, theta, {}, known)


def taken(known: Rows, rows: BoolArray) -> Rows:
    """Return what a likelihood looks at of some of the rows."""
    return Rows(
        np.asarray(known.standard_error)[rows],
        known.layout.take(rows),
        {name: np.asarray(column)[rows] for name, column in known.data.items()},
        known.priors,
    )
