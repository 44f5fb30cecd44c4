"""Each study's share in the pooled effect, with the prior's share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, is_conjugate
from bayesmeta.covariance import Values
from bayesmeta.priors import normal
from bayesmeta.spec import Prior


class StudyWeights(NamedTuple):
    """Shares that sum to one: one a study, shape (study,), then the prior's; marks by name."""

    study: FloatArray
    prior: float
    marks: Mapping[str, FloatArray] = MappingProxyType({})


def weights_from_draws(
    assembly: Assembly, hyperparameters: Mapping[str, FloatArray]
) -> StudyWeights:
    """Return the posterior mean of the shares over draws of the hyperparameters.

    Given them, the posterior mean of mu is linear in the estimates and the prior mean: its
    coefficients are the shares (Röver 2020, J Stat Softw 93(6)). They are
    nan where that is not so: where a coefficient's prior is neither normal nor flat, or the
    estimates or the study effects are not normal.
    """
    priors = assembly.coefficient_priors.values()
    precision = np.array([_precision(prior) for prior in priors])
    certain = is_conjugate(assembly.model) and assembly.parts.bias.CERTAIN
    if np.isnan(precision).any() or not certain:
        return StudyWeights(np.full(len(assembly.effects), np.nan), float("nan"))
    values = {name: np.ravel(drawn) for name, drawn in hyperparameters.items()}
    size = max((array.size for array in values.values()), default=1)
    return mean_shares(assembly, values, np.full(size, 1 / size), precision)


def mean_shares(
    assembly: Assembly,
    values: Mapping[str, FloatArray],
    probability: FloatArray,
    precision: FloatArray,
) -> StudyWeights:
    """Return the shares averaged over values of the hyperparameters.

    Parameters
    ----------
    values, probability
        Each of shape (node,): the hyperparameters by name, and probabilities.
    precision
        Prior precision of each coefficient, shape (coefficient,) or (node, coefficient).
    """
    precision = np.broadcast_to(precision, (probability.size, precision.shape[-1]))
    total = StudyWeights(np.zeros(len(assembly.effects)), 0.0)
    rows = max(1, 2_000_000 // len(assembly.effects))
    for start in range(0, probability.size, rows):
        part = slice(start, start + rows)
        here = {name: array[part, np.newaxis] for name, array in values.items()}
        share = _shares(assembly, here, precision[part])
        total = StudyWeights(
            total.study + probability[part] @ share.study,
            total.prior + float(probability[part] @ share.prior),
        )
    return total


class _NodeShares(NamedTuple):
    study: FloatArray  # (node, study)
    prior: FloatArray  # (node,)


def _shares(assembly: Assembly, values: Values, precision: FloatArray) -> _NodeShares:
    design = assembly.design
    nodes = np.ones((len(precision), 1))
    weighted = assembly.covariance(values).solve(design.T[:, np.newaxis] * nodes)
    if assembly.powers is not None:
        weighted = weighted * assembly.powers
    information = np.einsum("pnk,kq->npq", weighted, design, optimize=True)
    information += precision[:, :, np.newaxis] * np.eye(design.shape[1])
    inverse, means = np.linalg.inv(information), assembly.location.means
    own = design[:, :means].argmax(axis=1)  # the mean effect of each row's outcome
    study = np.einsum("nkp,pnk->nk", inverse[:, own], weighted, optimize=True)
    prior = inverse[:, 0, 0] * precision[:, 0]
    return _NodeShares(study, prior if means == 1 else np.full_like(prior, np.nan))


def _precision(prior: Prior) -> float:
    found = normal(prior)
    return np.nan if found is None else found.precision
