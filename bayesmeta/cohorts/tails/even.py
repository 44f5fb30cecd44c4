"""How a further scale is walked that enters by its square, and is as likely at 0 as beside it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.engines.further.axis import Axis, Walk
from bayesmeta.engines.further.joint import along_walk
from bayesmeta.sinc import Path, SincDensity, Support
from bayesmeta.sinc.interpolation import midpoints

_SQUARED = ("kappa",)
_FAMILIES = ("HalfNormal", "HalfCauchy", "HalfStudentT")
"""Densities that are smooth as functions of the square."""
_SIZE, _FIRST, _REACH = 1.75, 1.0, 6.5
"""Of the path, in the middle of where the scale lives; first step, and how far out in t."""
_STEP, _SHOWN, _LEAST = 0.0625, 8.0, 36.0
"""Of the logs of the scale that its distribution is stored on, in t, and how far they reach."""
_HALF = float(np.log(2))


def even_scales(assembly: Assembly) -> frozenset[str]:
    """Return which hyperparameters are walked from 0 in equal steps there, and not in their logs.

    All that is asked of them is a smooth function of their square, but for what is nothing: beside
    a tau of 0 t effects have a kink of the fourth order.
    """
    return frozenset(
        name for name in _SQUARED
        if name in assembly.priors
        and name not in assembly.fixed
        and assembly.priors[name].distribution in _FAMILIES
        and assembly.priors[name].on == schema.TAU
        and assembly.fixed.get(schema.TAU, 1.0) > 0
    )  # fmt: skip


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
        density = self.axis.prior.log_density(self.values)
        return np.asarray(density + np.log(self.size * np.cosh(self.t)) - _HALF * (self.t == 0))

    @property
    def log_step(self) -> float:
        """Log of the spacing."""
        return float(np.log(self.step))

    def halved(self) -> "EvenWalk":
        """Return the same walk at half the step."""
        return self._replace(t=np.linspace(self.t[0], self.t[-1], 2 * self.t.size - 1))

    def within(self, first: int, last: int) -> "EvenWalk":
        """Return the walk from one node to another."""
        return self._replace(t=self.t[first : last + 1])

    def foretold(self, density: FloatArray) -> FloatArray:
        """Return a density between every second node, by those: on the last axis."""
        if self.t[0]:
            return midpoints(density[..., ::2])
        known = density[..., ::2].copy()
        known[..., 0] *= 2
        both = np.concatenate([known[..., :0:-1], known], axis=-1)
        return np.asarray(midpoints(both)[..., known.shape[-1] - 1 :])

    def distribution(self, log_weight: FloatArray) -> SincDensity:
        """Return the distribution that log weights at the nodes give, a batch of one."""
        path = Path(Support(-np.inf, np.inf), np.zeros((1, 1)), np.full((1, 1), self.size))
        t, known, share = self.t, log_weight, 0.0
        if self.t[0] == 0:
            t = np.concatenate([-t[:0:-1], t])
            known = np.concatenate([known[:0:-1], known[:1] + _HALF, known[1:]])
            share = _HALF
        both = along_walk(Walk(self.axis, path, t), known)
        nodes = np.arange(-_SHOWN, _SHOWN + _STEP / 2, _STEP)
        nodes = nodes[self.axis.usable(self.logs.line(nodes))[0]]
        with np.errstate(divide="ignore"):  # the log of the node at 0
            density = both.log_density(self.logs.value(nodes))[0]
        log_mass = density + self.logs.log_slope(nodes)[0]
        log_mass = np.where(np.isfinite(log_mass), log_mass, -np.inf) + share + np.log(_STEP)
        there = np.flatnonzero(log_mass > log_mass.max() - _LEAST)
        kept = log_mass[there[0] : there[-1] + 1]
        return SincDensity(
            self.logs, nodes[there[:1]], np.array([_STEP]),
            (kept - np.logaddexp.reduce(kept))[np.newaxis],
        )  # fmt: skip


type AnyWalk = Walk | EvenWalk
"""How one hyperparameter walks."""


def product(walks: Sequence[AnyWalk]) -> list[FloatArray]:
    """Return each walk's values over the product of the nodes, each of shape (node,)."""
    mesh = np.meshgrid(*(walk.values for walk in walks), indexing="ij")
    return [each.ravel() for each in mesh]


def foretold(walk: AnyWalk, density: FloatArray) -> FloatArray:
    """Return a density between every second node of a walk, by those: on the last axis."""
    if isinstance(walk, EvenWalk):
        return walk.foretold(density)
    return midpoints(density[..., ::2])


def distribution(walk: AnyWalk, log_weight: FloatArray) -> SincDensity:
    """Return the distribution of a walk's hyperparameter, of log weights at its nodes."""
    if isinstance(walk, EvenWalk):
        return walk.distribution(log_weight)
    return along_walk(walk, log_weight)
