"""A kernel with a normal bias beside each effect: its density between the points of splines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Values
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.random_effects import ScaleMixture

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

_POINTS, _FARTHEST = 1201, 24.0
"""Of a spline of the log density over t, deviation = scale * sinh(t): right to 1e-9."""


@dataclass(frozen=True, eq=False)
class WidenedKernel:
    """What a kernel says of deviations to which a normal one of known variance is added.

    Parameters
    ----------
    kernel
        Of the effects.
    variance
        Of the normal.
    """

    kernel: ScaleMixture
    variance: float
    _splines: dict[bytes, "CubicSpline"] = field(default_factory=dict)

    def log_kernel(self, deviation: FloatArray, values: Values) -> FloatArray:
        """Return the log density of deviations, shape (..., point), at values, each (point,)."""
        names = sorted(values)
        table = np.stack([np.broadcast_to(values[name], deviation.shape[-1:]) for name in names])
        known, which = np.unique(table, axis=1, return_inverse=True)
        t = np.arcsinh(np.abs(deviation) / np.sqrt(self.variance))
        found = np.empty(deviation.shape)
        for place, column in enumerate(known.T):
            own = np.ravel(which) == place
            spline = self._spline(dict(zip(names, column, strict=True)), column.tobytes())
            found[..., own] = spline(t[..., own])
        return found

    def _spline(self, values: Mapping[str, float], key: bytes) -> "CubicSpline":
        from scipy.interpolate import CubicSpline

        if key not in self._splines:
            t = np.linspace(0.0, _FARTHEST, _POINTS)
            deviation = np.sqrt(self.variance) * np.sinh(t)[:, np.newaxis]
            scales = self.kernel.scales({name: np.asarray(each) for name, each in values.items()})
            total = scales.variance + self.variance
            terms = scales.log_weight - 0.5 * (deviation**2 / total + np.log(2 * np.pi * total))
            self._splines[key] = CubicSpline(t, log_sum(terms))
        return self._splines[key]
