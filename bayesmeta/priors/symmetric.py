"""Symmetric distributions on the whole line, with their exponentials on the positive line."""

import math

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.family import Argument, Family
from bayesmeta.priors.positive import SUITS_TAU, Standard, light, positive_line
from bayesmeta.priors.student import log_constant, log_root
from bayesmeta.priors.traits import Bell, Functions, Graph, Kind, Support, Tail, Variable

_LOG_NORMAL = -math.log(2 * math.pi) / 2
_LOG_CAUCHY = -math.log(math.pi)
_MEDIAN = 0.5

SUITS_MU = frozenset({"mu"})


def _normal_log_density(z: FloatArray, log_z: FloatArray) -> FloatArray:
    return _LOG_NORMAL - 0.5 * z**2


def _normal_survival(z: FloatArray) -> FloatArray:
    return special.ndtr(-z)


def _t_log_density(z: FloatArray, log_z: FloatArray, *, nu: FloatArray) -> FloatArray:
    return log_constant(nu) - (nu + 1) * log_root(z, log_z, nu=nu)


def _t_cdf(z: FloatArray, *, nu: FloatArray) -> FloatArray:
    return special.stdtr(nu, z)


def _t_survival(z: FloatArray, *, nu: FloatArray) -> FloatArray:
    return special.stdtr(nu, -z)


def _t_quantile(p: FloatArray, *, nu: FloatArray) -> FloatArray:
    inside = special.stdtrit(nu, np.clip(p, np.finfo(np.float64).tiny, None))
    return np.where(p == 0, -np.inf, np.where(p == 1, np.inf, inside))


def _cauchy_log_density(z: FloatArray, log_z: FloatArray) -> FloatArray:
    return _LOG_CAUCHY - 2 * log_root(z, log_z, nu=1.0)


def _cauchy_cdf(z: FloatArray) -> FloatArray:
    return np.arctan2(1.0, -z) / np.pi


def _cauchy_survival(z: FloatArray) -> FloatArray:
    return np.arctan2(1.0, z) / np.pi


def _cauchy_quantile(p: FloatArray) -> FloatArray:
    # The cotangent is exact near its own zero only; mirror the upper half onto the lower.
    tail = 1 / np.tan(np.pi * np.minimum(p, 1 - p))
    return np.where(p == _MEDIAN, 0.0, np.where(p < _MEDIAN, -tail, tail))


NORMAL_STANDARD = Standard(_normal_log_density, special.ndtr, _normal_survival, special.ndtri)
T_STANDARD = Standard(_t_log_density, _t_cdf, _t_survival, _t_quantile)
CAUCHY_STANDARD = Standard(_cauchy_log_density, _cauchy_cdf, _cauchy_survival, _cauchy_quantile)


def _whole_line(**_: Argument) -> Support:
    return (-np.inf, np.inf)


