"""Trials beside cohorts: how much the cohorts may count, for every answer to that."""

from bayesmeta.cohorts.answer import designs
from bayesmeta.cohorts.contract import contract
from bayesmeta.cohorts.known_bias import less_known_biases
from bayesmeta.cohorts.result import Designs
from bayesmeta.cohorts.text import designs_text

__all__ = ["Designs", "contract", "designs", "designs_text", "less_known_biases"]
