"""Bayesian and classical rows side by side, with what explains the gap between them."""

from bayesmeta.comparison.contract import contract
from bayesmeta.comparison.gap import explain_gap
from bayesmeta.comparison.gap_words import gap_sentences
from bayesmeta.comparison.table import compare
from bayesmeta.comparison.text import comparison_text

__all__ = ["compare", "comparison_text", "contract", "explain_gap", "gap_sentences"]
