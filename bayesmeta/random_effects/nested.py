"""Effects within clusters: estimates in studies, studies in districts.

Given centre c, standard deviations tau between clusters and tau_within between the effects of one
cluster, and an estimate y with standard error s::

    cluster   ~ Normal(0, tau)                                     one a cluster
    theta     ~ Normal(c + cluster, tau_within)
    y         ~ Normal(theta, s)

so that effects of one cluster have the covariance tau**2.

References
----------
Konstantopoulos S (2011). Fixed effects and variance components estimation in three-level
meta-analysis. Res Synth Methods 2:61-76, equations 3 to 6.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, Clustered, ColumnRole, Layout, Quantity, Rows, Values
from bayesmeta.parameters import POSITIVE, Parameter, Role, Usual
from bayesmeta.random_effects.normal import TAU

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

NORMAL = True
KIND = ""
SPREAD = None
CLUSTER = "cluster"
ROLES = (ColumnRole(CLUSTER, "which rows are of one cluster", joins=True),)

TAU_BETWEEN = replace(TAU, says="SD between clusters")
TAU_WITHIN = Parameter(
    "tau_within",
    Role.HYPERPARAMETER,
    POSITIVE,
    says="SD within clusters",
    default=Usual.SPREAD,
)


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return tau between clusters, and tau_within them."""
    return (TAU_BETWEEN, TAU_WITHIN)


def covariance(values: Values, rows: Rows) -> Clustered:
    """Return tau_within**2 of each effect's own, and tau**2 that those of a cluster share."""
    return Clustered(values[TAU_WITHIN.name] ** 2, values[schema.TAU] ** 2, rows.groups[CLUSTER])


def kinds(layout: Layout) -> tuple[str, ...]:
    """Return one kind: all new studies are alike."""
    return ("",)


def new_variance(values: Values, kind: str = "") -> Quantity:
    """Return tau**2 + tau_within**2: a new effect in a new cluster."""
    return values[schema.TAU] ** 2 + values[TAU_WITHIN.name] ** 2


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``, with ``cluster_effect``."""
    import pymc as pm

    groups, tau, within = rows.groups[CLUSTER], values[schema.TAU], values[TAU_WITHIN.name]
    deviation = pm.Normal("cluster_deviation", 0.0, 1.0, dims=CLUSTER)
    effect = pm.Deterministic("cluster_effect", tau * deviation, dims=CLUSTER)
    around = centre + effect[groups.code]
    if centred:
        return pm.Normal(schema.THETA, around, within, dims=schema.STUDY)
    own = pm.Normal("theta_deviation", 0.0, 1.0, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, around + within * own, dims=schema.STUDY)


def new_study(
    centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
) -> FloatArray:
    """Draw effects in new clusters, normal around their centres."""
    spread = np.sqrt(new_variance(values))
    return np.asarray(centre + spread * generator.standard_normal(centre.shape))
