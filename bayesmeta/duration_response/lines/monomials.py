"""Moments up to the fourth of points and their shares, and cumulants of their combinations."""

import itertools
import math
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray

_DEGREES = (1, 2, 3, 4)


class Monomials(NamedTuple):
    """All products of up to four entries of some points.

    Parameters
    ----------
    values
        Shape (point, monomial), degree after degree.
    powers
        The entries in each, one tuple of places a monomial.
    dimensions
        How many entries a point has.
    """

    values: FloatArray
    powers: tuple[tuple[int, ...], ...]
    dimensions: int

    @classmethod
    def of(cls, points: FloatArray) -> "Monomials":
        """Return those of points, shape (point, dimension)."""
        size = points.shape[1]
        powers = tuple(
            places
            for degree in _DEGREES
            for places in itertools.combinations_with_replacement(range(size), degree)
        )
        values = np.stack([points[:, list(places)].prod(axis=1) for places in powers], axis=1)
        return cls(values, powers, size)

    def moments(self, share: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return all raw moments, means and covariances by shares (curve, point)."""
        raw = share @ self.values
        size = self.dimensions
        mean, place = raw[:, :size], np.triu_indices(size)
        second = np.empty((len(share), size, size))
        pairs = raw[:, size : size + place[0].size]
        second[:, place[0], place[1]] = pairs
        second[:, place[1], place[0]] = pairs
        return raw, mean, second - mean[:, :, np.newaxis] * mean[:, np.newaxis]

    def cumulants(self, raw: FloatArray, combinations: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return third and fourth cumulants of combinations, each of shape (curve, combination).

        Parameters
        ----------
        raw
            From `moments`, shape (curve, monomial).
        combinations
            Of a point's entries, shape (curve, combination, dimension).

        Examples
        --------
        Two points on a line, with a third of the mass at 1 and the rest at 0:

        >>> known = Monomials.of(np.array([[0.0], [1.0]]))
        >>> raw, _, _ = known.moments(np.array([[2 / 3, 1 / 3]]))
        >>> [float(each[0, 0].round(6)) for each in known.cumulants(raw, np.ones((1, 1, 1)))]
        [0.074074, -0.074074]
        """
        first, second, third, fourth = (
            self._power(raw, combinations, degree) for degree in _DEGREES
        )
        variance = second - first**2
        third_central = third - 3 * first * second + 2 * first**3
        fourth_central = fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4
        return third_central, fourth_central - 3 * variance**2

    def _power(self, raw: FloatArray, combinations: FloatArray, degree: int) -> FloatArray:
        """Return raw moments of a degree of combinations."""
        chosen = [place for place, each in enumerate(self.powers) if len(each) == degree]
        places = [self.powers[place] for place in chosen]
        times = np.array([_orders(each) for each in places])
        products = np.stack([combinations[..., list(each)].prod(axis=-1) for each in places], -1)
        return np.asarray(((products * times) @ raw[:, chosen, np.newaxis])[..., 0])


def _orders(places: tuple[int, ...]) -> int:
    """Return in how many orders the same entries can stand."""
    repeats = [math.factorial(places.count(place)) for place in set(places)]
    return math.factorial(len(places)) // math.prod(repeats)
