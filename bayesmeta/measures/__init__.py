"""Reported arms become an estimate with its standard error; a file a measure."""

from bayesmeta.measures.effects import Dropped, Effects
from bayesmeta.measures.register import MEASURES
from bayesmeta.measures.sizes import effect_sizes

__all__ = ["MEASURES", "Dropped", "Effects", "effect_sizes"]
