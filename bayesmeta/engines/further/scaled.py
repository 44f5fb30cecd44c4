"""The distribution of the inner hyperparameter, times what the outer nodes say."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.sinc import Path, SincDensity
from bayesmeta.sinc.support import Support

_NEGLIGIBLE = 36.0
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
    share = np.exp(log_share)
    times = np.ones_like(share) if factor is None else factor
    path, step = _common(density.path, share, times, same=factor is None), float(density.step.min())
    reach = round(path.bulks * _REACH / step)
    t = np.arange(-reach, reach + 1.0) * step
    t = t[np.abs(path.line(t)[0]) < _FARTHEST]
    each_log = density.log_density(path.value(t)[0] / times[:, np.newaxis])
    log_each = each_log + (log_share - np.log(times))[:, np.newaxis]
    log_mass = log_sum(np.moveaxis(log_each, 0, -1)) + path.log_slope(t)[0] + np.log(step)
    needed = np.flatnonzero(log_mass >= log_mass.max() - _NEGLIGIBLE)
    kept = log_mass[needed[0] : needed[-1] + 1]
    total = log_sum(kept[np.newaxis])
    return SincDensity(path, t[needed[:1]], np.array([step]), (kept - total)[np.newaxis])


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
