"""Several outcomes side by side: what each study says of each, planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pandas as pd

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.plots.cells import Slot, parts_of, slots_of, width_of
from bayesmeta.plots.forest_benefit import Side, sides_of, with_benefit
from bayesmeta.plots.forest_choices import Choices
from bayesmeta.plots.forest_marks import null_of
from bayesmeta.plots.forest_range import range_of
from bayesmeta.plots.forest_words import axis_of
from bayesmeta.plots.ink import BODY, STRONG
from bayesmeta.plots.scale import Range
from bayesmeta.summaries import wording
from bayesmeta.summaries.forest import NEW, POOLED, STUDY, forest_rows
from bayesmeta.summaries.notes import alarm
from bayesmeta.summaries.page import Page
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.view import Posterior, View, view_of

type Row = Mapping[Any, Any]
NONE = "\N{EN DASH}"
"""Stands where a study does not report an outcome."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """One outcome: its rows by study, the rows below, and its axis.

    Parameters
    ----------
    name
        Heading of its panel.
    studies
        By the study's name.
    below
        Pooled effect and, where there is one, the effect in a new study.
    lines
        Texts below: tau, P(benefit).
    side, sides
        Which direction is benefit, and what each side of no effect means.
    largest
        The largest weight of a study.
    alarm
        What failed of the diagnostics; empty where nothing did.
    """

    name: str
    studies: Mapping[str, Row]
    below: tuple[Row, ...]
    lines: Mapping[str, str]
    limits: Range
    axis: str
    side: Side
    sides: wording.Sides
    kind: Kind
    largest: float
    alarm: str
    simulated: bool

    def observed(self, study: str) -> str:
        """Return what stands beside a study's marks."""
        return str(self.studies[study]["observed_text"]) if study in self.studies else NONE

    @property
    def slots(self) -> list[Slot]:
        """Room of its cells' parts."""
        cells = [(self.observed(study), BODY) for study in self.studies]
        below = [(str(row["effect_text"]), STRONG) for row in self.below]
        lines = [(text, BODY) for text in self.lines.values() if len(parts_of(text)) > 1]
        return slots_of([*cells, *below, *lines])

    @property
    def width(self) -> float:
        """Width of its column of text, in inches."""
        return width_of(self.slots)


def outcomes_of(posteriors: Posterior | Mapping[str, Posterior], choices: Choices) -> list[Outcome]:
    """Return the outcomes of one posterior of several, or of several posteriors by name.

    Raises
    ------
    PosteriorError
        If there is none, one holds no studies' data, or a choice makes no sense.
    """
    if isinstance(posteriors, View) or hasattr(posteriors, "children"):
        return _of_posterior(view_of(cast("Posterior", posteriors)), choices)
    _require_known(posteriors, choices)
    if not posteriors:
        raise PosteriorError("No posterior is given; a figure of outcomes takes one or more.")
    return [
        each for name, posterior in posteriors.items()
        for each in _of_posterior(view_of(posterior), choices, named=name)
    ]  # fmt: skip


def _require_known(posteriors: Mapping[str, Posterior], choices: Choices) -> None:
    """Raise where a direction is told of an outcome that is not there."""
    told = choices.benefit if isinstance(choices.benefit, Mapping) else {}
    if unknown := [name for name in told if name not in posteriors]:
        known = ", ".join(posteriors)
        raise PosteriorError(f"benefit names {', '.join(unknown)}; the outcomes are: {known}.")


def _of_posterior(view: View, choices: Choices, *, named: str = "") -> list[Outcome]:
    asked = choices.remembering(view.tree.attrs)
    page = Page.of(view, interval=asked.interval, shortest=asked.shortest,
                   difference=asked.difference)  # fmt: skip
    table = forest_rows(page)
    names = list(dict.fromkeys(table["outcome"]))
    called = [name or named or view.word("outcome") for name in names]
    if named and isinstance(asked.benefit, Mapping):
        told = {name: side for name, side in asked.benefit.items() if name in called}
        asked = replace(asked, benefit=told)
    sides = dict(zip(names, sides_of(page, called, asked).values(), strict=True))
    table = with_benefit(page, table, sides)
    return [
        _outcome(page, table[table["outcome"] == name], sides[name],
                 said or wording.measure_title(view))
        for name, said in zip(names, called, strict=True)
    ]  # fmt: skip


def _outcome(page: Page, table: pd.DataFrame, side: Side, name: str) -> Outcome:
    own = table[table["kind"] == STUDY]
    below = table[table["kind"].isin([POOLED, NEW])]
    pooled = below[below["kind"] == POOLED]
    null = null_of(page.view.kind)
    zone = [] if side.half is None else [-side.half, side.half]
    zone += [] if null is None else [null]
    return Outcome(
        name, {str(row["label"]): row for row in own.to_dict("records")},
        tuple(below.to_dict("records")), _lines(page, pooled.iloc[0]), range_of(table, zone),
        axis_of(page, str(table["outcome"].iloc[0])), side,
        wording.sides(side.benefit, page.view.word("measure")), page.view.kind,
        float(own["weight"].max()), alarm(page), wording.is_simulated(page.view),
    )  # fmt: skip


def _lines(page: Page, pooled: "pd.Series[Any]") -> dict[str, str]:
    """Return tau and the probability of benefit, each where there is one."""
    label = wording.label_of(str(pooled["quantity"]))
    tau = f"{schema.TAU}[{label}]" if label else schema.TAU
    found = {"tau": page.span(tau).bracketed(", ") if tau in page else "",
             "P(benefit)": str(pooled["benefit_text"])}  # fmt: skip
    return {name: text for name, text in found.items() if text}


def studies_of(outcomes: Sequence[Outcome], order: str | None) -> list[str]:
    """Return the studies of all outcomes in the order that they share.

    Parameters
    ----------
    order
        ``"label"``, or the name of an outcome: by its estimates, what it lacks last; with a minus
        the largest first. As they first appear without one.

    Raises
    ------
    PosteriorError
        If there is no such outcome.
    """
    every = list(dict.fromkeys(name for each in outcomes for name in each.studies))
    if order is None:
        return every
    name, known = order.removeprefix("-"), {each.name: each for each in outcomes}
    if name == "label":
        return sorted(every, reverse=order.startswith("-"))
    if name not in known:
        there = ", ".join(["label", *known])
        raise PosteriorError(f"No outcome {name!r} to order studies by; known: {there}.")
    sign, own = -1.0 if order.startswith("-") else 1.0, known[name].studies
    there_first = sorted((study for study in every if study in own),
                         key=lambda study: sign * float(own[study]["estimate"]))  # fmt: skip
    return [*there_first, *(study for study in every if study not in own)]
