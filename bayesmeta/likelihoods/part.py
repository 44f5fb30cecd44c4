"""What every likelihood offers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import ColumnRole, Covariance, Layout, Rows, Values
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


class Likelihood(Protocol):
    """How data inform a study effect.

    Data other than estimates stand in ``rows.data`` by column; priors of the nuisance parameters,
    which `log_density` integrates and `observe_rows` states, in ``rows.priors``.
    """

    @property
    def CONJUGATE(self) -> bool:  # noqa: N802  (a constant of the module)
        """Whether normal study effects integrate out in closed form."""
        ...

    @property
    def LINE(self) -> bool:  # noqa: N802  (a constant of the module)
        """Whether each row informs an effect of its own, independently of the others."""
        ...

    @property
    def COLUMNS(self) -> tuple[str, ...]:  # noqa: N802  (a constant of the module)
        """The columns that it reads: of the effects, or of the table of studies."""
        ...

    @property
    def ROLES(self) -> tuple[ColumnRole, ...]:  # noqa: N802  (a constant of the module)
        """What it wants of the table beside its columns."""
        ...

    def parameters(self, layout: Layout) -> tuple[Parameter, ...]:
        """Return its hyperparameters."""
        ...

    def nuisance(self, layout: Layout) -> tuple[Parameter, ...]:
        """Return the parameters that stand once a row, and that it integrates itself."""
        ...

    def data(self, effects: Effects) -> Mapping[str, FloatArray]:
        """Return what it reads of the table, checked, by column; nothing where estimates do."""
        ...

    def approximate(self, effects: Effects) -> tuple[FloatArray, FloatArray]:
        """Return estimates and standard errors to show, and to start from, shape (study,)."""
        ...

    def kinks(self, rows: Rows) -> tuple[float, ...]:
        """Return effects at which the likelihoods are not smooth."""
        ...

    def log_density(
        self, estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows
    ) -> FloatArray:
        """Return log p(data | theta), one a study, with all constants, nuisance integrated.

        theta is of shape (..., study), and so is the result.
        """
        ...

    def draw(
        self, theta: FloatArray, values: Values, rows: Rows, generator: np.random.Generator
    ) -> FloatArray:
        """Draw estimates given study effects, in the shape of theta, (..., study)."""
        ...

    def below(
        self, estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows
    ) -> FloatArray:
        """Return the probability of data below these, plus half that of the same, given theta."""
        ...

    def observe(
        self, mean: "TensorVariable", covariance: Covariance, *, observed: "TensorVariable"
    ) -> "TensorVariable":
        """Return the observed node ``estimate``, dims (study,), inside a ``pm.Model``."""
        ...

    def observe_rows(self, theta: "TensorVariable", rows: Rows) -> "TensorVariable":
        """Return the observed node given study effects, nuisance explicit, in a ``pm.Model``."""
        ...
