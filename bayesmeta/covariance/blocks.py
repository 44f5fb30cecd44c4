"""Rows of which those of one group have any covariance."""

from typing import Any, NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance.contract import Quantity
from bayesmeta.covariance.groups import Groups


class Blocks(NamedTuple):
    """A full covariance within each group, none between groups.

    Parameters
    ----------
    block
        Shape (..., group, place, place) by the groups' `member`; what stands at places that are
        no rows does not matter.
    groups
        Which rows are of one block.

    Examples
    --------
    >>> found = Blocks(np.array([[[2.0, 1.0], [1.0, 2.0]]]), Groups.of("aa"))
    >>> found.solve(np.array([3.0, 3.0]))
    array([1., 1.])
    """

    block: Quantity
    groups: Groups

    @property
    def variance(self) -> Quantity:
        """Of each row."""
        code, place = self.groups.code, self.groups.place
        return self.block[..., code, place, place]  # type: ignore[index]

    @property
    def whole(self) -> FloatArray:
        """The blocks with the identity at places that are no rows."""
        return np.where(self.groups.both, self.block, np.eye(self.groups.both.shape[-1]))

    @property
    def alone(self) -> FloatArray:
        """The blocks with nothing at places that are no rows."""
        return np.where(self.groups.both, self.block, 0.0)

    def solve(self, right: FloatArray) -> FloatArray:
        """Return the inverse times vectors."""
        solved = np.linalg.solve(self.whole, self.parted(right)[..., np.newaxis])
        return self.joined(solved[..., 0])

    def times(self, right: FloatArray) -> FloatArray:
        """Return the covariance times vectors."""
        return self.joined((self.alone @ self.parted(right)[..., np.newaxis])[..., 0])

    def parted(self, array: FloatArray) -> FloatArray:
        """Return numbers of shape (..., row) by block, (..., group, place), 0 where no row is."""
        return np.where(self.groups.filled, array[..., self.groups.member], 0.0)

    def joined(self, array: FloatArray) -> FloatArray:
        """Return numbers by block, (..., group, place), by row."""
        return np.asarray(array[..., self.groups.code, self.groups.place])

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> FloatArray:
        """Return normal deviates of this covariance."""
        value, vector = np.linalg.eigh(self.alone)  # it may be singular
        root = vector * np.sqrt(np.maximum(value, 0.0))[..., np.newaxis, :]
        noise = generator.standard_normal((*shape[:-1], *self.groups.filled.shape))
        return self.joined((root @ noise[..., np.newaxis])[..., 0])

    def log_density(self, residual: FloatArray) -> FloatArray:
        """Return the log normal density of each block's residuals."""
        root = np.linalg.cholesky(self.whole)
        log_determinant = 2 * np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=-1)
        scaled = np.linalg.solve(root, self.parted(residual)[..., np.newaxis])[..., 0]
        misfit = (scaled**2).sum(axis=-1)
        constant = self.groups.sizes * np.log(2 * np.pi)
        return np.asarray(-0.5 * (misfit + log_determinant + constant))

    def matrix(self, count: int) -> Any:  # noqa: ANN401, ARG002  (as the contract has it)
        """Return it in full."""
        code, place = self.groups.code, self.groups.place
        every = self.block[..., code[:, np.newaxis], place[:, np.newaxis], place]  # type: ignore[index]
        return every * self.groups.same.astype(float)
