"""Densities of what is known on lattices: interpolated by sinc functions, spread by normals.

Values of a function whose spectrum ends at pi / step say all of it: between them stands the sinc
expansion. Spread by a normal of variance v = r step**2, each sinc becomes, at t steps from its
centre and with a = pi sqrt(r / 2), b = t / sqrt(2 r) and w the Faddeeva function::

    g(t) = (exp(-b**2) - exp(-a**2) Re(exp(-i pi t) w(-b + i a))) / sqrt(2 pi r)

which is sinc(t) at r = 0, and the normal density where r is not small.

References
----------
Stenger F (1993). Numerical methods based on sinc and analytic functions. Springer.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import wofz

from bayesmeta.arrays import BoolArray, FloatArray, IntArray

_POINT, _SMOOTH = 1e-9, 4.5
"""Variances over squared steps: below, the sinc itself; above, the normal itself to 1e-9."""
_BLOCK = 2_000_000


def spread_sinc(t: FloatArray, ratio: FloatArray) -> FloatArray:
    """Return g at t, for variances over squared steps, both of one shape.

    Examples
    --------
    >>> spread_sinc(np.array([0.0, 1.0, 0.5]), np.zeros(3)).round(6).tolist()
    [1.0, 0.0, 0.63662]
    """
    t, ratio = np.broadcast_arrays(np.asarray(t, dtype=float), ratio)
    found = np.empty(t.shape)
    is_point, is_smooth = ratio < _POINT, ratio > _SMOOTH
    between = ~(is_point | is_smooth)
    found[is_point] = np.sinc(t[is_point])
    own = ratio[is_smooth]
    found[is_smooth] = np.exp(-(t[is_smooth] ** 2) / (2 * own)) / np.sqrt(2 * np.pi * own)
    if between.any():
        found[between] = _between(t[between], ratio[between])
    return found


def _between(t: FloatArray, ratio: FloatArray) -> FloatArray:
    normal = np.exp(-(t**2) / (2 * ratio)) / np.sqrt(2 * np.pi * ratio)
    return np.asarray(normal + _beyond(t, ratio))


def _beyond(t: FloatArray, ratio: FloatArray) -> FloatArray:
    """Return g less the normal density: what a normal has beyond the spectrum of the lattice."""
    a, b = np.pi * np.sqrt(ratio / 2), t / np.sqrt(2 * ratio)
    faddeeva = wofz(-b + 1j * a)
    rest = np.cos(np.pi * t) * faddeeva.real + np.sin(np.pi * t) * faddeeva.imag
    return np.asarray(-np.exp(-(a**2)) * rest / np.sqrt(2 * np.pi * ratio))


class Centres(NamedTuple):
    """Sincs on lattices, each spread by a normal.

    Parameters
    ----------
    location, step, variance
        Each of shape (node,).
    weight
        Shape (node, column): several sums at once.
    """

    location: FloatArray
    step: FloatArray
    variance: FloatArray
    weight: FloatArray


def density_at(x: FloatArray, centres: Centres) -> FloatArray:
    """Return sums of spread sincs at points x of shape (point,), shape (point, column)."""
    found = np.empty((x.size, centres.weight.shape[1]))
    scaled = centres.weight / centres.step[:, np.newaxis]
    ratio = centres.variance / centres.step**2
    for part in pieces(x.size, centres.location.size):
        t = (x[part, np.newaxis] - centres.location) / centres.step
        found[part] = spread_sinc(t, ratio) @ scaled
    return found


def pieces(points: int, nodes: int) -> Iterator[slice]:
    """Yield slices of points whose product with the nodes fits into memory."""
    size = max(1, _BLOCK // max(1, nodes))
    return (slice(start, start + size) for start in range(0, points, size))


def blocks(mask: BoolArray, width: int, *, most: int) -> Iterator[IntArray]:
    """Yield the places where a mask holds, few enough at once.

    Parameters
    ----------
    width
        How many numbers one place takes.
    most
        How many numbers there may be at once; one place at least.

    Examples
    --------
    >>> [some.tolist() for some in blocks(np.array([True, False, True, True]), 3, most=6)]
    [[0, 2], [3]]
    """
    places = np.flatnonzero(mask)
    size = max(1, most // max(1, width))
    return (places[start : start + size] for start in range(0, places.size, size))
