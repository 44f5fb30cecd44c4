"""Study effects that are Student-t around their centre: some may lie far out.

Given centre c, scale tau and nu degrees of freedom::

    theta     ~ StudentT(nu, c, tau)
    theta     ~ Normal(c, tau / sqrt(u))      u ~ Gamma(nu / 2, rate nu / 2)

tau is a scale: the standard deviation of study effects is tau * sqrt(nu / (nu - 2)), and there is
none up to nu = 2. The posterior mean of u, a study's weight, is small where the study is an
outlier.

References
----------
Baker R, Jackson D (2008). A new approach to outliers in meta-analysis. Health Care Manag Sci
11:121-131. Gelman A et al. (2013). Bayesian Data Analysis, 3rd ed., section 17.2.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Diagonal, Layout, Quantity, Rows, Values
from bayesmeta.errors import ModelError
from bayesmeta.parameters import Parameter, Role
from bayesmeta.random_effects import towards
from bayesmeta.random_effects.kernel import Scales
from bayesmeta.random_effects.normal import TAU
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

OUTSIDE = None
NORMAL = False
ROLES: tuple[ColumnRole, ...] = ()
KIND = ""
SPREAD = None
MARK = "relative_precision"
MARK_HEAD = "relative precision"
MIXING = ""
NU = "nu"
_DEGREES = 4.0
_INFINITE = 2.0
"""Up to so many degrees of freedom there is no variance."""

_STEP, _NARROW = 0.33, 2.2
"""Of the rule for log u: its step, and for large nu its step in standard deviations of log u."""
_RIGHT, _LEFT = 41.0, 28.0
"""Where exp(-x) is nothing, and how far left beyond the farthest deviation the rule reaches."""
_FARTHEST, _FAR, _DEGREES_FAR = 1e6, 1e4, 20.0
"""Deviations over tau, squared, up to which the rule serves: with few degrees, and with many."""
_ROUNDS = 40
_NORMAL = 1e6
"""From as many degrees on the distribution is the normal one, to one in as many."""


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return tau, the scale, and nu, the degrees of freedom: 4 unless a prior is given."""
    scale = replace(TAU, says="scale of the spread between studies")
    degrees = Parameter(
        NU,
        Role.HYPERPARAMETER,
        (0.0, np.inf),
        unit_power=0,
        says="degrees of freedom",
        default=Prior.fixed(_DEGREES),
    )
    return (scale, degrees)


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return the variance of each study effect around its centre."""
    return Diagonal(new_variance(values))


def kinds(layout: Layout) -> tuple[str, ...]:
    """Return one kind: all new studies are alike."""
    return ("",)


def new_variance(values: Values, kind: str = "") -> Quantity:
    """Return tau**2 * nu / (nu - 2); infinite up to nu = 2, but nothing where tau is.

    Examples
    --------
    >>> float(new_variance({"tau": 3.0, "nu": 4.0})), float(new_variance({"tau": 3.0, "nu": 2.0}))
    (18.0, inf)
    """
    tau, nu = (np.asarray(values[name], dtype=float) for name in (schema.TAU, NU))
    more = nu - _INFINITE
    ratio = np.where(more > 0, nu / np.where(more > 0, more, 1.0), np.inf)
    return np.where(tau > 0, tau, 0.0) ** 2 * np.where(tau > 0, ratio, 1.0)


def scales(values: Values) -> Scales:
    """Return normals at equal steps of log u, their weights summing to one to 1e-12.

    Examples
    --------
    >>> found = scales({"tau": np.array(1.0), "nu": np.array(4.0)})
    >>> normals = np.exp(found.log_weight - 0.5 * 3**2 / found.variance)
    >>> float((normals / np.sqrt(2 * np.pi * found.variance)).sum().round(10))
    0.0196934981
    """
    tau, nu = np.broadcast_arrays(np.asarray(values[schema.TAU], dtype=float), values[NU])
    half = np.minimum(nu, _NORMAL)[..., np.newaxis] / 2
    log_u, step = _nodes(nu)
    log_gamma = half * np.log(half) - gammaln(half) + half * (log_u - np.exp(log_u))
    return Scales(log_gamma + np.log(step), tau[..., np.newaxis] ** 2 * np.exp(-log_u))


def _nodes(nu: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return nodes of log u, as many for each nu, with their spacing, shape (..., node)."""
    nu = np.minimum(nu, _NORMAL)[..., np.newaxis]
    shape = (nu + 1) / 2
    step = np.minimum(_STEP, _NARROW * _STEP / np.sqrt(shape))
    # From above, where few rounds leave too much and not too little.
    right, bell = np.sqrt(2 * _RIGHT / shape) + _RIGHT / shape, _LEFT / shape + 1.0
    for _ in range(_ROUNDS):  # where the log of the integrand reaches a bound, each side
        right = np.log((_RIGHT / shape + 1 + right) * (nu + 1) / nu)
        bell = _LEFT / shape - np.expm1(-bell)
    far = np.minimum(_FARTHEST, _FAR + _FARTHEST * (_DEGREES_FAR / nu) ** 4)
    left = np.log1p(far / nu) + bell
    count = int(np.ceil(((left + right) / step).max()))
    width = (left + right) / count
    return -left + width * np.arange(count + 1), width


