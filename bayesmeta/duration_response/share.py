"""How much of the variance between studies goes with the duration."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.duration_response.cloud import Cloud
from bayesmeta.duration_response.deviating import variance as spread_variance
from bayesmeta.duration_response.draws import Draws
from bayesmeta.duration_response.question import Question
from bayesmeta.duration_response.weeks import Durations

type Shares = Mapping[str, tuple[float, FloatArray]]
"""By shape: its probability, and draws of the share, shape (repeat, draw)."""


def drawn_shares(cloud: Cloud, durations: Durations, drawn: list[Draws]) -> Shares:
    """Return draws of V / (V + tau²): V is the variance of the curve over the studies' durations.

    Between 0 and 1, and 0 where the effect does not differ by duration. In the place of tau²
    stands the variance of study effects where tau is not their SD; nan where they have none.

    References
    ----------
    Gelman A, Goodrich B, Gabry J, Vehtari A (2019). R-squared for Bayesian regression models. Am
    Stat 73:307-309, with the variance between studies in the place of the residual's.
    """
    return {one.part.curves.shape: (one.share, _shares(one, cloud, durations)) for one in drawn}


def _shares(one: Draws, cloud: Cloud, durations: Durations) -> FloatArray:
    variance = np.array([part.var(axis=1) for part in one.moving(cloud, durations)])
    whole = variance + spread_variance(one.spread, cloud.law)
    found: FloatArray = np.divide(variance, whole, out=np.zeros_like(whole), where=whole > 0)
    return np.where(np.isinf(whole), np.nan, found)


def share_row(shares: Shares, question: Question, shape: str | None = None) -> dict[str, float]:
    """Return median and interval of the share, averaged over the shapes or of one of them.

    ``variance_share_median, variance_share_lower, variance_share_upper, variance_share_error``;
    the last is the largest Monte Carlo standard error.
    """
    chosen = [shares[shape]] if shape is not None else list(shares.values())
    total = sum(share for share, _ in chosen)
    weight = np.concatenate([np.full(part.shape[1], share / total / part.shape[1])
                             for share, part in chosen])  # fmt: skip
    values = np.concatenate([part for _, part in chosen], axis=1)
    each = np.array([_quantiles(row, weight, question.ends) for row in values])
    size = len(values)
    whole = _quantiles(values.ravel(), np.tile(weight, size) / size, question.ends)
    error = float(each.std(axis=0, ddof=1).max() / np.sqrt(size))
    lower, median, upper = map(float, whole)
    names = ("median", "lower", "upper", "error")
    return {f"variance_share_{name}": value
            for name, value in zip(names, (median, lower, upper, error), strict=True)}  # fmt: skip


def _quantiles(values: FloatArray, weight: FloatArray, p: FloatArray) -> FloatArray:
    """Return quantiles of weighted draws; weights sum to one."""
    order = np.argsort(values)
    place = np.searchsorted(np.cumsum(weight[order]), p)
    return np.asarray(values[order][np.minimum(place, values.size - 1)])
