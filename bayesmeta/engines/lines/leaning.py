"""Distributions that lean to one side, by as much as is not known of them."""

from dataclasses import replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.sinc import SincDensity

_FAR = 3.0
"""Standard deviations beyond which nothing leans further."""
_TOO_FAR = 0.1


def leaning(location: FloatArray, weight: FloatArray) -> FloatArray:
    """Return a weight that moves means, standard deviations and probabilities, shape (point,).

    Multiplied by 1 + e times it, a distribution has each of them off by one to two e, in its
    standard deviations.

    Parameters
    ----------
    location
        Coefficients, shape (point, coefficient).
    weight
        Probabilities, shape (point,).

    Examples
    --------
    >>> leaning(np.array([[-1.0], [1.0]]), np.full(2, 0.5)).tolist()
    [-1.0, 3.0]
    """
    share = weight / weight.sum()
    away = location - share @ location
    scaled = np.clip(away / np.sqrt(share @ away**2), -_FAR, _FAR)
    return np.asarray((2 * scaled + scaled**2).sum(axis=-1))


def towards(found: SincDensity, place: FloatArray, weight: FloatArray) -> SincDensity:
    """Return a distribution whose coarser one has the mean and the variance of points.

    A lattice's points have both to rounding. Between them sincs ripple, which counts in the tails:
    how far the distribution is from both is its error.

    Parameters
    ----------
    found
        Between the points, a batch of one.
    place, weight
        Of the points, shape (point,); by the coarser rule.
    """
    mean = weight @ place / weight.sum()
    sd = np.sqrt(weight @ (place - mean) ** 2 / weight.sum())
    if found.rough is None or not sd > 0:
        return found
    t = found.first[:, np.newaxis] + found.step[:, np.newaxis] * np.arange(found.rough.shape[-1])
    away = (found.path.value(t)[0] - mean) / sd
    near = np.clip(away, -_FAR, _FAR)
    basis, asked = (np.stack([np.ones_like(each), each, each**2]) for each in (near, away))
    mass = np.exp(found.rough[0])
    every = slice(None, None, 2)
    known = (asked * mass)[:, every] @ basis[:, every].T / mass[every].sum()
    lean = np.linalg.solve(known, [1.0, 0.0, 1.0]) @ basis
    if not (np.abs(lean - 1) < _TOO_FAR).all():
        return found
    return replace(found, rough=found.rough + np.log(lean))
