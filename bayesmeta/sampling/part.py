"""What every sampling covariance offers."""

from typing import Protocol

from bayesmeta.covariance import Covariance, Rows, Values
from bayesmeta.parameters import Parameter


class Sampling(Protocol):
    """How estimates vary around their study effects."""

    def parameters(self) -> tuple[Parameter, ...]:
        """Return its hyperparameters."""
        ...

    def covariance(self, values: Values, rows: Rows) -> Covariance:
        """Return the covariance of the estimates around their study effects."""
        ...
