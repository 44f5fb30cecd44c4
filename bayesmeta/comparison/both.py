"""A comparison with the gap it leaves, where there is one to explain."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Unpack

from bayesmeta.assembly import Roles, is_one_spread, named_roles, usual_model
from bayesmeta.assembly.choices import with_choices
from bayesmeta.catalogue import load_model
from bayesmeta.comparison.gap import explain_gap
from bayesmeta.comparison.prior_sets import DEFAULT, OWN, PriorSet
from bayesmeta.comparison.table import compare
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

    There is a gap to explain where the model's one tau is all there is between the rows.
    """
    table = compare(
        effects, model, priors=priors, moderators=moderators, missing=missing, interval=interval,
        benefit=benefit, minimal_important_difference=minimal_important_difference, **roles,
    )  # fmt: skip
    spec = with_choices(load_model(model or usual_model(moderators)), named_roles(roles))
    if not is_one_spread(spec, biased=True):
        return Comparison(table, None)
    if f"Bayes ({OWN if priors else DEFAULT})" not in set(table["method"]):
        return Comparison(table, None)
    gap = explain_gap(
        effects, model, priors=priors, moderators=moderators, missing=missing, interval=interval,
        minimal_important_difference=minimal_important_difference, **roles,
    )  # fmt: skip
    return Comparison(table, gap)
