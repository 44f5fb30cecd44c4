"""Weigh the studies at a given between-study variance."""

from typing import NamedTuple

import numpy as np

from bayesmeta.measures.effects import FloatArray


class Data(NamedTuple):
    """What every estimator takes: one meta-analysis, or a batch of them with one design.

    ``estimate`` and ``variance`` have shape (..., study), ``design`` has shape
    (study, coefficient). Variances are sampling variances, known and positive.
    """

    estimate: FloatArray
    variance: FloatArray
    design: FloatArray

    @property
    def k(self) -> int:
        """The number of studies."""
        return len(self.design)

    @property
    def p(self) -> int:
        """The number of coefficients."""
        return int(self.design.shape[1])

    @property
    def spare(self) -> int:
        """Degrees of freedom: studies minus coefficients."""
        return self.k - self.p

    def spread(self) -> "Data":
        """Return the data with an axis before the studies, for a grid of variances."""
        return Data(self.estimate[..., None, :], self.variance[..., None, :], self.design)

    def reweighted(self, weight: FloatArray) -> "Data":
        """Return the data with other weights than the inverse variances."""
        return Data(self.estimate, 1.0 / weight, self.design)


class Weighted(NamedTuple):
    """A weighted least-squares fit, in the form that loses no digits.

    ``basis`` (..., study, coefficient) has orthonormal columns that span the design times the
    root of the weights; ``residual`` (..., study) is the residual times the root of the weight;
    ``triangle`` (..., coefficient, coefficient) takes coefficients to the basis.
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
    basis, triangle = _factor(root[..., None] * data.design)
    scaled = root * data.estimate
    projection = (basis * scaled[..., None]).sum(axis=-2)
    residual = scaled - (basis * projection[..., None, :]).sum(axis=-1)
    return Weighted(weight, basis, projection, residual, triangle)


def _factor(columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the QR factors; by hand for one column, which is most of meta-analysis."""
    if columns.shape[-1] > 1:
        basis, triangle = np.linalg.qr(columns)
        return basis, triangle
    length = np.sqrt((columns * columns).sum(axis=-2, keepdims=True))
    return columns / length, length


def _dot(one: FloatArray, two: FloatArray) -> FloatArray:
    """Return the sum of products along the last axis, in one pass."""
    total: FloatArray = np.vecdot(one, two)
    return total


def coefficients(fit: Weighted) -> tuple[FloatArray, FloatArray]:
    """Return b (..., coefficient) and (X' W X)^-1 (..., coefficient, coefficient)."""
    single = fit.triangle.shape[-1] == 1
    inverse = 1.0 / fit.triangle if single else np.linalg.inv(fit.triangle)
    return (inverse @ fit.projection[..., None])[..., 0], inverse @ inverse.swapaxes(-1, -2)


def q(fit: Weighted) -> FloatArray:
    """Return y' P y, the weighted sum of squared residuals, with P = W - W X (X' W X)^-1 X' W."""
    return _dot(fit.residual, fit.residual)


def q_slope(fit: Weighted) -> FloatArray:
    """Return y' P P y, which is minus the derivative of Q by tau2."""
    return _dot(fit.weight * fit.residual, fit.residual)


def q_curvature(fit: Weighted) -> FloatArray:
    """Return y' P P P y, half the second derivative of Q by tau2."""
    step = fit.weight * fit.residual
    along = (fit.basis * step[..., None]).sum(axis=-2)
    return _dot(step, step) - _dot(along, along)


def leverage(fit: Weighted) -> FloatArray:
    """Return each study's pull on its own fitted value, shape (..., study)."""
    return (fit.basis * fit.basis).sum(axis=-1)


def leftover(fit: Weighted) -> FloatArray:
    """Return the diagonal of P: weight times one minus leverage, shape (..., study)."""
    return fit.weight * (1.0 - leverage(fit))


def trace(fit: Weighted) -> FloatArray:
    """Return the trace of P."""
    return leftover(fit).sum(axis=-1)


def trace_of_square(fit: Weighted) -> FloatArray:
    """Return the trace of P P."""
    inner = fit.basis.swapaxes(-1, -2) @ (fit.weight[..., None] * fit.basis)
    own = _dot(fit.weight * (1.0 - 2.0 * leverage(fit)), fit.weight)
    return own + (inner**2).sum(axis=(-1, -2))
