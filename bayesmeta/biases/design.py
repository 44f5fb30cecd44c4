"""A bias that all cohorts share, a coefficient of its own with a prior.

Given the centre c of a study's effect, with i = 1 for cohorts and 0 for trials::

    theta     ~ Normal(c + i * bias, T)                           bias ~ its prior

The column i is not centred, so that mu stays the effect that trials estimate. Where the prior's
standard deviation is 0 the designs are pooled; where it is infinite, cohorts say nothing of mu.

References
----------
Turner RM, Spiegelhalter DJ, Smith GCS, Thompson SG (2009). Bias modelling in evidence synthesis.
J R Stat Soc A 172:21-47. doi:10.1111/j.1467-985X.2008.00547.x
"""

from typing import TYPE_CHECKING

from bayesmeta.biases.none import (
    coefficient_prior,
    constants,
    draw_bias,
    expected,
    log_correction,
    log_density,
    parameters,
    patterns,
    probability,
    variance,
)
from bayesmeta.biases.parameter import BIAS
from bayesmeta.covariance.designs import ROLES
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

__all__ = [
    "CERTAIN",
    "COEFFICIENTS",
    "LATENT",
    "ROLES",
    "coefficient_prior",
    "constants",
    "draw_bias",
    "expected",
    "log_correction",
    "log_density",
    "moved",
    "parameters",
    "patterns",
    "probability",
    "variance",
]

CERTAIN = True
COEFFICIENTS = (BIAS,)
LATENT: tuple[Parameter, ...] = ()


def moved(
    centre: "TensorVariable", bias: "TensorVariable", mark: "TensorVariable"
) -> "TensorVariable":
    """Return the centres, those of cohorts moved by the bias."""
    return centre + bias * mark
