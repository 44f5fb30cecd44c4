"""The Student t density, without over- or underflow."""

import numpy as np
from scipy import special

from bayesmeta.arrays import FloatArray


def log_constant(nu: FloatArray | float) -> FloatArray:
    """Return the log of the standard t density at 0."""
    # Gamma(nu/2 + 1/2) / Gamma(nu/2) by the beta function, which does not cancel for large nu.
    return np.asarray(-special.betaln(0.5, np.asarray(nu) / 2) - 0.5 * np.log(nu))


def log_root(z: FloatArray, log_z: FloatArray, *, nu: FloatArray | float) -> FloatArray:
    """Return log(sqrt(1 + z**2 / nu)) for z >= 0 of any size."""
    square = z**2 / nu
    beyond = log_z - 0.5 * np.log(nu) + 0.5 * np.log1p(1 / square)
    return np.where(square > 1, beyond, 0.5 * np.log1p(square))
