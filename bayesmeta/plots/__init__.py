"""Figures, each drawn from a table that a summary made."""

from bayesmeta.plots.register import PLOTS

__all__ = ["PLOTS"]
