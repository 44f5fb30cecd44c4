"""What every statement about powers of likelihoods offers."""

from typing import Protocol

from bayesmeta.covariance import ColumnRole, Layout, Quantity, Rows, Values
from bayesmeta.parameters import Parameter


class Power(Protocol):
    """Which power each row's likelihood is raised to, study effects integrated out."""

    @property
    def ROLES(self) -> tuple[ColumnRole, ...]:  # noqa: N802  (a constant of the module)
        """What it wants of the table."""
        ...

    def parameters(self, layout: Layout) -> tuple[Parameter, ...]:
        """Return its hyperparameters."""
        ...

    def powers(self, values: Values, rows: Rows) -> Quantity | None:
        """Return the power of each row; None where all are 1."""
        ...
