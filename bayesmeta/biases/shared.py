"""A bias that all cohorts share or none has, with a probability that is the share.

::

    theta     ~ Normal(c + i * b * bias, T)      b ~ Bernoulli(share)      bias ~ its prior

No bias is computed with as a normal prior on it ten million times narrower than that of a bias.

References
----------
Verde PE (2021). A bias-corrected meta-analysis model for combining studies of different types and
quality. Biom J 63:406-422. doi:10.1002/bimj.201900376
"""

from collections.abc import Mapping

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.biases.none import constants, expected, log_density, moved, patterns, variance
from bayesmeta.biases.odds import chance, log_mixed, shifted
from bayesmeta.biases.parameter import BIAS, SHARE
from bayesmeta.covariance import Layout, Quantity, Rows, Values
from bayesmeta.covariance.designs import ROLES
from bayesmeta.errors import PriorError
from bayesmeta.parameters import Parameter
from bayesmeta.priors import normal
from bayesmeta.spec import Prior

__all__ = [
    "CERTAIN",
    "COEFFICIENTS",
    "LATENT",
    "ROLES",
    "coefficient_prior",
    "constants",
    "draw_bias",
    "expected",
    "log_correction",
    "log_density",
    "moved",
    "parameters",
    "patterns",
    "probability",
    "variance",
]

CERTAIN = False
COEFFICIENTS = (BIAS,)
LATENT: tuple[Parameter, ...] = ()
NARROW = 1e-7
"""No bias, in standard deviations of a bias: the error is of the order of its square."""
_NOTHING = 1e-5


def parameters(layout: Layout) -> tuple[Parameter, ...]:
    """Return the probability of a bias; a number, since one yes or no tells nothing of it."""
    from dataclasses import replace

    return (replace(SHARE, number=True, says="probability that cohorts are biased"),)


def coefficient_prior(prior: Prior, fixed: Mapping[str, float]) -> Prior:
    """Return the bias's prior with a narrow normal at 0 for none.

    Raises
    ------
    PriorError
        If the prior is no normal one.
    """
    found, share = normal(prior), fixed[SHARE.name]
    if found is None or found.is_flat:
        raise PriorError(
            f"priors: bias ~ {prior}: a bias that there may be is normal; "
            "write Normal(mu=0, sigma=...)."
        )
    none = Prior("Normal", {"mu": 0.0, "sigma": NARROW * found.sd})
    if share in (0.0, 1.0):
        return prior if share else none
    return Prior("Mixture", {"w": (1 - share, share), "comp_dists": (none, prior)})


def log_correction(
    residual: Quantity, bias: Quantity, variance: Quantity, values: Values, rows: Rows
) -> Quantity | None:
    """Return the log likelihood of the mixture, less that of no bias."""
    log_ratio = (rows.marks[schema.IS_COHORT] * shifted(residual, variance, bias)).sum()
    found: Quantity = log_mixed(values[SHARE.name], log_ratio)
    return found


def draw_bias(
    residual: FloatArray, bias: FloatArray, variance: Quantity, values: Values, rows: Rows,
    generator: np.random.Generator,
) -> FloatArray:  # fmt: skip
    """Return the bias where there is one, given what it would be, else 0.

    Parameters
    ----------
    residual
        Of the estimates from their centres without a bias, shape (..., row).
    bias
        What it would be, shape (...).
    """
    each = shifted(residual, variance, bias[..., np.newaxis])
    log_ratio = (rows.marks[schema.IS_COHORT] * each).sum(axis=-1)
    there = generator.random(bias.shape) < chance(np.squeeze(values[SHARE.name]), log_ratio)
    return np.where(there, bias, 0.0)


def probability(
    residual: FloatArray, bias: FloatArray, variance: Quantity, values: Values, rows: Rows
) -> FloatArray | None:
    """Return 1 for cohorts where there is a bias, else 0."""
    largest = np.abs(bias).max(initial=0.0)
    there = np.abs(bias)[..., np.newaxis] > _NOTHING * largest
    return np.asarray(rows.marks[schema.IS_COHORT] * there)
