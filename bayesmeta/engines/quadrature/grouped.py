"""Effects of groups of rows, such as clusters, at each node of a posterior."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import SharedEffects
from bayesmeta.covariance.sums import total
from bayesmeta.random_effects import groups_of

if TYPE_CHECKING:
    from bayesmeta.engines.quadrature.integral import Integral

_BLOCK = 2_000_000
"""Most numbers in one array of rows times nodes."""


def grouped(integral: "Integral") -> tuple[FloatArray, FloatArray]:
    """Return means and variances of the groups' effects around 0 and of mu, (1, group, node).

    Of a batch of one. With K the gain of `SharedEffects`, e the row of mu and A = e - K X, at a
    node where b ~ Normal(m, C)::

        mu + u ~ Normal(K y + A m, left + A C A')
    """
    rows, size = integral.own.estimate.shape[1], integral.tau.shape[1]
    nodes = max(1, _BLOCK // rows)
    found = [_part(integral, slice(at, at + nodes)) for at in range(0, size, nodes)]
    mean, variance = (np.concatenate(arrays, axis=-1) for arrays in zip(*found, strict=True))
    return mean[np.newaxis], variance[np.newaxis]


def _part(integral: "Integral", nodes: slice) -> tuple[FloatArray, FloatArray]:
    problem, structure = integral.own, integral.own.structure
    values = {name: np.broadcast_to(value, integral.tau.shape)[0, nodes]
              for name, value in integral.values.items()}  # fmt: skip
    known = structure.given(values, np.sqrt(problem.variance[0]))
    by_row = {name: value[:, np.newaxis] for name, value in values.items()}
    role, variance = groups_of(structure.heterogeneity, {**by_row, **structure.fixed})
    groups = structure.layout.groups[role]
    shared = SharedEffects(total(known.spread, known.sampling), variance, groups)
    centre = integral.mean[0, nodes]  # (node, component, coefficient)
    shape = (len(centre), len(groups))
    kept = np.broadcast_to(shared.gain(problem.estimate[0]), shape)
    columns = problem.design[0].T[:, np.newaxis]
    mu = np.eye(1, len(columns))[0][:, np.newaxis, np.newaxis]
    pulled = np.moveaxis(mu - shared.gain(columns), 0, -1)  # (node, group, coefficient)
    mean = kept[..., np.newaxis] + np.einsum("ngp,ncp->ngc", pulled, centre)
    spread = np.einsum("ngp,ncpq,ngq->ngc", pulled, integral.covariance[0, nodes], pulled)
    left = np.broadcast_to(shared.left(), shape)
    return _across(mean), _across(left[..., np.newaxis] + spread)


def _across(array: FloatArray) -> FloatArray:
    """Return (node, group, component) as (group, node and component)."""
    return np.moveaxis(array, 1, 0).reshape(array.shape[1], -1)
