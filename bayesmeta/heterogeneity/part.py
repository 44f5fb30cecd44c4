"""What every distribution of study effects offers."""

from typing import TYPE_CHECKING, Protocol

from bayesmeta.measures.effects import FloatArray

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

type Quantity = FloatArray | float
"""Numbers; the same arithmetic takes PyTensor variables, which carry no types."""


class Heterogeneity(Protocol):
    """How study effects spread around their centre.

    The first three are arithmetic alone, so that NumPy arrays and PyTensor variables both pass;
    arguments broadcast against each other.
    """

    def marginal_variance(self, standard_error: Quantity, tau: Quantity) -> Quantity:
        """Return the variance of an estimate around the centre, study effects integrated out."""
        ...

    def conditional_mean(
        self, estimate: Quantity, standard_error: Quantity, centre: Quantity, tau: Quantity
    ) -> Quantity:
        """Return the mean of a study effect given its estimate, centre and tau."""
        ...

    def conditional_variance(self, standard_error: Quantity, tau: Quantity) -> Quantity:
        """Return the variance of a study effect given its estimate, centre and tau."""
        ...

    def study_effects(
        self, centre: "TensorVariable", tau: "TensorVariable", *, centred: bool = False
    ) -> "TensorVariable":
        """Return ``theta``, dims (study,), inside a ``pm.Model``."""
        ...
