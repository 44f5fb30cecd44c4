"""What every likelihood offers."""

from typing import TYPE_CHECKING, Protocol

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Covariance, Layout, Rows, Values
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


class Likelihood(Protocol):
    """How data inform a study effect."""

    @property
    def CONJUGATE(self) -> bool:  # noqa: N802  (a constant of the module)
        """Whether normal study effects integrate out in closed form."""
        ...

    @property
    def COLUMNS(self) -> tuple[str, ...]:  # noqa: N802  (a constant of the module)
        """The columns of the effects that it reads."""
        ...

    def parameters(self, layout: Layout) -> tuple[Parameter, ...]:
        """Return its hyperparameters."""
        ...

    def log_density(
        self, estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows
    ) -> FloatArray:
        """Return log p(estimate | theta), one a study."""
        ...

    def draw(
        self, theta: FloatArray, values: Values, rows: Rows, generator: np.random.Generator
    ) -> FloatArray:
        """Draw estimates given study effects, in the shape of theta, (..., study)."""
        ...

    def observe(
        self, mean: "TensorVariable", covariance: Covariance, *, observed: "TensorVariable"
    ) -> "TensorVariable":
        """Return the observed node ``estimate``, dims (study,), inside a ``pm.Model``."""
        ...
