"""Whether the data are where the priors said they would be."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Unpack

import numpy as np
from scipy.special import ndtr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly, require_one_spread
from bayesmeta.frequentist.chi_squares import survival
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures.probabilities import probability
from bayesmeta.priors import is_proper, quantile
from bayesmeta.refits.normals import are_normal, normals
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.sensitivity.question import Asking, ask
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd

_NODES = 128
_SURPRISING = 0.05
_DOUBTS, _ROUNDING = 10.0, 1e-9
"""A probability outside 0 to 1 by more than so many errors is none."""
_MOST = 400
"""Studies up to which Q's distribution, k eigenvalues a node, is worth its time."""


type OfTau = Callable[[FloatArray], FloatArray]


class _Tail(NamedTuple):
    observed: float
    probability: float
    error: float


def prior_data_conflict(
    effects: Effects, model: str | Path | ModelSpec | None = None, **asking: Unpack[Asking]
) -> "pd.DataFrame":
    """Return the prior predictive tail probability of what the data say of each parameter.

    For each coefficient the statistic is its inverse-variance weighted least squares estimate
    b = A y; given tau it is normal a priori, and the probability is that of an estimate at least as
    far from the prior's mean. For tau it is the residual Q = sum(r**2 / s**2), a weighted sum of
    chi-squares given tau; the probability is twice the smaller tail. Both are integrated over
    tau's prior.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    **asking
        The model's other choices: ``help("bayesmeta.sensitivity.ask")``.

    Returns
    -------
    DataFrame
        A row a parameter: ``statistic``, ``observed``, ``tail_probability``, its numerical
        ``error``, ``conflict`` (below 0.05), and ``note``: why there is no number, as where a
        prior has no total mass and predicts nothing.

    Raises
    ------
    ModelError, PriorError, StudiesError
        As `bayesmeta.fit`.

    References
    ----------
    Evans M, Moshonov H (2006). Checking for prior-data conflict. Bayesian Anal 1(4):893-914.
    Box GEP (1980). Sampling and Bayes' inference in scientific modelling and robustness. J R Stat
    Soc A 143:383-430.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import prior_data_conflict
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> prior_data_conflict(effects)["tail_probability"].round(2).to_dict()
    {'mu': 0.9, 'tau': 0.5}
    """
    import pandas as pd

    question = ask(effects, model, **asking)
    require_one_spread(question.assembly.model, "prior_data_conflict")
    assembly = question.assembly
    rows = [_row(assembly, name, column) for column, name in enumerate(assembly.coefficients)] + (
        [_row(assembly, schema.TAU, None)] if assembly.hyperparameters else []
    )
    table = pd.DataFrame(rows).set_index("parameter")
    table.attrs = attributes(question)
    return table


def _row(assembly: Assembly, name: str, column: int | None) -> dict[str, object]:
    note = _obstacle(assembly, column)
    if note:
        found = _Tail(np.nan, np.nan, np.nan)
    elif column is None:
        found = _heterogeneity(assembly)
    else:
        found = _coefficient(assembly, column)
    statistic = "residual Q" if column is None else "weighted least squares estimate"
    return {
        "parameter": name, "statistic": statistic, "observed": found.observed,
        "tail_probability": found.probability, "error": found.error,
        "conflict": bool(found.probability < _SURPRISING), "note": note,
    }  # fmt: skip


def _obstacle(assembly: Assembly, column: int | None) -> str:
    """Return why a statistic has no prior predictive distribution here; empty if it has."""
    names = [schema.TAU] if assembly.hyperparameters else []
    names += [] if column is None else [assembly.coefficients[column]]
    for name in names:
        if not is_proper(assembly.priors[name]):
            return f"{name} ~ {assembly.priors[name]} has no total mass and predicts nothing"
    if column is not None and not are_normal([assembly.priors[name] for name in names[-1:]]):
        return f"the prior on {names[-1]} is not normal"
    k, p = assembly.design.shape
    if column is None and (k <= p or k > _MOST):
        return f"Q needs more studies than coefficients and at most {_MOST}"
    return ""


def _coefficient(assembly: Assembly, column: int) -> _Tail:
    name = assembly.coefficients[column]
    prior = normals({name: assembly.priors[name]}, [name])
    smoother = _smoother(assembly)[column]
    observed = float(smoother @ assembly.effects.estimate)

    def probability(tau: FloatArray) -> FloatArray:
        variance = assembly.effects.standard_error**2 + tau[:, np.newaxis] ** 2
        spread = np.sqrt(1 / prior.precision[0] + variance @ smoother**2)
        both: FloatArray = 2 * ndtr(-np.abs(observed - prior.mean[0]) / spread)
        return both

    return _Tail(observed, *_over_tau(assembly, probability))


def _smoother(assembly: Assembly) -> FloatArray:
    """Return A of b = A y, shape (coefficient, study)."""
    weighted = assembly.design / assembly.effects.standard_error[:, np.newaxis] ** 2
    smoother: FloatArray = np.linalg.solve(assembly.design.T @ weighted, weighted.T)
    return smoother


def _heterogeneity(assembly: Assembly) -> _Tail:
    error = assembly.effects.standard_error
    k = error.size
    residual = np.eye(k) - assembly.design @ _smoother(assembly)
    root = residual / error[:, np.newaxis]
    observed = float(((root @ assembly.effects.estimate) ** 2).sum())
    freedom = k - assembly.design.shape[1]

    def above(tau: FloatArray) -> FloatArray:
        spread = np.sqrt(error**2 + tau[:, np.newaxis] ** 2)
        singular = np.linalg.svd(root * spread[:, np.newaxis], compute_uv=False)[:, :freedom]
        return survival(np.full(tau.size, observed), singular**2)

    upper, gap = _over_tau(assembly, above)
    return _Tail(observed, 2 * min(upper, 1 - upper), 2 * gap)


def _over_tau(assembly: Assembly, function: OfTau) -> tuple[float, float]:
    """Return the mean of a function over tau's prior, with what half the nodes change."""
    if not assembly.hyperparameters:
        return float(function(np.zeros(1))[0]), 0.0
    fine, coarse = (_mean(assembly, function, nodes) for nodes in (_NODES, _NODES // 2))
    gap = abs(fine - coarse)
    return float(probability(np.asarray(fine), tolerance=_DOUBTS * gap + _ROUNDING)), gap


def _mean(assembly: Assembly, function: OfTau, nodes: int) -> float:
    """Return the mean by Gauss-Legendre in the prior probability, ends drawn out by a cubic."""
    t, weight = np.polynomial.legendre.leggauss(nodes)
    # The smoothstep has no slope at the ends, where tau may be infinite.
    u = (1 + t) ** 2 * (2 - t) / 4
    slope = 3 * (1 - t**2) / 4
    tau = quantile(assembly.priors[schema.TAU], u)
    return float((weight * slope) @ function(tau))
