"""Study effects as deviations from where their centre and their own data draw them.

Of a study of which a normal likelihood Normal(y, s**2) would say about the same, and effects spread
by tau around m, the effect is about normal given all else::

    theta = m + (tau**2 (y - m) + tau s sqrt(s**2 + tau**2) z) / (s**2 + tau**2)

With z as the free variable the posterior is about as wide whatever tau is: no funnel where tau is
small, and none where it is large beside s. That y and s are approximate costs nothing, since a
potential makes the density of theta the one that is meant.

References
----------
Gorinova MI, Moore D, Hoffman MD (2020). Automatic reparameterisation of probabilistic programs.
Proc Mach Learn Res 119:3648-3657.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bayesmeta import schema
from bayesmeta.covariance import Quantity, Rows

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

ESTIMATE = "estimate"
"""Name among the rows' data of approximate estimates, where data are no estimates."""


class Drawn(NamedTuple):
    """Study effects in a ``pm.Model``, dims (study,).

    Parameters
    ----------
    theta
        The effects.
    deviation
        (theta - centre) / tau.
    log_density
        What the log density of the deviation is to be added to, so that it is that of theta.
    """

    theta: "TensorVariable"
    deviation: "TensorVariable"
    log_density: "TensorVariable"


def known(rows: Rows) -> bool:
    """Return whether there are approximate estimates."""
    return ESTIMATE in rows.data


def drawn(centre: "TensorVariable", tau: Quantity, rows: Rows) -> Drawn:
    """Return study effects whose free variable has about the variance 1, inside a ``pm.Model``.

    Parameters
    ----------
    centre
        Scalar, or shape (study,).
    tau
        Scale of the effects around it.
    rows
        With approximate estimates and their standard errors.
    """
    import pymc as pm
    import pytensor.tensor as pt

    free = pm.Normal("theta_deviation", 0.0, 1.0, dims=schema.STUDY)
    error = rows.standard_error
    total = error**2 + tau**2
    deviation = tau * (rows.data[ESTIMATE] - centre) / total + error * free / pt.sqrt(total)
    log_density = 0.5 * free**2 + pt.log(error) - 0.5 * pt.log(total) + 0.5 * np.log(2 * np.pi)
    theta = pm.Deterministic(schema.THETA, centre + tau * deviation, dims=schema.STUDY)
    return Drawn(theta, deviation, log_density)
