"""The few directions of the coefficients that open studies look at."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.gaps.normals import Normals
from bayesmeta.duration_response.gaps.rows import OpenRow

_NOTHING = 1e-10


class Subspace(NamedTuple):
    """Directions of the coefficients: some of mu and the further moderators, all of the curve.

    Parameters
    ----------
    basis
        Orthonormal rows, shape (direction, coefficient).
    places
        Each open study's row in the directions before the curve's own, shape (study, direction).
    own
        How many directions are the curve's own: the last ones.
    """

    basis: FloatArray
    places: FloatArray
    own: int

    def seen(self, normals: Normals) -> tuple[FloatArray, FloatArray]:
        """Return mean and covariance in these directions."""
        mean = normals.mean @ self.basis.T
        return mean, np.asarray(self.basis @ normals.covariance @ self.basis.T)

    def lift(self, reference: Normals) -> FloatArray:
        """Return how all coefficients move with these directions, (item, coefficient, direction).

        Given these directions, all others are distributed as in the reference, for an open study
        tells nothing of them.
        """
        _, spread = self.seen(reference)
        return np.asarray(reference.covariance @ self.basis.T @ np.linalg.inv(spread))

    def lifted(self, reference: Normals, mean: FloatArray, covariance: FloatArray) -> Normals:
        """Return normals of all coefficients from those in these directions.

        Parameters
        ----------
        reference
            Shape (item,).
        mean, covariance
            Shape (item, direction) and (item, direction, direction).
        """
        centre, spread = self.seen(reference)
        lift = self.lift(reference)
        away = (lift @ (mean - centre)[..., np.newaxis])[..., 0]
        change = lift @ (covariance - spread) @ np.swapaxes(lift, 1, 2)
        return Normals(reference.log_mass, reference.mean + away, reference.covariance + change)


def subspace(rows: Sequence[OpenRow]) -> Subspace:
    """Return the directions that these studies look at."""
    others = np.array([row.others for row in rows])
    own = rows[0].weeks.columns.shape[2]
    _, size, turned = np.linalg.svd(others, full_matrices=False)
    kept = turned[size > _NOTHING * size.max()]
    count = others.shape[1]
    basis = np.zeros((len(kept) + own, count + own))
    basis[: len(kept), :count] = kept
    basis[len(kept) :, count:] = np.eye(own)
    return Subspace(basis, others @ kept.T, own)
