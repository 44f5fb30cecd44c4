"""A comparison with the gap it leaves, where there is one to explain."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Unpack

from bayesmeta.assembly import Roles
from bayesmeta.comparison.gap import explain_gap
from bayesmeta.comparison.prior_sets import DEFAULT, OWN, PriorSet
from bayesmeta.comparison.table import compare
from bayesmeta.errors import ModelError
from bayesmeta.measures.effects import Effects
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd


class Comparison(NamedTuple):
    """The table, and the gap between REML and the analysis' own row; None without that row."""

    table: "pd.DataFrame"
    gap: "pd.DataFrame | None"


def compare_and_explain(  # noqa: PLR0913  (as `compare`)
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    priors: PriorSet | None = None,
    moderators: str | None = None,
    missing: str = "error",
    interval: float = 0.95,
    benefit: str | None = None,
    minimal_important_difference: float | None = None,
    **roles: Unpack[Roles],
) -> Comparison:
    """Return both; arguments and errors as `compare`, priors by parameter.

    There is a gap to explain where REML is a place to start from.
    """
    table = compare(
        effects, model, priors=priors, moderators=moderators, missing=missing, interval=interval,
        benefit=benefit, minimal_important_difference=minimal_important_difference, **roles,
    )  # fmt: skip
    if f"Bayes ({OWN if priors else DEFAULT})" not in set(table["method"]):
        return Comparison(table, None)
    try:
        gap = explain_gap(
            effects, model, priors=priors, moderators=moderators, missing=missing,
            interval=interval, minimal_important_difference=minimal_important_difference, **roles,
        )  # fmt: skip
    except ModelError:  # of such a model there is a table, and no REML to start from
        return Comparison(table, None)
    return Comparison(table, gap)
