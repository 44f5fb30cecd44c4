"""Nodes of tau under each curve of a shape, with a normal approximation at each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.duration_response.gaps.normals import Normals
from bayesmeta.errors import PosteriorError
from bayesmeta.sinc import Path
from bayesmeta.sinc.interpolation import midpoints

_LOST, _FALLEN = 0.2, 10.0
"""What is taken for lost: a surprise so large, an integrand that has not fallen so far."""
NEGLIGIBLE = 24.0
"""Integrands below exp(-24) = 4e-11 of their maximum are left out."""
LEAST = 18
"""Fewest nodes of a curve, by the coarser rule too."""


@dataclass(frozen=True, eq=False)
class Walk:
    """Nodes of tau under each curve of a shape, an item each, curve after curve.

    Parameters
    ----------
    path
        How t walks tau's support under each curve.
    t
        Shape (curve, node), spaced by `step`.
    step
        The spacing.
    log_prior
        Log prior density in t, shape (curve, node); -inf where the pilot had no use for tau.
    reference
        What closed studies say, and open ones as weak observations where `OpenRow.weak` is 1;
        shape (item,).
    near
        The normal approximation to what all say.
    """

    path: Path
    t: FloatArray
    step: float
    log_prior: FloatArray
    reference: Normals
    near: Normals

    @property
    def tau(self) -> FloatArray:
        """Tau at the nodes, shape (curve, node)."""
        return self.path.value(self.t)

    @cached_property
    def curve(self) -> IntArray:
        """The curve of each item."""
        return np.repeat(np.arange(len(self.t)), self.t.shape[1])

    @property
    def log_value(self) -> FloatArray:
        """The approximate log integrand, shape (curve, node)."""
        return self.near.log_mass.reshape(self.t.shape) + self.log_prior

    def take(self, curves: BoolArray, *, every: int) -> "Walk":
        """Return some curves, at every so many nodes."""
        kept = np.arange(self.t.size).reshape(self.t.shape)[curves, ::every].ravel()
        return Walk(
            self.path.take(curves), self.t[curves, ::every], every * self.step,
            self.log_prior[curves, ::every], self.reference.take(kept), self.near.take(kept),
        )  # fmt: skip

    def needed(self, moments: int) -> BoolArray:
        """Return the nodes that the integral and tau's moments need, shape (curve, node).

        They are all between the first and the last of them, and as many as a density needs to be
        interpolated.
        """
        found = np.zeros(self.t.shape, dtype=bool)
        log_tau = np.log(np.maximum(self.tau, np.finfo(float).tiny))
        for power in {0, moments}:
            value = self.log_value + power * log_tau
            found |= value > value.max(axis=1, keepdims=True) - NEGLIGIBLE
        first, last = _ends(found)
        spare = np.maximum(LEAST - 1 - (last - first), 0)
        first = np.maximum(first - spare, 0)
        last = np.minimum(np.maximum(last, first + LEAST - 1), self.last)
        place = np.arange(found.shape[1])
        inside = (place >= first[:, np.newaxis]) & (place <= last[:, np.newaxis])
        return np.asarray(inside)

    @property
    def fallen(self) -> FloatArray:
        """How many logs the integrand has fallen at the first and last node, shape (2, curve)."""
        value = self.log_value
        at_last = value[np.arange(len(value)), self.last]
        return np.asarray(value.max(axis=1) - np.stack([value[:, 0], at_last]))

    def surprise(self, *, apart: bool) -> float:
        """Return how far every other node is from what the others foretell.

        Parameters
        ----------
        apart
            Whether relative to the largest integrand of its own curve; or of all.
        """
        value = self.log_value
        tops = value.max(axis=1, keepdims=True)
        height = np.exp(value - (tops if apart else tops.max()))
        even, odd = height[:, ::2], height[:, 1::2]
        foretold = midpoints(even)[:, : odd.shape[1]]
        return float(np.abs(odd[:, : foretold.shape[1]] - foretold).max())

    @property
    def last(self) -> IntArray:
        """The last node of each curve that there is any use for, shape (curve,)."""
        return _ends(np.isfinite(self.log_prior))[1]


def require_found(found: Walk, *, apart: bool) -> None:
    """Raise unless the nodes of a walk show where tau is.

    Raises
    ------
    PosteriorError
        If the integrand is not seen between the nodes, or has not fallen at the first and last.
    """
    surprise, fallen = found.surprise(apart=apart), float(found.fallen.min())
    if surprise > _LOST or fallen < _FALLEN:
        raise PosteriorError(
            "With open durations the posterior of tau was not found: between its nodes it is off "
            f"by {surprise:.2g} of its height, at the smallest or largest tau tried it has fallen "
            f"by {fallen:.2g} logs. Give tau a prior whose scale is that of the estimates, or "
            "leave out the studies without a duration."
        )


def _ends(used: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the first and the last place in each row, shape (row,)."""
    return used.argmax(axis=1), used.shape[1] - 1 - used[:, ::-1].argmax(axis=1)
