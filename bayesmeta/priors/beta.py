"""The beta distribution of a share, between 0 and 1."""

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.family import Family
from bayesmeta.priors.traits import LIGHT, Functions, Kind, Support, Tail


def _log_density(
    x: FloatArray, log_x: FloatArray, *, alpha: FloatArray, beta: FloatArray
) -> FloatArray:
    inside = special.xlogy(alpha - 1, x) + special.xlog1py(beta - 1, -x)
    outside = (x < 0) | (x > 1)
    return np.where(outside, -np.inf, inside - special.betaln(alpha, beta))


def _cdf(x: FloatArray, *, alpha: FloatArray, beta: FloatArray) -> FloatArray:
    return special.betainc(alpha, beta, np.clip(x, 0.0, 1.0))


def _survival(x: FloatArray, *, alpha: FloatArray, beta: FloatArray) -> FloatArray:
    return special.betaincc(alpha, beta, np.clip(x, 0.0, 1.0))


def _quantile(p: FloatArray, *, alpha: FloatArray, beta: FloatArray) -> FloatArray:
    return special.betaincinv(alpha, beta, p)


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
