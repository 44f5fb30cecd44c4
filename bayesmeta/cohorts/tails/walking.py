"""The nodes of tau that serve every member, and both designs at each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.tails.node import Node, node
from bayesmeta.cohorts.tails.plane import planes
from bayesmeta.cohorts.tails.sides import Sides
from bayesmeta.cohorts.tails.weighing import Apart, Way, evidences
from bayesmeta.engines.further.axis import Walk
from bayesmeta.engines.further.locating import located
from bayesmeta.engines.further.refining import trimmed
from bayesmeta.sinc.interpolation import midpoints

_SURPRISE, _HALVINGS = 1e-4, 4
"""Of an integrand between its nodes, relative to its maximum: sums are known to its square."""
_WIDER = 1.5
"""Variance of t effects, about, in those of normal ones of the same tau."""


@dataclass(frozen=True, eq=False)
class Tables:
    """What both designs say at every node of tau that matters to a member.

    Parameters
    ----------
    sides
        The rows.
    nodes
        One each.
    walk
        How tau walks; None where it is fixed.
    """

    sides: Sides
    nodes: tuple[Node, ...]
    walk: Walk | None

    @property
    def log_prior(self) -> FloatArray:
        """Log prior of tau times the step, shape (node,)."""
        return np.zeros(1) if self.walk is None else self.walk.log_prior + self.walk.log_step

    @property
    def parity(self) -> FloatArray:
        """What multiplies weights at twice the step of tau, shape (node,)."""
        return np.ones(1) if self.walk is None else self.walk.parity

    @property
    def tau(self) -> FloatArray:
        """Shape (node,)."""
        return np.array([each.tau for each in self.nodes])


def tables(sides: Sides, wider: float) -> Tables:
    """Return both designs at nodes of tau, as many as the members' posteriors of it ask for.

    Parameters
    ----------
    wider
        Standard deviation of the widest prior of the effect in trials.

    Raises
    ------
    PosteriorError
        If effects lie too far apart for a table.
    """
    if sides.tau is None:
        tau = np.array([float(sides.fixed["tau"])])
        return Tables(sides, tuple(_nodes(sides, tau, wider)), None)
    walk = located([sides.tau], lambda values: _rough(sides, values[0]))[0]
    ways = _references(sides)
    nodes = _nodes(sides, walk.values, wider)
    value = _heights(sides, ways, nodes, walk)
    for _ in range(_HALVINGS):
        walk, nodes, value = _within(walk, nodes, value)
        between = walk.halved()
        new = _nodes(sides, between.values[1::2], wider)
        added = _heights(sides, ways, new, between._replace(t=between.t[1::2]))
        value = _merged(value, added)
        nodes, walk = _laced(nodes, new), between
        if _surprise(value) <= _SURPRISE:
            break
    walk, nodes, _ = _within(walk, nodes, value)
    return Tables(sides, tuple(nodes), walk)


def _references(sides: Sides) -> list[Way]:
    """Return the ways by which nodes of tau are judged: both ends of both dials, and the usual."""
    prior, (mean, sd) = sides.mu.log_density, sides.bias
    biased = [Way(prior, apart=Apart(mean, 1.0, each)) for each in (sd, np.inf)]
    return [Way(prior), Way(prior, power=0.0), Way(prior, trials=False), *biased]


def _nodes(sides: Sides, tau: FloatArray, wider: float) -> list[Node]:
    scales = sides.asked(sides.cohort >= 0).scales(sides.at(tau))
    found = planes(sides, scales, wider)
    return [node(sides, plane, scales.take(slice(place, place + 1)), float(tau[place]))
            for place, plane in enumerate(found)]  # fmt: skip


def _heights(sides: Sides, ways: list[Way], nodes: Sequence[Node], walk: Walk) -> FloatArray:
    """Return each way's log integrand over tau, the last that of the prior, (node, way)."""
    found = evidences(ways, nodes, sides.beta)
    return np.column_stack([found, np.zeros(len(found))]) + walk.log_prior[:, np.newaxis]


def _within(
    walk: Walk, nodes: list[Node], value: FloatArray
) -> tuple[Walk, list[Node], FloatArray]:
    """Leave out end nodes at which no way has anything."""
    highest = (value - value.max(axis=0)).max(axis=1)
    (own,), _ = trimmed([walk], highest)
    first = int(np.argmin(np.abs(walk.t - own.t[0])))
    kept = slice(first, first + own.t.size)
    return own, nodes[kept], value[kept]


def _laced(old: list[Node], new: list[Node]) -> list[Node]:
    found = [each for pair in zip(old, new, strict=False) for each in pair]
    return [*found, old[-1]]


def _merged(old: FloatArray, new: FloatArray) -> FloatArray:
    both = np.empty((len(old) + len(new), old.shape[1]))
    both[::2], both[1::2] = old, new
    return both


def _surprise(value: FloatArray) -> float:
    density = np.exp(value - value.max(axis=0)).T
    return float(np.abs(density[:, 1::2] - midpoints(density[:, ::2])).max())


def _rough(sides: Sides, tau: FloatArray) -> FloatArray:
    """Return the log density of the estimates if effects were normal, shape (node,)."""
    middle, sd = sides.around
    columns = [np.ones_like(sides.cohort), sides.cohort]
    priors = [(middle, sd), sides.bias]
    if sides.beta is not None:
        low, half, high = sides.beta.quantile(np.array([0.25, 0.5, 0.75])).tolist()
        columns.append(sides.slope)
        priors.append((half, (high - low) / 1.349))
    design, (means, sds) = np.column_stack(columns), np.array(priors).T
    apart = sides.estimate - design @ means
    own = np.minimum(tau, 1e100)[:, np.newaxis] ** 2 * _WIDER + sides.error**2
    both = (design * sds**2) @ design.T + own[:, np.newaxis] * np.eye(apart.size)
    found = np.linalg.solve(both, np.broadcast_to(apart, own.shape)[..., np.newaxis])[..., 0]
    return np.asarray(-0.5 * (found @ apart + np.linalg.slogdet(both)[1]))
