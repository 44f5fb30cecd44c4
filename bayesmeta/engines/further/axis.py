"""A further hyperparameter, and the nodes that walk its support."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.priors import Density
from bayesmeta.sinc import Path
from bayesmeta.sinc.support import Support


class Axis(NamedTuple):
    """A further hyperparameter: its name and its prior."""

    name: str
    prior: Density

    @property
    def support(self) -> Support:
        """The values it can take."""
        lower, upper = self.prior.support()
        return Support(float(lower), float(upper))

    def log_prior(self, line: FloatArray) -> FloatArray:
        """Return the log prior density of the point of the line, its slope included."""
        support = self.support
        if support.whole:
            return self.prior.log_density(line)
        density = self.prior.log_density_both(support.value(line), support.log_value(line))
        return density + support.log_slope(line)


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

    def halved(self) -> "Walk":
        """Return the same walk at half the step."""
        return self._replace(t=np.linspace(self.t[0], self.t[-1], 2 * self.t.size - 1))

    def within(self, first: int, last: int) -> "Walk":
        """Return the walk from one node to another."""
        return self._replace(t=self.t[first : last + 1])
