"""Where tau is taken under each curve: equal steps along a path, where an approximation is seen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.gaps.items import Items
from bayesmeta.duration_response.gaps.normals import Normals
from bayesmeta.duration_response.gaps.rows import WEAKENED, OpenRow
from bayesmeta.duration_response.gaps.tilting import tilted
from bayesmeta.duration_response.gaps.walk import LEAST, NEGLIGIBLE, Walk
from bayesmeta.engines.quadrature.conditional import condition
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.engines.quadrature.posteriors import integrate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.sinc import Path

_PILOT = 1e-2
"""Tolerance of the pilot, which only shows where tau lives."""
_CENTRINGS, _FIRST_STEP, _HALVINGS = 2, 0.5, 4
_STABLE, _STABLE_OF_SEVERAL = 2e-2, 2e-3
"""Of the integrand half-way between nodes, as in `integrate`; the sum is off by its square. With
several bulks the coarser rule's interpolation would swing between them."""
_FARTHER, _WIDENINGS = 1.5, 12
"""How much farther an end goes, in t, that the integrand has not left behind; how often."""
_LEFTMOST, _RIGHTMOST = -700.0, 340.0
"""Where tau, and where tau**2, nears the ends of what is a number."""
_BLOCK = 500
"""Items at a time."""


def walk(problem: Problem, rows: Sequence[OpenRow], *, apart: bool) -> Walk:
    """Return the nodes at which the approximate integrand is no surprise between the others.

    The pilot, all open studies as weak observations, shows where tau may be. They may make
    tau larger or, where they agree after all, far smaller: the path goes on at both ends until
    the approximation has fallen, and is then centred and scaled by it.

    Parameters
    ----------
    apart
        Whether a surprise is relative to the largest integrand of its own curve; or of all.
    """
    weak = _weakened(problem, rows)
    road, reference = _road(integrate(weak, tolerance=_PILOT)), _reference(weak, rows)
    for _ in range(_WIDENINGS):
        found = _walked(reference, rows, road, _FIRST_STEP)
        if found.fallen.min() >= NEGLIGIBLE:
            break
        road = _widened(road, found)
    for _ in range(_CENTRINGS):
        road = _centred(road, found)
        found = _walked(reference, rows, road, _FIRST_STEP)
    stable = _STABLE if road.path.bulks == 1 else _STABLE_OF_SEVERAL
    for halving in range(1, _HALVINGS + 1):
        found = _walked(reference, rows, road, _FIRST_STEP / 2**halving)
        enough = found.last.min() + 1 >= 2 * LEAST
        if enough and found.surprise(apart=apart) < stable:
            break
    return found


class _Road(NamedTuple):
    """A path and its stretch that matters: both its ends on the line, shape (curve, 1)."""

    path: Path
    first: FloatArray
    last: FloatArray


def _road(pilot: Integral) -> _Road:
    """Return the pilot's path."""
    path, first = pilot.path, pilot.first
    assert path is not None  # noqa: S101  (duration models have a tau)
    steps = np.isfinite(pilot.log_weight[..., 0]).sum(axis=1) - 1
    ends = (path.line(t[:, np.newaxis]) for t in (first, first + pilot.step * steps))
    return _Road(path, *ends)


def _widened(road: _Road, found: Walk) -> _Road:
    """Return the road farther at ends where the integrand has not fallen."""
    path, short = road.path, found.fallen[..., np.newaxis] < NEGLIGIBLE
    before, after = (
        path.line(path.walked(end) + sign * _FARTHER * path.bulks)
        for end, sign in ((road.first, -1), (road.last, 1))
    )
    first = np.minimum(road.first, np.maximum(before, _LEFTMOST))
    last = np.maximum(road.last, np.minimum(after, _RIGHTMOST))
    return _Road(path, np.where(short[0], first, road.first), np.where(short[1], last, road.last))


def _centred(road: _Road, found: Walk) -> _Road:
    """Return the same stretch walked from the integrand's mean, in steps of its SD.

    A path of several bulks is dense at each of them as it is.
    """
    path = road.path
    if path.bulks > 1:
        return road
    line = path.line(found.t)
    weight = np.exp(found.log_value - found.log_value.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    centre = (weight * line).sum(axis=1, keepdims=True)
    spread = np.sqrt((weight * (line - centre) ** 2).sum(axis=1, keepdims=True))
    # A bump that a single node sees may be as wide as half a step there.
    seen = 0.5 * found.step * np.hypot(path.scale, centre - path.centre)
    scale = np.maximum(spread, seen)
    return road._replace(path=Path(path.support, centre, scale))


def _reference(weak: Problem, rows: Sequence[OpenRow]) -> Problem:
    """Return the closed studies, with open ones as weak observations only where they have to be.

    A weak observation of a curve's mean column may be far off, and has to be taken back.
    """
    mask = np.array(np.broadcast_to(weak.used, (len(rows[0].mean), weak.used.shape[1])))
    for row in rows:
        mask[:, row.place] = row.weak
    return replace(weak, mask=mask)


def _weakened(problem: Problem, rows: Sequence[OpenRow]) -> Problem:
    """Return the table with open studies as observations of their mean columns, but weak ones."""
    design = np.array(
        np.broadcast_to(problem.design, (len(rows[0].mean), *problem.design.shape[1:]))
    )
    variance = problem.variance.copy()
    for row in rows:
        design[:, row.place, row.others.size :] = row.mean
        variance[:, row.place] *= WEAKENED
    return replace(problem, design=design, variance=variance)


def _walked(problem: Problem, rows: Sequence[OpenRow], road: _Road, step: float) -> Walk:
    first, last = (road.path.walked(end) for end in (road.first, road.last))
    t = first + step * np.arange(int(np.ceil((last - first).max() / step)) + 1)
    beyond = t > last
    t = np.where(beyond, last, t)
    log_prior = problem.log_prior_at(road.path.log_value(t)) + road.path.log_slope(t)
    known = condition(problem, road.path.value(t))
    count = known.mean.shape[-1]
    reference = Normals(
        known.log_evidence.ravel(), known.mean.reshape(-1, count),
        known.covariance.reshape(-1, count, count),
    )  # fmt: skip
    bare = Walk(road.path, t, step, np.where(beyond, -np.inf, log_prior), reference, reference)
    return replace(bare, near=_near(bare, rows))


def _near(bare: Walk, rows: Sequence[OpenRow]) -> Normals:
    """Return the normal approximations, block by block, without the weak observations' part."""
    tau, curve, count = bare.tau.ravel(), bare.curve, rows[0].others.size
    items = Items(tau, curve, bare.reference)
    blocks = [slice(at, at + _BLOCK) for at in range(0, tau.size, _BLOCK)]
    parts = [tilted(items.take(block), rows) for block in blocks]
    found = Normals(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    common, slopes = found.mean[:, :count], found.mean[:, count:, np.newaxis]
    weak = sum(
        row.log_weak((common @ row.others)[:, np.newaxis], slopes, tau=tau, curve=curve)[:, 0]
        for row in rows
    )
    return found._replace(log_mass=found.log_mass - weak)
