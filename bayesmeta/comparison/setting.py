"""A table of studies with its design, ready for any set of priors."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import (
    Assembly,
    Parts,
    PriorLike,
    assemble,
    parts_of,
    usual_model,
    with_choices,
)
from bayesmeta.catalogue import load_model, model_names
from bayesmeta.errors import AnalysisError, ModelError
from bayesmeta.location import filled
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.parameters import SHARE
from bayesmeta.spec import ModelSpec, Prior, prior_from_toml
from bayesmeta.summaries.reopening import is_posterior, reopened
from bayesmeta.within import is_positive, within

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

    def fixed(self, priors: Mapping[str, PriorLike]) -> dict[str, float]:
        """Return the numbers that stand for hyperparameters, under some priors of the model's."""
        stated = {**self.spec.priors, **{name: prior_from_toml(value, where=name)
                                         for name, value in priors.items()}}  # fmt: skip
        own = self.flat.parts.hyperparameters(self.flat.layout)
        chosen = {item.name: stated.get(item.name, stated.get(item.variable)) for item in own}
        return {name: prior.value for name, prior in chosen.items()
                if prior is not None and prior.value is not None}  # fmt: skip

    @property
    def combinations(self) -> dict[str, FloatArray]:
        """What the table has rows for: mu, the slopes, the intercept; shape (coefficient,)."""
        unit = np.eye(len(self.flat.coefficients))
        found = dict(zip(self.flat.coefficients, unit, strict=True))
        if self.flat.terms:
            means = self.flat.location.column_means
            row = np.concatenate([[1.0], -means])
            found[schema.INTERCEPT] = filled(row[np.newaxis], len(unit))[0]
        return found


type Model = str | Path | ModelSpec | None


def stated[T](
    effects: Effects, model: Model, moderators: str | None, priors: T
) -> tuple[Effects, Model, str | None, T]:
    """Return effects, model, formula and priors; a posterior has its own.

    Raises
    ------
    AnalysisError
        If two posteriors are given: a comparison is of one analysis.
    """
    if is_posterior(model):
        raise AnalysisError(
            "A comparison is of one analysis: its rows are priors and classical methods on one "
            "table; ask for one of each posterior."
        )
    if not is_posterior(effects):
        return effects, model, moderators, priors
    own = reopened(effects)  # type: ignore[arg-type]  # a posterior, where effects may be
    shelf = own.model.name if own.model.name in model_names() else own.model
    given: object = priors or {}
    both = {**own.priors, **given} if isinstance(given, Mapping) else priors
    return own.effects, model or shelf, moderators or own.moderators, cast("T", both)


def set_up(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    moderators: str | None = None,
    missing: str = "error",
    roles: Mapping[str, str] | None = None,
) -> Setting:
    """Return the setting of a comparison; arguments and errors as `bayesmeta.fit`."""
    require_effects(effects)
    spec = with_choices(load_model(model or usual_model(moderators)), roles or {})
    parts = parts_of(spec)
    if not parts.bias.CERTAIN or parts.power.ROLES:
        slot = "power" if parts.bias.CERTAIN else "bias"
        raise ModelError(
            f"Classical rows count cohorts as trials, or leave them out; they have no {slot} "
            f"{spec.parts[slot]!r}, as model {spec.name} has. bayesmeta designs compares these."
        )
    own = parts.hyperparameters()
    positive = {schema.TAU, *(item.variable for item in own if item.is_positive)}
    slopes = [item.variable for item in parts.bias.COEFFICIENTS] + [schema.BETA] * bool(moderators)
    named = [item.variable for item in own if item.is_positive]
    stated = dict.fromkeys([*spec.priors, *named, *slopes])
    kept = _kept(spec, parts)
    flat = {name: UNIFORM if name in positive else FLAT for name in stated if name not in kept}
    return Setting(
        spec, assemble(effects, spec, moderators=moderators, priors=flat, missing=missing)
    )


def _kept(spec: ModelSpec, parts: Parts) -> set[str]:
    """Return which parameters have no flat prior: shares, numbers, and what is integrated out."""
    own = parts.hyperparameters()
    found = {item.variable for item in own if item.support == SHARE or _is_fixed(item.default)}
    found |= {item.variable for item in parts.nuisance()}
    return found | {name for name, prior in spec.priors.items() if _is_fixed(prior)}


def _is_fixed(prior: object) -> bool:
    return isinstance(prior, Prior) and prior.value is not None


def require_choices(interval: float, benefit: str | None, difference: float | None = None) -> None:
    """Raise unless an interval's probability, a direction and a difference make sense.

    Raises
    ------
    AnalysisError
        If one does not.
    """
    if not within(interval, 0, 1):
        raise AnalysisError(
            f"The interval is {interval}; it must be between 0 and 1, such as 0.95."
        )
    if benefit is not None and benefit not in DIRECTIONS:
        raise AnalysisError(f"benefit is {benefit!r}; it must be one of: {', '.join(DIRECTIONS)}.")
    if difference is not None and not is_positive(difference):
        raise AnalysisError(
            f"The minimal important difference is {difference!r}; it must be above 0."
        )
