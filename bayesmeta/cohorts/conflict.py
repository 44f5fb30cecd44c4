"""Whether trials and cohorts disagree by more than the bias's prior allows for."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from bayesmeta.arrays import FloatArray
from bayesmeta.cohorts.answers import Posed
from bayesmeta.cohorts.question import Question


@dataclass(frozen=True)
class Conflict:
    """How far cohorts are from trials.

    Parameters
    ----------
    difference, sd
        Of the cohorts' weighted mean from that of the trials, moderators held: its mean over the
        hyperparameters' posterior, which is the bias that would make the designs agree, and its
        standard deviation, the bias's prior left aside.
    p
        Two-sided tail of the difference where the bias has its prior, averaged over the
        hyperparameters' posterior: near 0, the designs disagree.

    All are nan where moderators say exactly which studies are cohorts: there is then no difference
    with them held.
    """

    difference: float
    sd: float
    p: float


def conflict(posed: Posed, question: Question) -> Conflict:
    """Return how far cohorts are from trials under a posterior with a bias.

    Given the hyperparameters, with d the least-squares coefficient of the cohorts' column and v
    its variance, coefficients flat, and the bias ~ Normal(m, u**2)::

        p = 2 * Phi(-|d - m| / sqrt(u**2 + v))
    """
    if np.linalg.matrix_rank(posed.assembly.design) < posed.assembly.design.shape[1]:
        return Conflict(np.nan, np.nan, np.nan)
    d, v = _contrast(posed)
    weight = posed.mixture.weight[0].sum(axis=-1)
    total = np.sqrt(question.bias_sd**2 + v)
    p = 2 * ndtr(-np.abs(d - question.bias_mean) / total)
    mean = float(weight @ d)
    return Conflict(mean, float(np.sqrt(weight @ (v + (d - mean) ** 2))), float(weight @ p))


def _contrast(posed: Posed) -> tuple[FloatArray, FloatArray]:
    """Return the column's coefficient and its variance at each node, each of shape (node,)."""
    design, estimate = posed.assembly.design, posed.assembly.effects.estimate
    precision = 1 / variances(posed)
    information = np.einsum("nk,kp,kq->npq", precision, design, design, optimize=True)
    moment = np.einsum("nk,kp,k->np", precision, design, estimate, optimize=True)
    inverse = np.linalg.inv(information)
    return np.einsum("np,np->n", inverse[:, -1], moment), inverse[:, -1, -1]


def variances(posed: Posed) -> FloatArray:
    """Return the variance of each estimate around its centre at each node, (node, study)."""
    integral, design = posed.mixture, posed.assembly.design
    values = {name: np.broadcast_to(value, integral.tau.shape)[0, :, np.newaxis]
              for name, value in integral.values.items()}  # fmt: skip
    variance = posed.assembly.covariance(values).variance
    return np.broadcast_to(variance, (integral.tau.shape[1], len(design)))
