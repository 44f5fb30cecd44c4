"""The exact engine's core: batches of normal-normal problems, integrated over tau."""

from bayesmeta.engines.quadrature.draws import Drawn
from bayesmeta.engines.quadrature.integral import Integral
from bayesmeta.engines.quadrature.leaving_out import (
    Predictive,
    log_predictive,
    masked,
    without_each,
)
from bayesmeta.engines.quadrature.posteriors import integrate
from bayesmeta.engines.quadrature.problem import Problem
from bayesmeta.engines.quadrature.shared import shared, where_served

__all__ = [
    "Drawn",
    "Integral",
    "Predictive",
    "Problem",
    "integrate",
    "log_predictive",
    "masked",
    "shared",
    "where_served",
    "without_each",
]
