"""Estimates that are normal around their study effects, with known standard errors."""

from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.measures.effects import FloatArray

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

CONJUGATE = True
"""Normal study effects integrate out in closed form."""

COLUMNS = (schema.ESTIMATE, schema.STANDARD_ERROR)
"""What it reads of the effects."""


def log_density(estimate: FloatArray, standard_error: FloatArray, theta: FloatArray) -> FloatArray:
    """Return log p(estimate | theta), one a study, with all constants.

    Parameters
    ----------
    estimate, standard_error, theta
        Arrays that broadcast, in the outcome's unit; standard errors are positive.

    Examples
    --------
    >>> round(float(log_density(np.array(28.0), np.array(15.0), np.array(8.0))), 4)
    -4.5159
    """
    residual = (estimate - theta) / standard_error
    value: FloatArray = -0.5 * residual**2 - np.log(standard_error) - 0.5 * np.log(2 * np.pi)
    return value


def observe(
    mean: "TensorVariable", variance: "TensorVariable", *, observed: "TensorVariable"
) -> "TensorVariable":
    """Return the observed node ``estimate``, dims (study,), inside a ``pm.Model``.

    Parameters
    ----------
    mean, variance
        Of an estimate around its study effect; around the centre where those are integrated out.
    observed
        The estimates, a ``pm.Data`` of dims (study,).
    """
    import pymc as pm

    return pm.Normal(schema.ESTIMATE, mean, variance**0.5, observed=observed, dims=schema.STUDY)
