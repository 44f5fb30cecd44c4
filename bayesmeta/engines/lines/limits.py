"""What goes by the number of coefficients that a lattice has."""

from collections.abc import Sequence

from bayesmeta.assembly import Assembly
from bayesmeta.engines.lines.question import Question
from bayesmeta.errors import PosteriorError
from bayesmeta.random_effects import kernel_of

MOST = 3
"""Coefficients: with more, a product rule is no longer the way."""
MOST_MIXED = 2
"""The same beside a free hyperparameter that weights of normals are linear in: every point of a
lattice has all its values."""


def of_count[Number: (int, float)](question: Question, each: Sequence[Number]) -> Number:
    """Return one of the numbers that there are by the number of coefficients."""
    return each[len(question.priors) - 1]


def most(assembly: Assembly) -> int:
    """Return how many coefficients of a model are integrated at most."""
    kernel = kernel_of(assembly.parts.heterogeneity)
    mixed = kernel is not None and kernel.MIXING and kernel.MIXING not in assembly.fixed
    return MOST_MIXED if mixed else MOST


def require_few(assembly: Assembly) -> None:
    """Raise where a model has more coefficients than lattices serve.

    Raises
    ------
    PosteriorError
        With how many they serve, and what would do.
    """
    served, names = most(assembly), assembly.coefficients
    if len(names) > served:
        raise PosteriorError(
            f"With the heterogeneity {assembly.model.parts['heterogeneity']!r} the exact engine "
            f"integrates at most {served} coefficients, and there are {len(names)} "
            f'({", ".join(names)}); use engine="nuts".'
        )
