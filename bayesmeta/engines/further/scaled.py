"""The distribution of the inner hyperparameter, times what the outer nodes say."""

from dataclasses import replace

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.sinc import Path, SincDensity
from bayesmeta.sinc.support import Support

_NEGLIGIBLE, _NOTHING = 36.0, 1e-14
_BESIDE = 8
"""Steps beyond the outermost nodes."""
_REACH, _FARTHEST = 11.0, 350.0
"""In t, and in logs: squares overflow beyond."""


def scaled(
    density: SincDensity, log_share: FloatArray, factor: FloatArray | None = None
) -> SincDensity:
    """Return the distribution of tau times a factor, its densities on one equal-step grid.

    Parameters
    ----------
    density
        That of tau at each outer node, a batch.
    log_share
        Log probability of each outer node, shape (outer node,).
    factor
        What tau is multiplied by at each, shape (outer node,).
    """
    used = log_share > np.log(_NOTHING)
    density, share = _taken(density, used), np.exp(log_share[used])
    log_share = log_share[used]
    times = np.ones_like(share) if factor is None else factor[used]
    path, step = _common(density.path, share, times, same=factor is None), float(density.step.min())
    t = _grid(density, path, times, step)
    each_log = density.log_density(path.value(t)[0] / times[:, np.newaxis])
    log_each = each_log + (log_share - np.log(times))[:, np.newaxis]
    log_mass = log_sum(np.moveaxis(log_each, 0, -1)) + path.log_slope(t)[0] + np.log(step)
    needed = np.flatnonzero(log_mass >= log_mass.max() - _NEGLIGIBLE)
    kept = log_mass[needed[0] : needed[-1] + 1]
    total = log_sum(kept[np.newaxis])
    return SincDensity(path, t[needed[:1]], np.array([step]), (kept - total)[np.newaxis])


def _grid(density: SincDensity, path: Path, times: FloatArray, step: float) -> FloatArray:
    """Return equal steps of t from the first of all nodes to the last: beyond there is nothing."""
    reach = round(path.bulks * _REACH / step)
    t = np.arange(-reach, reach + 1.0) * step
    t = t[np.abs(path.line(t)[0]) < _FARTHEST]
    first, last = (np.ravel(density.end(place)) * times for place in (0, -1))
    low, high = path.inverse(np.array([[first.min(), last.max()]]))[0]
    return np.asarray(t[(t > low - _BESIDE * step) & (t < high + _BESIDE * step)])


def _taken(density: SincDensity, rows: BoolArray) -> SincDensity:
    """Return some of a batch of distributions."""
    own = np.flatnonzero(rows)
    return replace(
        density, path=density.path.take(own), first=density.first[own], step=density.step[own],
        log_weight=density.log_weight[own],
    )  # fmt: skip


def _common(path: Path, share: FloatArray, times: FloatArray, *, same: bool) -> Path:
    """Return one path for all outer nodes: around their mean, with the likeliest one's bulks."""
    if not same:
        path = _stretched(path, times)
    first, weight = path.centre[:, :1], share[:, np.newaxis]
    centre = (weight * first).sum(axis=0, keepdims=True)
    spread = weight * (path.scale[:, :1] ** 2 + (first - centre) ** 2)
    scale = np.sqrt(spread.sum(axis=0, keepdims=True))
    further = path.take(np.array([share.argmax()]))
    own = np.isfinite(further.scale[0, 1:])
    bulks = ((centre, further.centre[:, 1:][:, own]), (scale, further.scale[:, 1:][:, own]))
    return Path(_alone(path.support), *(np.concatenate(pair, axis=1) for pair in bulks))


def _stretched(path: Path, times: FloatArray) -> Path:
    """Return the path of what is tau times a factor, above 0: its logs are tau's, moved."""
    log_centre = np.log(path.support.value(path.centre)) + np.log(times)[:, np.newaxis]
    return Path(Support(0.0, np.inf), log_centre, path.scale)


def _alone(support: Support) -> Support:
    """Return the support of a batch as that of one, which holds all of theirs."""
    return Support(float(np.min(support.lower)), float(np.max(support.upper)))
