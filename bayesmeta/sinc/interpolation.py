"""Between the nodes of an equally spaced rule: sinc expansions and local polynomials."""

from functools import lru_cache

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.special import comb, sici

from bayesmeta.arrays import FloatArray, IntArray

_CACHED = 64
_LARGE = 512
"""With more nodes, fast Fourier transforms beat a matrix."""
_ORDER = 16
"""Nodes of a local polynomial."""


def midpoints(values: FloatArray) -> FloatArray:
    """Return the sinc expansion half-way between neighbours.

    Parameters
    ----------
    values
        At the nodes, shape (..., node).

    Returns
    -------
    array
        Shape (..., node - 1).

    Examples
    --------
    >>> t = np.arange(-12, 13) * 0.5
    >>> float(np.abs(midpoints(np.exp(-t**2)) - np.exp(-(t[:-1] + 0.25)**2)).max().round(5))
    1e-05
    """
    node = values.shape[-1]
    if node > _LARGE:
        return _convolved(values, np.sinc(np.arange(1 - node, node) + 0.5))[..., :-1]
    return np.asarray(values @ _midpoint_matrix(node))


@lru_cache(_CACHED)
def _midpoint_matrix(count: int) -> FloatArray:
    node = np.arange(count, dtype=float)
    return np.sinc(node[:, np.newaxis] - node[:-1] - 0.5)


def cumulated(mass: FloatArray) -> FloatArray:
    """Return the integral of the sinc expansion up to each node.

    Parameters
    ----------
    mass
        Value times step at the nodes, shape (..., node).
    """
    node = mass.shape[-1]
    if node > _LARGE:
        return _convolved(mass, _share(np.arange(1 - node, node)))
    return np.asarray(mass @ _cumulating_matrix(node))


@lru_cache(_CACHED)
def _cumulating_matrix(count: int) -> FloatArray:
    node = np.arange(count)
    return _share(node - node[:, np.newaxis])


def cumulated_finely(mass: FloatArray, parts: int) -> FloatArray:
    """Return the integral of the sinc expansion up to each node and the places between them.

    Parameters
    ----------
    mass
        Value times step at the nodes, shape (..., node).
    parts
        Into how many each step is divided.

    Returns
    -------
    array
        Shape (..., (node - 1) * parts + 1).

    Examples
    --------
    >>> mass = np.exp(-(np.arange(-9, 10) * 0.5) ** 2)
    >>> bool(np.allclose(cumulated_finely(mass, 4)[::4], cumulated(mass), atol=1e-15))
    True
    """
    node = mass.shape[-1]
    phases = [place / parts for place in range(parts)]
    if node > _LARGE:
        lag = np.arange(1.0 - node, node)
        columns = [_convolved(mass, _share(lag + phase)) for phase in phases]
    else:
        columns = [mass @ _phase_matrix(node, phase) for phase in phases]
    every = np.stack(columns, axis=-1).reshape(*mass.shape[:-1], node * parts)
    return every[..., : every.shape[-1] - parts + 1]


@lru_cache(_CACHED)
def _phase_matrix(count: int, phase: float) -> FloatArray:
    node = np.arange(count)
    share = _share(np.arange(1.0 - count, count) + phase)
    return np.asarray(share[node - node[:, np.newaxis] + count - 1])


def _share(lag: IntArray | FloatArray) -> FloatArray:
    """Return the integral up to a lag, in steps, of the sinc function at 0."""
    return np.asarray(0.5 + sici(np.pi * lag)[0] / np.pi)


def _convolved(values: FloatArray, kernel: FloatArray) -> FloatArray:
    """Return sum_j values_j kernel(m - j) for each node m; the kernel's middle is lag 0."""
    node = values.shape[-1]
    size = next_fast_len(3 * node, real=True)
    product = rfft(values, size, axis=-1) * rfft(kernel, size)
    return np.asarray(irfft(product, size, axis=-1)[..., node - 1 : 2 * node - 1])


def integral(mass: FloatArray, place: FloatArray) -> FloatArray:
    """Return the integral of the sinc expansion up to places between the nodes.

    ::

        F(t) = sum_j mass_j (1/2 + Si(pi (t - t_j) / step) / pi)

    Parameters
    ----------
    mass
        Value times step at the nodes, shape (..., node).
    place
        (t - t_0) / step, shape (..., q).

    References
    ----------
    Kearfott RB (1983). A sinc approximation for the indefinite integral. Math Comp 41:559-572.
    """
    share = _share(place[..., np.newaxis] - np.arange(mass.shape[-1]))
    return np.asarray(np.einsum("...qn,...n->...q", share, mass))


def local(values: FloatArray, place: FloatArray, count: IntArray) -> FloatArray:
    """Return the polynomial through the nodes around each place.

    Parameters
    ----------
    values
        At the nodes, shape (..., node).
    place
        (t - t_0) / step, shape (..., q), between the first and the last node.
    count
        How many nodes are valid, shape (..., 1).

    References
    ----------
    Berrut JP, Trefethen LN (2004). Barycentric Lagrange interpolation. SIAM Rev 46:501-517,
    equations 4.2 and 5.1.
    """
    order = min(_ORDER, values.shape[-1])
    start = np.clip(np.floor(place) - (order // 2 - 1), 0, np.maximum(count - order, 0))
    nodes = start[..., np.newaxis] + np.arange(order)
    around = _around(values, np.minimum(start, values.shape[-1] - order).astype(np.intp), order)
    gap = place[..., np.newaxis] - nodes
    # At a node the formula is 0 / 0; next to it, it is right to rounding.
    gap[gap == 0] = 1e-14
    weight = np.divide(_alternating(order), gap, out=gap)
    total = weight.sum(axis=-1)
    weight *= around
    return np.asarray(weight.sum(axis=-1) / total)


def _around(values: FloatArray, start: IntArray, order: int) -> FloatArray:
    """Return neighbouring values from each start on, shape (..., q, order).

    From a view of all neighbours, row by row: this gathers an eighth as long as one by one.
    """
    every = np.lib.stride_tricks.sliding_window_view(values, order, axis=-1)
    every = every.reshape(-1, *every.shape[-2:])
    at = start.reshape(-1, start.shape[-1])
    row = np.arange(len(at))[:, np.newaxis]
    return every[row, at].reshape(*start.shape, order)


@lru_cache(_CACHED)
def _alternating(order: int) -> FloatArray:
    node = np.arange(order)
    return np.asarray(comb(order - 1, node) * (-1.0) ** node)
