"""The numbers that refits are compared by, each with its error."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.mixtures import Distribution
from bayesmeta.refits.batch import Mixed, Part, Refits
from bayesmeta.sensitivity.question import Question

type Columns = dict[str, FloatArray]


def effect_columns(refits: Refits, question: Question) -> Columns:
    """Return estimate (median), sd, interval and P(benefit) of the quantity, each with error."""
    return _stacked(
        refits.gather(lambda part: _effect(question, asked_of(part, question))),
        ("estimate", "sd", "lower", "upper", "p_benefit"),
    )


def new_study_columns(refits: Refits, question: Question) -> Columns:
    """Return sd, prediction interval and P(benefit) in a new study, each with error.

    NaN for a slope, which no study has for itself.
    """
    names = ("pi_sd", "pi_lower", "pi_upper", "p_benefit_new")
    if not question.has_new_study:
        return _stacked(np.full((refits.size, 2, len(names)), np.nan), names)

    def function(part: Part) -> FloatArray:
        return _effect(question, part.new_study(question.row, question.kind))[:, :, 1:]

    return _stacked(refits.gather(function), names)


def heterogeneity_columns(refits: Refits, question: Question) -> Columns:
    """Return the median, interval and sd of tau, each with error."""
    names = ("tau", "tau_lower", "tau_upper", "tau_sd")
    if not question.assembly.hyperparameters:
        return _stacked(np.zeros((refits.size, 2, len(names))), names)
    p = np.array([0.5, 0.5 - question.interval / 2, 0.5 + question.interval / 2])

    def function(part: Part) -> FloatArray:
        tau = part.heterogeneity(question.assembly.hyperparameters[0].name)
        spread = pair(tau.sd(), tau.coarse().sd())[..., np.newaxis]
        return np.concatenate([quantiles(tau, p), spread], axis=-1)

    return _stacked(refits.gather(function), names)


def heterogeneity_median(refits: Refits, question: Question) -> Columns:
    """Return the median of tau, with its error."""
    if not question.assembly.hyperparameters:
        return _stacked(np.zeros((refits.size, 2, 1)), ("tau",))
    p = np.array([0.5])
    return _stacked(
        refits.gather(
            lambda part: quantiles(part.heterogeneity(question.assembly.hyperparameters[0].name), p)
        ),
        ("tau",),
    )


def p_benefit(refits: Refits, question: Question) -> FloatArray:
    """Return P(benefit), shape (refit,)."""
    return refits.gather(lambda part: benefit(question, asked_of(part, question)))


def benefit_and_end(refits: Refits, question: Question) -> FloatArray:
    """Return P(benefit), and the end of the interval on the other side, shape (refit, 2)."""
    tail = question.interval / 2 if question.benefit == "lower" else -question.interval / 2

    def function(part: Part) -> FloatArray:
        found = asked_of(part, question)
        return np.stack([benefit(question, found), found.quantile(0.5 + tail)], axis=-1)

    return refits.gather(function)


def benefit(question: Question, found: Distribution) -> FloatArray:
    """Return the probability of benefit under each of a batch; nan where nothing is benefit."""
    below = found.cdf(np.nan_to_num(question.null)) + 0 * question.null
    return below if question.benefit == "lower" else 1 - below


def asked_of(part: Part, question: Question) -> Mixed:
    """Return the posteriors of the quantity that is asked about."""
    if question.new_study:
        return part.new_study(question.row, question.kind)
    return part.combination(question.row)


def _effect(question: Question, found: Distribution) -> FloatArray:
    """Return values and errors, shape (refit, 2, number)."""
    p = np.array([0.5, 0.5 - question.interval / 2, 0.5 + question.interval / 2])
    at = quantiles(found, p)
    coarse = found.coarse()
    moments = pair(found.sd(), coarse.sd())
    tails = pair(benefit(question, found), benefit(question, coarse))
    return np.stack([at[..., 0], moments, at[..., 1], at[..., 2], tails], axis=-1)


def pair(fine: FloatArray, coarse: FloatArray) -> FloatArray:
    """Return values with what halving the quadrature step changed, shape (..., 2)."""
    with np.errstate(invalid="ignore"):
        return np.stack([fine, np.abs(fine - coarse)], axis=-1)


def quantiles(found: Distribution, p: FloatArray) -> FloatArray:
    """Return quantiles and their errors, shape (refit, 2, q).

    The error is what the coarse rule misses p by, over the density.
    """
    x = np.asarray(found.quantile(p))
    missed = np.abs(found.coarse().cdf(x) - p)
    return np.stack([x, missed / np.maximum(found.density(x), np.finfo(float).tiny)], axis=-2)


def _stacked(values: FloatArray, names: tuple[str, ...]) -> Columns:
    columns = {name: values[:, 0, column] for column, name in enumerate(names)}
    return columns | {f"{name}_error": values[:, 1, column] for column, name in enumerate(names)}


def interleaved(columns: Mapping[str, FloatArray]) -> Columns:
    """Return columns with all errors after all values."""
    errors = [name for name in columns if name.endswith("_error")]
    return {name: columns[name] for name in [*(n for n in columns if n not in errors), *errors]}
