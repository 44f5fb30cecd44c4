"""The distribution of a hyperparameter, from the nodes of all of them."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.engines.further.even import AnyWalk, distribution
from bayesmeta.engines.lines.leaning import leaning
from bayesmeta.engines.lines.outer import Outer
from bayesmeta.engines.quadrature.nodes import log_sum
from bayesmeta.sinc import SincDensity


def along_axis(outer: Outer, place: int) -> SincDensity:
    """Return the distribution of the hyperparameter whose axis stands there, a batch of one."""
    walk = outer.walks[place]
    along = np.moveaxis(outer.value, place, 0).reshape(walk.t.size, -1)
    if outer.error is None:
        return distribution(walk, log_sum(along))
    error = np.moveaxis(outer.error, place, 0).reshape(along.shape)
    return distribution(walk, log_sum(along), _off(walk, along, error))


def _off(walk: AnyWalk, along: FloatArray, error: FloatArray) -> FloatArray:
    """Return the log integrand along an axis, off to one side by its error, shape (node,)."""
    total = log_sum(along)
    share = np.exp(along - total[:, np.newaxis])
    weight = np.exp(total - total.max())
    off = (share * error).sum(axis=1) * leaning(walk.t[:, np.newaxis], weight)
    return np.asarray(total + np.log1p(off))
