"""The numbers that NUTS refits are compared by, each with its Monte Carlo error."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from bayesmeta.assembly import Assembly
from bayesmeta.engines.answering import moments_of
from bayesmeta.engines.moments import Moments
from bayesmeta.refits.sampled import (
    MESSAGES,
    OK,
    Row,
    SampledRefit,
    refit_sampled,
)
from bayesmeta.refits.sampler import Sampler
from bayesmeta.sensitivity.question import Question
from bayesmeta.summaries.monte_carlo import mcse_mean
from bayesmeta.summaries.sampled import Draws

if TYPE_CHECKING:
    import pandas as pd

_ERROR = "_error"
_VARIANCE = 2  # moments that a standard deviation needs


def effect(refit: SampledRefit, question: Question) -> Row:
    """Return estimate (median), sd, interval and P(benefit) of the quantity, each with error."""
    found = Draws(refit.combination(question.row, new_study=question.new_study))
    names = {"estimate": "median", "sd": "sd", "lower": "lower", "upper": "upper"}
    row = _statistics(found, question, names) | _benefit(found, question, "p_benefit")
    if not _has_variance(refit, question, new_study=question.new_study):
        row |= {"sd": np.inf, "sd_error": np.nan}
    return row


def new_study(refit: SampledRefit, question: Question) -> Row:
    """Return sd, prediction interval and P(benefit) in a new study, each with error.

    NaN for a slope, which no study has for itself.
    """
    names = ("pi_sd", "pi_lower", "pi_upper", "p_benefit_new")
    if not question.has_new_study:
        return {f"{name}{ending}": np.nan for name in names for ending in ("", _ERROR)}
    found = Draws(refit.combination(question.row, new_study=True))
    numbers = {"pi_sd": "sd", "pi_lower": "lower", "pi_upper": "upper"}
    row = _statistics(found, question, numbers) | _benefit(found, question, "p_benefit_new")
    if not _has_variance(refit, question, new_study=True):
        row |= {"pi_sd": np.inf, "pi_sd_error": np.nan}
    return row


def heterogeneity(refit: SampledRefit, question: Question) -> Row:
    """Return the median, interval and sd of tau, each with error; 0 for a common effect."""
    names = {"tau": "median", "tau_lower": "lower", "tau_upper": "upper", "tau_sd": "sd"}
    if not refit.assembly.hyperparameters:
        return {f"{name}{ending}": 0.0 for name in names for ending in ("", _ERROR)}
    row = _statistics(Draws(refit.tau), question, names)
    if _moments(refit).tau < _VARIANCE:
        row |= {"tau_sd": np.inf, "tau_sd_error": np.nan}
    return row


def prediction(refit: SampledRefit, question: Question, study: int) -> Row:
    """Return elpd and PIT of a study that did not take part, each with error.

    Its predictive density is averaged over the draws, the study's effect integrated out::

        elpd = log mean Normal(y | x b, sqrt(s**2 + tau**2))

    Parameters
    ----------
    study
        Its row in the full table.
    """
    whole = question.assembly
    spread = np.sqrt(whole.effects.standard_error[study] ** 2 + refit.tau**2)
    z = (whole.effects.estimate[study] - refit.coefficients @ whole.design[study]) / spread
    log_density = -0.5 * z**2 - np.log(spread) - 0.5 * np.log(2 * np.pi)
    largest = float(log_density.max())
    density = np.exp(log_density - largest)  # scaled, so that none underflows
    mean, pit = float(density.mean()), ndtr(z)
    return {
        "elpd": largest + float(np.log(mean)), "pit": float(pit.mean()),
        "elpd_error": float(mcse_mean(density)) / mean, "pit_error": float(mcse_mean(pit)),
    }  # fmt: skip


def sampled_table(
    refits: Mapping[str, Assembly], index: "pd.Index", *, question: Question, sampler: Sampler
) -> "pd.DataFrame":
    """Return a row a refit: the quantity, the same in a new study, and tau, with errors."""

    def numbers(_: str, refit: SampledRefit) -> Row:
        found = effect(refit, question) | new_study(refit, question)
        return found | heterogeneity(refit, question)

    return table_of(refit_sampled(refits, sampler, numbers), index)


def table_of(rows: Sequence[Row], index: "pd.Index") -> "pd.DataFrame":
    """Return rows as a table: values, then their errors, then ``ok`` and ``messages``."""
    import pandas as pd

    table = pd.DataFrame(rows, index=index)
    last = [OK, MESSAGES]
    errors = [name for name in table if str(name).endswith(_ERROR)]
    values = [name for name in table if name not in [*errors, *last]]
    return table[[*values, *errors, *last]].astype({OK: "boolean"})


def _statistics(found: Draws, question: Question, names: dict[str, str]) -> Row:
    values, errors = found.statistics(question.interval), found.errors(question.interval)
    row: Row = {name: float(getattr(values, own)) for name, own in names.items()}
    return row | {f"{name}{_ERROR}": float(getattr(errors, own)) for name, own in names.items()}


def _benefit(found: Draws, question: Question, name: str) -> Row:
    """Return P(benefit); where every draw agrees, its error is that of one draw that does not."""
    if np.isnan(question.null):
        return {name: np.nan, f"{name}{_ERROR}": np.nan}
    below = float(found.cdf(np.asarray(question.null)))
    error = float(found.cdf_error(np.asarray(question.null)))
    share = below if question.benefit == "lower" else 1 - below
    return {name: share, f"{name}{_ERROR}": max(error, 1 / found.pooled.size)}


def _has_variance(refit: SampledRefit, question: Question, *, new_study: bool) -> bool:
    """Return whether the quantity has a variance; no draws could tell."""
    found = _moments(refit).combination(question.row, new_study=new_study)
    return bool(found >= _VARIANCE)


def _moments(refit: SampledRefit) -> Moments:
    return moments_of(refit.assembly)
