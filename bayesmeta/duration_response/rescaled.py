"""The posterior under another prior sd of the change, from the one at hand."""

from dataclasses import replace

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.cloud import Cloud
from bayesmeta.duration_response.posterior import ShapePosterior
from bayesmeta.duration_response.scales import Scales

FACTORS = (0.5, 1.0, 2.0)
"""Of the sd of the change's prior, under which the answer is told."""


def rescaled(cloud: Cloud, scales: Scales, factor: float) -> Cloud:
    """Return the posterior where the change's prior sd is so many times the one it has.

    At each node the coefficients are normal, and so are their old and new priors: node by node
    evidence, means and covariances follow in closed form, with tau's own nodes. Where durations
    are open, the nodes' small skewness is left out. Where study effects are not normal, shapes
    were integrated under the other priors too.

    Parameters
    ----------
    factor
        Above 0; one of `FACTORS` where study effects are not normal.
    """
    return replace(cloud, parts=[_rescaled(part, scales, factor) for part in cloud.parts])


def _rescaled(part: ShapePosterior, scales: Scales, factor: float) -> ShapePosterior:
    if part.rescaled:
        return part.rescaled[factor]
    nodes = part.nodes
    fixed = nodes.mean.shape[1] - part.curves.change().shape[1]
    own = np.arange(nodes.mean.shape[1]) >= fixed
    centre, sd = scales.change
    added = np.where(own, (factor**-2 - 1) / sd**2, 0.0)
    prior_mean = np.zeros_like(nodes.mean)
    prior_mean[:, fixed:] = centre * part.curves.change()[nodes.curve]
    mean, covariance, log_ratio = _tilted(nodes.mean, nodes.covariance, added, prior_mean)
    log_ratio -= own.sum() * np.log(factor)
    most = float(log_ratio.max(initial=0.0))
    ratio = np.exp(log_ratio - most)
    weight, coarse = nodes.weight * ratio, nodes.coarse_weight * ratio
    moved = replace(
        nodes, mean=mean, covariance=covariance, forms=None,
        weight=weight / weight.sum(), coarse_weight=coarse / coarse.sum(),
    )  # fmt: skip
    gain = [most + float(np.log(one.sum())) for one in (weight, coarse)]
    return replace(
        part, nodes=moved, drawn=moved, log_evidence=part.log_evidence + gain[0],
        coarse_log_evidence=part.coarse_log_evidence + gain[1],
    )  # fmt: skip


def _tilted(
    mean: FloatArray, covariance: FloatArray, added: FloatArray, centre: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return means, covariances and log masses of normals times exp(-(b - c)' A (b - c) / 2).

    Parameters
    ----------
    mean, covariance, centre
        Shape (node, coefficient), (node, coefficient, coefficient) and (node, coefficient).
    added
        The diagonal of A, a precision that may be below 0, shape (coefficient,).
    """
    system = np.eye(added.size) + covariance * added
    away = (mean - centre)[..., np.newaxis]
    moved = np.linalg.solve(system, away)
    _, log_determinant = np.linalg.slogdet(system)
    squares = (away * added[:, np.newaxis] * moved).sum(axis=(1, 2))
    new = np.linalg.solve(system, covariance)
    return moved[..., 0] + centre, new, -(log_determinant + squares) / 2
