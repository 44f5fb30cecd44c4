"""Columns that a forest plot may show or go by: of the table of studies, or of the posterior."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.summaries.page import Page

if TYPE_CHECKING:
    from bayesmeta.studies import Column

_INSTEAD = "with the table of studies every column of it is known"


def cells_of(
    page: Page, effects: Effects | None, name: str, *, use: str, beside: Sequence[str] = ()
) -> "dict[str, object]":
    """Return the cells of a column by the label of their row.

    Parameters
    ----------
    effects
        What the posterior was made of; without it the moderators and roles that it stores.
    use
        What the column is wanted for, in the message.
    beside
        What else would do, no column of the table.

    Raises
    ------
    PosteriorError
        If there is no such column; the message lists those there are.
    """
    found = columns_of_table(page, effects)
    if name not in found:
        known = ", ".join([*beside, *found]) or "none"
        more = "" if effects is not None else f"; {_INSTEAD} (effects=, or --studies)"
        raise PosteriorError(f"No column {name!r} {use}; known: {known}{more}.")
    return dict(zip(page.view.studies.labels, found[name].tolist(), strict=True))


def columns_of_table(page: Page, effects: Effects | None) -> "dict[str, Column]":
    """Return every column by its name."""
    if effects is not None:
        return dict(effects.studies.columns)
    view = page.view
    stored, constant = view.group(schema.MODERATORS), view.group(schema.CONSTANT_DATA)
    found = {} if stored is None else {
        schema.column_name(str(name)): column.to_numpy()
        for name, column in stored.data_vars.items()
    }  # fmt: skip
    named = {} if view.model is None else view.model.roles
    roles = {} if constant is None else {
        str(named.get(role, role)): constant[role].to_numpy()
        for role in view.layout.groups if role in constant
    }  # fmt: skip
    return {**found, **roles}
