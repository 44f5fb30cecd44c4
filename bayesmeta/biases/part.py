"""What every statement about the bias of cohorts offers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import ColumnRole, Layout, Quantity, Rows, Values
from bayesmeta.parameters import Parameter
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


class Patterns(NamedTuple):
    """Every case of who is biased: given one, the model is normal.

    Parameters
    ----------
    names
        Of the indicators.
    values
        1 where one is so, shape (pattern, name).
    log_weight
        Log prior probabilities, shape (pattern,).
    alpha, beta
        Of the share's beta distribution given the pattern, each of shape (pattern,); empty where
        the share is a number.
    share
        Name of the share; empty where it is a number.
    """

    names: tuple[str, ...]
    values: FloatArray
    log_weight: FloatArray
    alpha: FloatArray
    beta: FloatArray
    share: str = ""


class Bias(Protocol):
    """How estimates of cohorts may be biased beside those of trials."""

    @property
    def ROLES(self) -> tuple[ColumnRole, ...]:  # noqa: N802  (a constant of the module)
        """What it wants of the table."""
        ...

    @property
    def CERTAIN(self) -> bool:  # noqa: N802  (a constant of the module)
        """Whether the model is normal as it stands, and no mixture over who is biased."""
        ...

    @property
    def COEFFICIENTS(self) -> tuple[Parameter, ...]:  # noqa: N802  (a constant of the module)
        """The coefficient of the design's last column, which marks the cohorts; or none."""
        ...

    @property
    def LATENT(self) -> tuple[Parameter, ...]:  # noqa: N802  (a constant of the module)
        """What a study may have of its own, integrated out: its prior is stated all the same."""
        ...

    def parameters(self, layout: Layout) -> tuple[Parameter, ...]:
        """Return its hyperparameters."""
        ...

    def constants(self, priors: Mapping[str, Prior]) -> dict[str, float]:
        """Return the numbers that covariances take from priors of what is latent."""
        ...

    def coefficient_prior(self, prior: Prior, fixed: Mapping[str, float]) -> Prior:
        """Return the prior of its coefficient, where there may be no bias at all."""
        ...

    def variance(self, values: Values, rows: Rows) -> Quantity:
        """Return what it adds to the variances of study effects."""
        ...

    def patterns(
        self, layout: Layout, priors: Mapping[str, Prior], fixed: Mapping[str, float]
    ) -> Patterns | None:
        """Return every case of who is biased; None where the design or nothing says it all."""
        ...

    def expected(
        self, values: Values, rows: Rows, shape: tuple[int, ...], generator: np.random.Generator
    ) -> dict[str, FloatArray]:
        """Draw the indicators before there are data, for draws of study effects of a shape."""
        ...

    def moved(
        self, centre: "TensorVariable", bias: "TensorVariable", mark: "TensorVariable"
    ) -> "TensorVariable":
        """Return the centres of the estimates inside a ``pm.Model``."""
        ...

    def log_correction(
        self, residual: Quantity, bias: Quantity, variance: Quantity, values: Values, rows: Rows
    ) -> Quantity | None:
        """Return what the log likelihood has beside that of normal estimates, a scalar."""
        ...

    def log_density(
        self, residual: FloatArray, variance: Quantity, values: Values, rows: Rows
    ) -> FloatArray:
        """Return the log density of residuals by row, who is biased integrated out."""
        ...

    def draw_bias(
        self, residual: FloatArray, bias: FloatArray, variance: Quantity, values: Values,
        rows: Rows, generator: np.random.Generator,
    ) -> FloatArray:  # fmt: skip
        """Return draws of the bias that there is, from draws of what it would be."""
        ...

    def probability(
        self, residual: FloatArray, bias: FloatArray, variance: Quantity, values: Values, rows: Rows
    ) -> FloatArray | None:
        """Return how probable a bias of each study is, given all else; None where it is certain."""
        ...
