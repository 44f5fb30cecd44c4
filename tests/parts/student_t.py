"""A toy likelihood: estimates are Student-t around their study effects, with four degrees."""

import numpy as np
from scipy import stats

from bayesmeta import schema

CONJUGATE = False
LINE = False
COLUMNS = (schema.ESTIMATE, schema.STANDARD_ERROR)
ROLES = ()
NU = 4.0


def parameters(layout):
    return ()


def nuisance(layout):
    return ()


def data(effects):
    return {}


def approximate(effects):
    return effects.estimate, effects.standard_error


def log_density(estimate, theta, values, rows):
    return stats.t.logpdf(estimate, NU, theta, rows.standard_error)


def draw(theta, values, rows, generator):
    return theta + np.asarray(rows.standard_error) * generator.standard_t(NU, theta.shape)


def observe(mean, covariance, *, observed):
    import pymc as pm

    spread = covariance.variance**0.5
    return pm.StudentT(
        schema.ESTIMATE, nu=NU, mu=mean, sigma=spread, observed=observed, dims=schema.STUDY
    )