def _shifted(standard: Standard, location: str, scale: str) -> Functions:
    """Return the functions of x = location + scale * z."""

    def split(parameters: dict[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
        return parameters.pop(location), parameters.pop(scale)

    def log_density(x: FloatArray, log_x: FloatArray, **shapes: FloatArray) -> FloatArray:
        centre, size = split(shapes)
        z = np.abs(x - centre) / size
        value = standard.log_density(z, np.log(z), **shapes) - np.log(size)
        return np.where(np.isinf(x), -np.inf, value)

    def cdf(x: FloatArray, **shapes: FloatArray) -> FloatArray:
        centre, size = split(shapes)
        return standard.cdf((x - centre) / size, **shapes)

    def survival(x: FloatArray, **shapes: FloatArray) -> FloatArray:
        centre, size = split(shapes)
        return standard.survival((x - centre) / size, **shapes)

    def quantile(p: FloatArray, **shapes: FloatArray) -> FloatArray:
        centre, size = split(shapes)
        return centre + size * standard.quantile(p, **shapes)

    return Functions(log_density, cdf, survival, quantile)


def _exponentiated(standard: Standard) -> Functions:
    """Return the functions of x = exp(mu + sigma * z)."""
    inner = _shifted(standard, "mu", "sigma")

    def log_density(x: FloatArray, log_x: FloatArray, **parameters: FloatArray) -> FloatArray:
        value = inner.log_density(log_x, log_x, **parameters) - log_x
        # At x = 0 the limit: a power of log(x) loses against 1 / x, a normal density wins.
        heavy = np.inf if "nu" in parameters else -np.inf
        value = np.where(log_x == -np.inf, heavy, value)
        return np.where((x < 0) | (log_x == np.inf), -np.inf, value)

    def cdf(x: FloatArray, **parameters: FloatArray) -> FloatArray:
        return inner.cdf(np.log(np.maximum(x, 0)), **parameters)

    def survival(x: FloatArray, **parameters: FloatArray) -> FloatArray:
        return inner.survival(np.log(np.maximum(x, 0)), **parameters)

    def quantile(p: FloatArray, **parameters: FloatArray) -> FloatArray:
        return np.exp(inner.quantile(p, **parameters))

    def of_log(log_x: FloatArray, **parameters: FloatArray) -> FloatArray:
        return inner.log_density(log_x, log_x, **parameters)

    return Functions(log_density, cdf, survival, quantile, of_log)


def _log_student_graph(x: Variable, *, nu: Variable, mu: Variable, sigma: Variable) -> Variable:
    import pymc as pm
    import pytensor.tensor as pt

    return pm.logp(pm.StudentT.dist(nu=nu, mu=mu, sigma=sigma), pt.log(x)) - pt.log(x)


def _log_student_draws(*, nu: Variable, mu: Variable, sigma: Variable, size: Variable) -> Variable:
    import pymc as pm
    import pytensor.tensor as pt

    return pt.exp(pm.StudentT.dist(nu=nu, mu=mu, sigma=sigma, size=size))


def _log_student_start(*, nu: Variable, mu: Variable, sigma: Variable) -> Variable:
    import pytensor.tensor as pt

    return pt.exp(mu)  # the median


def _power_tail(*, nu: float, **_: float) -> Tail:
    return Tail(float(nu) + 1)


def _cauchy_tail(**_: float) -> Tail:
    return Tail(2.0)


def _log_t_tail(*, nu: float, **_: float) -> Tail:
    # As 1 / x, yet with a finite integral: log(x)**-(nu + 1) sees to that.
    return Tail(1.0, float(nu) + 1)


def _normal_bell(*, mu: float, sigma: float) -> Bell:
    return Bell(float(mu), float(sigma))


def _t_bell(*, nu: float, mu: float, sigma: float) -> Bell:
    return Bell(float(mu), float(sigma), float(nu))


def _cauchy_bell(*, alpha: float, beta: float) -> Bell:
    return Bell(float(alpha), float(beta), 1.0)


NORMAL = Family(
    name="Normal",
    kinds={"mu": Kind.LOCATION, "sigma": Kind.SCALE},
    forms=(("mu", "sigma"),),
    suits=SUITS_MU,
    functions=_shifted(NORMAL_STANDARD, "mu", "sigma"),
    support=_whole_line,
    tail=light,
    bell=_normal_bell,
)
STUDENT_T = Family(
    name="StudentT",
    kinds={"nu": Kind.SHAPE, "mu": Kind.LOCATION, "sigma": Kind.SCALE},
    forms=(("nu", "mu", "sigma"),),
    suits=SUITS_MU,
    functions=_shifted(T_STANDARD, "mu", "sigma"),
    support=_whole_line,
    tail=_power_tail,
    bell=_t_bell,
)
CAUCHY = Family(
    name="Cauchy",
    kinds={"alpha": Kind.LOCATION, "beta": Kind.SCALE},
    forms=(("alpha", "beta"),),
    suits=SUITS_MU,
    functions=_shifted(CAUCHY_STANDARD, "alpha", "beta"),
    support=_whole_line,
    tail=_cauchy_tail,
    bell=_cauchy_bell,
)
LOG_NORMAL = Family(
    name="LogNormal",
    kinds={"mu": Kind.LOG_LOCATION, "sigma": Kind.SHAPE},
    forms=(("mu", "sigma"),),
    suits=SUITS_TAU,
    functions=_exponentiated(NORMAL_STANDARD),
    support=positive_line,
    tail=light,
)
LOG_STUDENT_T = Family(
    name="LogStudentT",
    kinds={"nu": Kind.SHAPE, "mu": Kind.LOG_LOCATION, "sigma": Kind.SHAPE},
    forms=(("nu", "mu", "sigma"),),
    suits=SUITS_TAU,
    functions=_exponentiated(T_STANDARD),
    support=positive_line,
    tail=_log_t_tail,
    graph=Graph(_log_student_graph, _log_student_draws, _log_student_start),
)
