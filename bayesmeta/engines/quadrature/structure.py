"""What the parts of a model say of covariances, asked by the quadrature core."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.biases import BIASES, Bias, spread_of
from bayesmeta.covariance import (
    NO_LAYOUT,
    Covariance,
    Diagonal,
    Layout,
    Quantity,
    Rows,
    Shrinkage,
    Values,
    difference,
    simplest,
    total,
)
from bayesmeta.errors import ModelError, PosteriorError
from bayesmeta.random_effects import HETEROGENEITY, Heterogeneity
from bayesmeta.sampling import SAMPLING, Sampling
from bayesmeta.schema import TAU


@dataclass(frozen=True, eq=False)
class Structure:
    """The parts that give covariances, and which hyperparameter the core integrates.

    Parameters
    ----------
    heterogeneity, sampling
        The parts.
    inner
        Name of the hyperparameter that the core integrates, the one that its rule walks:
        covariances are affine in its square.
    fixed
        Values of the hyperparameters that are not integrated at all.
    layout
        How the rows hang together.
    relative
        Names of the hyperparameters that stand as their ratios to the inner one.
    bias
        The part that says how studies may be biased.
    """

    heterogeneity: Heterogeneity = HETEROGENEITY["normal"]
    sampling: Sampling = SAMPLING["independent"]
    inner: str = TAU
    fixed: Mapping[str, float] = field(default_factory=dict)
    layout: Layout = NO_LAYOUT
    relative: tuple[str, ...] = ()
    bias: Bias = BIASES["none"]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the hyperparameters that are not fixed, the inner one first."""
        parts = (self.heterogeneity, self.sampling)
        every = [item.name for part in parts for item in part.parameters(self.layout)]
        return tuple(name for name in every if name not in self.fixed)

    @cached_property
    def independent(self) -> bool:
        """Whether rows are independent given the hyperparameters and coefficients."""
        nothing = dict.fromkeys(self.names, np.zeros(1))
        rows = max((groups.code.size for groups in self.layout.groups.values()), default=1)
        return self.given(nothing, np.ones(rows)).independent

    def given(self, values: Values, standard_error: FloatArray) -> Shrinkage:
        """Return the covariances of study effects and of estimates around them.

        Parameters
        ----------
        values
            Of the hyperparameters that are not fixed, each of shape (...,).
        standard_error
            Shape (..., 1, row), or (row,).
        """
        spread = {name: np.asarray(array)[..., np.newaxis] for name, array in values.items()}
        every: Values = {**spread, **self.fixed}
        rows = Rows(standard_error, self.layout)
        effects = spread_of(self.heterogeneity, self.bias, every, rows)
        return Shrinkage(effects, self.sampling.covariance(every, rows))

    def named(self, values: Values) -> dict[str, Quantity]:
        """Return the hyperparameters themselves, where some stand as ratios to the inner one."""
        found = dict(values)
        for name in self.relative:
            found[name] = values[name] * values[self.inner]
        return found

    def halves(self, values: Values, standard_error: FloatArray) -> tuple[Covariance, Covariance]:
        """Return the marginal covariance where the inner one is 0, and what multiplies its square.

        Parameters
        ----------
        values
            Of the others, each of shape (point,).
        """
        inner = {self.inner: np.zeros(1)} if self.inner else {}
        nothing = self.given(self.named({**values, **inner}), standard_error)
        one = {name: np.ones(1) for name in inner}
        whole = self.given(self.named({**values, **one}), standard_error)
        fixed = total(nothing.sampling, simplest(nothing.spread))
        return fixed, simplest(difference(whole.spread, nothing.spread))

    def affine(self, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return both of independent rows, each of shape (batch, 1, row or 1).

        Parameters
        ----------
        variance
            Squared standard errors, shape (batch, row).
        """
        fixed, scaled = self.halves({}, np.sqrt(variance)[:, np.newaxis])
        if not (isinstance(fixed, Diagonal) and isinstance(scaled, Diagonal)):
            raise PosteriorError("Rows that depend on each other have no variances alone.")
        return np.asarray(fixed.variance), np.asarray(scaled.variance)

    def new_variance(self, values: Values, kind: str = "") -> FloatArray:
        """Return the variance of a new study's effect around its centre, shape (..., node).

        Raises
        ------
        ModelError
            If there is no such kind of new study.
        """
        kinds = self.heterogeneity.kinds(self.layout)
        if kind not in kinds:
            raise ModelError(
                f"New studies are of one of {len(kinds)} kinds, each with a spread of its own "
                f"({', '.join(kinds)}); {repr(kind) if kind else 'nothing'} was named."
            )
        return np.asarray(self.heterogeneity.new_variance({**values, **self.fixed}, kind))


NORMAL = Structure()
"""Normal study effects, independent estimates: one tau."""
