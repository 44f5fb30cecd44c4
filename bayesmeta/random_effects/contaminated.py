"""Study effects of which a share are outliers: a normal distribution contaminated by a wider one.

Given centre c, tau, tau_outlier and the share of outliers p::

    theta     ~ Normal(c, tau)                           with probability 1 - p
    theta     ~ Normal(c, sqrt(tau**2 + tau_outlier**2)) with probability p

The outliers' variance is larger by construction, so that the two cannot change places.

References
----------
Gumedze FN, Jackson D (2011). A random effects variance shift model for detecting and accommodating
outliers in meta-analysis. BMC Med Res Methodol 11:19. Beath KJ (2014). A finite mixture method for
outlier detection and robustness in meta-analysis. Res Synth Methods 5:285-293.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Diagonal, Layout, Quantity, Rows, Values
from bayesmeta.parameters import POSITIVE, Parameter, Role, Usual
from bayesmeta.parameters import SHARE as UNIT
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
MARK = "p_outlier"
MARK_HEAD = "P(outlier)"
OUTLIER, SHARE = "tau_outlier", "share"
MIXING = SHARE


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return tau, what outliers have more, and their share."""
    outlier = Parameter(
        OUTLIER,
        Role.HYPERPARAMETER,
        POSITIVE,
        says="what outliers spread beside tau",
        default=Usual.OUTLIER,
    )
    share = Parameter(
        SHARE,
        Role.HYPERPARAMETER,
        UNIT,
        unit_power=0,
        says="share of outliers",
        default=Prior("Beta", {"alpha": 1.0, "beta": 9.0}),
    )
    return (replace(TAU, says="SD between studies that are no outliers"), outlier, share)


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return the variance of each study effect around its centre."""
    return Diagonal(new_variance(values))


def kinds(layout: Layout) -> tuple[str, ...]:
    """Return one kind: all new studies are alike."""
    return ("",)


def new_variance(values: Values, kind: str = "") -> Quantity:
    """Return tau**2 + share * tau_outlier**2.

    Examples
    --------
    >>> new_variance({"tau": 1.0, "tau_outlier": 2.0, "share": 0.5})
    3.0
    """
    return values[schema.TAU] ** 2 + values[SHARE] * values[OUTLIER] ** 2


def scales(values: Values) -> Scales:
    """Return two normals: of the other studies, then of the outliers."""
    names = (schema.TAU, OUTLIER, SHARE)
    tau, more, share = np.broadcast_arrays(*(np.asarray(values[name], float) for name in names))
    with np.errstate(divide="ignore"):
        log_weight = np.stack([np.log1p(-share), np.log(share)], axis=-1)
    return Scales(log_weight, np.stack([tau**2, tau**2 + more**2], axis=-1))


def variable_scales(values: Values, fixed: Mapping[str, float]) -> Scales:
    """Return two normals, of a ``pm.Model``'s variables."""
    import pytensor.tensor as pt

    tau, more, share = (values[name] for name in (schema.TAU, OUTLIER, SHARE))
    return Scales(pt.log(pt.stack([1 - share, share])), pt.stack([tau**2, tau**2 + more**2]))


def log_kernel(deviation: FloatArray, values: Values) -> FloatArray:
    """Return the log density of a study effect's deviation from its centre."""
    log_weight, variance = scales(values)
    terms = -0.5 * deviation[..., np.newaxis] ** 2 / variance - 0.5 * np.log(2 * np.pi * variance)
    return np.asarray(np.logaddexp.reduce(log_weight + terms, axis=-1))


def mark(values: Values) -> FloatArray:
    """Return 0 for the other studies and 1 for the outliers."""
    return np.broadcast_to([0.0, 1.0], scales(values).variance.shape)


def deviation(fixed: Mapping[str, float]) -> tuple[str, float]:
    """Return that tau is the SD of some study effects: that of all depends on the others."""
    return (
        "tau is the SD of study effects that are no outliers; the SD of all is "
        "sqrt(tau² + share tau_outlier²)"
    ), float("nan")


def moments(values: Values, lower: Mapping[str, float]) -> float:
    """Return infinity: all moments exist given the hyperparameters."""
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
        Whether ``theta`` itself is sampled; otherwise its deviations over tau are.
    """
    import pymc as pm
    import pytensor.tensor as pt

    tau, more, share = (values[name] for name in (schema.TAU, OUTLIER, SHARE))
    weights = pt.stack([1 - share, share])
    wide = pt.sqrt(tau**2 + more**2)
    if centred:
        spreads = [pm.Normal.dist(centre, tau), pm.Normal.dist(centre, wide)]
        return pm.Mixture(schema.THETA, weights, spreads, dims=schema.STUDY)
    spreads = [pm.Normal.dist(0.0, 1.0), pm.Normal.dist(0.0, wide / tau)]
    deviation = pm.Mixture("theta_deviation", weights, spreads, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, centre + tau * deviation, dims=schema.STUDY)


def new_study(
    centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
) -> FloatArray:
    """Draw effects of new studies, some of them outliers, around their centres."""
    is_outlier = generator.random(centre.shape) < values[SHARE]
    tau, more = values[schema.TAU], values[OUTLIER]
    spread = np.where(is_outlier, np.hypot(tau, more), tau)
    return centre + spread * generator.standard_normal(centre.shape)
