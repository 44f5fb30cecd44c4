"""A model's statement resolved on a table's effects: design, and priors in the outcome's unit."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bayesmeta.assembly.assembled import Assembly
from bayesmeta.assembly.choices import with_choices
from bayesmeta.assembly.layout import laid_out, with_columns
from bayesmeta.assembly.parts import Parts, parts_of
from bayesmeta.assembly.requirements import (
    require_own_errors,
    require_sizes,
    require_spread,
)
from bayesmeta.catalogue import load_model
from bayesmeta.errors import ModelError, PriorError
from bayesmeta.location import LOCATIONS
from bayesmeta.location.columns import joined
from bayesmeta.measures.effects import Effects
from bayesmeta.measures.given import require_effects
from bayesmeta.random_effects import translated
from bayesmeta.spec import ModelSpec, Prior, prior_from_toml

type PriorLike = Prior | str | float | Mapping[str, object]

_INTERCEPT, _FORMULA = "intercept", "formula"


def usual_model(moderators: str | None) -> str:
    """Return the model of whoever names none."""
    return "meta-regression" if moderators else "random-effects"


_MISSING = ("error", "drop")


def assemble(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    moderators: str | None = None,
    priors: Mapping[str, PriorLike] | None = None,
    missing: str = "error",
    roles: Mapping[str, str] | None = None,
) -> Assembly:
    """Return a model resolved on effects.

    Parameters
    ----------
    model
        Name on the shelf, path of a model file, or a ``ModelSpec``; by default
        ``"meta-regression"`` where there are moderators and ``"random-effects"`` otherwise.
    moderators
        Formula in the table's columns; any model whose centre is an intercept takes one.
    priors
        Priors that replace the model's: ``{"tau": "HalfNormal(sigma=5)"}``; a number fixes a
        hyperparameter.
    missing
        ``"error"``, or ``"drop"`` for rows without a moderator's value.
    roles
        Columns that rows are grouped by, beside those that the model names:
        ``{"cluster": "district"}``.

    Raises
    ------
    ModelError, PriorError, StudiesError
        If the parts do not fit each other or the table.
    """
    require_effects(effects)
    if missing not in _MISSING:
        raise ModelError(f"Unknown missing={missing!r}; known: {', '.join(_MISSING)}.")
    moderators = joined(moderators)
    _require_mapping(priors)
    spec = load_model(model or usual_model(moderators))
    parts_of(spec)
    spec = _with_formula(spec) if moderators else spec
    own = {
        name: prior_from_toml(prior, where=f"prior {name}")
        for name, prior in (priors or {}).items()
    }
    spec = with_choices(spec, roles or {})
    parts = parts_of(spec)
    spec = spec.with_priors(**_translated(parts, own))
    complete = with_columns(spec, parts, effects, missing=missing)
    used, location = parts.location.locate(complete, moderators, missing=missing)
    estimate, error = parts.likelihood.approximate(used)
    used = replace(used, estimate=estimate, standard_error=error)
    require_sizes(used)
    layout, data = laid_out(spec, parts, used), parts.likelihood.data(used)
    location = location.beside(parts.bias.COEFFICIENTS, layout.marks)
    found = Assembly(spec, used, location, priors={}, layout=layout, data=data).under(spec)
    require_own_errors(spec, parts, found.rows, found.fixed)
    require_spread(spec, parts)
    return found


def _translated(parts: Parts, own: Mapping[str, Prior]) -> dict[str, Prior]:
    """Return the user's priors by the names of the model's parameters.

    Raises
    ------
    PriorError
        If a parameter has two priors, by two names.
    """
    found = translated(parts.heterogeneity, own)
    if len(found) < len(own):
        raise PriorError(f"priors: {', '.join(own)}: two of them are of one parameter; keep one.")
    return found


def _with_formula(spec: ModelSpec) -> ModelSpec:
    """Return the model with a formula for its centre, where that was an intercept."""
    if spec.parts["location"] != _INTERCEPT:
        return spec
    own, wanted = (LOCATIONS[name].CENTRE for name in (_INTERCEPT, _FORMULA))
    statement = re.sub(rf"\b{own}\b", wanted, spec.statement)
    return replace(spec.with_part("location", _FORMULA), statement=statement)


def _require_mapping(priors: object) -> None:
    if priors is not None and not isinstance(priors, Mapping):
        raise PriorError(
            f"priors: {priors!r} does not say of which parameters; write "
            '{"tau": "HalfNormal(sigma=5)"}.'
        )
    if odd := [name for name in priors or {} if not isinstance(name, str)]:
        raise PriorError(f"priors: {odd[0]!r} is no parameter's name; write such as 'tau'.")
