"""How a further scale is walked that enters by its square, and is as likely at 0 as beside it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.further.axis import Axis, Walk
from bayesmeta.engines.further.joint import along_walk
from bayesmeta.parameters import Parameter
from bayesmeta.priors import density
from bayesmeta.sinc import Path, SincDensity, Support
from bayesmeta.sinc.interpolation import midpoints

_FAMILIES = ("HalfNormal", "HalfCauchy", "HalfStudentT")
"""Densities that are smooth as functions of the square."""
_SIZE, _FIRST, _REACH = 1.75, 1.0, 6.5
"""Of the path, in the middle of where the scale lives; first step, and how far out in t."""
_STEP, _SHOWN, _LEAST = 0.0625, 8.0, 36.0
"""Of the logs of the scale that its distribution is stored on, in t, and how far they reach."""
_HALF = float(np.log(2))


def axis_of(assembly: Assembly, item: Parameter) -> Axis:
    """Return the axis of a hyperparameter that has a prior, even where all is smooth from 0 on.

    Beside a tau of 0 t effects have a kink of the fourth order.
    """
    prior = assembly.priors[item.name]
    even = (
        item.squared
        and prior.distribution in _FAMILIES
        and prior.on == schema.TAU
        and assembly.fixed.get(schema.TAU, 1.0) > 0
    )
    return Axis(item.name, density(prior, assembly.context), even=even)


class EvenWalk(NamedTuple):
    """Nodes t from 0 on, of x = size * sinh(t): half of a rule on all of the line.

    A trapezoid rule for an even function has half of its weight at 0, and its error vanishes
    exponentially in the number of its nodes, so that a few serve where logs of x ask for many.

    Parameters
    ----------
    axis
        The hyperparameter.
    size
        Of the path.
    t
        Equally spaced, the first an even number of steps from 0.
    logs
        A path of its logs.
    """

    axis: Axis
    size: float
    t: FloatArray
    logs: Path

    @classmethod
    def of(cls, walk: Walk) -> "EvenWalk":
        """Return it of where the scale's logs live."""
        centre, scale = float(walk.path.centre[0, 0]), float(walk.path.scale[0, 0])
        step = _FIRST * min(scale, 1.0)
        count = 2 * int(np.ceil(_REACH / step / 2))
        return cls(
            walk.axis, _SIZE * float(np.exp(centre)), step * np.arange(count + 1.0), walk.path
        )

    @property
    def step(self) -> float:
        """Spacing of the nodes."""
        return float(self.t[1] - self.t[0])

    @property
    def values(self) -> FloatArray:
        """The hyperparameter at the nodes, shape (node,)."""
        return np.asarray(self.size * np.sinh(self.t))

    @property
    def log_prior(self) -> FloatArray:
        """Log prior density of t, half of it at 0, shape (node,)."""
        height = self.axis.prior.log_density(self.values)
        return np.asarray(height + np.log(self.size * np.cosh(self.t)) - _HALF * (self.t == 0))

    @property
    def log_step(self) -> float:
        """Log of the spacing."""
        return float(np.log(self.step))

    @property
    def parity(self) -> FloatArray:
        """What multiplies weights at twice the step, shape (node,)."""
        return np.where(np.arange(self.t.size) % 2, 0.0, 2.0)

    def halved(self) -> "EvenWalk":
        """Return the same walk at half the step."""
        return self._replace(t=np.linspace(self.t[0], self.t[-1], 2 * self.t.size - 1))

    def within(self, first: int, last: int) -> "EvenWalk":
        """Return the walk from one node to another."""
        return self._replace(t=self.t[first : last + 1])

    def foretold(self, height: FloatArray) -> FloatArray:
        """Return a density between every second node, by those: on the last axis."""
        if self.t[0]:
            return midpoints(height[..., ::2])
        known = height[..., ::2].copy()
        known[..., 0] *= 2
        both = np.concatenate([known[..., :0:-1], known], axis=-1)
        return np.asarray(midpoints(both)[..., known.shape[-1] - 1 :])

    def distribution(self, log_weight: FloatArray, rough: FloatArray | None = None) -> SincDensity:
        """Return the distribution that log weights at the nodes give, a batch of one.

        Parameters
        ----------
        rough
            Log weights that a coarser rule gives.
        """
        nodes = np.arange(-_SHOWN, _SHOWN + _STEP / 2, _STEP)
        nodes = nodes[self.axis.usable(self.logs.line(nodes))[0]]
        log_mass = self._along_logs(nodes, log_weight)
        there = np.flatnonzero(log_mass > log_mass.max() - _LEAST)
        kept = slice(there[0], there[-1] + 1)
        found = SincDensity(self.logs, nodes[there[:1]], np.array([_STEP]), _summed(log_mass[kept]))
        if rough is None:
            return found
        return replace(found, rough=_summed(self._along_logs(nodes, rough)[kept]))

    def _along_logs(self, nodes: FloatArray, log_weight: FloatArray) -> FloatArray:
        """Return log masses at nodes of the path of logs, shape (node,)."""
        path = Path(Support(-np.inf, np.inf), np.zeros((1, 1)), np.full((1, 1), self.size))
        t, known, share = self.t, log_weight, 0.0
        if self.t[0] == 0:
            t = np.concatenate([-t[:0:-1], t])
            known = np.concatenate([known[:0:-1], known[:1] + _HALF, known[1:]])
            share = _HALF
        both = along_walk(Walk(self.axis, path, t), known)
        with np.errstate(divide="ignore"):  # the log of the node at 0
            height = both.log_density(self.logs.value(nodes))[0]
        log_mass = height + self.logs.log_slope(nodes)[0]
        log_mass = np.where(np.isfinite(log_mass), log_mass, -np.inf)
        return np.asarray(log_mass + share + np.log(_STEP))


def _summed(log_mass: FloatArray) -> FloatArray:
    """Return logs of masses that sum to 1, a batch of one."""
    return np.asarray(log_mass - np.logaddexp.reduce(log_mass))[np.newaxis]


type AnyWalk = Walk | EvenWalk
"""How one hyperparameter walks."""


def evenly(walks: Sequence[Walk]) -> list[AnyWalk]:
    """Return walks, even ones where their axes may be walked so."""
    return [EvenWalk.of(walk) if walk.axis.even else walk for walk in walks]


def foretold(walk: AnyWalk, height: FloatArray) -> FloatArray:
    """Return a density between every second node of a walk, by those: on the last axis."""
    if isinstance(walk, EvenWalk):
        return walk.foretold(height)
    return midpoints(height[..., ::2])


def distribution(
    walk: AnyWalk, log_weight: FloatArray, rough: FloatArray | None = None
) -> SincDensity:
    """Return the distribution of a walk's hyperparameter, of log weights at its nodes.

    Parameters
    ----------
    rough
        Log weights that a coarser rule gives.
    """
    if isinstance(walk, EvenWalk):
        return walk.distribution(log_weight, rough)
    found = along_walk(walk, log_weight)
    return found if rough is None else replace(found, rough=along_walk(walk, rough).log_weight)
