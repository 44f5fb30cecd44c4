"""Half distributions on the positive line: normal, Student t, Cauchy, logistic."""

import math

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray
from bayesmeta.priors.positive import Standard, light, scale_family
from bayesmeta.priors.student import log_constant, log_root
from bayesmeta.priors.traits import Graph, Kind, Tail, Variable

_LOG_2 = math.log(2)
_ROOT_2 = math.sqrt(2)
_LOG_NORMAL = math.log(2 / math.pi) / 2
_LOG_CAUCHY = math.log(2 / math.pi)
_LOG_T = math.log(4 / math.pi) / 2
_MEDIAN = 0.5


def _normal_log_density(z: FloatArray, log_z: FloatArray) -> FloatArray:
    return _LOG_NORMAL - 0.5 * z**2


def _normal_cdf(z: FloatArray) -> FloatArray:
    return special.erf(z / _ROOT_2)


def _normal_survival(z: FloatArray) -> FloatArray:
    return special.erfc(z / _ROOT_2)


def _normal_quantile(p: FloatArray) -> FloatArray:
    return _ROOT_2 * special.erfinv(p)


def _t_log_density(z: FloatArray, log_z: FloatArray, *, nu: FloatArray) -> FloatArray:
    return _LOG_2 + log_constant(nu) - (nu + 1) * log_root(z, log_z, nu=nu)


def _t_of_log(z: FloatArray, log_z: FloatArray, *, nu: FloatArray) -> FloatArray:
    # log(z) - (nu + 1) log_root without the sum where z is large: there it falls as z**-nu.
    square = z**2 / nu
    far = -nu * log_z + (nu + 1) / 2 * (np.log(nu) - np.log1p(1 / square))
    near = log_z - (nu + 1) / 2 * np.log1p(square)
    return _LOG_2 + log_constant(nu) + np.where(square > 1, far, near)


def _t_cdf(z: FloatArray, *, nu: FloatArray) -> FloatArray:
    # Either form cancels where the other does not.
    below = special.betainc(0.5, nu / 2, 1 / (1 + nu / z**2))
    return np.where(z**2 < nu, below, 1 - _t_survival(z, nu=nu))


def _t_survival(z: FloatArray, *, nu: FloatArray) -> FloatArray:
    return 2 * special.stdtr(nu, -z)


def _t_quantile(p: FloatArray, *, nu: FloatArray) -> FloatArray:
    # The t quantile cancels near its median; the beta quantile does not.
    share = special.betaincinv(0.5, nu / 2, np.minimum(p, _MEDIAN))
    upper = np.abs(special.stdtrit(nu, (1 - p) / 2))
    return np.where(p < _MEDIAN, np.sqrt(nu * share / (1 - share)), upper)


# PyMC 6.4 takes log(2) in single precision in these two, 2e-9 off.
def _t_graph(x: Variable, *, nu: Variable, sigma: Variable) -> Variable:
    import pytensor.tensor as pt

    constant = pt.gammaln((nu + 1) / 2) - pt.gammaln(nu / 2) - pt.log(nu) / 2
    root = pt.log1p((x / sigma) ** 2 / nu) / 2
    return constant + _LOG_T - pt.log(sigma) - (nu + 1) * root


def _cauchy_graph(x: Variable, *, beta: Variable) -> Variable:
    import pytensor.tensor as pt

    return _LOG_CAUCHY - pt.log(beta) - pt.log1p((x / beta) ** 2)


def _cauchy_log_density(z: FloatArray, log_z: FloatArray) -> FloatArray:
    return _LOG_CAUCHY - 2 * log_root(z, log_z, nu=1.0)


def _cauchy_cdf(z: FloatArray) -> FloatArray:
    return 2 / np.pi * np.arctan(z)


def _cauchy_survival(z: FloatArray) -> FloatArray:
    return 2 / np.pi * np.arctan2(1.0, z)


def _cauchy_quantile(p: FloatArray) -> FloatArray:
    return np.where(p < 1, np.tan(math.pi / 2 * p), np.inf)


def _logistic_log_density(z: FloatArray, log_z: FloatArray) -> FloatArray:
    softplus: FloatArray = np.logaddexp(0, -z)
    return _LOG_2 - z - 2 * softplus


def _logistic_cdf(z: FloatArray) -> FloatArray:
    return np.tanh(z / 2)


def _logistic_survival(z: FloatArray) -> FloatArray:
    return 2 * special.expit(-z)


def _logistic_quantile(p: FloatArray) -> FloatArray:
    return 2 * np.arctanh(p)


def _logistic_graph(x: Variable, *, scale: Variable) -> Variable:
    import pytensor.tensor as pt

    return pt.log(2 / scale) - x / scale - 2 * pt.softplus(-x / scale)


def _logistic_draws(*, scale: Variable, size: Variable) -> Variable:
    import pymc as pm

    return pm.math.abs(pm.Logistic.dist(mu=0.0, s=scale, size=size))


def _logistic_start(*, scale: Variable) -> Variable:
    return scale * math.log(3)  # the median


HALF_NORMAL = scale_family(
    "HalfNormal",
    Standard(_normal_log_density, _normal_cdf, _normal_survival, _normal_quantile),
    scale="sigma",
    tail=light,
)
HALF_STUDENT_T = scale_family(
    "HalfStudentT",
    Standard(_t_log_density, _t_cdf, _t_survival, _t_quantile, _t_of_log),
    scale="sigma",
    kinds={"nu": Kind.SHAPE},
    tail=lambda nu: Tail(float(nu) + 1),
    graph=Graph(_t_graph),
)
HALF_CAUCHY = scale_family(
    "HalfCauchy",
    Standard(_cauchy_log_density, _cauchy_cdf, _cauchy_survival, _cauchy_quantile),
    scale="beta",
    tail=lambda: Tail(2.0),
    graph=Graph(_cauchy_graph),
)
HALF_LOGISTIC = scale_family(
    "HalfLogistic",
    Standard(_logistic_log_density, _logistic_cdf, _logistic_survival, _logistic_quantile),
    scale="scale",
    tail=light,
    graph=Graph(_logistic_graph, _logistic_draws, _logistic_start),
)
