"""Subtotals of a forest plot: the mean of each subgroup, as the analysis of subgroups has it."""

from typing import Any

import numpy as np
import pandas as pd

from bayesmeta import schema
from bayesmeta.duration_response.subgroup_text import tau_span
from bayesmeta.duration_response.subgroups import COMMON, Subgroups, subgroups
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import Effects
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_groups import Division
from bayesmeta.plots.forest_sources import cells_of
from bayesmeta.studies import Studies
from bayesmeta.summaries import digits
from bayesmeta.summaries.forest import SUBTOTAL
from bayesmeta.summaries.page import Page

_TAUS = {True: "one tau for all", False: "a tau of its own"}


def subtotalled(page: Page, choices: Choices, benefit: str | None) -> Division:
    """Return the groups that were asked for, each with its subtotal.

    Raises
    ------
    PosteriorError, ModelError, PriorError
        If there is no such column, no subtotals follow from the posterior's model and priors, or
        an answer is of other studies.
    """
    asked = choices.subgroups
    found = asked if isinstance(asked, Subgroups) else _answer(page, str(asked), choices, benefit)
    group = dict(zip(found.studies["study"], found.studies["group"].map(str), strict=True))
    if missing := [label for label in page.view.studies.labels if label not in group]:
        raise PosteriorError(
            f"The subgroups are not those of the posterior: {', '.join(missing[:6])} not in them."
        )
    rows = [_row(page, row, told=benefit == found.benefit)
            for row in found.groups.to_dict("records")]  # fmt: skip
    feet = pd.DataFrame(rows, index=range(-len(rows), 0))
    return Division(tuple(feet["group"]), group, feet, _note(found))


def _answer(page: Page, column: str, choices: Choices, benefit: str | None) -> Subgroups:
    if not page.view.is_normal_normal:
        raise PosteriorError(
            f"Subtotals are of the normal-normal model; this posterior is of "
            f"{page.view.word('model') or 'a model written by hand'!r}."
        )
    priors = page.view.record("priors")
    return subgroups(
        choices.effects or _effects(page, column), column=column, tau=choices.subgroups_tau,
        benefit=benefit or "lower", interval=page.level,
        priors={name: str(priors[name]) for name in (schema.MU, schema.TAU) if name in priors},
    )  # fmt: skip


def _effects(page: Page, column: str) -> Effects:
    """Return the effects behind a posterior, with a column that it stores."""
    view = page.view
    cells = cells_of(page, None, column, use="to group studies by")
    columns = {"study": np.array(view.studies.labels, dtype=object),
               column: np.array([*cells.values()])}  # fmt: skip
    lines = tuple(range(1, len(view.studies.labels) + 1))
    return Effects(
        view.word("measure"), view.word("unit"), view.studies.estimate,
        view.studies.standard_error, None, Studies(columns, "posterior", lines),
    )  # fmt: skip


def _row(page: Page, row: dict[Any, Any], *, told: bool) -> dict[str, object]:
    numbers = {name: float(row[name]) for name in ("median", "lower", "upper", "sd")}
    error = float(row["error"])
    known = page.printer.precision(schema.MU, numbers, {"lower": error, "upper": error})
    three = [numbers[name] for name in ("median", "lower", "upper")]
    count = int(row["studies"])
    return {
        "kind": SUBTOTAL, "label": f"Mean of {count} {'study' if count == 1 else 'studies'}",
        "group": str(row["group"]), "outcome": "", "quantity": "",
        **{name: numbers[name] for name in ("median", "lower", "upper")},
        "new_lower": float(row["new_lower"]), "new_upper": float(row["new_upper"]),
        "effect_text": known.span(three, [error] * 3).bracketed(", "),
        "tau_text": tau_span(row).replace(" to ", ", "),
        "benefit_text": digits.probability(row["p_benefit"], row["p_error"]) if told else "",
    }  # fmt: skip


def _note(found: Subgroups) -> str:
    return (
        f"Subgroups by {found.column}: a mean each, {_TAUS[found.tau == COMMON]}; bars behind "
        "diamonds: effects in new studies of them."
    )
