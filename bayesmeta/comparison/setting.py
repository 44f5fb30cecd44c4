"""A table of studies with its design, ready for any set of priors."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import (
    Assembly,
    PriorLike,
    assemble,
    parts_of,
    takes_repeated,
    usual_model,
)  # fmt: skip
from bayesmeta.catalogue import load_model
from bayesmeta.errors import AnalysisError, ModelError
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec, Prior, prior_from_toml

DIRECTIONS = ("lower", "higher")
FLAT, UNIFORM = Prior("flat"), Prior("uniform")


@dataclass(frozen=True, eq=False)
class Setting:
    """The rows used and their design, before any prior is chosen.

    Parameters
    ----------
    spec
        The model as its file states it.
    flat
        The model with flat coefficients and a uniform tau, which every table can have: it need
        not be proper.
    """

    spec: ModelSpec
    flat: Assembly

    def under(self, priors: Mapping[str, PriorLike], *, where: str) -> Assembly:
        """Return the model under its own priors, some replaced by these.

        Raises
        ------
        PriorError
            If a prior is unknown or unsuited, or its unit cannot be resolved on this table.
        """
        given = {name: prior_from_toml(value, where=f"{where}: {name}")
                 for name, value in priors.items()}  # fmt: skip
        spec = self.spec.with_priors(**given)
        return self.flat.under(spec)

    @property
    def combinations(self) -> dict[str, FloatArray]:
        """What the table has rows for: mu, the slopes, the intercept; shape (coefficient,)."""
        unit = np.eye(len(self.flat.coefficients))
        found = dict(zip(self.flat.coefficients, unit, strict=True))
        if self.flat.terms:
            means = self.flat.location.column_means
            found[schema.INTERCEPT] = np.concatenate([[1.0], -means])
        return found


def set_up(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    moderators: str | None = None,
    missing: str = "error",
) -> Setting:
    """Return the setting of a comparison; arguments and errors as `bayesmeta.fit`."""
    spec = load_model(model or usual_model(moderators))
    if takes_repeated(spec):
        raise ModelError(
            "A comparison's classical rows take all estimates to be of different patients, "
            f"which those of model {spec.name} are not."
        )
    own = parts_of(spec).hyperparameters()
    positive = {schema.TAU, *(item.variable for item in own if item.is_positive)}
    kept = {item.variable for item in own if np.isfinite(item.support).all()}
    kept |= {name for name, prior in spec.priors.items() if prior.value is not None}
    flat = {name: UNIFORM if name in positive else FLAT for name in spec.priors
            if name not in kept}  # fmt: skip
    return Setting(
        spec, assemble(effects, spec, moderators=moderators, priors=flat, missing=missing)
    )


def require_choices(interval: float, benefit: str | None, difference: float | None = None) -> None:
    """Raise unless an interval's probability, a direction and a difference make sense.

    Raises
    ------
    AnalysisError
        If one does not.
    """
    if not 0 < interval < 1:
        raise AnalysisError(
            f"The interval is {interval}; it must be between 0 and 1, such as 0.95."
        )
    if benefit is not None and benefit not in DIRECTIONS:
        raise AnalysisError(f"benefit is {benefit!r}; it must be one of: {', '.join(DIRECTIONS)}.")
    if difference is not None and not 0 < difference < math.inf:
        raise AnalysisError(
            f"The minimal important difference is {difference}; it must be above 0."
        )
