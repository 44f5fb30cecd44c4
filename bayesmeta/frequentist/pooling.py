"""Pool the studies of one meta-analysis the classical way."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bayesmeta.arrays import FloatArray
from bayesmeta.errors import ModelError
from bayesmeta.frequentist.entry import as_data
from bayesmeta.frequentist.estimators import ESTIMATORS, classical
from bayesmeta.frequentist.fit import Fit
from bayesmeta.frequentist.inference import TESTS, infer
from bayesmeta.frequentist.variance_intervals import VARIANCE_INTERVALS
from bayesmeta.frequentist.weighting import Data, q, trace, weigh
from bayesmeta.measures.effects import Effects
from bayesmeta.within import within

_USUAL = "Q-profile"
"""The interval of a variance that `pool` tells."""


class _Common(NamedTuple):
    """What all rows of one table share."""

    interval: float
    Q: float
    typical_variance: float
    tau2_lower: float
    tau2_upper: float


def pool(
    effects: Effects | ArrayLike,
    variance: ArrayLike | None = None,
    design: ArrayLike | None = None,
    *,
    method: str = "REML",
    test: str = "z",
    interval: float = 0.95,
) -> Fit:
    """Return one classical fit.

    With one study (or as many coefficients as studies) the common effect is whole; every other
    method keeps its coefficients, while tau2 and what rests on it are not numbers. With two
    studies all estimators of tau2 exist, Knapp-Hartung has one degree of freedom, and the
    Higgins-Thompson-Spiegelhalter interval has none.

    Parameters
    ----------
    effects, variance
        `Effects`; or estimates and sampling variances, shape (study,).
    design
        Shape (study, coefficient), for meta-regression; a column of ones where absent.
    method
        ``"CE"``, ``"DL"``, ``"HE"``, ``"HS"``, ``"SJ"``, ``"ML"``, ``"REML"``, ``"EB"``,
        ``"PM"`` or ``"DL2"``.
    test
        ``"z"`` (Wald), ``"t"``, ``"knha"`` (Knapp-Hartung) or ``"adhoc"`` (the same, never
        narrower than Wald with t).
    interval
        Level of the intervals.

    Raises
    ------
    StudiesError, ModelError
        If the arrays, the design, the names or the level cannot be used.

    Examples
    --------
    Normand (1999), length of stay in days, k = 9:

    >>> estimate = [-20, -2, -55, -71, -4, 1, 11, -10, 7]
    >>> variance = [40.5080, 2.0806, 15.6984, 150.2222, 17.3077, 1.1673, 94.5891, 6.3109, 19.8423]
    >>> stay = pool(estimate, variance, method="DL")
    >>> f"{stay.mu:.2f} ({stay.lower[0]:.2f} to {stay.upper[0]:.2f}), tau2 {stay.tau2:.1f}"
    '-13.98 (-24.03 to -3.93), tau2 205.4'
    """
    data = as_data(effects, variance, design)
    _check(data, method, test, interval=interval)
    return _fit(data, _common(data, interval), method, test=test)


def rows(
    effects: Effects | ArrayLike,
    design: ArrayLike | None = None,
    *,
    variance: ArrayLike | None = None,
    interval: float = 0.95,
) -> list[Fit]:
    """Return the nine classical fits with Wald intervals, then with Knapp-Hartung's.

    Parameters
    ----------
    effects, design, variance, interval
        As for `pool`.

    Examples
    --------
    >>> [fit.name for fit in rows([1.0, 2.0, 4.0], variance=[1.0, 1.0, 1.0])][8:11]
    ['PM', 'CE+HKSJ', 'DL+HKSJ']
    """
    data = as_data(effects, variance, design)
    _check(data, "CE", "z", interval=interval)
    common = _common(data, interval)
    tau2 = {method: between_study_variance(data, method) for method in classical()}
    return [
        _assemble(data, common, tau2[method], method=method, test=test)
        for test in ("z", "knha")
        for method in tau2
    ]


def between_study_variance(data: Data, method: str) -> FloatArray:
    """Return tau2, shape of the batch; nan where no study is to spare."""
    if data.spare or method == "CE":
        return ESTIMATORS[method](data)
    return np.full(data.estimate.shape[:-1], np.nan)


def require_estimator(method: str) -> None:
    """Raise unless there is an estimator of that name.

    Raises
    ------
    ModelError
        If there is none.
    """
    if method not in ESTIMATORS:
        raise ModelError(f"No estimator {method!r}; there are: {', '.join(ESTIMATORS)}.")


def _check(data: Data, method: str, test: str, *, interval: float) -> None:
    """Raise unless the choices can be made with these data."""
    require_estimator(method)
    if test not in TESTS:
        raise ModelError(f"No test {test!r}; there are: {', '.join(TESTS)}.")
    if not within(interval, 0, 1):
        raise ModelError(f"Interval level {interval!r}; it must lie between 0 and 1.")


def _common(data: Data, interval: float) -> _Common:
    """Return what does not depend on the estimator."""
    fit = weigh(data, 0.0)
    typical = data.spare / float(trace(fit)) if data.spare else math.nan
    lower, upper = VARIANCE_INTERVALS[_USUAL](data, interval)
    return _Common(interval, float(q(fit)) if data.spare else 0.0, typical, lower, upper)


def _fit(data: Data, common: _Common, method: str, *, test: str) -> Fit:
    tau2 = between_study_variance(data, method)
    return _assemble(data, common, tau2, method=method, test=test)


def _assemble(data: Data, common: _Common, tau2: FloatArray, *, method: str, test: str) -> Fit:
    """Return the fit at an estimated between-study variance."""
    inference = infer(data, tau2, test)
    homogeneous = method == "CE"
    return Fit(
        method=method, test=test, interval=common.interval, k=data.k,
        coefficients=inference.coefficients, unscaled=inference.covariance,
        scale=float(inference.reference.scale),
        degrees_of_freedom=inference.reference.degrees_of_freedom,
        mu=float(inference.mu), mu_unscaled=float(inference.mu_variance),
        tested=data.design.tested, explained=float(inference.explained), tau2=float(tau2),
        tau2_lower=math.nan if homogeneous else common.tau2_lower,
        tau2_upper=math.nan if homogeneous else common.tau2_upper,
        typical_variance=common.typical_variance, Q=common.Q,
    )  # fmt: skip
