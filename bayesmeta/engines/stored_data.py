"""What a posterior stores of the table: estimates, standard errors, designs, groups."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from bayesmeta import schema
from bayesmeta.assembly import Assembly
from bayesmeta.engines.drawn import labels_of

if TYPE_CHECKING:
    from bayesmeta.studies import Column


def observed(assembly: Assembly, labels: xr.Coordinates) -> xr.Dataset:
    """Return the estimates, and what the likelihood reads beside them, dims (study,)."""
    columns = {schema.ESTIMATE: assembly.effects.estimate, **assembly.data}
    return xr.Dataset({name: (schema.STUDY, column) for name, column in columns.items()},
                      coords=labels_of(labels, (schema.STUDY,)))  # fmt: skip


def constant(assembly: Assembly, labels: xr.Coordinates) -> xr.Dataset:
    """Return what the estimates are analysed with, as ``constant_data`` has it."""
    effects, location = assembly.effects, assembly.location
    found: dict[str, tuple[tuple[str, ...], Column]] = {
        schema.STANDARD_ERROR: ((schema.STUDY,), effects.standard_error)
    }
    if effects.n is not None:
        found[schema.PARTICIPANTS] = ((schema.STUDY,), effects.n)
    found |= {role: ((schema.STUDY,), np.array(groups.names))
              for role, groups in assembly.layout.groups.items()}  # fmt: skip
    found |= {name: ((schema.STUDY,), mark) for name, mark in assembly.layout.marks.items()}
    others = {}
    for role, table in assembly.layout.tables.items():
        found[role] = ((schema.STUDY, schema.term(role)), table.values)
        others[schema.term(role)] = list(table.labels)
    if location.means > 1:
        own = location.design[:, : location.means]
        found[schema.MEAN_DESIGN] = ((schema.STUDY, schema.MEAN_EFFECT), own)
        means = location.coefficients[: location.means]
        others[schema.MEAN_EFFECT] = [item.name for item in means]
    if location.terms:
        raw = location.design[:, location.slopes] + location.column_means
        found[schema.DESIGN] = ((schema.STUDY, schema.TERM), raw)
        found[schema.DESIGN_MEAN] = ((schema.TERM,), location.column_means)
        others[schema.TERM] = list(location.terms)
    return xr.Dataset(found, coords=labels_of(labels, (schema.STUDY,)).assign(others))


def moderators(assembly: Assembly, labels: xr.Coordinates) -> xr.Dataset:
    """Return the columns that the formula reads, dims (study,)."""
    columns = {
        schema.stored_name(name): (schema.STUDY, _plain(column))
        for name, column in assembly.location.moderators.items()
    }
    return xr.Dataset(columns, coords=labels_of(labels, (schema.STUDY,)))


def _plain(column: "Column") -> "Column":
    return column if column.dtype.kind == "f" else column.astype(str)
