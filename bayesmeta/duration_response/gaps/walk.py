"""Where tau is taken under each curve: equal steps along a path, seen by a normal approximation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.duration_response.gaps.items import Items
from bayesmeta.duration_response.gaps.normals import Normals
from bayesmeta.duration_response.gaps.rows import WEAKENED, OpenRow
from bayesmeta.duration_response.gaps.tilting import tilted
from bayesmeta.engines.quadrature.conditional import condition
from bayesmeta.engines.quadrature.integral import Integral, integrate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import Path
from bayesmeta.sinc.interpolation import midpoints

_PILOT = 1e-2
"""Tolerance of the pilot, which only shows where tau lives."""
_CENTRINGS, _FIRST_STEP, _HALVINGS = 2, 0.5, 4
_STABLE, _STABLE_OF_SEVERAL = 2e-2, 2e-3
"""Of the integrand half-way between nodes, as in `integrate`; the sum is off by its square. With
several bulks the coarser rule's interpolation would swing between them."""
_LOST, _FALLEN = 0.2, 10.0
"""What is taken for lost: a surprise so large, an integrand that has not fallen so far."""
_FARTHER, _WIDENINGS = 1.5, 12
"""How much farther an end goes, in t, that the integrand has not left behind; how often."""
_LEFTMOST, _RIGHTMOST = -700.0, 340.0
"""Where tau, and where tau**2, nears the ends of what is a number."""
_NEGLIGIBLE = 24.0
"""Integrands below exp(-24) = 4e-11 of their maximum are left out."""
_LEAST = 18
"""Fewest nodes of a curve, by the coarser rule too."""
_BLOCK = 500
"""Items at a time."""


@dataclass(frozen=True, eq=False)
class Walk:
    """Nodes of tau under each curve of a shape, an item each, curve after curve.

    Parameters
    ----------
    path
        How t walks tau's support under each curve.
    t
        Shape (curve, node), spaced by `step`.
    step
        The spacing.
    log_prior
        Log prior density in t, shape (curve, node); -inf where the pilot had no use for tau.
    reference
        What closed studies say, and open ones as weak observations where `OpenRow.weak` is 1;
        shape (item,).
    near
        The normal approximation to what all say.
    """

    path: Path
    t: FloatArray
    step: float
    log_prior: FloatArray
    reference: Normals
    near: Normals

    @property
    def tau(self) -> FloatArray:
        """Tau at the nodes, shape (curve, node)."""
        return self.path.value(self.t)

    @cached_property
    def curve(self) -> IntArray:
        """The curve of each item."""
        return np.repeat(np.arange(len(self.t)), self.t.shape[1])

    @property
    def log_value(self) -> FloatArray:
        """The approximate log integrand, shape (curve, node)."""
        return self.near.log_mass.reshape(self.t.shape) + self.log_prior

    def take(self, curves: BoolArray, *, every: int) -> "Walk":
        """Return some curves, at every so many nodes."""
        kept = np.arange(self.t.size).reshape(self.t.shape)[curves, ::every].ravel()
        return Walk(
            self.path.take(curves), self.t[curves, ::every], every * self.step,
            self.log_prior[curves, ::every], self.reference.take(kept), self.near.take(kept),
        )  # fmt: skip

    def needed(self, moments: int) -> BoolArray:
        """Return the nodes that the integral and tau's moments need, shape (curve, node).

        They are all between the first and the last of them, and as many as a density needs to be
        interpolated.
        """
        found = np.zeros(self.t.shape, dtype=bool)
        log_tau = np.log(np.maximum(self.tau, np.finfo(float).tiny))
        for power in {0, moments}:
            value = self.log_value + power * log_tau
            found |= value > value.max(axis=1, keepdims=True) - _NEGLIGIBLE
        first, last = _ends(found)
        spare = np.maximum(_LEAST - 1 - (last - first), 0)
        first = np.maximum(first - spare, 0)
        last = np.minimum(np.maximum(last, first + _LEAST - 1), self.last)
        place = np.arange(found.shape[1])
        inside = (place >= first[:, np.newaxis]) & (place <= last[:, np.newaxis])
        return np.asarray(inside)

    @property
    def fallen(self) -> FloatArray:
        """How many logs the integrand has fallen at the first and last node, shape (2, curve)."""
        value = self.log_value
        at_last = value[np.arange(len(value)), self.last]
        return np.asarray(value.max(axis=1) - np.stack([value[:, 0], at_last]))

    @property
    def last(self) -> IntArray:
        """The last node of each curve that there is any use for, shape (curve,)."""
        return _ends(np.isfinite(self.log_prior))[1]


