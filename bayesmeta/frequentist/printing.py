"""Coefficients with t intervals, a line each."""

from typing import Protocol

from bayesmeta.arrays import FloatArray


class OfCoefficients(Protocol):
    """What has them; every array has shape (coefficient,)."""

    @property
    def coefficients(self) -> FloatArray:
        """Estimates."""
        ...

    @property
    def se(self) -> FloatArray:
        """Standard errors."""
        ...

    @property
    def degrees_of_freedom(self) -> FloatArray:
        """Of t."""
        ...

    @property
    def lower(self) -> FloatArray:
        """Lower limits."""
        ...

    @property
    def upper(self) -> FloatArray:
        """Upper limits."""
        ...


def coefficient_lines(fit: OfCoefficients) -> list[str]:
    """Return a line for each coefficient: estimate, interval, standard error and freedom."""
    numbers = zip(
        fit.coefficients, fit.lower, fit.upper, fit.se, fit.degrees_of_freedom, strict=True
    )
    return [
        f"  {estimate:.4g} ({low:.4g} to {high:.4g}), standard error {error:.4g}, "
        f"{freedom:.4g} degrees of freedom"
        for estimate, low, high, error, freedom in numbers
    ]
