"""Effects of cohorts that spread further than those of trials, by biases of their own.

::

    theta     ~ Normal(c, tau)                           trials
    theta     ~ Normal(c, sqrt(tau**2 + kappa**2))       cohorts

A new study is a trial.

References
----------
Turner RM, Spiegelhalter DJ, Smith GCS, Thompson SG (2009). Bias modelling in evidence synthesis.
J R Stat Soc A 172:21-47. doi:10.1111/j.1467-985X.2008.00547.x
"""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.covariance import NO_LAYOUT, Diagonal, Layout, Rows, Values
from bayesmeta.covariance.designs import ROLES
from bayesmeta.parameters import POSITIVE, Parameter, Role, Usual
from bayesmeta.random_effects.apart import effects_around
from bayesmeta.random_effects.normal import TAU, kinds, new_study, new_variance

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

__all__ = [
    "KIND",
    "NORMAL",
    "ROLES",
    "SPREAD",
    "covariance",
    "kinds",
    "new_study",
    "new_variance",
    "parameters",
    "study_effects",
]

NORMAL = True
KIND = ""
SPREAD = None

KAPPA = Parameter(
    "kappa",
    Role.HYPERPARAMETER,
    POSITIVE,
    squared=True,
    says="further SD outside the reference design",
    default=Usual.BIAS_SPREAD,
)


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return tau, and kappa."""
    return (TAU, KAPPA)


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return tau**2, and kappa**2 more for cohorts."""
    mark = rows.marks[schema.IS_COHORT]
    return Diagonal(values[schema.TAU] ** 2 + values[KAPPA.name] ** 2 * mark)


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``."""
    spread = np.sqrt(covariance(values, rows).variance)
    return effects_around(centre, spread, centred=centred)
