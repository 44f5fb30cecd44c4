"""A support walked by a parameter whose equal steps are dense where a density has its bulks."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.roots import Bracket, Trial, newton
from bayesmeta.sinc.support import Rows, Support

_PATIENCE = 12
_CLOSE = 16 * np.finfo(float).eps


class Path(NamedTuple):
    """A support walked by t, with steps that grow exponentially away from the bulks.

    With one bulk, the line is a hyperbolic sine of t; with several, t is the sum of its inverses::

        v = centre + scale * sinh(t)             t = sum_b arcsinh((v - centre_b) / scale_b)

    An integrand that falls exponentially in v falls doubly exponentially in t, so that equal
    steps in t integrate it with an error that vanishes exponentially in their number. At each
    bulk the steps are no longer than on a path of its own, and t is as analytic.

    Parameters
    ----------
    support
        What v covers.
    centre, scale
        Of the bulks on the line, shape (batch, bulk). A problem with fewer bulks than others
        has an infinite scale for the rest, which adds nothing.

    References
    ----------
    Takahasi H, Mori M (1974). Double exponential formulas for numerical integration. Publ RIMS
    Kyoto Univ 9:721-741.
    """

    support: Support
    centre: FloatArray
    scale: FloatArray

    @property
    def bulks(self) -> int:
        """How many bulks there are."""
        return int(self.centre.shape[-1])

    def take(self, rows: Rows) -> "Path":
        """Return some of a batch."""
        return Path(self.support.take(rows), self.centre[rows], self.scale[rows])

    def line(self, t: FloatArray) -> FloatArray:
        """Return the point of the line at t."""
        if self.bulks == 1:
            return self.centre + self.scale * np.sinh(t)
        return self._solved(np.asarray(t))

    def value(self, t: FloatArray) -> FloatArray:
        """Return the point of the support at t."""
        return self.support.value(self.line(t))

    def log_value(self, t: FloatArray) -> FloatArray:
        """Return its log."""
        return self.support.log_value(self.line(t))

    def log_slope(self, t: FloatArray) -> FloatArray:
        """Return the log of d value / d t."""
        return self.support.log_slope(self.line(t)) + self.log_stretch(t)

    def log_slope_of_log(self, t: FloatArray) -> FloatArray:
        """Return the log of d log(value) / d t."""
        return self.support.log_slope_of_log(self.line(t)) + self.log_stretch(t)

    def log_stretch(self, t: FloatArray) -> FloatArray:
        """Return the log of d line / d t."""
        if self.bulks == 1:
            return np.log(self.scale) + np.log(np.cosh(t))
        return -np.log(self._density(self._away(self.line(t))))

    def inverse(self, value: FloatArray) -> FloatArray:
        """Return t; infinite at the ends of the support and beyond."""
        return self.walked(self.support.inverse(value))

    def walked(self, line: FloatArray) -> FloatArray:
        """Return t at a point of the line."""
        if self.bulks == 1:
            return np.arcsinh((line - self.centre) / self.scale)
        return self._sum(self._away(line))

    def _away(self, line: FloatArray) -> FloatArray:
        """Return how far points are from each bulk, shape (..., point, bulk)."""
        return line[..., np.newaxis] - self.centre[..., np.newaxis, :]

    def _sum(self, away: FloatArray) -> FloatArray:
        scale = self.scale[..., np.newaxis, :]
        with np.errstate(invalid="ignore"):  # an end of the support, and a bulk that is none
            steps = np.where(np.isinf(scale), 0.0, away / scale)
        return np.asarray(np.arcsinh(steps).sum(axis=-1))

    def _density(self, away: FloatArray) -> FloatArray:
        """Return d t / d line."""
        return np.asarray((1 / np.hypot(away, self.scale[..., np.newaxis, :])).sum(axis=-1))

    def _solved(self, t: FloatArray) -> FloatArray:
        """Return the point of the line at t, by Newton's method inside a bracket."""
        low, high = self._bracket(t)
        shape, every = low.shape, (*low.shape, self.bulks)
        low, high, at = (np.broadcast_to(a, shape).ravel() for a in (low, high, t))
        centre, scale = (
            np.broadcast_to(array[..., np.newaxis, :], every).reshape(-1, self.bulks)
            for array in (self.centre, self.scale)
        )

        def beyond(line: FloatArray, chosen: IntArray) -> Trial:
            away, own = line[:, np.newaxis] - centre[chosen], scale[chosen]
            terms = np.arcsinh(away / own)
            slope = (1 / np.hypot(away, own)).sum(axis=-1)
            rounding = (1 + np.abs(terms).sum(axis=-1)) / slope
            close = _CLOSE * np.maximum(np.abs(line), rounding)
            return Trial(terms.sum(axis=-1) - at[chosen], slope, close)

        start = low + (high - low) / 2
        found = newton(
            beyond, Bracket(low, high), start, patience=_PATIENCE, what="nodes of the quadrature"
        )
        return found.reshape(shape)

    def _bracket(self, t: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return points left and right of t: where the bulks' own paths are at an equal share."""
        real = np.isfinite(self.scale)
        share = t / real.sum(axis=-1)[..., np.newaxis]
        scale = np.where(real, self.scale, 0.0)[..., np.newaxis, :]
        own = self.centre[..., np.newaxis, :] + scale * np.sinh(share)[..., np.newaxis]
        real = real[..., np.newaxis, :]
        return np.where(real, own, np.inf).min(axis=-1), np.where(real, own, -np.inf).max(axis=-1)
