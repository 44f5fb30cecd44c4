"""A bias that each cohort may have, one of its own, with a probability that is the share.

Given the variance T of study effects and i = 1 for cohorts, with b one a cohort::

    theta     ~ Normal(c, T + i * b * u**2)      b ~ Bernoulli(share)      bias ~ Normal(0, u)

With c cohorts there are 2**c cases of who is biased, and given one the model is normal; a share
with a beta prior integrates out of their probabilities in closed form.

References
----------
Verde PE (2021). A bias-corrected meta-analysis model for combining studies of different types and
quality. Biom J 63:406-422. doi:10.1002/bimj.201900376
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import betaln, xlog1py, xlogy

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.biases.none import coefficient_prior, draw_bias, moved
from bayesmeta.biases.odds import chance, log_mixed, wider
from bayesmeta.biases.parameter import BIAS, BIAS_SD, SHARE
from bayesmeta.biases.part import Patterns
from bayesmeta.covariance import Layout, Quantity, Rows, Values
from bayesmeta.covariance.designs import ROLES
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.parameters import Parameter
from bayesmeta.priors import normal
from bayesmeta.spec import Prior

__all__ = [
    "CERTAIN",
    "COEFFICIENTS",
    "LATENT",
    "ROLES",
    "coefficient_prior",
    "constants",
    "draw_bias",
    "expected",
    "log_correction",
    "log_density",
    "moved",
    "parameters",
    "patterns",
    "probability",
    "variance",
]

CERTAIN = False
COEFFICIENTS: tuple[Parameter, ...] = ()
LATENT = (BIAS,)
_INDICATOR = "biased["
MOST_COHORTS = 10
"""Cohorts whose cases are all summed over: 1024 of them."""


def parameters(layout: Layout) -> tuple[Parameter, ...]:
    """Return the share of cohorts that are biased."""
    return (SHARE,)


def constants(priors: Mapping[str, Prior]) -> dict[str, float]:
    """Return the standard deviation of a cohort's own bias.

    Raises
    ------
    PriorError
        If its prior is no normal one around 0.
    """
    if schema.BIAS not in priors:
        return {}
    found = normal(priors[schema.BIAS])
    if found is None or found.is_flat or found.mean != 0:
        raise PriorError(
            f"priors: bias ~ {priors[schema.BIAS]}: what each cohort may have of its own is "
            "normal around 0; write Normal(mu=0, sigma=...), or take the model design-bias."
        )
    return {BIAS_SD: found.sd}


def variance(values: Values, rows: Rows) -> Quantity:
    """Return the bias's variance where the indicators say that there is one."""
    if not any(name.startswith(_INDICATOR) for name in values):
        return 0.0  # in a graph, where it is integrated out
    place = np.arange(rows.marks[schema.IS_COHORT].size)
    each = [values[name] * (place == row) for name, row in _indicators(rows.layout).items()]
    found: Quantity = values[BIAS_SD] ** 2 * sum(each)
    return found


def _indicators(layout: Layout) -> dict[str, int]:
    cohorts = np.flatnonzero(layout.marks[schema.IS_COHORT])
    return {f"{_INDICATOR}{row}]": row for row in cohorts.tolist()}


def patterns(
    layout: Layout, priors: Mapping[str, Prior], fixed: Mapping[str, float]
) -> Patterns | None:
    """Return every case of which cohorts are biased.

    Raises
    ------
    ModelError
        If there are too many cohorts.
    PriorError
        If the share has a prior other than a beta one.
    """
    names = tuple(_indicators(layout))
    if len(names) > MOST_COHORTS:
        raise ModelError(
            f"There are {len(names)} cohorts, each biased or not: 2**{len(names)} cases. The exact "
            f"engine sums over those of at most {MOST_COHORTS}, or row by row where one tau is all "
            'of the heterogeneity; use engine="nuts", the spread common, or one bias that all '
            "share or none (shared_bias)."
        )
    cases = ((np.arange(2 ** len(names))[:, np.newaxis] >> np.arange(len(names))) & 1).astype(float)
    biased = cases.sum(axis=1)
    none = np.empty(0)
    if SHARE.name in fixed:
        share = fixed[SHARE.name]
        log_weight = xlogy(biased, share) + xlog1py(len(names) - biased, -share)
        return Patterns(names, cases, log_weight, none, none)
    alpha, beta = _beta(priors[SHARE.name])
    after = np.asarray(alpha + biased), np.asarray(beta + len(names) - biased)
    log_weight = np.asarray(betaln(*after) - betaln(alpha, beta))
    return Patterns(names, cases, log_weight, *after, SHARE.name)


def _beta(prior: Prior) -> tuple[float, float]:
    if prior.distribution == "Beta":
        alpha, beta = (prior.parameters[name] for name in ("alpha", "beta"))
        return float(alpha), float(beta)  # type: ignore[arg-type]  # checked to be numbers
    ends = [prior.parameters.get(name) for name in ("lower", "upper")]
    if prior.distribution == "Uniform" and ends == [0, 1]:
        return 1.0, 1.0
    raise PriorError(
        f"priors: share ~ {prior}: the exact engine takes a number or Beta(alpha=..., beta=...); "
        'use engine="nuts".'
    )


def expected(
    values: Values, rows: Rows, shape: tuple[int, ...], generator: np.random.Generator
) -> dict[str, FloatArray]:
    """Draw who is biased before there are data."""
    there = generator.random(shape) < values[SHARE.name]
    return {name: there[..., row, np.newaxis].astype(float)
            for name, row in _indicators(rows.layout).items()}  # fmt: skip


def log_correction(
    residual: Quantity, bias: Quantity, variance: Quantity, values: Values, rows: Rows
) -> Quantity | None:
    """Return the log likelihood of the mixture, less that of no bias."""
    log_ratio = wider(residual, variance, values[BIAS_SD] ** 2)
    found: Quantity = (
        rows.marks[schema.IS_COHORT] * log_mixed(values[SHARE.name], log_ratio)
    ).sum()
    return found


def log_density(residual: FloatArray, variance: Quantity, values: Values, rows: Rows) -> FloatArray:
    """Return the log density of residuals by row, that of a mixture for cohorts."""
    mixed = log_mixed(values[SHARE.name], wider(residual, variance, values[BIAS_SD] ** 2))
    plain = -0.5 * (residual**2 / variance + np.log(2 * np.pi * variance))
    return np.asarray(plain + rows.marks[schema.IS_COHORT] * mixed)


def probability(
    residual: FloatArray, bias: FloatArray, variance: Quantity, values: Values, rows: Rows
) -> FloatArray | None:
    """Return the probability that each study is biased, given all else; 0 for trials."""
    found = chance(values[SHARE.name], wider(residual, variance, values[BIAS_SD] ** 2))
    return rows.marks[schema.IS_COHORT] * found
