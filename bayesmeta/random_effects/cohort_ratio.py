"""Effects of cohorts whose variance is a multiple of that of trials.

With i = 1 for cohorts, and a ratio that the user states::

    theta     ~ Normal(c, tau)                       trials
    theta     ~ Normal(c, tau * sqrt(ratio))         cohorts

A new study is a trial.
"""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.covariance import NO_LAYOUT, Diagonal, Layout, Rows, Values
from bayesmeta.covariance.designs import ROLES
from bayesmeta.parameters import POSITIVE, Parameter, Role
from bayesmeta.random_effects.apart import effects_around
from bayesmeta.random_effects.normal import TAU, kinds, new_study, new_variance
from bayesmeta.spec import Prior

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

RATIO = Parameter(
    "ratio",
    Role.HYPERPARAMETER,
    POSITIVE,
    unit_power=0,
    says="variance outside the reference design, in that within",
    default=Prior.fixed(2.0),
    number=True,
)


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return tau, and the ratio of variances, a number."""
    return (TAU, RATIO)


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return tau**2 for trials and ratio * tau**2 for cohorts."""
    mark = rows.marks[schema.IS_COHORT]
    return Diagonal(values[schema.TAU] ** 2 * (1 - mark + mark * values[RATIO.name]))


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``."""
    spread = np.sqrt(covariance(values, rows).variance)
    return effects_around(centre, spread, centred=centred)
