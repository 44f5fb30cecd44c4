"""What effects have to be before a model is resolved on them."""

from bayesmeta.errors import StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import LARGEST, SMALLEST


def require_effects(effects: object) -> None:
    """Raise unless effects are effects.

    Raises
    ------
    StudiesError
        If they are something else.
    """
    if not isinstance(effects, Effects):
        raise StudiesError(
            f"Effects are needed, not a {type(effects).__name__}; they are made by "
            "effect_sizes(read_studies(table), measure=...)."
        )


def require_sizes(effects: Effects) -> None:
    """Raise where the square of an estimate or a standard error would be no number."""
    for label, estimate, error in zip(
        effects.labels, effects.estimate, effects.standard_error, strict=True
    ):
        if not (SMALLEST <= error <= LARGEST and abs(estimate) <= LARGEST):
            raise StudiesError(
                f"{label}: the estimate is {estimate:g} with standard error {error:g}; numbers up "
                f"to {LARGEST:g}, and standard errors from {SMALLEST:g} on, are computed with. "
                "State the outcome in another unit."
            )
