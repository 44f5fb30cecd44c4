"""Waiting-time distributions: exponential, gamma, inverse gamma, Weibull, Lomax."""

from collections.abc import Mapping

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.positive import Standard, light, scale_family
from bayesmeta.priors.traits import Graph, Kind, Tail, Variable

_MANY = 50.0


def _times(factor: FloatArray, logarithm: FloatArray) -> FloatArray:
    """Return factor * logarithm, with 0 * -inf = 0: x**0 is 1 at 0."""
    return np.where(np.asarray(factor) == 0, 0.0, factor * logarithm)


def _exponential_log_density(z: FloatArray, log_z: FloatArray) -> FloatArray:
    return -z


def _exponential_cdf(z: FloatArray) -> FloatArray:
    return -np.expm1(-z)


def _exponential_survival(z: FloatArray) -> FloatArray:
    return np.exp(-z)


def _exponential_quantile(p: FloatArray) -> FloatArray:
    return -np.log1p(-p)


def _exponential_canonical(
    *, lam: FloatArray | None = None, scale: FloatArray | None = None
) -> Mapping[str, FloatArray]:
    return {"scale": np.asarray(scale if lam is None else 1 / np.asarray(lam), dtype=np.float64)}


def _gamma_log_density(z: FloatArray, log_z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return _times(alpha - 1, log_z) - z - special.gammaln(alpha)


def _gamma_of_log(z: FloatArray, log_z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    # By the deviance from the mode: for a large shape the terms themselves cancel.
    away = log_z - np.log(alpha)
    peaked = _stirling(alpha) - alpha * (np.expm1(away) - away)
    return np.where(np.asarray(alpha) > 1, peaked, alpha * log_z - z - special.gammaln(alpha))


def _stirling(alpha: FloatArray) -> FloatArray:
    """Return alpha log(alpha) - alpha - log Gamma(alpha), by its series where that cancels."""
    small = np.minimum(alpha, _MANY)
    square = alpha**-2.0
    series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / alpha
    few = small * np.log(small) - small - special.gammaln(small)
    return np.where(np.asarray(alpha) > _MANY, 0.5 * np.log(alpha / (2 * np.pi)) - series, few)


def _gamma_cdf(z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return special.gammainc(alpha, z)


def _gamma_survival(z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return special.gammaincc(alpha, z)


def _gamma_quantile(p: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return special.gammaincinv(alpha, p)


def _gamma_canonical(
    *,
    alpha: FloatArray | None = None,
    beta: FloatArray | None = None,
    mu: FloatArray | None = None,
    sigma: FloatArray | None = None,
) -> Mapping[str, FloatArray]:
    if alpha is not None:
        return {"alpha": np.asarray(alpha), "scale": 1 / np.asarray(beta)}
    mean, sd = np.asarray(mu), np.asarray(sigma)
    return {"alpha": (mean / sd) ** 2, "scale": sd * (sd / mean)}


def _inverse_log_density(z: FloatArray, log_z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    # exp(-log(z)), not 1 / z, so that a z that underflows still has its density.
    value = -(alpha + 1) * log_z - np.exp(-log_z) - special.gammaln(alpha)
    return np.where(np.exp(-log_z) == np.inf, -np.inf, value)


def _inverse_of_log(z: FloatArray, log_z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return _gamma_of_log(np.exp(-log_z), -log_z, alpha=alpha)


def _inverse_cdf(z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return special.gammaincc(alpha, 1 / z)


def _inverse_survival(z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return special.gammainc(alpha, 1 / z)


def _inverse_quantile(p: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return 1 / special.gammainccinv(alpha, p)


def _weibull_log_density(z: FloatArray, log_z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return np.log(alpha) + _times(alpha - 1, log_z) - np.exp(alpha * log_z)


def _weibull_of_log(z: FloatArray, log_z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return np.log(alpha) + alpha * log_z - np.exp(alpha * log_z)


def _weibull_cdf(z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return -np.expm1(-(z**alpha))


def _weibull_survival(z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return np.exp(-(z**alpha))


def _weibull_quantile(p: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return (-np.log1p(-p)) ** (1 / alpha)


def _lomax_log_density(z: FloatArray, log_z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return np.log(alpha) - (alpha + 1) * np.logaddexp(0, log_z)


def _lomax_of_log(z: FloatArray, log_z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    falls = np.where(log_z > 0, -alpha * log_z, log_z)
    return np.log(alpha) + falls - (alpha + 1) * np.log1p(np.exp(-np.abs(log_z)))


def _lomax_cdf(z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return -np.expm1(-alpha * np.log1p(z))


def _lomax_survival(z: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return np.exp(-alpha * np.log1p(z))


def _lomax_quantile(p: FloatArray, *, alpha: FloatArray) -> FloatArray:
    return np.expm1(-np.log1p(-p) / alpha)


def _lomax_graph(x: Variable, *, alpha: Variable, scale: Variable) -> Variable:
    import pytensor.tensor as pt

    return pt.log(alpha / scale) - (alpha + 1) * pt.log1p(x / scale)


def _lomax_draws(*, alpha: Variable, scale: Variable, size: Variable) -> Variable:
    import pymc as pm
    import pytensor.tensor as pt

    return scale * pt.expm1(pm.Exponential.dist(lam=alpha, size=size))


def _lomax_start(*, alpha: Variable, scale: Variable) -> Variable:
    return scale * (2 ** (1 / alpha) - 1)  # the median


EXPONENTIAL = scale_family(
    "Exponential",
    Standard(
        _exponential_log_density, _exponential_cdf, _exponential_survival, _exponential_quantile
    ),
    scale="scale",
    kinds={"lam": Kind.RATE, "scale": Kind.SCALE},
    forms=(("lam",), ("scale",)),
    canonical=_exponential_canonical,
    tail=light,
)
GAMMA = scale_family(
    "Gamma",
    Standard(_gamma_log_density, _gamma_cdf, _gamma_survival, _gamma_quantile, _gamma_of_log),
    scale="scale",
    kinds={"alpha": Kind.SHAPE, "beta": Kind.RATE, "mu": Kind.SCALE, "sigma": Kind.SCALE},
    forms=(("alpha", "beta"), ("mu", "sigma")),
    canonical=_gamma_canonical,
    tail=light,
)
INVERSE_GAMMA = scale_family(
    "InverseGamma",
    Standard(
        _inverse_log_density, _inverse_cdf, _inverse_survival, _inverse_quantile, _inverse_of_log
    ),
    scale="beta",
    kinds={"alpha": Kind.SHAPE},
    tail=lambda alpha: Tail(float(alpha) + 1),
)
WEIBULL = scale_family(
    "Weibull",
    Standard(
        _weibull_log_density, _weibull_cdf, _weibull_survival, _weibull_quantile, _weibull_of_log
    ),
    scale="beta",
    kinds={"alpha": Kind.SHAPE},
    tail=light,
)
LOMAX = scale_family(
    "Lomax",
    Standard(_lomax_log_density, _lomax_cdf, _lomax_survival, _lomax_quantile, _lomax_of_log),
    scale="scale",
    kinds={"alpha": Kind.SHAPE},
    tail=lambda alpha: Tail(float(alpha) + 1),
    graph=Graph(_lomax_graph, _lomax_draws, _lomax_start),
)
