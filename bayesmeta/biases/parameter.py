"""The bias of cohorts, and the share of them that is biased, as parameters."""

from bayesmeta import schema
from bayesmeta.parameters import Parameter, Role
from bayesmeta.spec import UISD, Prior

BIAS = Parameter(
    schema.BIAS,
    Role.COEFFICIENT,
    says="bias of cohorts beside trials",
    default=Prior("Normal", {"mu": 0.0, "sigma": 0.25}, unit=UISD),
    ratio_default=Prior("Normal", {"mu": 0.0, "sigma": 0.5}),
)
SHARE = Parameter(
    "share",
    Role.HYPERPARAMETER,
    (0.0, 1.0),
    unit_power=0,
    says="share of cohorts that are biased",
    default=Prior.fixed(0.5),
)
BIAS_SD = "bias_sd"
"""What covariances take from the prior of a bias that each cohort has of its own."""
