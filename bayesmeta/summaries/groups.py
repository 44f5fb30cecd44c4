"""The table of groups: what is believed of the effect that the rows of each share."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.summaries import certified, simulated
from bayesmeta.summaries.quantities import require_level
from bayesmeta.summaries.view import View

if TYPE_CHECKING:
    from bayesmeta.summaries.quantity import Quantity


class GroupTables(NamedTuple):
    """The table of the groups' effects, and the numerical error of each number, same rows."""

    effects: pd.DataFrame
    errors: pd.DataFrame


def require_groups(view: View, role: str) -> None:
    """Raise unless the groups of a role have effects of their own.

    Raises
    ------
    PosteriorError
        If the model has none, or others.
    """
    known = view.follows.grouped
    if role != known:
        there = f"{schema.STUDY!r} or {known!r}" if known else f"{schema.STUDY!r}"
        raise PosteriorError(f"of is {role!r}; the posterior has effects of: {there}.")


def group_tables(view: View, *, interval: float, shortest: bool) -> GroupTables:
    """Return the effects of the model's groups, asked where there are any."""
    require_level(interval)
    role = view.follows.grouped
    groups = view.layout.groups[role]
    found: Quantity = (
        certified.group_effects(view.mixture) if view.is_exact else simulated.group_effects(view)
    )
    numbers = found.statistics(interval, shortest=shortest)._asdict()
    errors = found.errors(interval, shortest=shortest)._asdict()
    moments = view.moments(schema.MU)
    effects = {
        role: list(groups.labels),
        "estimates": groups.sizes,
        **existing(numbers, moments),
        "error": errors["mean" if moments >= 1 else "median"],
    }
    return GroupTables(pd.DataFrame(effects), pd.DataFrame(errors))


def existing(rows: dict[str, FloatArray], moments: float) -> dict[str, FloatArray]:
    """Return numbers without the moments that do not exist: no mean, an infinite sd."""
    missing = {1: ("mean", np.nan), 2: ("sd", np.inf)}
    none = [said for order, said in missing.items() if moments < order]
    return rows | {name: np.full_like(rows[name], value) for name, value in none}
