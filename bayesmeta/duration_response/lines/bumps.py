"""The integral over the coefficients at one value of tau, on a lattice in a fitting frame."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray, IntArray
from bayesmeta.duration_response.gaps.cubature import Cubature
from bayesmeta.duration_response.lines.monomials import Monomials
from bayesmeta.engines.quadrature.nodes import log_sum

_ROUNDS = 12
_OFF, _WIDE = 0.25, 0.4
"""A frame fits if the bump's mean and variances in it are this near to 0 and 1."""
_LEAST = 0.02

type LogBump = Callable[[FloatArray], FloatArray]
"""From coefficients, shape (curve, point, coefficient), to logs, shape (curve, point)."""


class Frame(NamedTuple):
    """Where points lie: centre + root @ point, shape (curve, p) and (curve, p, p)."""

    centre: FloatArray
    root: FloatArray

    def at(self, points: FloatArray) -> FloatArray:
        """Return where points (point, p) lie, shape (curve, point, p)."""
        return np.asarray(self.centre[:, np.newaxis] + points @ np.swapaxes(self.root, 1, 2))

    @property
    def log_volume(self) -> FloatArray:
        """Log of the volume that a unit cube has, shape (curve,)."""
        return np.asarray(np.linalg.slogdet(self.root)[1])

    def placed(self, mean: FloatArray, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return mean and covariance out of the frame."""
        centre = self.centre + (self.root @ mean[..., np.newaxis])[..., 0]
        return centre, self.root @ covariance @ np.swapaxes(self.root, 1, 2)

    def moved(self, mean: FloatArray, covariance: FloatArray) -> "Frame":
        """Return the frame in which these moments are 0 and about 1."""
        floor = _LEAST * np.eye(mean.shape[1])
        root = self.root @ np.linalg.cholesky(covariance + floor)
        return Frame(self.placed(mean, covariance)[0], root)


class Rule(NamedTuple):
    """Points with the monomials of their places.

    Parameters
    ----------
    cubature
        The points; its coarser rule is one of half as many, without the outer shell.
    monomials
        Of the points.
    """

    cubature: Cubature
    monomials: Monomials


class Bumps(NamedTuple):
    """What integrating found of each curve.

    Parameters
    ----------
    log_mass
        Shape (curve,).
    mean, covariance
        Of the coefficients, shape (curve, p) and (curve, p, p).
    third, fourth
        Cumulants of chosen combinations, shape (curve, combination).
    outer
        Share of the mass in the rule's outer shell, shape (curve,).
    """

    log_mass: FloatArray
    mean: FloatArray
    covariance: FloatArray
    third: FloatArray
    fourth: FloatArray
    outer: FloatArray

    def take(self, curves: BoolArray | IntArray) -> "Bumps":
        """Return those of some curves."""
        return Bumps(*(each[curves] for each in self))


def fitted(bump: LogBump, frame: Frame, rule: Rule) -> tuple[Frame, FloatArray]:
    """Return a frame in which the bumps are about standard, and logs of their masses in it."""
    for _ in range(_ROUNDS):
        log_value = _log_value(bump, frame, rule)
        log_mass = log_sum(log_value)
        _, mean, covariance = rule.monomials.moments(np.exp(log_value - log_mass[:, np.newaxis]))
        variance = np.diagonal(covariance, axis1=1, axis2=2)
        if np.all(np.abs(mean) < _OFF) and np.all(np.abs(variance - 1) < _WIDE):
            break
        frame = frame.moved(mean, covariance)
    return frame, log_mass


def measured(
    bump: LogBump, frame: Frame, rule: Rule, combinations: FloatArray, tilts: Sequence[LogBump] = ()
) -> tuple[Bumps, ...]:
    """Return the integrals by a rule, by the coarser one, and by the rule of tilted bumps.

    Parameters
    ----------
    combinations
        Of the coefficients, whose cumulants are wanted, shape (combination, p).
    tilts
        What the log of a tilted bump has beside that of the bump.
    """
    log_value = _log_value(bump, frame, rule)
    coarse = rule.cubature.coarse & (rule.cubature.outer == 0)
    half = np.where(coarse, log_value + np.log(2), -np.inf)
    place = frame.at(rule.cubature.points) if tilts else np.empty(0)
    every = [log_value, half, *(log_value + tilt(place) for tilt in tilts)]
    return tuple(_described(each, frame, rule, combinations) for each in every)


def _log_value(bump: LogBump, frame: Frame, rule: Rule) -> FloatArray:
    log_value = bump(frame.at(rule.cubature.points)) + rule.cubature.log_weight
    return np.asarray(log_value + frame.log_volume[:, np.newaxis])


def _described(log_value: FloatArray, frame: Frame, rule: Rule, combinations: FloatArray) -> Bumps:
    log_mass = log_sum(log_value)
    share = np.exp(log_value - log_mass[:, np.newaxis])
    raw, mean, covariance = rule.monomials.moments(share)
    third, fourth = rule.monomials.cumulants(raw, combinations @ frame.root)
    placed = frame.placed(mean, covariance)
    return Bumps(log_mass, *placed, third, fourth, share @ rule.cubature.outer)
