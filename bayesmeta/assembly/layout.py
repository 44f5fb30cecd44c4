"""How rows hang together, by the columns and formulas that the user named."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly.matrix import CLOSE, components, correlations
from bayesmeta.assembly.parts import Parts, parts_of
from bayesmeta.catalogue import load_model, model_names
from bayesmeta.covariance import MEASURE, ColumnRole, Groups, Layout, Table, Use
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.location import LOCATIONS
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec
from bayesmeta.studies.wording import choice

_FORMULA = LOCATIONS["formula"]
_WORDS = {Use.GROUPS: "COLUMN", Use.FORMULA: "FORMULA", Use.MATRIX: "FILE", Use.WORD: "WORD"}


def with_columns(spec: ModelSpec, parts: Parts, effects: Effects, *, missing: str) -> Effects:
    """Return the effects that have what the roles of a model's parts need.

    Raises
    ------
    ModelError
        If a role that a part needs names nothing, or something has a role that no part has.
    StudiesError
        If the table has no such column, or a cell of it is empty.
    """
    _require_known(spec, parts)
    named = _named(spec, parts, effects)
    for role in parts.roles:
        if role.needed and role.name not in named and role.unless not in named:
            raise ModelError(_unnamed(spec, role, effects))
        if role.use is Use.FORMULA and role.name in named:
            effects, _ = _FORMULA.locate(effects, named[role.name], missing=missing)
    return effects


def _require_known(spec: ModelSpec, parts: Parts) -> None:
    known = {role.name: role for role in parts.roles}
    for name, column in spec.roles.items():
        if name not in known:
            takes = f"it takes: {', '.join(known)}" if known else "it groups no rows"
            others = ", ".join(_with_role(name)) or "none"
            raise ModelError(
                f"Model {spec.name} takes no {name!r} ({column}); {takes}. "
                f"Models that take it: {others}."
            )
        role = known[name]
        if role.fixed and column != role.default:
            raise ModelError(
                f"Model {spec.name} reads {role.says} in the column {role.default!r} alone, and "
                f"not in {column!r}; rename that column."
            )
        if role.use is Use.WORD and column not in role.choices:
            raise ModelError(
                f"Model {spec.name}: {name} is {column!r}; it must be one of: "
                f"{', '.join(role.choices)}."
            )


def _with_role(name: str) -> list[str]:
    """Return the models on the shelf whose parts have a role."""
    shelf = {model: parts_of(load_model(model)) for model in model_names()}
    return [model for model, parts in shelf.items() if name in {role.name for role in parts.roles}]


def _named(spec: ModelSpec, parts: Parts, effects: Effects) -> Mapping[str, str]:
    """Return what stands in each role: what the user named, else the default where it is there."""
    found = {}
    for role in parts.roles:
        is_word = role.use is Use.WORD
        there = role.default and all(
            is_word or name in effects.studies for name in role.default.split()
        )
        if role.name in spec.roles or there:
            found[role.name] = spec.roles.get(role.name, role.default)
    return found


def _unnamed(spec: ModelSpec, role: ColumnRole, effects: Effects) -> str:
    if role.fixed:
        asked = f"needs a column {role.default!r}, {role.says}. "
    else:
        ways = [choice(role.name.replace("_", "-"), _WORDS[role.use])]
        ways += [choice(role.unless, _WORDS[Use.MATRIX])] if role.unless else []
        asked = f"needs to be told {role.says}: {' or '.join(ways)}. "
    return (
        f"Model {spec.name} {asked}"
        f"Columns of {effects.studies.source}: {', '.join(effects.studies.columns)}."
    )


def laid_out(spec: ModelSpec, parts: Parts, effects: Effects) -> Layout:
    """Return how rows hang together; errors as `with_columns`."""
    named = _named(spec, parts, effects)
    uses = {role.name: role.use for role in parts.roles}
    joins = {role.name: role.joins for role in parts.roles}
    groups = {role: _groups(role, column, effects, lasting=not joins[role])
              for role, column in named.items() if uses[role] is Use.GROUPS}  # fmt: skip
    tables = {role: _table(text, effects)
              for role, text in named.items() if uses[role] is Use.FORMULA}  # fmt: skip
    matrices = {role: correlations(text, effects, groups)
                for role, text in named.items() if uses[role] is Use.MATRIX}  # fmt: skip
    for role in parts.roles:
        if role.unless in matrices:
            groups.setdefault(role.name, components(matrices[role.unless]))
            _require_within(matrices[role.unless], groups[role.name], role.name, effects)
    tables |= {
        role: Table(values, effects.labels, square=True) for role, values in matrices.items()
    }
    words = {role: text for role, text in named.items() if uses[role] is Use.WORD}
    return Layout(groups, tables, {**words, MEASURE: effects.measure})


def _require_within(values: FloatArray, groups: Groups, role: str, effects: Effects) -> None:
    across = np.argwhere((np.abs(values) > CLOSE) & ~groups.same)
    if across.size:
        one, other = (effects.studies.place(int(row)) for row in across[0])
        raise StudiesError(
            f"The covariance of {one} and {other} is not 0, and they are not of one {role}."
        )


def _table(formula: str, effects: Effects) -> Table:
    _, location = _FORMULA.locate(effects, formula, missing="error")
    return Table(location.design[:, 1:], location.terms)


def _groups(role: str, column: str, effects: Effects, *, lasting: bool) -> Groups:
    studies = effects.studies
    if column not in studies:
        raise StudiesError(
            f"{studies.source}: no column {column!r} for {role}; "
            f"columns: {', '.join(studies.columns)}."
        )
    values = studies[column]
    is_text = values.dtype.kind != "f"
    empty = np.flatnonzero(values == "" if is_text else np.isnan(values))
    if empty.size:
        raise StudiesError(
            f"{studies.place(int(empty[0]))}: {column} is empty, and it says the {role}; "
            f"fill it in, or leave the row out."
        )
    words = values.tolist() if is_text else [f"{value:g}" for value in values]
    return Groups.of(words, lasting=lasting)
