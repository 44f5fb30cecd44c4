"""A further hyperparameter, and the nodes that walk its support."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol, Self

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.priors import Density, Raised
from bayesmeta.sinc import Path
from bayesmeta.sinc.support import Support

_EDGE = 0.01
_APART = 1e-10
"""Points of a bounded support are this far from its ends, relative to its width: what lies
beyond has no more of the prior's mass than that, and correlations of one are singular."""
_FARTHEST, _FARTHEST_RATIO = 300.0, 30.0
"""Where logs of scales end: their squares overflow beyond. And those of ratios: a ratio above
exp(30) has no more of the posterior's mass than a scale within exp(-30) of 0 has of its prior's."""


@dataclass(frozen=True)
class Axis:
    """A further hyperparameter.

    Parameters
    ----------
    name
        Of the hyperparameter.
    prior
        Its density.
    inner
        The density of the inner hyperparameter, where the axis walks the ratio to it.
    even
        Whether it may be walked from 0 in equal steps there: see `even.py`.
    """

    name: str
    prior: Density | Raised
    inner: Density | Raised | None = None
    even: bool = False

    @property
    def is_ratio(self) -> bool:
        """Whether it walks the ratio to the inner hyperparameter."""
        return self.inner is not None

    @cached_property
    def support(self) -> Support:
        """The values it can take."""
        if self.is_ratio:
            return Support(0.0, np.inf)
        lower, upper = self.prior.support()
        return Support(float(lower), float(upper))

    @cached_property
    def window(self) -> tuple[float, float, float]:
        """Points of the line between which it is looked for, and one in the middle."""
        levels = np.array([_EDGE, 0.5, 1 - _EDGE])
        found = np.asarray(self.prior.quantile(levels))
        if self.inner is not None:
            found = found / np.asarray(self.inner.quantile(levels[::-1]))
        left, middle, right = self.support.inverse(found).tolist()
        return left, middle, right

    @property
    def middle(self) -> FloatArray:
        """The prior median, shape (1,)."""
        return np.asarray(self.support.value(np.array([self.window[1]])))

    def usable(self, line: FloatArray) -> BoolArray:
        """Return which points of the line can be computed with."""
        if self.support.whole:
            return np.ones(line.shape, dtype=bool)
        if not self.support.bounded:
            return np.abs(line) < (_FARTHEST_RATIO if self.is_ratio else _FARTHEST)
        return np.asarray(np.abs(line) < -np.log(_APART))

    def log_prior(self, line: FloatArray) -> FloatArray:
        """Return the log prior density of the point of the line, its slope included.

        Of a ratio the prior is that of both, and stands with the inner one.
        """
        support = self.support
        if self.is_ratio:
            return np.zeros_like(line)
        if support.lower < 0:
            return self.prior.log_density(support.value(line)) + support.log_slope(line)
        density = self.prior.log_density_both(support.value(line), support.log_value(line))
        return density + support.log_slope(line)


class Nodes(Protocol):
    """What stands along one axis of a product rule."""

    @property
    def t(self) -> FloatArray:
        """The nodes, equally spaced, shape (node,)."""
        ...

    @property
    def values(self) -> FloatArray:
        """What they stand for, shape (node,)."""
        ...

    @property
    def parity(self) -> FloatArray:
        """What multiplies weights at twice the step, shape (node,)."""
        ...


class Stretch(Nodes, Protocol):
    """Nodes, some of which may be left out at the ends."""

    def within(self, first: int, last: int) -> Self:
        """Return the nodes from one to another."""
        ...


class Walk(NamedTuple):
    """How nodes t of one axis walk its line."""

    axis: Axis
    path: Path
    t: FloatArray

    @property
    def step(self) -> float:
        """Spacing of the nodes."""
        return float(self.t[1] - self.t[0])

    @property
    def values(self) -> FloatArray:
        """The hyperparameter at the nodes, shape (node,)."""
        return np.asarray(self.path.value(self.t)[0])

    @property
    def log_prior(self) -> FloatArray:
        """Log prior density of t, shape (node,)."""
        found = self.axis.log_prior(self.path.line(self.t)) + self.path.log_stretch(self.t)
        return np.asarray(found[0])

    @property
    def log_step(self) -> float:
        """Log of the spacing."""
        return float(np.log(self.step))

    @property
    def parity(self) -> FloatArray:
        """What multiplies weights at twice the step, shape (node,)."""
        return np.where(np.arange(self.t.size) % 2, 0.0, 2.0)

    def named(self, values: FloatArray) -> dict[str, FloatArray]:
        """Return values of its hyperparameter by the name."""
        return {self.axis.name: values}

    def halved(self) -> "Walk":
        """Return the same walk at half the step."""
        return self._replace(t=np.linspace(self.t[0], self.t[-1], 2 * self.t.size - 1))

    def within(self, first: int, last: int) -> "Walk":
        """Return the walk from one node to another."""
        return self._replace(t=self.t[first : last + 1])
