"""What a model says beside one mean and one tau: which studies are cohorts with a bias."""

from collections.abc import Mapping
from pathlib import Path

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly import is_line, parts_of, require_one_spread, with_choices
from bayesmeta.assembly.layout import laid_out
from bayesmeta.catalogue import load_model
from bayesmeta.duration_response.told import is_asked_by_study
from bayesmeta.errors import ModelError
from bayesmeta.measures.effects import Effects
from bayesmeta.schema import IS_COHORT
from bayesmeta.spec import ModelSpec
from bayesmeta.studies.wording import choice

_KNOWN = ("intercept", "formula")
"""Locations that the shapes stand for."""


def cohorts_with_a_bias(
    effects: Effects, model: str | Path | ModelSpec | None, roles: Mapping[str, str]
) -> FloatArray | None:
    """Return 1 for cohorts, 0 for trials, shape (study,); None where the model has no bias.

    Raises
    ------
    ModelError
        If the model has anything beside one mean, one tau and a bias of cohorts.
    """
    if model is None and not roles:
        return None
    spec = with_choices(load_model(model or "random-effects"), roles)
    by_study, parts = is_asked_by_study(spec), parts_of(spec)
    if not by_study:
        _require_normal(spec)
        require_one_spread(spec, "duration", biased=True)
    known = by_study or parts.heterogeneity.SPREAD is not None
    if not known or spec.parts["location"] not in _KNOWN:
        slot = "location" if known else "heterogeneity"
        raise ModelError(
            f"duration knows a mean that moves with the duration and one tau, and not the {slot} "
            f"{spec.parts[slot]!r} of model {spec.name}; leave the model out."
        )
    if not parts.bias.COEFFICIENTS:
        return None
    return laid_out(spec, parts, effects).marks.get(IS_COHORT)


def _require_normal(spec: ModelSpec) -> None:
    if is_line(spec):
        slot = "heterogeneity" if parts_of(spec).likelihood.CONJUGATE else "likelihood"
        part = spec.parts[slot]
        asked = choice("heterogeneity", part) if slot == "heterogeneity" else f"model {spec.name}"
        raise ModelError(
            f"duration weighs shapes under a normal {slot}, not {part!r}: no exact engine "
            "integrates such shapes of several columns; fit one line with "
            f"{choice('moderators', 'duration_weeks')} and {asked}, or leave each study out in "
            "turn to see what it does."
        )
