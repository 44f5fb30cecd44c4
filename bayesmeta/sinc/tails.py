"""What lies beyond the nodes of a density, or so far out that numbers overflow."""

from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray

_LEVEL = 1e-6
"""A log density this flat at an end, per unit of log tau, has a limit there."""
_LOG_FAR = 340.0
"""Values above exp(340), whose squares may overflow, are summed by their logs."""


@dataclass(frozen=True, eq=False)
class Tails:
    """A batch of log densities at nodes, which go on beyond them as straight lines.

    Parameters
    ----------
    log_density
        At the nodes, shape (..., node).
    line
        Where the nodes stand on the line that the support is mapped to, in that shape.
    count
        How many nodes each has, shape (..., 1).
    whole
        Whether the support is the whole line.
    """

    log_density: FloatArray
    line: FloatArray
    count: IntArray
    whole: BoolArray | bool

    def slope(self, place: FloatArray) -> FloatArray:
        """Return the slope of the log density in the line, at the end nearer to each place."""
        first = np.zeros_like(self.count)
        ends = []
        top = np.argmax(self.log_density, axis=-1, keepdims=True)
        for outer, way in ((first, 1), (self.count - 1, -1)):
            slope = self._secant(outer, outer + way)
            # Of a density on the whole line that is but rounding where nodes end, no tail rises.
            rises = self.whole & (way * slope < 0) & (top != outer)
            if np.any(rises):
                slope = np.where(
                    rises, self._secant(outer, np.where(rises, top, outer + way)), slope
                )
            ends.append(slope)
        return np.where(place < 0, *ends)

    def _secant(self, outer: IntArray, inner: IntArray) -> FloatArray:
        """Return the slope of the log density in the line between two nodes, 0 where level."""
        rise, run = (
            np.take_along_axis(array, outer, axis=-1) - np.take_along_axis(array, inner, axis=-1)
            for array in (self.log_density, self.line)
        )
        return np.where(np.abs(rise) < _LEVEL * np.abs(run), 0.0, rise / run)


def is_far(log_value: FloatArray) -> BoolArray:
    """Return which values have squares that may overflow, by their logs."""
    return np.asarray(log_value > _LOG_FAR)


def far_moment(log_weight: FloatArray, log_value: FloatArray, counted: BoolArray) -> FloatArray:
    """Return the sum over some nodes, by the logs of weights and of values to a power."""
    with np.errstate(over="ignore"):
        terms = np.exp(np.where(counted, log_weight + log_value, -np.inf))
    return np.asarray(terms.sum(axis=-1))
