"""The uniform distribution between two bounds."""

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.family import Family
from bayesmeta.priors.traits import LIGHT, Functions, Kind, Support, Tail


def _log_density(
    x: FloatArray, log_x: FloatArray, *, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    outside = (x < lower) | (x > upper)
    return np.where(outside, -np.inf, -np.log(np.asarray(upper) - lower))


def _cdf(x: FloatArray, *, lower: FloatArray, upper: FloatArray) -> FloatArray:
    return (np.clip(x, lower, upper) - lower) / (np.asarray(upper) - lower)


def _survival(x: FloatArray, *, lower: FloatArray, upper: FloatArray) -> FloatArray:
    return (upper - np.clip(x, lower, upper)) / (np.asarray(upper) - lower)


def _quantile(p: FloatArray, *, lower: FloatArray, upper: FloatArray) -> FloatArray:
    return lower + p * (np.asarray(upper) - lower)


def _support(*, lower: float, upper: float) -> Support:
    return (float(lower), float(upper))


def _tail(*, lower: float, upper: float) -> Tail:
    return LIGHT


def _complaint(*, lower: float, upper: float) -> str:
    if not np.all(np.isfinite([lower, upper])):
        return "the bounds of a uniform distribution are finite"
    return "" if lower < upper else "lower must be below upper"


UNIFORM = Family(
    name="Uniform",
    kinds={"lower": Kind.BOUND, "upper": Kind.BOUND},
    forms=(("lower", "upper"),),
    suits=frozenset({"tau", "mu", "share", "correlation"}),
    functions=Functions(_log_density, _cdf, _survival, _quantile),
    support=_support,
    tail=_tail,
    complaint=_complaint,
    level=True,
)
