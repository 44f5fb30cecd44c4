"""Normal densities of the coefficients, each times a mass."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.engines.quadrature.nodes import log_sum


class Normals(NamedTuple):
    """Normal densities, each times a mass.

    Parameters
    ----------
    log_mass
        Shape (item, ...).
    mean
        Shape (item, ..., coefficient).
    covariance
        Shape (item, ..., coefficient, coefficient).
    """

    log_mass: FloatArray
    mean: FloatArray
    covariance: FloatArray

    def take(self, items: IntArray | slice) -> "Normals":
        """Return some of the items."""
        return Normals(*(array[items] for array in self))

    def seeing(self, estimate: float, design: FloatArray, variance: FloatArray) -> "Normals":
        """Return each density times that of one observation, under each of some designs.

        With h a design, C the covariance, e the observation less h' mean, s = h' C h + variance::

            mean + C h e / s        covariance - C h h' C / s        mass * Normal(e; 0, s)

        Parameters
        ----------
        design
            Shape (item, node, coefficient).
        variance
            Of the observation, shape (item,); infinite for one that says nothing. Below 0 it is
            taken back: divided by, up to 2 pi times the variance.

        Returns
        -------
        Normals
            Shape (item, choice * node), for normals of shape (item, choice).
        """
        away = estimate - self.mean @ np.swapaxes(design, 1, 2)
        spread = design[:, np.newaxis] @ self.covariance
        own = (spread * design[:, np.newaxis]).sum(axis=3)
        total = own + variance[:, np.newaxis, np.newaxis]
        gain = spread / total[..., np.newaxis]
        says = np.isfinite(variance)[:, np.newaxis, np.newaxis]
        scale = np.where(says, np.abs(total), 1.0)
        log_density = -0.5 * np.where(says, np.log(2 * np.pi * scale) + away**2 / total, 0.0)
        found = Normals(
            self.log_mass[..., np.newaxis] + log_density,
            self.mean[:, :, np.newaxis] + gain * away[..., np.newaxis],
            self.covariance[:, :, np.newaxis] - gain[..., np.newaxis] * spread[..., np.newaxis, :],
        )
        size, choice, node = log_density.shape
        flat = (size, choice * node)
        return Normals(*(array.reshape(*flat, *array.shape[3:]) for array in found))

    def merged(self) -> "Normals":
        """Return the one normal an item with the mass, mean and covariance of all its own."""
        log_mass = log_sum(self.log_mass)
        share = np.exp(self.log_mass - log_mass[:, np.newaxis])
        mean = np.einsum("bc,bcp->bp", share, self.mean)
        away = self.mean - mean[:, np.newaxis]
        between = np.einsum("bc,bcp,bcq->bpq", share, away, away)
        within = np.einsum("bc,bcpq->bpq", share, self.covariance)
        return Normals(log_mass, mean, within + between)

    def cumulants(self, combinations: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return third and fourth cumulants of combinations, under all of an item's normals.

        Parameters
        ----------
        combinations
            Shape (combination, coefficient).

        Returns
        -------
        array, array
            Shape (item, combination).
        """
        share = np.exp(self.log_mass - log_sum(self.log_mass)[:, np.newaxis])[:, np.newaxis]
        mean = self.mean @ combinations.T
        away = mean - share @ mean
        squares = combinations[:, :, np.newaxis] * combinations[:, np.newaxis]
        own = (
            self.covariance.reshape(*self.log_mass.shape, -1) @ squares.reshape(len(squares), -1).T
        )
        # Products, as powers beyond the second are slow.
        square = away * away
        variance = (share @ (square + own))[:, 0]
        third = (share @ (away * (square + 3 * own)))[:, 0]
        fourth = (share @ (square * (square + 6 * own) + 3 * own * own))[:, 0]
        return third, fourth - 3 * variance * variance

    def each(self) -> "Normals":
        """Return the normals with an axis of one choice after the items."""
        return Normals(*(array[:, np.newaxis] for array in self))
