"""Distributions made of others: truncated, or a mixture."""

from typing import Any

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.family import Density, Family
from bayesmeta.priors.inversion import invert
from bayesmeta.priors.traits import LIGHT, Functions, Kind, Support, Tail

type Weights = tuple[FloatArray, ...]
type Members = tuple[Density, ...]

_ALL = frozenset({"tau", "mu", "share", "correlation"})
_ROUNDING = 1e-9  # weights such as 1/3 written with few digits still sum to 1 to this


def _mass(dist: Density, lower: FloatArray, upper: FloatArray) -> FloatArray:
    """Return the probability between two points, exact in either tail."""
    below, above = dist.cdf(lower), dist.survival(lower)
    return np.where(below < above, dist.cdf(upper) - below, above - dist.survival(upper))


def _truncated_log_density(
    x: FloatArray, log_x: FloatArray, *, dist: Density, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    value = dist.log_density_both(x, log_x) - np.log(_mass(dist, lower, upper))
    return np.where((x < lower) | (x > upper), -np.inf, value)


def _truncated_of_log(
    log_x: FloatArray, *, dist: Density, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    value = dist.log_density_of_log(log_x) - np.log(_mass(dist, lower, upper))
    outside = (log_x < np.log(np.maximum(lower, 0))) | (log_x > np.log(upper))
    return np.where(outside, -np.inf, value)


def _truncated_cdf(
    x: FloatArray, *, dist: Density, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    return _mass(dist, lower, np.clip(x, lower, upper)) / _mass(dist, lower, upper)


def _truncated_survival(
    x: FloatArray, *, dist: Density, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    return _mass(dist, np.clip(x, lower, upper), upper) / _mass(dist, lower, upper)


def _truncated_quantile(
    p: FloatArray, *, dist: Density, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    def cdf(x: FloatArray) -> FloatArray:
        return _truncated_cdf(x, dist=dist, lower=lower, upper=upper)

    return np.where(p < 1, np.clip(invert(cdf, p), lower, upper), upper)


def _truncated_support(*, dist: Density, lower: float, upper: float) -> Support:
    inner = dist.support()
    return (max(inner[0], float(lower)), min(inner[1], float(upper)))


def _truncated_tail(*, dist: Density, lower: float, upper: float) -> Tail:
    return dist.tail() if upper == np.inf else LIGHT


def _truncated_complaint(*, dist: Density, lower: float, upper: float) -> str:
    if not lower < upper:
        return "lower must be below upper"
    if not _mass(dist, np.asarray(lower), np.asarray(upper)) > 0:
        return f"{dist.family.name} has no mass between the bounds"
    return ""


def log_mass(member: Density) -> FloatArray:
    """Return the log of what a truncated distribution keeps of the whole."""
    parameters: dict[str, Any] = {**TRUNCATED.defaults, **member.parameters}
    return np.log(_mass(parameters["dist"], parameters["lower"], parameters["upper"]))


def _mixture_log_density(
    x: FloatArray, log_x: FloatArray, *, w: Weights, comp_dists: Members
) -> FloatArray:
    parts = [
        np.log(share) + member.log_density_both(x, log_x)
        for share, member in zip(w, comp_dists, strict=True)
    ]
    return np.asarray(np.logaddexp.reduce(np.broadcast_arrays(*parts)))


def _mixture_of_log(log_x: FloatArray, *, w: Weights, comp_dists: Members) -> FloatArray:
    parts = [
        np.log(share) + member.log_density_of_log(log_x)
        for share, member in zip(w, comp_dists, strict=True)
    ]
    return np.asarray(np.logaddexp.reduce(np.broadcast_arrays(*parts)))


def _mixture_cdf(x: FloatArray, *, w: Weights, comp_dists: Members) -> FloatArray:
    pairs = zip(w, comp_dists, strict=True)
    return sum((share * member.cdf(x) for share, member in pairs), start=np.zeros(()))


def _mixture_survival(x: FloatArray, *, w: Weights, comp_dists: Members) -> FloatArray:
    pairs = zip(w, comp_dists, strict=True)
    return sum((share * member.survival(x) for share, member in pairs), start=np.zeros(()))


def _mixture_quantile(p: FloatArray, *, w: Weights, comp_dists: Members) -> FloatArray:
    def cdf(x: FloatArray) -> FloatArray:
        return _mixture_cdf(x, w=w, comp_dists=comp_dists)

    lower, upper = _mixture_support(w=w, comp_dists=comp_dists)
    return np.where(p < 1, np.maximum(invert(cdf, p), lower), upper)


def _mixture_support(*, w: Weights, comp_dists: Members) -> Support:
    lower, upper = zip(*(member.support() for member in comp_dists), strict=True)
    return (min(lower), max(upper))


def _mixture_tail(*, w: Weights, comp_dists: Members) -> Tail:
    return min(member.tail() for member in comp_dists)


def _mixture_complaint(*, w: Weights, comp_dists: Members) -> str:
    if len(w) != len(comp_dists):
        return f"there are {len(w)} weights for {len(comp_dists)} distributions"
    total = float(np.sum(w))
    return "" if abs(total - 1) < _ROUNDING else f"the weights sum to {total:.12g}, not to 1"


TRUNCATED = Family(
    name="Truncated",
    kinds={"dist": Kind.PRIOR, "lower": Kind.BOUND, "upper": Kind.BOUND},
    forms=(("dist", "lower", "upper"),),
    defaults={"lower": -np.inf, "upper": np.inf},
    suits=_ALL,
    functions=Functions(
        _truncated_log_density,
        _truncated_cdf,
        _truncated_survival,
        _truncated_quantile,
        _truncated_of_log,
    ),
    support=_truncated_support,
    tail=_truncated_tail,
    complaint=_truncated_complaint,
)
MIXTURE = Family(
    name="Mixture",
    kinds={"w": Kind.WEIGHTS, "comp_dists": Kind.PRIORS},
    forms=(("w", "comp_dists"),),
    suits=_ALL,
    functions=Functions(
        _mixture_log_density, _mixture_cdf, _mixture_survival, _mixture_quantile, _mixture_of_log
    ),
    support=_mixture_support,
    tail=_mixture_tail,
    complaint=_mixture_complaint,
)
