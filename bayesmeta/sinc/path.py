"""A support walked by a parameter whose equal steps are dense where a density has its bulks."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc.support import Rows, Support

_STEPS = 300
_PATIENCE = 5
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
        return np.asarray(np.arcsinh(away / self.scale[..., np.newaxis, :]).sum(axis=-1))

    def _density(self, away: FloatArray) -> FloatArray:
        """Return d t / d line."""
        return np.asarray((1 / np.hypot(away, self.scale[..., np.newaxis, :])).sum(axis=-1))

    def _solved(self, t: FloatArray) -> FloatArray:
        """Return the point of the line at t, by Newton's method inside a bracket."""
        low, high = self._bracket(t)
        found = low + (high - low) / 2
        for attempt in range(1, _STEPS + 1):
            away = self._away(found)
            terms = np.arcsinh(away / self.scale[..., np.newaxis, :])
            missing = t - terms.sum(axis=-1)
            step = missing / self._density(away)
            close = np.abs(step) <= _CLOSE * np.abs(found)
            close |= np.abs(missing) <= _CLOSE * (1 + np.abs(terms).sum(axis=-1))
            if close.all():
                return found
            low, high = np.where(missing > 0, found, low), np.where(missing > 0, high, found)
            new = found + step
            middle = low + (high - low) / 2
            # Every so often the middle, so that Newton's steps cannot go to and fro.
            steady = (new >= low) & (new <= high) & (attempt % _PATIENCE > 0)
            found = np.where(close, found, np.where(steady, new, middle))
        raise PosteriorError(
            f"The nodes of the quadrature were not found: {int((~close).sum())} of {close.size} "
            f"did not settle in {_STEPS} steps."
        )

    def _bracket(self, t: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return points left and right of t: where the bulks' own paths are at an equal share."""
        real = np.isfinite(self.scale)
        share = t / real.sum(axis=-1)[..., np.newaxis]
        scale = np.where(real, self.scale, 0.0)[..., np.newaxis, :]
        own = self.centre[..., np.newaxis, :] + scale * np.sinh(share)[..., np.newaxis]
        real = real[..., np.newaxis, :]
        return np.where(real, own, np.inf).min(axis=-1), np.where(real, own, -np.inf).max(axis=-1)
