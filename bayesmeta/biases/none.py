"""No bias: all studies estimate what their centre says."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.biases.part import Patterns
from bayesmeta.covariance import ColumnRole, Layout, Quantity, Rows, Values
from bayesmeta.parameters import Parameter
from bayesmeta.spec import Prior

if TYPE_CHECKING:
    from pytensor.tensor import TensorVariable

ROLES: tuple[ColumnRole, ...] = ()
CERTAIN = True
COEFFICIENTS: tuple[Parameter, ...] = ()
LATENT: tuple[Parameter, ...] = ()


def parameters(layout: Layout) -> tuple[Parameter, ...]:
    """Return no hyperparameter."""
    return ()


def constants(priors: Mapping[str, Prior]) -> dict[str, float]:
    """Return nothing."""
    return {}


def coefficient_prior(prior: Prior, fixed: Mapping[str, float]) -> Prior:
    """Return the prior as it is stated."""
    return prior


def variance(values: Values, rows: Rows) -> Quantity:
    """Return 0."""
    return 0.0


def patterns(
    layout: Layout, priors: Mapping[str, Prior], fixed: Mapping[str, float]
) -> Patterns | None:
    """Return None: nothing is left open."""
    return None


def moved(
    centre: "TensorVariable", bias: "TensorVariable", mark: "TensorVariable"
) -> "TensorVariable":
    """Return the centres as they are."""
    return centre


def expected(
    values: Values, rows: Rows, shape: tuple[int, ...], generator: np.random.Generator
) -> dict[str, FloatArray]:
    """Return no indicators."""
    return {}


def log_correction(
    residual: Quantity, bias: Quantity, variance: Quantity, values: Values, rows: Rows
) -> Quantity | None:
    """Return None: the likelihood is what it is."""
    return None


def log_density(residual: FloatArray, variance: Quantity, values: Values, rows: Rows) -> FloatArray:
    """Return the log normal density of residuals, by row."""
    return np.asarray(-0.5 * (residual**2 / variance + np.log(2 * np.pi * variance)))


def draw_bias(
    residual: FloatArray, bias: FloatArray, variance: Quantity, values: Values, rows: Rows,
    generator: np.random.Generator,
) -> FloatArray:  # fmt: skip
    """Return the bias as it was drawn."""
    return bias


def probability(
    residual: FloatArray, bias: FloatArray, variance: Quantity, values: Values, rows: Rows
) -> FloatArray | None:
    """Return None: nobody asks who is biased."""
    return None
