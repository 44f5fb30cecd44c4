"""A toy heterogeneity: what study effects differ by has a part that grows with the standard error.

theta[i] ~ Normal(c, sqrt(tau**2 + (ratio * standard_error[i])**2))
"""

from bayesmeta import schema
from bayesmeta.covariance import Diagonal
from bayesmeta.parameters import POSITIVE, Parameter, Role
from bayesmeta.random_effects.normal import TAU
from bayesmeta.spec import Prior

NORMAL = True
ROLES = ()
KIND = ""
SPREAD = None
RATIO = Parameter(
    "ratio", Role.HYPERPARAMETER, POSITIVE, unit_power=0, default=Prior("HalfNormal", {"sigma": 1})
)


def parameters(layout):
    return (TAU, RATIO)


def covariance(values, rows):
    return Diagonal(values["tau"] ** 2 + values["ratio"] ** 2 * rows.standard_error**2)


def kinds(layout):
    return ("",)


def new_variance(values, kind=""):
    return values["tau"] ** 2


def study_effects(centre, values, rows, *, centred=False):
    import pymc as pm

    spread = covariance(values, rows).variance ** 0.5
    deviation = pm.Normal("theta_deviation", 0.0, 1.0, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, centre + spread * deviation, dims=schema.STUDY)


def new_study(centre, values, generator, kind=""):
    return centre + values["tau"] * generator.standard_normal(centre.shape)
