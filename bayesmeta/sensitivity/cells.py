"""Summaries of many normal mixtures that share their components' places."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from bayesmeta.arrays import FloatArray

_GRID = 33
_REACH = 4.0
_STEPS = 30
_CLOSE = 1e-3
"""A Newton step this small, in standard deviations, is the last: its error is about the square."""
_LOG_ROOT = 0.5 * np.log(2 * np.pi)
_EDGE = 1e-14
_TINY = float(np.finfo(float).tiny)


class Answer(NamedTuple):
    """A number with its error: what halving the quadrature step changed. Shape (row, case)."""

    value: FloatArray
    error: FloatArray


class Below(NamedTuple):
    """Distribution function with its error, and density, at one point of each mixture."""

    cdf: FloatArray
    error: FloatArray
    density: FloatArray


@dataclass(frozen=True, eq=False)
class Cells:
    """Mixtures over shared nodes: one a row and case.

    Parameters
    ----------
    weight
        Probabilities of the nodes, shape (row, case, node).
    location, scale
        Of each node's normal distribution, shape (row, case, node), or 1 for row.
    log_evidence
        log p(y) under proper priors, shape (row, case).
    """

    weight: FloatArray
    location: FloatArray
    scale: FloatArray
    log_evidence: FloatArray

    @classmethod
    def of(cls, log_value: FloatArray, location: FloatArray, variance: FloatArray) -> "Cells":
        """Return the mixtures with weights proportional to exp(log_value)."""
        top = log_value.max(axis=-1, keepdims=True)
        weight = np.exp(log_value - top)
        total = weight.sum(axis=-1, keepdims=True)
        weight /= total
        return cls(weight, location, np.sqrt(variance), (np.log(total) + top)[..., 0])

    def probability(self, x: float, *, above: bool) -> Answer:
        """Return the probability of at most x, or of more."""
        z = (x - self.location) / self.scale
        return self._integral(ndtr(-z if above else z))

    def mean(self) -> Answer:
        """Return the means."""
        return self._integral(self.location)

    def sd(self) -> Answer:
        """Return the standard deviations."""
        mean = self.mean()
        about = self._integral(self.scale**2 + (self.location - mean.value[..., np.newaxis]) ** 2)
        sd = np.sqrt(about.value)
        return Answer(sd, (about.error + mean.error**2) / (2 * sd))

    def quantile(self, p: float) -> Answer:
        """Return quantiles: Newton's method on the probit scale, from an interpolated start.

        The error is what the rule of twice the step misses p by, over the density, with the
        square of the last step.
        """
        x, target = self._start(p), float(ndtri(p))
        sd = self._moments[1]
        error = np.zeros_like(x)
        active = np.ones(x.shape, dtype=bool)
        for _ in range(_STEPS):
            here = self._chosen(active)
            found = here.around(x[active])
            z = ndtri(np.clip(found.cdf, _EDGE, 1 - _EDGE))
            step = (z - target) * np.exp(-0.5 * z**2 - _LOG_ROOT) / found.density
            bound = 4 * sd[active]
            x[active] -= np.clip(step, -bound, bound)
            error[active] = found.error / found.density + step**2 / sd[active]
            active[active] = np.abs(step) > _CLOSE * sd[active]
            if not active.any():
                break
        return Answer(x, error)

    def _chosen(self, cells: FloatArray) -> "Cells":
        """Return some cells as mixtures of shape (cell,); all of them in their own shape."""
        if cells.all():
            shape = (-1, self.weight.shape[-1])
            full = (np.broadcast_to(a, self.weight.shape) for a in (self.location, self.scale))
            location, scale = (array.reshape(shape) for array in full)
            return Cells(self.weight.reshape(shape), location, scale, self.log_evidence.ravel())
        row, case = np.nonzero(cells)
        own = row if self.location.shape[0] > 1 else np.zeros_like(row)
        return Cells(
            self.weight[row, case], self.location[own, case], self.scale[own, case],
            self.log_evidence[row, case],
        )  # fmt: skip

    def around(self, x: FloatArray) -> Below:
        """Return distribution function and density at one point of each mixture."""
        z = x[..., np.newaxis] - self.location
        z /= self.scale
        cdf = self._integral(ndtr(z))
        z *= z
        z *= -0.5
        np.exp(z, out=z)
        z /= self.scale
        density = np.einsum("...n,...n->...", self.weight, z) * np.exp(-_LOG_ROOT)
        return Below(cdf.value, cdf.error, np.maximum(density, _TINY))

    def _integral(self, values: FloatArray) -> Answer:
        """Return means over the nodes, with the change from the rule of twice the step."""
        values = np.broadcast_to(values, self.weight.shape)
        fine = np.einsum("...n,...n->...", self.weight, values)
        coarse = np.einsum("...n,...n->...", self.weight[..., ::2], values[..., ::2])
        return Answer(fine, np.abs(fine - coarse / self._half))

    @cached_property
    def _half(self) -> FloatArray:
        return np.asarray(self.weight[..., ::2].sum(axis=-1))

    @cached_property
    def _moments(self) -> tuple[FloatArray, FloatArray]:
        return self.mean().value, self.sd().value

    def _start(self, p: float) -> FloatArray:
        """Return rough quantiles."""
        mean, sd = self._moments
        target = float(ndtri(p))
        if self.location.shape[0] > 1:
            return mean + target * sd
        return _interpolated(*self._grid, target)

    @cached_property
    def _grid(self) -> tuple[FloatArray, FloatArray]:
        """Return probits of the distribution functions on a grid that a case's rows share."""
        mean, sd = self._moments
        low, high = (mean - _REACH * sd).min(axis=0), (mean + _REACH * sd).max(axis=0)
        x = low[:, np.newaxis] + (high - low)[:, np.newaxis] * np.linspace(0.0, 1.0, _GRID)
        place = x[..., np.newaxis] - self.location[0][:, np.newaxis]
        place /= self.scale[0][:, np.newaxis]
        known = np.swapaxes(self.weight, 0, 1) @ np.swapaxes(ndtr(place), -1, -2)
        z = ndtri(np.clip(np.swapaxes(known, 0, 1), _EDGE, 1 - _EDGE))
        return z, np.broadcast_to(x, z.shape)


def _interpolated(z: FloatArray, x: FloatArray, target: float) -> FloatArray:
    """Return where increasing z reaches the target, by straight lines."""
    right = np.clip((z < target).sum(axis=-1), 1, z.shape[-1] - 1)[..., np.newaxis]
    z0, z1 = (np.take_along_axis(z, index, axis=-1)[..., 0] for index in (right - 1, right))
    x0, x1 = (np.take_along_axis(x, index, axis=-1)[..., 0] for index in (right - 1, right))
    share = np.clip((target - z0) / np.maximum(z1 - z0, 1e-12), 0.0, 1.0)
    return x0 + share * (x1 - x0)
