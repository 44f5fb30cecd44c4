"""How the rows of a stored posterior hang together, by the roles of its model's parts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.assembly import Parts
from bayesmeta.covariance import MEASURE, Groups, Layout, Table, Use

if TYPE_CHECKING:
    import xarray as xr

_APART = (Use.MARK, Use.LEVEL)
"""What columns of these roles say is stored by another name: as marks."""


def stored_layout(
    constant: "xr.Dataset", parts: Parts, named: Mapping[str, str], *, measure: str
) -> Layout:
    """Return the layout that ``constant_data`` holds.

    Parameters
    ----------
    named
        What the model names for its roles: words are stored there.
    """
    stored = [role for role in parts.roles if role.name in constant and role.use not in _APART]
    groups = {role.name: Groups.of(constant[role.name].to_numpy())
              for role in stored if role.use is Use.GROUPS}  # fmt: skip
    tables = {role.name: _table(constant[role.name], square=role.use.square)
              for role in stored if role.use is not Use.GROUPS}  # fmt: skip
    marks = [schema.IS_COHORT] if schema.IS_COHORT in constant else []
    words = {role.name: named.get(role.name, role.default)
             for role in parts.roles if role.use is Use.WORD}  # fmt: skip
    marked = {name: constant[name].to_numpy() for name in marks}
    return Layout(groups, tables, {**words, MEASURE: measure}, marked)


def _table(stored: "xr.DataArray", *, square: bool) -> Table:
    labels = stored.coords[stored.dims[1]].to_numpy()
    return Table(stored.to_numpy().astype(float), tuple(map(str, labels)), square)
