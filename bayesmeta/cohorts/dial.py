"""The dials: how the answer moves while cohorts count for more or for less, every point exact."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import Assembly
from bayesmeta.cohorts.answers import Posed, effect
from bayesmeta.cohorts.question import Question
from bayesmeta.cohorts.tails.tailed import Tailed
from bayesmeta.cohorts.unbiased import unbiased
from bayesmeta.engines.coefficients import Fixed, forms, product
from bayesmeta.engines.integration import (
    further_axes,
    integrate_as,
    integrate_assembly,
    problem_of,
)
from bayesmeta.engines.quadrature import Integral, Problem, integrate
from bayesmeta.spec import Prior

POINTS = 30
"""Of each dial."""
_LEAST, _MOST = 0.02, 100.0
"""Between which the dial goes from the default's SD, with 0 and infinity beyond."""
_COLUMNS = ("mean", "sd", "median", "lower", "upper", "p_benefit", "p_beyond", "cohort_share",
            "error", "tau_median")  # fmt: skip


def default_sds(question: Question, points: int = POINTS) -> FloatArray:
    """Return standard deviations of the bias: 0, equal ratios around the own one, infinity."""
    between = question.bias_sd * np.geomspace(_LEAST, _MOST, points - 2)
    return np.concatenate([[0.0], between, [np.inf]])


def dial_over_bias(
    question: Question, sds: Sequence[float] | FloatArray, *, spread: str | None = None
) -> pd.DataFrame:
    """Return the effect in trials by the bias's SD u: 0 pools the designs, infinity parts them.

    Parameters
    ----------
    sds
        At least 0; infinity is a flat prior.
    spread
        How cohorts' effects spread, if not as the question has it.
    """
    own = spread in (None, question.spreads["design-bias"])  # what it knows already serves
    asked = question if own else replace(question, spread=spread)
    values = np.asarray(sds, dtype=float)
    rows = [numbers_of(posed, question) for posed in _over_bias(asked, values)]
    return dial_table(rows, "u", values)


def _over_bias(question: Question, sds: FloatArray) -> Iterator[Posed]:
    assembly = question.biased
    if np.all(sds > 0) and _is_plain(assembly):
        yield Posed.of(assembly, _batch(assembly, sds))
        return
    inner = np.flatnonzero(sds > 0)
    if inner.size and _is_plain(assembly) and not np.any(sds[inner[0] :] == 0):
        for _ in range(inner[0]):
            yield _pooled(question)
        yield Posed.of(assembly, _batch(assembly, sds[inner]))
        return
    for sd in sds.tolist():
        yield biased_by(question, sd)


def biased_by(question: Question, sd: float) -> Posed:
    """Return the posterior under one standard deviation of the bias, 0 and infinity included."""
    if sd == 0:
        return _pooled(question)
    own = question.biased
    prior = _prior(question, sd)
    changed = replace(own, priors={**own.priors, "bias": prior})
    return Posed.of(changed, integrate_as(changed, question.integral))


def _prior(question: Question, sd: float) -> Prior:
    if np.isinf(sd):
        return Prior("flat")
    return Prior("Normal", {"mu": question.bias_mean, "sigma": sd})


def _pooled(question: Question) -> Posed:
    """Return the posterior where the bias is the mean of its prior."""
    own = unbiased(question)
    return Posed.of(own, integrate_as(own, question.integral))


def _is_plain(assembly: Assembly) -> bool:
    """Return whether one array call serves all points: one tau, and normal coefficients."""
    found = forms(list(assembly.coefficient_priors.values()), assembly.coefficients)
    single = all(isinstance(form, Fixed) and form.exact.mean.size == 1 for form in found)
    return single and not further_axes(assembly)


def _batch(assembly: Assembly, sds: FloatArray) -> Integral:
    problem = _problem(assembly)
    precision = np.repeat(problem.prior_precision, sds.size, axis=0)
    precision[:, 0, -1] = sds**-2
    return integrate(replace(problem, prior_precision=precision))


def _problem(assembly: Assembly) -> Problem:
    found = forms(list(assembly.coefficient_priors.values()), assembly.coefficients)
    return problem_of(assembly, product([form.normals() for form in found]))


def dial_over_power(question: Question, powers: Sequence[float] | FloatArray) -> pd.DataFrame:
    """Return the effect in trials by the power of the cohorts' likelihood.

    At 1 designs are pooled; 0 takes cohorts out of mu and of tau alike.
    """
    values = np.asarray(powers, dtype=float)
    rows = [numbers_of(posed, question) for posed in _over_power(question, values)]
    return dial_table(rows, "power", values)


def dial_table(
    rows: Sequence[dict[str, FloatArray]], dial: str, values: FloatArray
) -> pd.DataFrame:
    """Return points of a dial as a table, with the columns that all of them have."""
    names = [name for name in _COLUMNS if name in rows[0]]
    columns = {name: np.concatenate([row[name] for row in rows]) for name in names}
    return pd.DataFrame({dial: values, **columns})


def _over_power(question: Question, powers: FloatArray) -> Iterator[Posed]:
    own = question.powered
    if not _is_plain(own):
        for power in powers.tolist():
            yield powered_by(question, power)
        return
    cohort = question.cohort
    mask = 1 - cohort + cohort * powers[:, np.newaxis]
    yield Posed.of(own, integrate(replace(_problem(own), mask=mask)))


def powered_by(question: Question, power: float) -> Posed:
    """Return the posterior under one power of the cohorts' likelihood."""
    own = question.powered
    changed = replace(own, fixed={**own.fixed, "power": float(power)})
    return Posed.of(changed, integrate_assembly(changed))


def numbers_of(posed: Posed, question: Question) -> dict[str, FloatArray]:
    """Return what a point of a dial says: of the effect in trials, and of tau where it is free."""
    found = effect(posed, question)
    if schema.TAU not in posed.assembly.fixed and _has_distribution(posed):
        found["tau_median"] = np.atleast_1d(posed.integral.heterogeneity().median())
    return found


def _has_distribution(posed: Posed) -> bool:
    return isinstance(posed.integral, Tailed) or posed.mixture.path is not None
