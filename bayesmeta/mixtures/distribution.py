"""What a distribution can be asked."""

from typing import Protocol, Self

from bayesmeta.arrays import FloatArray


class Distribution(Protocol):
    """A batch of distributions of shape (...); points q of shape (q,) give (..., q)."""

    def mean(self) -> FloatArray:
        """Return the means; NaN where there is none, or infinity of what has no sign."""
        ...

    def sd(self) -> FloatArray:
        """Return the standard deviations; infinite where they do not exist."""
        ...

    def median(self) -> FloatArray:
        """Return the medians."""
        ...

    def mode(self) -> FloatArray:
        """Return where the density is highest."""
        ...

    def quantile(self, p: FloatArray | float) -> FloatArray:
        """Return the values below which lies the probability p."""
        ...

    def cdf(self, x: FloatArray | float) -> FloatArray:
        """Return the probability of at most x."""
        ...

    def density(self, x: FloatArray | float) -> FloatArray:
        """Return the density at x."""
        ...

    def interval(self, level: float, *, shortest: bool = False) -> FloatArray:
        """Return the central or the shortest interval, shape (..., 2)."""
        ...

    def draw(self, size: int, seed: int) -> FloatArray:
        """Return independent draws, shape (..., size)."""
        ...

    def coarse(self) -> Self:
        """Return the same at twice the quadrature step; the difference is the error."""
        ...
