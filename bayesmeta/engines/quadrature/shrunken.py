"""Study effects of rows that are not independent, at each node of a posterior."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from bayesmeta.engines.quadrature.integral import Integral

_BLOCK = 2_000_000
"""Most numbers in one array of rows times nodes times places of a block."""


def shrunken(integral: "Integral", studies: IntArray | slice) -> tuple[FloatArray, FloatArray]:
    """Return means and variances of study effects, each of shape (1, study, node).

    With K and T - K T as in `Shrinkage`, b ~ Normal(m, C) at a node, and A = X - K X::

        theta ~ Normal(K y + A m, diag(T - K T) + diag(A C A'))
    """
    problem, size = integral.own, integral.log_weight.shape[1]
    structure, count = problem.structure, problem.estimate.shape[1]
    sizes = [int(groups.sizes.max()) for groups in structure.layout.groups.values()]
    nodes = max(1, _BLOCK // (count * max(sizes, default=1)))
    found = [_part(integral, slice(at, at + nodes), studies) for at in range(0, size, nodes)]
    mean, variance = (np.concatenate(arrays, axis=-1) for arrays in zip(*found, strict=True))
    return mean[np.newaxis], variance[np.newaxis]


def _part(
    integral: "Integral", nodes: slice, studies: IntArray | slice
) -> tuple[FloatArray, FloatArray]:
    problem = integral.own
    values = {name: np.broadcast_to(value, integral.tau.shape)[0, nodes]
              for name, value in integral.values.items()}  # fmt: skip
    known = problem.structure.given(values, np.sqrt(problem.variance[0]))
    estimate, design = problem.estimate[0], problem.design[0]
    centre = integral.mean[0, nodes]  # (node, component, coefficient)
    left = np.broadcast_to(known.left(estimate.size), (len(centre), estimate.size))[:, studies]
    kept = np.broadcast_to(known.gain(estimate), (len(centre), estimate.size))[:, studies]
    pulled = design.T[:, np.newaxis] - known.gain(design.T[:, np.newaxis])
    pulled = np.moveaxis(pulled, 0, -1)[:, studies]  # (node, study, coefficient)
    mean = kept[..., np.newaxis] + np.einsum("nsp,ncp->nsc", pulled, centre)
    spread = np.einsum("nsp,ncpq,nsq->nsc", pulled, integral.covariance[0, nodes], pulled)
    variance = left[..., np.newaxis] + spread
    return _across(mean), _across(variance)


def _across(array: FloatArray) -> FloatArray:
    """Return (node, study, component) as (study, node and component)."""
    return np.moveaxis(array, 1, 0).reshape(array.shape[1], -1)