def _ends(used: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the first and the last place in each row, shape (row,)."""
    return used.argmax(axis=1), used.shape[1] - 1 - used[:, ::-1].argmax(axis=1)


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
        road, fallen = _widened(road, found)
        if fallen:
            break
    for _ in range(_CENTRINGS):
        road = _centred(road, found)
        found = _walked(reference, rows, road, _FIRST_STEP)
    stable = _STABLE if road.path.bulks == 1 else _STABLE_OF_SEVERAL
    for halving in range(1, _HALVINGS + 1):
        found = _walked(reference, rows, road, _FIRST_STEP / 2**halving)
        enough = found.last.min() + 1 >= 2 * _LEAST
        if enough and _surprise(found, apart=apart) < stable:
            break
    return found


def require_found(found: Walk, *, apart: bool) -> None:
    """Raise unless the nodes of a walk show where tau is.

    Raises
    ------
    PosteriorError
        If the integrand is not seen between the nodes, or has not fallen at the first and last.
    """
    surprise, fallen = _surprise(found, apart=apart), float(found.fallen.min())
    if surprise > _LOST or fallen < _FALLEN:
        raise PosteriorError(
            "With open durations the posterior of tau was not found: between its nodes it is off "
            f"by {surprise:.2g} of its height, at the smallest or largest tau tried it has fallen "
            f"by {fallen:.2g} logs. Give tau a prior whose scale is that of the estimates, or "
            "leave out the studies without a duration."
        )


class _Road(NamedTuple):
    """A path and its stretch that matters: t of both ends, shape (curve,)."""

    path: Path
    first: FloatArray
    last: FloatArray


def _road(pilot: Integral) -> _Road:
    """Return the pilot's path."""
    assert pilot.path is not None  # noqa: S101  (duration models have a tau)
    steps = np.isfinite(pilot.log_weight[..., 0]).sum(axis=1) - 1
    return _Road(pilot.path, pilot.first, pilot.first + pilot.step * steps)


def _widened(road: _Road, found: Walk) -> tuple[_Road, bool]:
    """Return the road farther at ends where the integrand has not fallen, and whether it has."""
    path, short = road.path, found.fallen < _NEGLIGIBLE
    farther = [
        path.line((end + sign * _FARTHER * path.bulks)[:, np.newaxis])
        for end, sign in ((road.first, -1), (road.last, 1))
    ]
    usable = np.maximum(farther[0], _LEFTMOST), np.minimum(farther[1], _RIGHTMOST)
    first, last = (
        np.where(few, wide(path.walked(end)[:, 0], old), old)
        for few, wide, end, old in zip(
            short, (np.minimum, np.maximum), usable, (road.first, road.last), strict=True
        )
    )
    return _Road(path, first, last), not short.any()


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
    ends = [path.line(end[:, np.newaxis]) for end in (road.first, road.last)]
    first, last = (np.arcsinh((end - centre) / scale)[:, 0] for end in ends)
    return _Road(Path(path.support, centre, scale), first, last)


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
    size = int(np.ceil((road.last - road.first).max() / step)) + 1
    t = road.first[:, np.newaxis] + step * np.arange(size)
    beyond = t > road.last[:, np.newaxis]
    t = np.where(beyond, road.last[:, np.newaxis], t)
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


def _surprise(found: Walk, *, apart: bool) -> float:
    """Return how far every other node is from what the others foretell, by the largest height."""
    value = found.log_value
    tops = value.max(axis=1, keepdims=True)
    height = np.exp(value - (tops if apart else tops.max()))
    even, odd = height[:, ::2], height[:, 1::2]
    foretold = midpoints(even)[:, : odd.shape[1]]
    return float(np.abs(odd[:, : foretold.shape[1]] - foretold).max())
