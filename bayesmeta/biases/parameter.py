"""The bias of cohorts, and the share of them that is biased, as parameters."""

from bayesmeta import schema
from bayesmeta.parameters import Parameter, Role, Usual
from bayesmeta.spec import Prior

BIAS = Parameter(
    schema.BIAS,
    Role.COEFFICIENT,
    says="bias of cohorts beside trials",
    default=Usual.BIAS,
)
SHARE = Parameter(
    "share",
    Role.HYPERPARAMETER,
    (0.0, 1.0),
    unit_power=0,
    says="share that is biased, outside the reference design",
    default=Prior.fixed(0.5),
)
BIAS_SD = "bias_sd"
"""What covariances take from the prior of a bias that each cohort has of its own."""
