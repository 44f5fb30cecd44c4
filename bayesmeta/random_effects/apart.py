"""Study effects in a ``pm.Model``, each with a spread of its own."""

from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.covariance import Quantity

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


def effects_around(
    centre: "TensorVariable", spread: Quantity, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), normal around centres with standard deviations.

    Parameters
    ----------
    spread
        One a study.
    centred
        Whether ``theta`` itself is sampled; otherwise its standardised deviations are.
    """
    import pymc as pm

    if centred:
        return pm.Normal(schema.THETA, centre, spread, dims=schema.STUDY)
    deviation = pm.Normal("theta_deviation", 0.0, 1.0, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, centre + spread * deviation, dims=schema.STUDY)
