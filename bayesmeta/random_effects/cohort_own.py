"""Effects of cohorts that spread by a standard deviation of their own.

::

    theta     ~ Normal(c, tau)                       trials
    theta     ~ Normal(c, tau_cohort)                cohorts

A new study is a trial.
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

TAU_COHORT = Parameter(
    "tau_cohort",
    Role.HYPERPARAMETER,
    POSITIVE,
    says="SD outside the reference design",
    default=Usual.SPREAD,
)


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return tau of trials, and tau_cohort."""
    return (TAU, TAU_COHORT)


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return tau**2 for trials and tau_cohort**2 for cohorts."""
    mark = rows.marks[schema.IS_COHORT]
    return Diagonal(values[schema.TAU] ** 2 * (1 - mark) + values[TAU_COHORT.name] ** 2 * mark)


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``."""
    spread = np.sqrt(covariance(values, rows).variance)
    return effects_around(centre, spread, centred=centred)
