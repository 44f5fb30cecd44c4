"""The cohorts' likelihood raised to a power that the user states: the power prior.

With study effects integrated out, a cohort's estimate y with centre c, standard error s and
variance T of study effects enters with power a in [0, 1]; with V = s**2 + T::

    Normal(y; c, V)**a = Normal(y; c, V / a) * a**-0.5 * (2 pi V)**((1 - a) / 2)

At 1 cohorts count as trials do, at 0 they are left out of mu and of T alike. The marginal
likelihood of the whole falls with a whatever the data say: divide it by that of the cohorts alone,
raised to the same power, before it is compared over a.

References
----------
Ibrahim JG, Chen MH (2000). Power prior distributions for regression models. Stat Sci 15:46-60.
doi:10.1214/ss/1009212673
"""

from bayesmeta import schema
from bayesmeta.covariance import Layout, Quantity, Rows, Values
from bayesmeta.covariance.designs import ROLES
from bayesmeta.parameters import Parameter, Role
from bayesmeta.spec import Prior

__all__ = ["POWER", "ROLES", "parameters", "powers"]

POWER = Parameter(
    "power",
    Role.HYPERPARAMETER,
    (0.0, 1.0),
    unit_power=0,
    says="power of the cohorts' likelihood",
    default=Prior.fixed(0.5),
    number=True,
)


def parameters(layout: Layout) -> tuple[Parameter, ...]:
    """Return the power, a number."""
    return (POWER,)


def powers(values: Values, rows: Rows) -> Quantity | None:
    """Return the power for cohorts, 1 for trials."""
    mark = rows.marks[schema.IS_COHORT]
    found: Quantity = 1 - mark + mark * values[POWER.name]
    return found
