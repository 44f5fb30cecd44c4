"""A parameter of a model, said once, where its part stands."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bayesmeta.spec import Prior

REAL = (-np.inf, np.inf)
POSITIVE = (0.0, np.inf)
SHARE = (0.0, 1.0)


class Role(StrEnum):
    """What a parameter does."""

    COEFFICIENT = "coefficient"
    """Multiplies a column of the design; normal given the hyperparameters."""
    HYPERPARAMETER = "hyperparameter"
    """Moves covariances, or a likelihood."""
    NUISANCE = "nuisance"
    """Stands once a row with a prior said once; the likelihood integrates it."""


class Usual(StrEnum):
    """Which of the standing defaults a parameter has: those depend on the measure."""

    MEAN = "mean effect"
    SPREAD = "SD of effects"
    SLOPE = "slope"
    BIAS = "bias"
    BIAS_SPREAD = "SD of biases"
    OUTLIER = "SD of outliers"


@dataclass(frozen=True)
class Parameter:
    """What every room needs to know of a parameter: nobody keeps a list of names.

    Parameters
    ----------
    variable
        Its name, or the name of the vector it is an element of: ``"tau"``, ``"beta"``.
    role
        Coefficient or hyperparameter.
    support
        The values it can take, an open interval of the line.
    unit_power
        What a change of the outcome's unit does to it: 1 for a length such as tau, 0 for what
        has no unit, such as a correlation.
    dim, label
        The dimension of the vector and its own place there; empty for a scalar.
    column
        The column of the design that a coefficient multiplies: its values are per unit of it.
    relative
        Whether, at a given ratio of it to the first hyperparameter, covariances are affine in the
        square of that: the exact engine integrates the ratio in its place.
    squared
        Whether all that is said given it is a smooth function of its square, from 0 on, while tau
        is above 0: the exact engine of study effects' lines walks it evenly from 0.
    joint
        Whether it is restricted together with others, so that it has no prior of its own: its part
        makes the variables of all of them.
    outcome
        The outcome that it is of, where the table has several: the unit of its prior is that
        outcome's.
    says
        What it is, in words, for a reader; without its unit.
    default
        Its prior where neither the model file nor the user states one, or which of the standing
        ones that is; None where one must be stated.
    number
        Whether nothing but a number serves in the place of a prior.
    """

    variable: str
    role: Role
    support: tuple[float, float] = REAL
    unit_power: int = 1
    dim: str = ""
    label: str = ""
    column: int = 0
    relative: bool = False
    squared: bool = False
    joint: bool = False
    outcome: str = ""
    says: str = ""
    default: Prior | Usual | None = None
    number: bool = False

    @property
    def name(self) -> str:
        """The name in tables and priors.

        Examples
        --------
        >>> Parameter("beta", Role.COEFFICIENT, dim="term", label="weeks", column=1).name
        'beta[weeks]'
        """
        return f"{self.variable}[{self.label}]" if self.dim else self.variable

    @property
    def is_coefficient(self) -> bool:
        """Whether it multiplies a column of the design."""
        return self.role is Role.COEFFICIENT

    @property
    def is_positive(self) -> bool:
        """Whether it can only be above 0."""
        return self.support == POSITIVE


def named(parameters: tuple[Parameter, ...]) -> dict[str, Parameter]:
    """Return parameters by their names."""
    return {parameter.name: parameter for parameter in parameters}
