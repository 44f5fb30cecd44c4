"""Shapes beside several hyperparameters: each curve is integrated over a product of nodes."""

from bayesmeta.duration_response.several.masks import line_without
from bayesmeta.duration_response.several.shape import weigh_several

__all__ = ["line_without", "weigh_several"]
