"""Logs of what studies say, tabulated over squared residuals: cubics that are read off by bits.

What a study says of a residual r is even in r, and smooth in z = 1 + (r / scale)**2. Each octave
of z is cut into equal pieces, on each of which a cubic stands in: the first bits of z are the
piece, the rest where in it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.lines.law import Law

_BITS, _OCTAVES = 5, 22
"""Pieces of an octave are 2 to so many; residuals reach 2048 scales."""
_MANTISSA = 52
_SHIFT = _MANTISSA - _BITS
_ZERO = 1023 << _BITS
_PIECES = _OCTAVES << _BITS
FARTHEST = float(2**_OCTAVES)
"""The largest z there is a piece for."""
_INSIDE = np.array([0.0, 1 / 3, 2 / 3, 1.0])
_CUBIC = np.linalg.inv(np.vander(_INSIDE, increasing=True)).T
"""From values at these places to the coefficients of the cubic through them."""

type LogRows = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, eq=False)
class Table:
    """What all studies say at one value of tau.

    Parameters
    ----------
    inverse_scale
        What residuals are multiplied by, shape (study,).
    cubics
        One array a power, each of shape (q, study * piece).
    """

    inverse_scale: FloatArray
    cubics: tuple[FloatArray, ...]

    def squares(self, residual: FloatArray) -> FloatArray:
        """Return z of residuals (..., study), a fresh array."""
        found = residual * self.inverse_scale
        found *= found
        found += 1.0
        return found

    def reaches(self, residual: FloatArray) -> FloatArray:
        """Return 1 where residuals (..., study) are tabulated, else 0."""
        return np.where(self.squares(residual) < FARTHEST, 1.0, 0.0)

    def log_rows(self, residual: FloatArray, node: int = 0) -> FloatArray:
        """Return what studies say of residuals (..., study), at a node of the share."""
        z = np.minimum(self.squares(residual), np.nextafter(FARTHEST, 0))
        bits = z.view(np.int64)
        place = bits >> _SHIFT
        place += np.arange(z.shape[-1]) * _PIECES - _ZERO
        bits &= (1 << _SHIFT) - 1
        inside = bits * 2.0**-_SHIFT
        lowest, *others = (each[node].take(place) for each in self.cubics)
        found = others.pop()
        while others:
            found *= inside
            found += others.pop()
        found *= inside
        found += lowest
        return np.asarray(found)


def tabulated(law: Law, tau: float) -> Table:
    """Return what all studies say at a value of tau."""
    scale = law.scale(tau)
    start = np.arange(_PIECES) % (1 << _BITS)
    size = 2.0 ** (np.arange(_PIECES) >> _BITS)
    width = size / (1 << _BITS)
    z = (size + start * width)[:, np.newaxis] + width[:, np.newaxis] * _INSIDE[:-1]
    away = np.sqrt(np.append(z.ravel(), FARTHEST) - 1)
    value = law.log_rows(tau, away[:, np.newaxis] * scale)
    ends = value[:, :-1].reshape(len(value), _PIECES, 3, -1)
    last = value[:, 3::3]
    four = np.concatenate([ends, last[:, :, np.newaxis]], axis=2)
    found = np.einsum("qpis,ij->jqsp", four, _CUBIC)
    cubics = tuple(np.ascontiguousarray(each.reshape(len(value), -1)) for each in found)
    return Table(1 / scale, cubics)
