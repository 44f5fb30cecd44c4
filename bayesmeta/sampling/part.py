"""What every sampling covariance offers."""

from collections.abc import Mapping
from typing import Protocol

from bayesmeta.covariance import ColumnRole, Covariance, Layout, Rows, Values
from bayesmeta.parameters import Parameter


class Sampling(Protocol):
    """How estimates vary around their study effects."""

    @property
    def ROLES(self) -> tuple[ColumnRole, ...]:  # noqa: N802  (a constant of the module)
        """What it wants of the table, the outermost groups first."""
        ...

    @property
    def SHOWN_AT(self) -> Mapping[str, tuple[float, ...]]:  # noqa: N802  (a constant of the module)
        """Values of a hyperparameter that data say little of, at which every answer is shown."""
        ...

    @property
    def WORKING(self) -> Mapping[str, float]:  # noqa: N802  (a constant of the module)
        """Values of its hyperparameters that classical rows take, with robust standard errors."""
        ...

    def parameters(self, layout: Layout) -> tuple[Parameter, ...]:
        """Return its hyperparameters."""
        ...

    def covariance(self, values: Values, rows: Rows) -> Covariance:
        """Return the covariance of the estimates around their study effects."""
        ...
