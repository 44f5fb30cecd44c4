"""The beta distribution, of a share between 0 and 1."""

import numpy as np
from scipy.special import betainc, betaincc, betaincinv, betaln, xlog1py, xlogy

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.family import Family
from bayesmeta.priors.traits import LIGHT, Functions, Kind, Support, Tail


def _log_density(
    x: FloatArray, log_x: FloatArray, *, alpha: FloatArray, beta: FloatArray
) -> FloatArray:
    inside = (x >= 0) & (x <= 1)
    near = np.where(inside, x, 0.5)
    value = xlogy(alpha - 1, near) + xlog1py(beta - 1, -near) - betaln(alpha, beta)
    return np.where(inside, value, -np.inf)


def _cdf(x: FloatArray, *, alpha: FloatArray, beta: FloatArray) -> FloatArray:
    return np.asarray(betainc(alpha, beta, np.clip(x, 0.0, 1.0)))


def _survival(x: FloatArray, *, alpha: FloatArray, beta: FloatArray) -> FloatArray:
    return np.asarray(betaincc(alpha, beta, np.clip(x, 0.0, 1.0)))


def _quantile(p: FloatArray, *, alpha: FloatArray, beta: FloatArray) -> FloatArray:
    return np.asarray(betaincinv(alpha, beta, p))


def _support(*, alpha: float, beta: float) -> Support:
    return (0.0, 1.0)


def _tail(*, alpha: float, beta: float) -> Tail:
    return LIGHT


BETA = Family(
    name="Beta",
    kinds={"alpha": Kind.SHAPE, "beta": Kind.SHAPE},
    forms=(("alpha", "beta"),),
    suits=frozenset({"share"}),
    functions=Functions(_log_density, _cdf, _survival, _quantile),
    support=_support,
    tail=_tail,
)
