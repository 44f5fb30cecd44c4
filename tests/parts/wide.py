"""A toy heterogeneity: study effects spread three times as far as tau says."""

import numpy as np

from bayesmeta import schema
from bayesmeta.covariance import Diagonal
from bayesmeta.random_effects.normal import TAU

NORMAL = True
ROLES = ()
KIND = ""
SPREAD = None


def parameters(layout):
    return (TAU,)


def covariance(values, rows):
    return Diagonal(9 * values["tau"] ** 2)


def kinds(layout):
    return ("",)


def new_variance(values, kind=""):
    return 9 * values["tau"] ** 2


def study_effects(centre, values, rows, *, centred=False):
    import pymc as pm

    deviation = pm.Normal("theta_deviation", 0.0, 1.0, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, centre + 3 * values["tau"] * deviation, dims=schema.STUDY)


def new_study(centre, values, generator, kind=""):
    return centre + 3 * np.asarray(values["tau"]) * generator.standard_normal(centre.shape)
