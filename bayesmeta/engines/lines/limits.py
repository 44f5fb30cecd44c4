"""What goes by the number of coefficients that a lattice has."""

from collections.abc import Sequence

from bayesmeta.engines.lines.question import Question

MOST = 3
"""Coefficients: with more, a product rule is no longer the way."""


def of_count[Number: (int, float)](question: Question, each: Sequence[Number]) -> Number:
    """Return one of the numbers that there are by the number of coefficients."""
    return each[len(question.priors) - 1]
