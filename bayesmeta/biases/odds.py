"""How likely a bias is beside none: odds and their logs, of NumPy arrays and PyTensor variables."""

from typing import Any

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.covariance import Quantity


def wider(residual: Quantity, variance: Quantity, further: Quantity) -> Any:  # noqa: ANN401
    """Return the log density of residuals under a larger variance, less that under their own.

    Examples
    --------
    >>> float(wider(0.0, 1.0, 3.0).round(4)), float(wider(2.0, 1.0, 3.0).round(4))
    (-0.6931, 0.8069)
    """
    total = variance + further
    return -0.5 * (np.log(total / variance) + residual**2 / total - residual**2 / variance)


def shifted(residual: Quantity, variance: Quantity, bias: Quantity) -> Any:  # noqa: ANN401
    """Return the log density of residuals around a bias, less that around 0.

    Examples
    --------
    >>> shifted(1.0, 1.0, 1.0)
    0.5
    """
    return (residual * bias - 0.5 * bias**2) / variance


def log_mixed(share: Quantity, log_ratio: Any) -> Any:  # noqa: ANN401
    """Return log(1 - share + share * ratio); a share of 0 or 1 may stand there too."""
    # From the larger of both terms: neither exponential overflows.
    top = 0.5 * (log_ratio + abs(log_ratio))
    return top + np.log((1 - share) * np.exp(-top) + share * np.exp(log_ratio - top))


def chance(share: Quantity, log_ratio: FloatArray) -> FloatArray:
    """Return the probability of a bias given the data, from its share and log ratio.

    Examples
    --------
    >>> chance(0.5, np.array([0.0, np.log(3)])).round(2).tolist()
    [0.5, 0.75]
    """
    return np.asarray(share * np.exp(log_ratio - log_mixed(share, log_ratio)))
