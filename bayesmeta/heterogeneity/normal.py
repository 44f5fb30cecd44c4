"""Study effects that are normal around their centre.

Given centre c, between-study standard deviation tau, and an estimate y with standard error s::

    theta     ~ Normal(c, tau)
    y         ~ Normal(theta, s)
    y         ~ Normal(c, sqrt(s**2 + tau**2))                    theta integrated out
    theta | y ~ Normal(c + B * (y - c), sqrt(B) * s)              B = tau**2 / (s**2 + tau**2)

References
----------
Gelman A et al. (2013). Bayesian Data Analysis, 3rd ed., section 5.4, equations 5.17 to 5.21.
"""

from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.heterogeneity.part import Quantity

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable


def marginal_variance(standard_error: Quantity, tau: Quantity) -> Quantity:
    """Return the variance of an estimate around the centre, s**2 + tau**2.

    Parameters
    ----------
    standard_error, tau
        Arrays or PyTensor variables that broadcast, in the outcome's unit.

    Examples
    --------
    >>> marginal_variance(3.0, 4.0)
    25.0
    """
    return standard_error**2 + tau**2


def shrinkage(standard_error: Quantity, tau: Quantity) -> Quantity:
    """Return B, the share of its distance to the centre that an estimate keeps.

    0 where tau is 0, so that study effects lie on the centre; near 1 where tau is large.

    Examples
    --------
    >>> shrinkage(3.0, 4.0)
    0.64
    """
    return tau**2 / marginal_variance(standard_error, tau)


def conditional_mean(
    estimate: Quantity, standard_error: Quantity, centre: Quantity, tau: Quantity
) -> Quantity:
    """Return the mean of a study effect given its estimate, the centre and tau.

    Examples
    --------
    >>> conditional_mean(10.0, 3.0, 0.0, 4.0)
    6.4
    """
    return centre + shrinkage(standard_error, tau) * (estimate - centre)


def conditional_variance(standard_error: Quantity, tau: Quantity) -> Quantity:
    """Return the variance of a study effect given its estimate, the centre and tau.

    Examples
    --------
    >>> conditional_variance(3.0, 4.0)
    5.76
    """
    return shrinkage(standard_error, tau) * standard_error**2


def study_effects(
    centre: "TensorVariable", tau: "TensorVariable", *, centred: bool = False
) -> "TensorVariable":
    """Return ``theta``, dims (study,), inside a ``pm.Model``.

    Parameters
    ----------
    centre
        Scalar, or shape (study,).
    centred
        Whether ``theta`` itself is sampled; otherwise its standardised deviations are.
    """
    import pymc as pm

    if centred:
        return pm.Normal(schema.THETA, centre, tau, dims=schema.STUDY)
    # Non-centred: with few studies the centred form has a funnel near tau = 0.
    deviation = pm.Normal("theta_deviation", 0.0, 1.0, dims=schema.STUDY)
    return pm.Deterministic(schema.THETA, centre + tau * deviation, dims=schema.STUDY)
