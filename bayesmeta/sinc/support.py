"""The whole line mapped onto a support, and back."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit, log_expit

from bayesmeta.arrays import BoolArray, FloatArray, IntArray

type Rows = IntArray | BoolArray | slice

_INSIDE = 4 * np.finfo(float).eps


@dataclass(frozen=True, eq=False)
class Support:
    """An interval that the line covers: by exp if it has no upper end, by the logistic if it has.

    ::

        x   = v                                          both ends infinite
        tau = lower + exp(v)                             upper end infinite
        tau = lower + (upper - lower) / (1 + exp(-v))    upper end finite

    Parameters
    ----------
    lower, upper
        Numbers, or arrays of shape (batch, 1); the upper ends all finite or all infinite.
    """

    lower: FloatArray | float
    upper: FloatArray | float

    @cached_property
    def whole(self) -> bool:
        """Whether it is the line itself."""
        return bool(np.all(np.isneginf(self.lower)))

    @cached_property
    def signed(self) -> bool:
        """Whether it reaches below 0."""
        return bool(np.any(np.less(self.lower, 0.0)))

    @cached_property
    def bounded(self) -> bool:
        """Whether the upper end is finite."""
        return bool(np.all(np.isfinite(self.upper)))

    @cached_property
    def from_zero(self) -> bool:
        """Whether the lower end is 0."""
        return not np.any(self.lower)

    def take(self, rows: Rows) -> "Support":
        """Return some of a batch."""
        if all(np.size(end) == 1 for end in (self.lower, self.upper)):
            return self
        return Support(_take(self.lower, rows), _take(self.upper, rows))

    def value(self, line: FloatArray) -> FloatArray:
        """Return the point of the support at a point of the line."""
        if self.whole:
            return line
        if self.bounded:
            return self.lower + (self.upper - self.lower) * expit(line)
        with np.errstate(over="ignore"):
            return self.lower + np.exp(line)

    def log_value(self, line: FloatArray) -> FloatArray:
        """Return its log, right where the point itself underflows; never at an end itself."""
        if self.signed:
            return np.log(np.abs(self.value(line)))
        if not self.bounded and self.from_zero:
            return line
        # By rounding a point may come to lie on an end, where a density is free to vanish.
        with np.errstate(divide="ignore"):
            lowest, highest = np.log(self.lower), np.log(self.upper)
        low = lowest + _INSIDE * (1 + np.abs(np.where(np.isfinite(lowest), lowest, 0.0)))
        high = highest - _INSIDE * (1 + np.abs(np.where(np.isfinite(highest), highest, 0.0)))
        if not self.bounded:
            inner = np.logaddexp(lowest, line)
        elif self.from_zero:
            inner = highest + log_expit(line)
        else:
            inner = np.log(self.value(line))
        return np.asarray(np.clip(inner, low, high))

    def log_slope(self, line: FloatArray) -> FloatArray:
        """Return the log of d value / d line."""
        if self.whole:
            return np.zeros_like(line)
        if self.bounded:
            return np.log(self.upper - self.lower) + log_expit(line) + log_expit(-line)
        return line

    def log_slope_of_log(self, line: FloatArray) -> FloatArray:
        """Return the log of d log(value) / d line."""
        if not self.from_zero:
            return np.asarray(self.log_slope(line) - self.log_value(line))
        return np.asarray(log_expit(-line)) if self.bounded else np.zeros_like(line)

    def inverse(self, value: FloatArray) -> FloatArray:
        """Return the point of the line; infinite at the ends of the support and beyond."""
        if self.whole:
            return value
        with np.errstate(divide="ignore"):
            above = np.log(np.maximum(value - self.lower, 0.0))
            if not self.bounded:
                return above
            return above - np.log(np.maximum(self.upper - value, 0.0))


def _take(end: FloatArray | float, rows: Rows) -> FloatArray | float:
    array = np.asarray(end)
    return end if array.ndim == 0 or array.shape[0] == 1 else array[rows]
