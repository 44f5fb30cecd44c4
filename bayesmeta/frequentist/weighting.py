"""Weigh the studies at a given between-study variance."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.frequentist.design import Design
from bayesmeta.span import orthonormal


class Data(NamedTuple):
    """What every estimator takes: one meta-analysis, or a batch of them with one design.

    ``estimate`` and ``variance`` have shape (..., study). Variances are sampling variances, known
    and positive.
    """

    estimate: FloatArray
    variance: FloatArray
    design: Design

    @property
    def k(self) -> int:
        """The number of studies."""
        return int(self.design.basis.shape[1])

    @property
    def p(self) -> int:
        """The number of coefficients."""
        return len(self.design.basis)

    @property
    def spare(self) -> int:
        """Degrees of freedom: studies minus coefficients."""
        return self.k - self.p

    def spread(self) -> "Data":
        """Return the data with an axis before the studies, for a grid of variances."""
        return Data(self.estimate[..., None, :], self.variance[..., None, :], self.design)

    def in_own_units(self) -> "tuple[Data, FloatArray]":
        """Return the data in units of the smallest standard error, with that unit, shape (...,).

        The unit is a power of 2, so that nothing is rounded; what is raised to the third power
        of a weight neither under- nor overflows.
        """
        half = 0.5 * np.log2(self.variance.min(axis=-1))
        unit = np.exp2(np.floor(half))
        each = unit[..., None]
        return Data(self.estimate / each, self.variance / each**2, self.design), unit

    def reweighted(self, weight: FloatArray) -> "Data":
        """Return the data with other weights than the inverse variances."""
        return Data(self.estimate, 1.0 / weight, self.design)


class Weighted(NamedTuple):
    """A weighted least-squares fit, in the form that loses no digits.

    ``basis`` (..., coefficient, study) holds orthonormal vectors that span the design's times the
    root of the weights; ``residual`` (..., study) is the residual times the root of the weight;
    ``triangle`` (..., coefficient, coefficient) takes the coefficients of the design's vectors to
    those of the basis, ``projection`` (..., coefficient).
    """

    weight: FloatArray
    basis: FloatArray
    projection: FloatArray
    residual: FloatArray
    triangle: FloatArray


def weigh(data: Data, tau2: FloatArray | float) -> Weighted:
    """Return the fit with weights 1 / (variance + tau2); tau2 has the shape of the batch."""
    weight = 1.0 / (data.variance + np.asarray(tau2)[..., None])
    root = np.sqrt(weight)
    basis, triangle = orthonormal(root[..., None, :] * data.design.basis)
    scaled = root * data.estimate
    projection = _dot(basis, scaled[..., None, :])
    residual = scaled - _sum(basis * projection[..., None])
    return Weighted(weight, basis, projection, residual, triangle)


def _dot(one: FloatArray, two: FloatArray) -> FloatArray:
    """Return the sum of products along the last axis, in one pass."""
    total: FloatArray = np.vecdot(one, two)
    return total


def _sum(vectors: FloatArray) -> FloatArray:
    """Return the sum over the coefficients, shape (..., study)."""
    total: FloatArray = vectors[..., 0, :] if vectors.shape[-2] == 1 else vectors.sum(axis=-2)
    return total


def coefficients(fit: Weighted) -> tuple[FloatArray, FloatArray]:
    """Return the coefficients b of the design's vectors, and A with A A' their covariance.

    Of shapes (..., coefficient) and (..., coefficient, coefficient).
    """
    single = fit.triangle.shape[-1] == 1
    inverse = 1.0 / fit.triangle if single else np.linalg.inv(fit.triangle)
    return (inverse @ fit.projection[..., None])[..., 0], inverse


def q(fit: Weighted) -> FloatArray:
    """Return y' P y, the weighted sum of squared residuals, with P = W - W X (X' W X)^-1 X' W."""
    return _dot(fit.residual, fit.residual)


def q_slope(fit: Weighted) -> FloatArray:
    """Return y' P P y, which is minus the derivative of Q by tau2."""
    return _dot(fit.weight * fit.residual, fit.residual)


def q_curvature(fit: Weighted) -> FloatArray:
    """Return y' P P P y, half the second derivative of Q by tau2."""
    step = fit.weight * fit.residual
    along = _dot(fit.basis, step[..., None, :])
    return _dot(step, step) - _dot(along, along)


def leverage(fit: Weighted) -> FloatArray:
    """Return each study's pull on its own fitted value, shape (..., study)."""
    return _sum(fit.basis * fit.basis)


def leftover(fit: Weighted) -> FloatArray:
    """Return the diagonal of P: weight times one minus leverage, shape (..., study)."""
    return fit.weight * (1.0 - leverage(fit))


def trace(fit: Weighted) -> FloatArray:
    """Return the trace of P."""
    return leftover(fit).sum(axis=-1)


def moment(fit: Weighted, power: int) -> FloatArray:
    """Return the basis weighted by a power of the weights, B W^power B'."""
    return (fit.weight[..., None, :] ** power * fit.basis) @ fit.basis.swapaxes(-1, -2)


def trace_of_square(fit: Weighted) -> FloatArray:
    """Return the trace of P P."""
    own = _dot(fit.weight * (1.0 - 2.0 * leverage(fit)), fit.weight)
    return own + (moment(fit, 1) ** 2).sum(axis=(-1, -2))