def variable_scales(values: Values, fixed: Mapping[str, float]) -> Scales:
    """Return normals at equal steps of log u, of a ``pm.Model``'s tau.

    Raises
    ------
    ModelError
        If nu is not fixed: how many normals there are depends on it.
    """
    if NU not in fixed:
        raise ModelError(
            "Student-t study effects are sampled beside a power of likelihoods where nu is a "
            'number: fix it, such as nu = 4, or use engine="exact".'
        )
    one = scales({schema.TAU: np.array(1.0), NU: np.array(fixed[NU])})
    return Scales(one.log_weight, values[schema.TAU] ** 2 * one.variance)


def log_kernel(deviation: FloatArray, values: Values) -> FloatArray:
    """Return the log density of a study effect's deviation from its centre."""
    tau, nu = (np.asarray(values[name], dtype=float) for name in (schema.TAU, NU))
    constant = gammaln((nu + 1) / 2) - gammaln(nu / 2) - 0.5 * np.log(nu * np.pi) - np.log(tau)
    return np.asarray(constant - (nu + 1) / 2 * np.log1p((deviation / tau) ** 2 / nu))


def mark(values: Values) -> FloatArray:
    """Return each component's u: a study's weight, small where it is an outlier."""
    return np.asarray(values[schema.TAU])[..., np.newaxis] ** 2 / scales(values).variance


def deviation(fixed: Mapping[str, float]) -> tuple[str, float]:
    """Return that tau is a scale, and the SD over it: sqrt(nu / (nu - 2)).

    Examples
    --------
    >>> said, ratio = deviation({"nu": 4.0})
    >>> said, round(ratio, 6)
    ('tau is the scale of Student-t study effects, not their SD', 1.414214)
    """
    said = "tau is the scale of Student-t study effects, not their SD"
    ratio = np.sqrt(new_variance({schema.TAU: 1.0, NU: fixed[NU]})) if NU in fixed else np.nan
    if NU not in fixed:
        return f"{said}, which is tau sqrt(nu / (nu - 2)) and infinite up to nu = 2", float("nan")
    return said, float(ratio)


def moments(values: Values, lower: Mapping[str, float]) -> float:
    """Return how many moments exist: all below nu, however small a prior lets it be."""
    nu = float(np.asarray(values[NU])) if NU in values else lower[NU]
    return float(np.ceil(nu) - 1)


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``.

    Parameters
    ----------
    centre
        Scalar, or shape (study,).
    centred
        Whether ``theta`` itself is sampled; otherwise its standardised deviations are, from the
        centre, or from where approximate estimates draw it.
    """
    import pymc as pm

    tau, nu = values[schema.TAU], values[NU]
    if centred:
        return pm.StudentT(schema.THETA, nu=nu, mu=centre, sigma=tau, dims=schema.STUDY)
    if towards.known(rows):
        own = towards.drawn(centre, tau, rows)
        student = pm.logp(pm.StudentT.dist(nu=nu, mu=0.0, sigma=1.0), own.deviation)
        pm.Potential("theta_prior", student + own.log_density, dims=schema.STUDY)
        return own.theta
    deviation = pm.StudentT("theta_deviation", nu=nu, mu=0.0, sigma=1.0, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, centre + tau * deviation, dims=schema.STUDY)


def new_study(
    centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
) -> FloatArray:
    """Draw effects of new studies, Student-t around their centres."""
    return centre + values[schema.TAU] * generator.standard_t(values[NU], centre.shape)
