"""How rows hang together, by the columns and formulas that the user named."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from bayesmeta.arrays import FloatArray
from bayesmeta.assembly.choices import with_choices
from bayesmeta.assembly.matrix import CLOSE, components, correlations
from bayesmeta.assembly.parts import Parts, parts_of
from bayesmeta.assembly.shared_arm import shared_arm
from bayesmeta.catalogue import load_model, model_names
from bayesmeta.covariance import MEASURE, ColumnRole, Groups, Layout, Table, Use
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.location import LOCATIONS, Location
from bayesmeta.location.columns import joined
from bayesmeta.measures.effects import Effects
from bayesmeta.near import did_you_mean
from bayesmeta.schema import IS_COHORT
from bayesmeta.spec import ModelSpec
from bayesmeta.studies import Column
from bayesmeta.studies.cells import number
from bayesmeta.studies.table import in_words
from bayesmeta.studies.wording import choice

_FORMULA = LOCATIONS["formula"]
_WORDS = {
    Use.FORMULA: "FORMULA",
    Use.MATRIX: "FILE",
    Use.WORD: "WORD",
    Use.LEVEL: "LEVEL",
}


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
            effects, _ = _located(effects, role.name, named[role.name], missing=missing)
        _require_compatible(spec, role, named)
    return effects


def _require_compatible(spec: ModelSpec, role: ColumnRole, named: Mapping[str, str]) -> None:
    """Raise where a role is named beside another that says the same in another way."""
    others = [name for name in role.apart if name in named]
    if role.name in named and others:
        raise ModelError(
            f"Model {spec.name}: {role.name} and {others[0]} both say how rows are correlated; "
            "name one of them."
        )


def _asked(role: str, use: Use) -> str:
    return choice(role.replace("_", "-"), _WORDS.get(use, "COLUMN"))


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
    shelf = {model: parts_of(with_choices(load_model(model), {name: ""}))
             for model in model_names()}  # fmt: skip
    return [model for model, parts in shelf.items() if name in {role.name for role in parts.roles}]


def _named(spec: ModelSpec, parts: Parts, effects: Effects) -> Mapping[str, str]:
    """Return what stands in each role: what the user named, else the default where it is there."""
    found = {}
    for role in parts.roles:
        is_word = role.use in (Use.WORD, Use.LEVEL)
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
        ways = [_asked(role.name, role.use)]
        ways += [_asked(role.unless, Use.MATRIX)] if role.unless else []
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
    tables = {role: _table(role, text, effects)
              for role, text in named.items() if uses[role] is Use.FORMULA}  # fmt: skip
    tables |= {role: _numbers(role, column, effects)
               for role, column in named.items() if uses[role] is Use.NUMBER}  # fmt: skip
    matrices = {role: _PAIRWISE[uses[role]](text, effects, groups)
                for role, text in named.items() if uses[role].square}  # fmt: skip
    for role in parts.roles:
        if role.unless in matrices:
            groups.setdefault(role.name, components(matrices[role.unless]))
            _require_within(matrices[role.unless], groups[role.name], role.name, effects)
    _require_inside({role: groups[role] for role in groups if joins[role]}, effects)
    tables |= {
        role: Table(values, effects.labels, square=True) for role, values in matrices.items()
    }
    words = {role: text for role, text in named.items() if uses[role] is Use.WORD}
    marks = {}
    for mark in [name for name, use in uses.items() if use is Use.MARK and name in named]:
        marks[IS_COHORT] = cohorts(effects, named[mark], named["reference"])
    return Layout(groups, tables, {**words, MEASURE: effects.measure}, marks)


def _require_within(values: FloatArray, groups: Groups, role: str, effects: Effects) -> None:
    across = np.argwhere((np.abs(values) > CLOSE) & ~groups.same)
    if across.size:
        one, other = (effects.studies.place(int(row)) for row in across[0])
        raise StudiesError(
            f"The covariance of {one} and {other} is not 0, and they are not of one {role}."
        )


def _require_inside(joining: Mapping[str, Groups], effects: Effects) -> None:
    """Raise where groups of one kind lie across those of another.

    Raises
    ------
    StudiesError
        With the two rows of a group that are in different ones of the larger kind.
    """
    for role, outermost in pairwise(sorted(joining, key=lambda name: -len(joining[name]))):
        whole = joining[outermost]
        across = np.argwhere(joining[role].same & ~whole.same)
        if across.size:
            one, other = (effects.studies.place(int(row)) for row in across[0])
            raise StudiesError(
                f"{one} and {other} are of one {role}, {joining[role].names[across[0, 0]]!r}, and "
                f"of two {outermost}s; name columns of which one lies within the other."
            )


def _located(
    effects: Effects, role: str, formula: str, *, missing: str
) -> tuple[Effects, Location]:
    """Return the design of a role's formula; its errors speak of the role, not of moderators."""
    try:
        return _FORMULA.locate(effects, joined(formula), missing=missing)
    except ModelError as error:
        raise ModelError(str(error).replace("Moderators ", f"{role} ", 1)) from None


