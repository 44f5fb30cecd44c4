"""Which rows belong together, by the columns that the user named."""

from collections.abc import Mapping

import numpy as np

from bayesmeta.assembly.parts import Parts
from bayesmeta.covariance import ColumnRole, Groups
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec


def grouped(spec: ModelSpec, parts: Parts, effects: Effects) -> Mapping[str, Groups]:
    """Return the groups of rows that a model's parts ask for, by role.

    Raises
    ------
    ModelError
        If a role that a part needs has no column, or a column has a role that no part has.
    StudiesError
        If the table has no such column, or a cell of it is empty.
    """
    known = {role.name: role for role in parts.roles}
    for name in spec.roles:
        if name not in known:
            has = ", ".join(known) or "none"
            raise ModelError(f"Model {spec.name} has no role {name!r} for a column; it has: {has}.")
    for role in parts.roles:
        if role.needed and role.name not in spec.roles:
            raise ModelError(_unnamed(spec, role, effects))
    return {role: _groups(role, column, effects) for role, column in spec.roles.items()}


def _unnamed(spec: ModelSpec, role: ColumnRole, effects: Effects) -> str:
    return (
        f"Model {spec.name} needs the column that says {role.says}: "
        f'{role.name}="COLUMN" (--{role.name} COLUMN). '
        f"Columns of {effects.studies.source}: {', '.join(effects.studies.columns)}."
    )


def _groups(role: str, column: str, effects: Effects) -> Groups:
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
    return Groups.of(values.tolist() if is_text else [f"{value:g}" for value in values])
