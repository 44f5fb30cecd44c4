"""Study effects whose log standard deviation is linear in columns of the table.

Given centre c, tau at the columns' means, and the columns z of a study around their means::

    theta     ~ Normal(c, tau * exp(sum(gamma[term] * z[term])))

so that log tau at the means is ``gamma[Intercept]``: a prior on it is one on tau.
metafor models the log of tau squared: its coefficients are twice these.

References
----------
Viechtbauer W, López-López JA (2022). Location-scale models for meta-analysis. Res Synth Methods
13:697-715, equation 4.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import (
    NO_LAYOUT,
    ColumnRole,
    Diagonal,
    Layout,
    Quantity,
    Rows,
    Table,
    Use,
    Values,
)  # fmt: skip
from bayesmeta.derived import Derived
from bayesmeta.errors import PriorError
from bayesmeta.parameters import REAL, Parameter, Role
from bayesmeta.random_effects.normal import TAU
from bayesmeta.sinc import Logarithm
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

NORMAL = True
KIND = ""
SPREAD = None
FORMULA = "tau_formula"
ROLES = (ColumnRole(FORMULA, "what tau depends on", Use.FORMULA),)

_WIDTH = 0.5
"""Standard deviation of a change in log tau per standard deviation of a column."""

INTERCEPT = "gamma[Intercept]"
_ON_TAU = {"Normal": "LogNormal", "StudentT": "LogStudentT"}
"""What tau has where its logarithm has a distribution."""

LOG_TAU = Derived(
    INTERCEPT,
    schema.TAU,
    lambda _: 1.0,
    Logarithm(),
    support=REAL,
    says="log tau at the columns' means",
)


def derived(layout: Layout = NO_LAYOUT) -> tuple[Derived, ...]:
    """Return ``gamma[Intercept]``, log tau at the columns' means."""
    return (LOG_TAU,)


def translated(priors: Mapping[str, Prior]) -> dict[str, Prior]:
    """Return priors with one on ``gamma[Intercept]`` as the one on tau that it means.

    Raises
    ------
    PriorError
        If it is neither a number, nor a Normal or StudentT.
    """
    found = dict(priors)
    if INTERCEPT not in found:
        return found
    prior = found.pop(INTERCEPT)
    if prior.value is not None:
        return {**found, schema.TAU: Prior.fixed(float(np.exp(prior.value)))}
    if prior.distribution not in _ON_TAU:
        raise PriorError(
            f"prior {INTERCEPT}: {prior} will not do; it takes {' or '.join(_ON_TAU)}, or state "
            f"one of tau = exp({INTERCEPT})."
        )
    own = replace(prior, distribution=_ON_TAU[prior.distribution])
    return {**found, schema.TAU: own}


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return tau at the columns' means, and one ``gamma[term]`` a column."""
    table = layout.tables.get(FORMULA, Table(np.empty((0, 0)), ()))
    slopes = [_slope(*pair) for pair in zip(table.labels, table.values.T, strict=True)]
    return (replace(TAU, says="SD between studies, at the columns' means"), *slopes)


def _slope(term: str, column: FloatArray) -> Parameter:
    sd = float(np.std(column, ddof=1)) if column.size > 1 else 0.0
    return Parameter(
        "gamma",
        Role.HYPERPARAMETER,
        unit_power=0,
        dim=schema.term(FORMULA),
        label=term,
        says=f"change of log tau per unit of {term}",
        default=Prior("Normal", {"mu": 0.0, "sigma": _WIDTH / sd}) if sd > 0 else None,
    )


def kinds(layout: Layout) -> tuple[str, ...]:
    """Return one kind: a new study at the columns' means."""
    return ("",)


def covariance(values: Values, rows: Rows) -> Diagonal:
    """Return each study's own tau squared."""
    return Diagonal((values[schema.TAU] * _times(values, rows)) ** 2)


def _times(values: Values, rows: Rows) -> Quantity:
    """Return what tau is multiplied by at each study's columns."""
    table = rows.tables[FORMULA]
    steps = [values[f"gamma[{term}]"] * table.values[:, place]
             for place, term in enumerate(table.labels)]  # fmt: skip
    found: Quantity = np.exp(sum(steps))  # of PyTensor variables too
    return found


def new_variance(values: Values, kind: str = "") -> Quantity:
    """Return tau**2: a new study at the columns' means."""
    return values[schema.TAU] ** 2


def study_effects(
    centre: "TensorVariable", values: Values, rows: Rows, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``."""
    import pymc as pm

    spread = values[schema.TAU] * _times(values, rows)
    if centred:
        return pm.Normal(schema.THETA, centre, spread, dims=schema.STUDY)
    deviation = pm.Normal("theta_deviation", 0.0, 1.0, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, centre + spread * deviation, dims=schema.STUDY)


def new_study(
    centre: FloatArray, values: Values, generator: np.random.Generator, kind: str = ""
) -> FloatArray:
    """Draw effects of new studies at the columns' means, normal around their centres."""
    return centre + values[schema.TAU] * generator.standard_normal(centre.shape)
