"""Shapes of the curve of the effect over one covariate, such as weeks; a file a shape.

``SHAPES`` is the register: the name a call uses, and the part. All are exact: linear in their
coefficients given their own parameters, which are integrated on a grid.
"""

from bayesmeta.location.shapes import (
    categories,
    constant,
    emax,
    linear,
    logarithm,
    monotone,
    natural_spline,
    piecewise_linear,
    square_root,
    step,
)
from bayesmeta.location.shapes.part import Grid, Observed, Shape

SHAPES: dict[str, Shape] = {
    "constant": constant,
    "linear": linear,
    "logarithm": logarithm,
    "square_root": square_root,
    "step": step,
    "piecewise_linear": piecewise_linear,
    "natural_spline": natural_spline,
    "emax": emax,
    "monotone": monotone,
    "categories": categories,
}

CONSTANT = "constant"
"""The shape of no change."""

__all__ = ["CONSTANT", "SHAPES", "Grid", "Observed", "Shape"]
