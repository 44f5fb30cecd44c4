"""Trials beside cohorts: how much the cohorts may count, for every answer to that."""

from bayesmeta.designs.answer import designs
from bayesmeta.designs.contract import contract
from bayesmeta.designs.known_bias import less_known_biases
from bayesmeta.designs.result import Designs
from bayesmeta.designs.text import designs_text

__all__ = ["Designs", "contract", "designs", "designs_text", "less_known_biases"]