def _table(role: str, formula: str, effects: Effects) -> Table:
    _, location = _located(effects, role, formula, missing="error")
    return Table(location.design[:, 1:], location.terms)


def cohorts(effects: Effects, column: str, reference: str) -> FloatArray:
    """Return 1 for rows of every design but the reference, 0 for those of that, shape (row,).

    Raises
    ------
    StudiesError
        If there is no such column, a cell of it is empty, or no study or every study has the
        reference's design.
    """
    designs = _groups("design", column, effects, lasting=True)
    _require_one_spelling(effects, column, str(reference), designs)
    if reference not in designs.labels:
        raise StudiesError(
            f"{effects.studies.source}: no study has {column} {reference!r}, the reference; name "
            f"one of {', '.join(designs.labels)}: {choice('reference', 'LEVEL')}."
        )
    if len(designs) == 1:
        raise StudiesError(
            f"{effects.studies.source}: all {len(effects)} studies have {column} {reference!r}; "
            "there is no other design beside it."
        )
    return np.array([float(name != reference) for name in designs.names])


def _require_one_spelling(effects: Effects, column: str, reference: str, designs: Groups) -> None:
    """Raise where a level is the reference but for capitals, blanks or marks.

    Raises
    ------
    StudiesError
        Naming the first such row: it would count as another design.
    """
    plain = _letters(reference)
    for row, name in enumerate(designs.names):
        if plain and name != reference and _letters(name) == plain and reference in designs.labels:
            raise StudiesError(
                f"{effects.studies.place(row)}: {column} is {name!r}, and the reference is "
                f"{reference!r}; write both alike, or the study counts as of another design."
            )


def _letters(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def _groups(role: str, column: str, effects: Effects, *, lasting: bool) -> Groups:
    return Groups.of(map(in_words, _column(role, column, effects)), lasting=lasting)


def _numbers(role: str, column: str, effects: Effects) -> Table:
    values = _column(role, column, effects)
    if values.dtype.kind != "f":
        row = next(row for row, word in enumerate(values.tolist()) if number(word) is None)
        raise StudiesError(
            f"{effects.studies.place(row)}: {column} is {str(values[row])!r}, and {role} are "
            "numbers; write the number alone."
        )
    return Table(values[:, np.newaxis], (column,))


def _other(role: str, column: str) -> str:
    """Return how a column is named for a role, where nobody named one."""
    return f" Name the one that says it: {choice(role, 'COLUMN')}." if column == role else ""


def _column(role: str, column: str, effects: Effects) -> Column:
    """Return a column by the table's own name or ours, filled in every row."""
    studies = effects.studies
    values = studies.theirs.get(column, studies.columns.get(column))
    if values is None:
        known = dict.fromkeys([*studies.columns, *studies.theirs])
        raise StudiesError(
            f"{studies.source}: no column {column!r}{'' if column == role else f' for {role}'}; "
            f"columns: {', '.join(known)}.{did_you_mean(column, known) or _other(role, column)}"
        )
    empty = np.flatnonzero(np.isnan(values) if values.dtype.kind == "f" else values == "")
    if empty.size:
        raise StudiesError(
            f"{studies.place(int(empty[0]))}: {column} is empty, and it says the {role}; "
            f"fill it in, or leave the row out."
        )
    return np.asarray(values)


_PAIRWISE = {Use.MATRIX: correlations, Use.SHARED_ARM: shared_arm}
