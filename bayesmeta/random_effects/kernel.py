"""Distributions of study effects that are scale mixtures of normals."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol, cast

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Values
from bayesmeta.random_effects.part import Heterogeneity


class Scales(NamedTuple):
    """A deviation from the centre as a finite mixture of normals around 0.

    Parameters
    ----------
    log_weight, variance
        Shape (..., component); they broadcast against each other.
    """

    log_weight: FloatArray
    variance: FloatArray


class ScaleMixture(Protocol):
    """A distribution of deviations from a centre, as a scale mixture."""

    def scales(self, values: Values) -> Scales:
        """Return the mixture at values of shape (...)."""
        ...

    def variable_scales(self, values: Values, fixed: Mapping[str, float]) -> Scales:
        """Return the mixture of a ``pm.Model``'s variables, each of shape (component,).

        Raises
        ------
        ModelError
            If a hyperparameter has to be fixed for that.
        """
        ...

    def log_kernel(self, deviation: FloatArray, values: Values) -> FloatArray:
        """Return the log density of deviations that broadcast against the values."""
        ...

    def mark(self, values: Values) -> FloatArray:
        """Return a number for each component, shape (..., component)."""
        ...


class Kernel(Heterogeneity, ScaleMixture, Protocol):
    """A distribution of study effects that an engine integrates against any likelihood.

    Where effects outside the reference design spread otherwise, its own methods are of those
    within it, as a new study is.
    """

    @property
    def OUTSIDE(self) -> ScaleMixture | None:  # noqa: N802  (a constant of the module)
        """How study effects spread outside the reference design; None where as all others do.

        It has as many components as the kernel itself, of the same weights.
        """
        ...

    @property
    def MARK(self) -> str:  # noqa: N802  (a constant of the module)
        """What the posterior mean of the mark says of a study; empty where there is none."""
        ...

    @property
    def MARK_HEAD(self) -> str:  # noqa: N802  (a constant of the module)
        """What stands above the mark in a table."""
        ...

    @property
    def MIXING(self) -> str:  # noqa: N802  (a constant of the module)
        """The hyperparameter that the weights are linear in, and nothing else; empty for none.

        The weights depend on no other, and the variances not on it.
        """
        ...

    def deviation(self, fixed: Mapping[str, float]) -> tuple[str, float]:
        """Return what tau is, where it is not the SD of study effects; and that SD over tau.

        Given fixed hyperparameters: nan where they do not say it, or it is more than a number.
        """
        ...

    def moments(self, values: Values, lower: Mapping[str, float]) -> float:
        """Return how many moments of a deviation exist.

        Given fixed values, and where the supports of the free hyperparameters begin.
        """
        ...


def kernel_of(part: Heterogeneity) -> Kernel | None:
    """Return a part that says what a kernel says; None where it does not.

    Examples
    --------
    >>> from bayesmeta.random_effects import HETEROGENEITY
    >>> [name for name, part in HETEROGENEITY.items() if kernel_of(part)][:3]
    ['normal', 'student-t', 'contaminated']
    """
    return cast("Kernel", part) if hasattr(part, "scales") else None
