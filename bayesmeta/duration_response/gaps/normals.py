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
        Shape (item,).
    mean
        Shape (item, coefficient).
    covariance
        Shape (item, coefficient, coefficient).
    """

    log_mass: FloatArray
    mean: FloatArray
    covariance: FloatArray

    def take(self, items: IntArray | slice) -> "Normals":
        """Return some of the items."""
        return Normals(*(array[items] for array in self))

    def meeting(self, estimate: float, design: FloatArray, variance: FloatArray) -> "Meeting":
        """Return what each density makes of one observation, under each of some designs.

        Parameters
        ----------
        design
            Shape (item, node, coefficient).
        variance
            Of the observation, shape (item,); infinite for one that says nothing. Below 0 it is
            taken back: divided by, up to 2 pi times the variance.
        """
        away = estimate - (design @ self.mean[..., np.newaxis])[..., 0]
        spread = design @ self.covariance
        total = (spread * design).sum(axis=2) + variance[:, np.newaxis]
        says = np.isfinite(variance)[:, np.newaxis]
        scale = np.where(says, np.abs(total), 1.0)
        log_density = -0.5 * np.where(says, np.log(2 * np.pi * scale) + away**2 / total, 0.0)
        log_mass = self.log_mass[:, np.newaxis] + log_density
        return Meeting(self, log_mass, away / total, spread, total)


class Meeting(NamedTuple):
    """Normals that meet one observation under several designs.

    With h a design, C the covariance, e the observation less h' mean, s = h' C h + variance::

        mean + C h e / s        covariance - C h h' C / s        mass * Normal(e; 0, s)

    Parameters
    ----------
    start
        The normals, shape (item,).
    log_mass
        After the observation, shape (item, node).
    step
        e / s, shape (item, node).
    spread
        C h, shape (item, node, coefficient).
    total
        s, shape (item, node).
    """

    start: Normals
    log_mass: FloatArray
    step: FloatArray
    spread: FloatArray
    total: FloatArray

    def chosen(self, item: IntArray, node: IntArray) -> Normals:
        """Return the normals after the observation under some designs, shape (chosen,)."""
        spread, total = self.spread[item, node], self.total[item, node]
        gain = spread / total[:, np.newaxis]
        return Normals(
            self.log_mass[item, node],
            self.start.mean[item] + spread * self.step[item, node][:, np.newaxis],
            self.start.covariance[item] - gain[:, :, np.newaxis] * spread[:, np.newaxis],
        )

    def merged(self) -> Normals:
        """Return one normal an item, with the mass, mean and covariance of all its nodes."""
        log_mass = log_sum(self.log_mass)
        share = np.exp(self.log_mass - log_mass[:, np.newaxis])
        move = ((share * self.step)[:, np.newaxis] @ self.spread)[:, 0]
        turn = (share * (self.step**2 - 1 / self.total))[..., np.newaxis] * self.spread
        change = np.swapaxes(turn, 1, 2) @ self.spread
        change -= move[:, :, np.newaxis] * move[:, np.newaxis]
        return Normals(log_mass, self.start.mean + move, self.start.covariance + change)


def merged_by(cell: IntArray, normals: Normals) -> Normals:
    """Return the normals, shape (cell,), that have the mass, mean and covariance of a cell's.

    Parameters
    ----------
    cell
        Which cell a normal belongs to; each of them has one at least.
    """
    order = np.argsort(cell, kind="stable")
    cell, (log_mass, mean, covariance) = cell[order], normals.take(order)
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    top = np.maximum.reduceat(log_mass, starts)
    share = np.exp(log_mass - top[cell])
    total = np.add.reduceat(share, starts)
    share /= total[cell]
    centre = np.add.reduceat(share[:, np.newaxis] * mean, starts)
    away = mean - centre[cell]
    second = covariance + away[:, :, np.newaxis] * away[:, np.newaxis]
    within = np.add.reduceat(share[:, np.newaxis, np.newaxis] * second, starts)
    return Normals(top + np.log(total), centre, within)
