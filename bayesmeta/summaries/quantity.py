"""What one quantity of a posterior can say of itself."""

from typing import NamedTuple, Protocol

import numpy as np

from bayesmeta.arrays import FloatArray


class Statistics(NamedTuple):
    """Mean, sd, median and interval, each of shape (...,): one entry a quantity of a batch."""

    mean: FloatArray
    sd: FloatArray
    median: FloatArray
    lower: FloatArray
    upper: FloatArray


class Summarised(Protocol):
    """What can say its five numbers; methods work along the last axis of a batch."""

    def mean(self) -> FloatArray: ...  # noqa: D102

    def sd(self) -> FloatArray: ...  # noqa: D102

    def quantile(self, p: FloatArray) -> FloatArray: ...  # noqa: D102

    def interval(self, level: float, *, shortest: bool = False) -> FloatArray: ...  # noqa: D102


class Quantity(Protocol):
    """One quantity of a posterior, or a batch of them, whichever engine made it."""

    def quantile(self, p: FloatArray) -> FloatArray:
        """Return quantiles; p of shape (q,) gives (..., q)."""
        ...

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return probabilities of at most x; x of shape (q,) gives (..., q)."""
        ...

    def density(self, x: FloatArray) -> FloatArray:
        """Return the density at x; x of shape (q,) gives (..., q)."""
        ...

    def cdf_error(self, x: FloatArray) -> FloatArray:
        """Return the numerical error of the probabilities of at most x."""
        ...

    def draw(self, size: int, seed: int) -> FloatArray:
        """Return draws, shape (..., size)."""
        ...

    def statistics(self, level: float, *, shortest: bool = False) -> Statistics:
        """Return the five numbers, each of shape (...,)."""
        ...

    def errors(self, level: float, *, shortest: bool = False) -> Statistics:
        """Return the numerical error of each of the five numbers."""
        ...

    def centre_error(self, centre: str) -> FloatArray:
        """Return the numerical error of the mean or of the median alone."""
        ...


def statistics_of(summarised: Summarised, *, level: float, shortest: bool) -> Statistics:
    """Return the five numbers of a distribution."""
    asked = np.array([0.5] if shortest else [0.5, (1 - level) / 2, (1 + level) / 2])
    found = np.asarray(summarised.quantile(asked), dtype=float)
    ends = summarised.interval(level, shortest=True) if shortest else found[..., 1:]
    mean, sd = (np.asarray(value, dtype=float) for value in (summarised.mean(), summarised.sd()))
    return Statistics(mean, sd, found[..., 0], ends[..., 0], ends[..., 1])
