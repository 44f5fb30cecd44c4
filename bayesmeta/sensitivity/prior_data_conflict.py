"""Whether the data are where the priors said they would be."""

from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Unpack

import numpy as np
from scipy.special import ndtr

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.covariance import Covariance, Diagonal
from bayesmeta.frequentist.chi_squares import survival
from bayesmeta.measures.effects import Effects
from bayesmeta.mixtures.probabilities import probability
from bayesmeta.priors import is_proper, quantile
from bayesmeta.refits.normals import are_normal, normals
from bayesmeta.sensitivity.answerable import require_few, require_one_likelihood
from bayesmeta.sensitivity.posing import Asking, ask
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd

_NODES = (1, 128, 32, 16, 8)
"""An axis, by the number of hyperparameters."""
_SURPRISING = 0.05
_DOUBTS, _ROUNDING = 10.0, 1e-9
"""A probability outside 0 to 1 by more than so many errors is none."""
_MOST = (400, 400, 100, 60, 60)
"""Studies up to which Q's distribution, k eigenvalues a node, is worth its time."""


type OfCovariance = Callable[[Covariance], FloatArray]
"""A number at each node, of the covariance of the estimates there."""


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
    tau's prior; where there are several hyperparameters over all of theirs, and Q, which none of
    them has for itself, is a row of all standard deviations.

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
    ModelError
        If rows have powers of their own, or may be biased, or there are more than four
        hyperparameters; and as `bayesmeta.fit`.
    PriorError, StudiesError
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
    assembly = question.assembly
    require_one_likelihood(assembly, "prior_data_conflict")
    require_few(assembly, "prior_data_conflict", most=len(_NODES) - 1)
    rows = [_row(assembly, name, column) for column, name in enumerate(assembly.coefficients)]
    spreads = [item.name for item in assembly.hyperparameters if item.unit_power]
    rows += [_row(assembly, ", ".join(spreads), None)] if spreads else []
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
    names = [item.name for item in assembly.hyperparameters]
    names += [] if column is None else [assembly.coefficients[column]]
    for name in names:
        if not is_proper(assembly.priors[name]):
            return f"{name} ~ {assembly.priors[name]} has no total mass and predicts nothing"
    if column is not None and not are_normal([assembly.priors[name] for name in names[-1:]]):
        return f"the prior on {names[-1]} is not normal"
    k, p = assembly.design.shape
    most = _MOST[len(assembly.hyperparameters)]
    if column is None and (k <= p or k > most):
        return f"Q needs more studies than coefficients and at most {most}"
    return ""


def _coefficient(assembly: Assembly, column: int) -> _Tail:
    name = assembly.coefficients[column]
    prior = normals({name: assembly.priors[name]}, [name])
    smoother = _smoother(assembly)[column]
    observed = float(smoother @ assembly.effects.estimate)

    def probability(covariance: Covariance) -> FloatArray:
        variance = np.asarray(covariance.times(smoother) @ smoother)
        spread = np.sqrt(1 / prior.precision[0] + variance)
        both: FloatArray = 2 * ndtr(-np.abs(observed - prior.mean[0]) / spread)
        return both

    return _Tail(observed, *_over_priors(assembly, probability))


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

    def above(covariance: Covariance) -> FloatArray:
        weights = _weights(covariance, root)[:, :freedom]
        return survival(np.full(len(weights), observed), weights)

    upper, gap = _over_priors(assembly, above)
    return _Tail(observed, 2 * min(upper, 1 - upper), 2 * gap)


def _weights(covariance: Covariance, root: FloatArray) -> FloatArray:
    """Return the eigenvalues of root V root', the largest first, shape (node, study)."""
    if isinstance(covariance, Diagonal):
        spread = np.sqrt(covariance.variance)[:, np.newaxis]
        return np.asarray(np.linalg.svd(root * spread, compute_uv=False) ** 2)
    every = root @ np.asarray(covariance.matrix(len(root))) @ root.T
    return np.asarray(np.maximum(np.linalg.eigvalsh(every)[:, ::-1], 0.0))


def _over_priors(assembly: Assembly, function: OfCovariance) -> tuple[float, float]:
    """Return the mean over the hyperparameters' priors, with what half the nodes change."""
    nodes = _NODES[len(assembly.hyperparameters)]
    fine = _mean(assembly, function, nodes)
    gap = abs(fine - _mean(assembly, function, max(nodes // 2, 1)))
    return float(probability(np.asarray(fine), tolerance=_DOUBTS * gap + _ROUNDING)), gap


def _mean(assembly: Assembly, function: OfCovariance, nodes: int) -> float:
    """Return the mean by Gauss-Legendre in the prior probabilities, ends drawn out by a cubic."""
    t, weight = np.polynomial.legendre.leggauss(nodes)
    # The smoothstep has no slope at the ends, where tau may be infinite.
    u = (1 + t) ** 2 * (2 - t) / 4
    weight = weight * 3 * (1 - t**2) / 4
    names = [item.name for item in assembly.hyperparameters]
    each = [quantile(assembly.priors[name], u, assembly.context) for name in names]
    share = np.array([np.prod(one) for one in product(weight, repeat=len(names))])
    points = np.array(list(product(*each))).reshape(share.size, len(names))
    values = {name: points[:, [place]] for place, name in enumerate(names)}
    return float(share @ function(_at(assembly, values)))


def _at(assembly: Assembly, values: Mapping[str, FloatArray]) -> Covariance:
    """Return the covariance at each node, with an axis of nodes where all is fixed, too."""
    fixed = {name: np.array([[value]]) for name, value in assembly.constants.items()}
    found = assembly.parts.covariance({**fixed, **values}, assembly.rows)
    return Diagonal(np.atleast_2d(found.variance)) if isinstance(found, Diagonal) else found
