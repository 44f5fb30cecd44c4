"""Study effects that do not spread: each lies on its centre (the common-effect model)."""

from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.heterogeneity.part import Quantity

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


def marginal_variance(standard_error: Quantity, tau: Quantity = 0.0) -> Quantity:
    """Return the variance of an estimate around the centre, s**2.

    Examples
    --------
    >>> marginal_variance(3.0)
    9.0
    """
    return standard_error**2


def conditional_mean(
    estimate: Quantity, standard_error: Quantity, centre: Quantity, tau: Quantity = 0.0
) -> Quantity:
    """Return the study effect, which is the centre whatever the estimate.

    Examples
    --------
    >>> conditional_mean(10.0, 3.0, 2.0)
    2.0
    """
    return centre


def conditional_variance(standard_error: Quantity, tau: Quantity = 0.0) -> Quantity:
    """Return the variance of a study effect given the centre, which is 0.

    Examples
    --------
    >>> conditional_variance(3.0)
    0.0
    """
    return 0.0 * standard_error


def study_effects(
    centre: "TensorVariable", tau: "TensorVariable | None" = None, *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``: the centre, study by study."""
    import pymc as pm
    import pytensor.tensor as pt

    studies = pm.modelcontext(None).dim_lengths[schema.STUDY]
    return pm.Deterministic(schema.THETA, pt.broadcast_to(centre, (studies,)), dims=schema.STUDY)
