"""Rows of which those of one group share a deviate: compound symmetry."""

from typing import Any, NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance.contract import Quantity
from bayesmeta.covariance.groups import Groups


class Clustered(NamedTuple):
    """A deviate of each row's own, and one that all rows of a group share.

    With Z the groups' indicators, V = diag(own) + shared Z Z'. The inverse is Woodbury's, by sums
    over each group.

    Parameters
    ----------
    own
        Variance of the rows' own deviates, shape (..., row), or what broadcasts to it.
    shared
        Variance of the groups' deviates, shape (..., 1).
    groups
        Which rows share one.

    Examples
    --------
    >>> pair = Clustered(1.0, np.array([3.0]), Groups.of("aab"))
    >>> pair.matrix(3)
    array([[4., 3., 0.],
           [3., 4., 0.],
           [0., 0., 4.]])
    >>> bool(np.allclose(pair.matrix(3) @ pair.solve(np.array([1.0, 2, 3])), [1, 2, 3]))
    True
    """

    own: Quantity
    shared: Quantity
    groups: Groups

    @property
    def variance(self) -> Quantity:
        """Of each row."""
        return self.own + self.shared

    def solve(self, right: FloatArray) -> FloatArray:
        """Return the inverse times vectors."""
        weighted = right / self.own
        drawn_in = self.groups.sums(weighted) * self._kept
        return np.asarray(weighted - self.groups.each(drawn_in) / self.own)

    @property
    def precision(self) -> FloatArray:
        """Sum of 1 / own by group, shape (..., group)."""
        return self.groups.sums(self._each(1 / np.asarray(self.own)))

    @property
    def _kept(self) -> FloatArray:
        """The factor shared / (1 + shared * precision), shape (..., group)."""
        return np.asarray(self.shared / (1 + self.shared * self.precision))

    def _each(self, array: Quantity) -> FloatArray:
        """Return an array with an entry for each row."""
        found = np.asarray(array, dtype=float)
        lead = found.shape[:-1] if found.ndim else ()
        return np.broadcast_to(found, (*lead, self.groups.code.size))

    def times(self, right: FloatArray) -> FloatArray:
        """Return the covariance times vectors."""
        return np.asarray(
            self.own * right + self.groups.each(self.shared * self.groups.sums(right))
        )

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> FloatArray:
        """Return normal deviates of this covariance."""
        common = generator.standard_normal((*shape[:-1], len(self.groups)))
        own = np.sqrt(self.own) * generator.standard_normal(shape)
        return np.asarray(own + self.groups.each(np.sqrt(self.shared) * common))

    def log_density(self, residual: FloatArray) -> FloatArray:
        """Return the log normal density of each group's residuals."""
        own = self._each(self.own)
        misfit = self.groups.sums(residual * self.solve(residual))
        log_determinant = self.groups.sums(np.log(own)) + np.log1p(self.shared * self.precision)
        constant = self.groups.sizes * np.log(2 * np.pi)
        return np.asarray(-0.5 * (misfit + log_determinant + constant))

    def left_by(self, sampling: FloatArray | float) -> FloatArray:
        """Return the variances of effects of this covariance given estimates of variance s².

        ::

            diag(S - S V^-1 S) = s² (own w + s² w² shared / (1 + shared sum(w))), w = 1 / (s² + own)

        a sum of what cannot be negative, so that nothing cancels.
        """
        weight = self._each(1 / (sampling + self.own))
        kept = self.shared / (1 + self.shared * self.groups.sums(weight))
        return np.asarray(
            sampling * (self.own * weight + sampling * weight**2 * self.groups.each(kept))
        )

    def matrix(self, count: int) -> Any:  # noqa: ANN401
        """Return it in full."""
        own, shared = self.own * np.ones(count), self.shared * np.ones(1)
        same = self.groups.same.astype(float)
        return own[..., np.newaxis, :] * np.eye(count) + shared[..., np.newaxis] * same
