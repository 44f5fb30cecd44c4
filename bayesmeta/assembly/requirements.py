"""What effects have to be before a model is resolved on them."""

from bayesmeta.assembly.parts import Parts
from bayesmeta.covariance import Covariance, Diagonal
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.priors import LARGEST, SMALLEST
from bayesmeta.spec import ModelSpec


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


def require_alone(model: ModelSpec, parts: Parts, covariance: Covariance) -> None:
    """Raise where rows that depend on each other have powers, or biases of their own.

    Parameters
    ----------
    covariance
        Of the estimates around their centres.

    Raises
    ------
    ModelError
        Naming the part that takes rows one by one.
    """
    powered = bool(parts.power.ROLES)
    if isinstance(covariance, Diagonal) or (parts.bias.CERTAIN and not powered):
        return
    slot = "power" if powered else "bias"
    raise ModelError(
        f"The {slot} {model.parts[slot]!r} of model {model.name} takes rows one by one, and these "
        f"depend on each other: its heterogeneity is {model.parts['heterogeneity']!r}, its "
        f"sampling {model.parts['sampling']!r}."
    )
