"""Study effects that are normal around their centre.

Given centre c, between-study standard deviation tau, and an estimate y with standard error s::

    theta     ~ Normal(c, tau)
    y         ~ Normal(theta, s)
    y         ~ Normal(c, sqrt(s**2 + tau**2))                    theta integrated out

References
----------
Gelman A et al. (2013). Bayesian Data Analysis, 3rd ed., section 5.4.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Diagonal, Layout, Quantity, Rows, Values
from bayesmeta.parameters import POSITIVE, Parameter, Role, Usual
from bayesmeta.random_effects import towards
from bayesmeta.random_effects.kernel import Scales

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

OUTSIDE = None
NORMAL = True
ROLES: tuple[ColumnRole, ...] = ()
KIND = ""
SPREAD = schema.TAU
MARK = ""
MARK_HEAD = ""
MIXING = ""

TAU = Parameter(
    schema.TAU,
    Role.HYPERPARAMETER,
    POSITIVE,
    says="SD between studies",
    default=Usual.SPREAD,
)


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return tau, the between-study standard deviation."""
    return (TAU,)


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return tau**2 for each study.

    Examples
    --------
    >>> covariance({"tau": 4.0}, Rows(standard_error=3.0))
    Diagonal(variance=16.0)
    """
    return Diagonal(values[schema.TAU] ** 2)


def kinds(layout: Layout) -> tuple[str, ...]:
    """Return one kind: all new studies are alike."""
    return ("",)


def new_variance(values: Values, kind: str = "") -> Quantity:
    """Return tau**2."""
    return values[schema.TAU] ** 2


def scales(values: Values) -> Scales:
    """Return one normal of variance tau**2."""
    tau = np.asarray(values[schema.TAU])[..., np.newaxis]
    return Scales(np.zeros_like(tau), tau**2)


def variable_scales(values: Values, fixed: Mapping[str, float]) -> Scales:
    """Return one normal, of a ``pm.Model``'s variables."""
    import pytensor.tensor as pt

    return Scales(np.zeros(1), pt.stack([values[schema.TAU] ** 2]))


def log_kernel(deviation: FloatArray, values: Values) -> FloatArray:
    """Return the log density of a study effect's deviation from its centre."""
    tau = np.asarray(values[schema.TAU])
    return np.asarray(-0.5 * (deviation / tau) ** 2 - np.log(tau) - 0.5 * np.log(2 * np.pi))


def mark(values: Values) -> FloatArray:
    """Return 1 for the one component."""
    return np.ones((*np.shape(values[schema.TAU]), 1))


def deviation(fixed: Mapping[str, float]) -> tuple[str, float]:
    """Return nothing to say: tau is the SD of study effects."""
    return "", 1.0


def moments(values: Values, lower: Mapping[str, float]) -> float:
    """Return infinity: all moments exist given tau."""
    return np.inf


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

    tau = values[schema.TAU]
    if centred:
        return pm.Normal(schema.THETA, centre, tau, dims=schema.STUDY)
    if towards.known(rows):
        own = towards.drawn(centre, tau, rows)
        normal = pm.logp(pm.Normal.dist(0.0, 1.0), own.deviation)
        pm.Potential("theta_prior", normal + own.log_density, dims=schema.STUDY)
        return own.theta
    # Non-centred: with few studies the centred form has a funnel near tau = 0.
    deviation = pm.Normal("theta_deviation", 0.0, 1.0, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, centre + tau * deviation, dims=schema.STUDY)


def new_study(
    centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
) -> FloatArray:
    """Draw effects of new studies, normal around their centres."""
    return centre + values[schema.TAU] * generator.standard_normal(centre.shape)
