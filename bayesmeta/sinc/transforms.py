"""Increasing functions of tau that have names: tau itself, its square, I squared."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from bayesmeta.arrays import FloatArray


class Transform(Protocol):
    """An increasing function of tau."""

    @property
    def power(self) -> int:
        """Power of tau that it grows as: how many of tau's moments its mean needs."""
        ...

    def forward(self, tau: FloatArray) -> FloatArray:
        """Return the function of tau."""
        ...

    def inverse(self, value: FloatArray) -> FloatArray:
        """Return the tau that has this value."""
        ...

    def log_slope(self, log_tau: FloatArray) -> FloatArray:
        """Return the log of its derivative at tau."""
        ...


@dataclass(frozen=True)
class Identity:
    """tau itself."""

    power: ClassVar[int] = 1

    def forward(self, tau: FloatArray) -> FloatArray:
        """Return tau."""
        return tau

    def inverse(self, value: FloatArray) -> FloatArray:
        """Return the value."""
        return value

    def log_slope(self, log_tau: FloatArray) -> FloatArray:
        """Return zeros."""
        return np.zeros_like(log_tau)


@dataclass(frozen=True)
class Logarithm:
    """log tau."""

    power: ClassVar[int] = 0

    def forward(self, tau: FloatArray) -> FloatArray:
        """Return the logarithm; minus infinity of 0."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(tau))

    def inverse(self, value: FloatArray) -> FloatArray:
        """Return exp(value)."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(value))

    def log_slope(self, log_tau: FloatArray) -> FloatArray:
        """Return -log(tau)."""
        return np.asarray(-log_tau)


@dataclass(frozen=True)
class Square:
    """The between-study variance, tau squared."""

    power: ClassVar[int] = 2

    def forward(self, tau: FloatArray) -> FloatArray:
        """Return tau**2."""
        return tau**2

    def inverse(self, value: FloatArray) -> FloatArray:
        """Return the root; 0 below 0."""
        return np.sqrt(np.maximum(value, 0.0))

    def log_slope(self, log_tau: FloatArray) -> FloatArray:
        """Return log(2 tau)."""
        return np.asarray(np.log(2) + log_tau)


@dataclass(frozen=True)
class Fraction:
    """I squared, the fraction tau**2 / (tau**2 + v) for a typical variance v.

    Parameters
    ----------
    typical_variance
        A number, or an array of shape (batch, 1).
    """

    typical_variance: FloatArray | float
    power: ClassVar[int] = 0

    def forward(self, tau: FloatArray) -> FloatArray:
        """Return the fraction; 1 at infinity."""
        with np.errstate(divide="ignore", over="ignore"):
            return np.asarray(1 / (1 + self.typical_variance / tau**2))

    def inverse(self, value: FloatArray) -> FloatArray:
        """Return sqrt(v value / (1 - value)); 0 below 0 and infinity above 1."""
        inside = np.clip(value, 0.0, 1.0)
        with np.errstate(divide="ignore"):
            return np.asarray(np.sqrt(self.typical_variance * inside / (1 - inside)))

    def log_slope(self, log_tau: FloatArray) -> FloatArray:
        """Return log(2 tau v / (tau**2 + v)**2)."""
        log_variance = np.log(self.typical_variance)
        total = np.logaddexp(2 * log_tau, log_variance)
        return np.asarray(np.log(2) + log_tau + log_variance - 2 * total)


IDENTITY = Identity()
