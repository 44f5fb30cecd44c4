"""Estimates that are normal around their study effects, with known standard errors."""

from typing import TYPE_CHECKING, cast

import numpy as np
from scipy.special import ndtr

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import NO_LAYOUT, ColumnRole, Covariance, Diagonal, Layout, Rows, Values
from bayesmeta.measures.effects import Effects
from bayesmeta.parameters import Parameter

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

CONJUGATE = True
"""Normal study effects integrate out in closed form."""
LINE = True
"""Each row informs an effect of its own."""

ROLES: tuple[ColumnRole, ...] = ()

COLUMNS = (schema.ESTIMATE, schema.STANDARD_ERROR)
"""What it reads of the effects."""


def parameters(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return no hyperparameter: standard errors are known."""
    return ()


def nuisance(layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
    """Return none."""
    return ()


def data(effects: Effects) -> dict[str, FloatArray]:
    """Return nothing: estimates and standard errors are all it reads."""
    return {}


def approximate(effects: Effects) -> tuple[FloatArray, FloatArray]:
    """Return the estimates and standard errors themselves."""
    return effects.estimate, effects.standard_error


def kinks(rows: Rows) -> tuple[float, ...]:
    """Return none: normal densities are smooth."""
    return ()


def log_density(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return log p(estimate | theta), one a study, with all constants.

    Parameters
    ----------
    estimate, theta
        Arrays that broadcast against the rows, in the outcome's unit.

    Examples
    --------
    >>> rows = Rows(standard_error=np.array(15.0))
    >>> round(float(log_density(np.array(28.0), np.array(8.0), {}, rows)), 4)
    -4.5159
    """
    error = np.asarray(rows.standard_error)
    residual = (estimate - theta) / error
    return np.asarray(-0.5 * residual**2 - np.log(error) - 0.5 * np.log(2 * np.pi))


def draw(
    theta: FloatArray, values: Values, rows: Rows, generator: np.random.Generator
) -> FloatArray:
    """Draw estimates given study effects, in the shape of theta, (..., study)."""
    return theta + np.asarray(rows.standard_error) * generator.standard_normal(theta.shape)


def below(estimate: FloatArray, theta: FloatArray, values: Values, rows: Rows) -> FloatArray:
    """Return the probability of an estimate below these, given study effects.

    Examples
    --------
    >>> float(below(np.array(2.0), np.array(2.0), {}, Rows(standard_error=np.array(1.0))))
    0.5
    """
    return np.asarray(ndtr((estimate - theta) / np.asarray(rows.standard_error)))


def observe_rows(theta: "TensorVariable", rows: Rows) -> "TensorVariable":
    """Return the observed node of independent estimates, which are ``rows.data["estimate"]``."""
    observed = cast("TensorVariable", rows.data[schema.ESTIMATE])
    return observe(theta, Diagonal(rows.standard_error**2), observed=observed)


def observe(
    mean: "TensorVariable", covariance: Covariance, *, observed: "TensorVariable"
) -> "TensorVariable":
    """Return the observed node ``estimate``, dims (study,), inside a ``pm.Model``.

    Parameters
    ----------
    mean, covariance
        Of the estimates around their study effects; around the centre where those are
        integrated out.
    observed
        The estimates, a ``pm.Data`` of dims (study,).
    """
    import pymc as pm

    if isinstance(covariance, Diagonal):
        spread = covariance.variance**0.5
        return pm.Normal(schema.ESTIMATE, mean, spread, observed=observed, dims=schema.STUDY)
    import pytensor.tensor as pt

    count = pm.modelcontext(None).dim_lengths[schema.STUDY].eval()
    return pm.MvNormal(
        schema.ESTIMATE,
        pt.broadcast_to(mean, (count,)),
        covariance.matrix(int(count)),
        observed=observed,
        dims=schema.STUDY,
    )
