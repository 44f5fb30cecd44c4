"""Values of tau that many analyses share, close enough together for each of them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.sinc import Path, Support
from bayesmeta.sinc.interpolation import midpoints

type LogIntegrand = Callable[[FloatArray], FloatArray]
"""Log of prior times evidence at tau of shape (row, node): shape (row, case, node)."""

_SCAN = 401
_BULK = 8.0
_OUTWARD, _INWARD = 12.0, 25.0
"""How far the scan reaches above and below the studies' scale, in logs."""
_FIRST_STEP = 0.5
_HALVINGS = 6


class Lattice(NamedTuple):
    """Nodes of a rule whose sums are integrals over tau.

    Parameters
    ----------
    tau
        Shape (row, node).
    log_weight
        Log of what a density at the node is multiplied by, shape (row, node). The rule at twice
        the step has every other node, from the first on, with twice the weight.
    path, first, step
        How the nodes walk tau's support, as in `SincDensity`.
    """

    tau: FloatArray
    log_weight: FloatArray
    path: Path
    first: float
    step: float


def lattice(
    log_integrand: LogIntegrand, *, upper: FloatArray, smallest: float, largest: float,
    tolerance: float = 1e-5, negligible: float = 36.0,
) -> Lattice:  # fmt: skip
    """Return nodes at which every case is known to the tolerance, relative to its maximum.

    Steps are equal in t where log tau = centre + scale * sinh(t) (the logistic of it below a
    finite upper end); they are halved until the sinc expansion on the old nodes predicts the new
    ones. A sum over the nodes is then off by about the tolerance's square.

    Parameters
    ----------
    upper
        Upper end of tau for each row, shape (row,): all finite or all infinite.
    smallest, largest
        The least and the largest scale of the studies.
    negligible
        What is left out is below exp(-negligible) of the maximum: 2e-16 by default.

    References
    ----------
    Takahasi H, Mori M (1974). Publ RIMS Kyoto Univ 9:721-741.
    """
    support = Support(0.0, upper[:, np.newaxis])
    scan = _scan(support, smallest=smallest, largest=largest)
    height = _heights(log_integrand, support, scan)
    path = _path(support, scan, height)
    t = _reach(path, scan, height > -negligible)
    values = _relative(log_integrand, path, t)
    for _ in range(_HALVINGS):
        finer = np.linspace(t[0], t[-1], 2 * t.size - 1)
        found = _relative(log_integrand, path, finer)
        surprise = float(np.abs(found[..., 1::2] - midpoints(found[..., ::2])).max())
        t, values = finer, found
        if surprise <= tolerance:
            break
    return _within(path, t, values > np.exp(-negligible))


def _scan(support: Support, *, smallest: float, largest: float) -> FloatArray:
    """Return points of the line where the cases are looked for, shape (row or 1, point)."""
    if support.bounded:
        return np.linspace(-1.5 * _INWARD, _INWARD, _SCAN)[np.newaxis]
    low, high = np.log(smallest) - _INWARD, np.log(largest) + _OUTWARD
    return np.linspace(low, high, _SCAN)[np.newaxis]


def _heights(log_integrand: LogIntegrand, support: Support, line: FloatArray) -> FloatArray:
    """Return the log integrand of each case along the line, relative to its maximum."""
    value = log_integrand(support.value(line)) + support.log_slope(line)[:, np.newaxis]
    return value - value.max(axis=-1, keepdims=True)


def _path(support: Support, scan: FloatArray, height: FloatArray) -> Path:
    """Return a path centred on the bulk of all cases, as fine as the narrowest of them."""
    weight = np.exp(height)
    weight /= weight.sum(axis=-1, keepdims=True)
    centre = (weight * scan[:, np.newaxis]).sum(axis=-1)
    variance = (weight * (scan[:, np.newaxis] - centre[..., np.newaxis]) ** 2).sum(axis=-1)
    step = scan[:, 1] - scan[:, 0]
    scale = np.maximum(np.sqrt(variance).min(axis=-1), step / 2)
    middle = (centre.min(axis=-1) + centre.max(axis=-1)) / 2
    return Path(support, middle[:, np.newaxis], scale[:, np.newaxis])


def _reach(path: Path, scan: FloatArray, matters: BoolArray) -> FloatArray:
    needed = matters.any(axis=1)
    step = scan[:, 1] - scan[:, 0]
    low = scan[np.arange(len(scan)), needed.argmax(axis=-1)] - step
    high = scan[np.arange(len(scan)), _SCAN - 1 - needed[:, ::-1].argmax(axis=-1)] + step
    ends = np.arcsinh((np.stack([low, high], axis=-1) - path.centre) / path.scale)
    first, last = ends.min(), ends.max()
    return np.linspace(first, last, int(np.ceil((last - first) / _FIRST_STEP)) + 1)


def _relative(log_integrand: LogIntegrand, path: Path, t: FloatArray) -> FloatArray:
    """Return each case's integrand in t, relative to its maximum, shape (row, case, node)."""
    value = log_integrand(path.value(t)) + path.log_slope(t)[:, np.newaxis]
    return np.exp(value - value.max(axis=-1, keepdims=True))


def _within(path: Path, t: FloatArray, matters: BoolArray) -> Lattice:
    """Return the nodes that some case needs; from an even one, so that every other is coarse."""
    needed = np.flatnonzero(matters.any(axis=(0, 1)))
    first = needed[0] - needed[0] % 2
    kept = t[first : needed[-1] + 1]
    step = float(t[1] - t[0])
    log_weight = path.log_slope(kept) + np.log(step)
    return Lattice(path.value(kept), log_weight, path, float(kept[0]), step)
