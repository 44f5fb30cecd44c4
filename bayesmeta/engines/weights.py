"""Each study's share in the pooled effect, with the prior's share."""

from numbers import Real
from typing import NamedTuple

import numpy as np

from bayesmeta.assembly import Assembly
from bayesmeta.heterogeneity.normal import marginal_variance
from bayesmeta.likelihoods import LIKELIHOODS
from bayesmeta.measures.effects import FloatArray
from bayesmeta.spec import Prior

_NORMAL = ("normal", "none")
"""Heterogeneity whose study effects are normal around their centre, or are the centre."""


class StudyWeights(NamedTuple):
    """Shares that sum to one: one a study, shape (study,), then the prior's."""

    study: FloatArray
    prior: float


def weights_from_draws(assembly: Assembly, tau: FloatArray | None) -> StudyWeights:
    """Return the posterior mean of the shares over draws of tau.

    Given tau, the posterior mean of mu is linear in the estimates and the prior mean: its
    coefficients are the shares (Röver 2020, J Stat Softw 93(6)). They are
    nan where that is not so: where a coefficient's prior is neither normal nor flat, or the
    estimates or the study effects are not normal.
    """
    precision = np.array([_precision(assembly.priors[name]) for name in assembly.coefficients])
    if np.isnan(precision).any() or not _is_normal(assembly):
        return StudyWeights(np.full(len(assembly.effects), np.nan), float("nan"))
    values = np.zeros(1) if tau is None else np.ravel(tau)
    return mean_shares(assembly, values, np.full(values.size, 1 / values.size), precision)


def mean_shares(
    assembly: Assembly, tau: FloatArray, probability: FloatArray, precision: FloatArray
) -> StudyWeights:
    """Return the shares averaged over values of tau.

    Parameters
    ----------
    tau, probability
        Shape (node,): values of tau and their probabilities.
    precision
        Prior precision of each coefficient, shape (coefficient,) or (node, coefficient).
    """
    precision = np.broadcast_to(precision, (tau.size, precision.shape[-1]))
    total = StudyWeights(np.zeros(len(assembly.effects)), 0.0)
    rows = max(1, 2_000_000 // len(assembly.effects))
    for start in range(0, tau.size, rows):
        part = slice(start, start + rows)
        share = _shares(assembly, tau[part], precision[part])
        total = StudyWeights(
            total.study + probability[part] @ share.study,
            total.prior + float(probability[part] @ share.prior),
        )
    return total


class _NodeShares(NamedTuple):
    study: FloatArray  # (node, study)
    prior: FloatArray  # (node,)


def _shares(assembly: Assembly, tau: FloatArray, precision: FloatArray) -> _NodeShares:
    design = assembly.design
    weight = 1 / marginal_variance(assembly.effects.standard_error, tau[:, np.newaxis])
    information = np.einsum("nk,kp,kq->npq", weight, design, design, optimize=True)
    information += precision[:, :, np.newaxis] * np.eye(design.shape[1])
    first = np.linalg.inv(information)[:, 0, :]
    return _NodeShares((first @ design.T) * weight, first[:, 0] * precision[:, 0])


def _is_normal(assembly: Assembly) -> bool:
    """Return whether estimates are normal around their centre, given tau."""
    conjugate = LIKELIHOODS[assembly.model.likelihood].CONJUGATE
    return conjugate and assembly.model.heterogeneity in _NORMAL


def _precision(prior: Prior) -> float:
    if prior.distribution == "flat":
        return 0.0
    sigma = prior.parameters.get("sigma")
    known = prior.distribution == "Normal" and isinstance(sigma, Real)
    return float(sigma) ** -2 if known else np.nan  # type: ignore[arg-type]
