"""What every part of a page on one posterior looks at: its numbers, and how they are printed."""

from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap
from typing import Self

import numpy as np
import pandas as pd

from bayesmeta.engines.diagnostics import Verdict
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.diagnostics import verdict_of
from bayesmeta.summaries.precision import Precision
from bayesmeta.summaries.printing import THREE, Printer
from bayesmeta.summaries.summary import errors_of, summary_of
from bayesmeta.summaries.view import Posterior, View, view_of

WIDTH = 88


@dataclass(frozen=True, eq=False)
class Page:
    """A posterior with its main table, the errors of that table, and its diagnostics.

    Parameters
    ----------
    view
        The posterior, read once.
    printer
        How its numbers are printed.
    table, error
        `summary` and `errors` at the same level.
    level, shortest
        Probability of the intervals; whether they are the shortest ones.
    difference
        Minimal important difference, where one is stated.
    """

    view: View
    printer: Printer
    table: pd.DataFrame
    error: pd.DataFrame
    level: float
    shortest: bool
    verdict: Verdict
    difference: float | None = None

    @classmethod
    def of(
        cls,
        posterior: Posterior,
        *,
        interval: float = 0.95,
        shortest: bool = False,
        difference: float | None = None,
    ) -> Self:
        """Return the page of a posterior."""
        view = view_of(posterior)
        return cls(
            view,
            Printer.of(view, difference),
            summary_of(view, interval=interval, shortest=shortest),
            errors_of(view, interval=interval, shortest=shortest),
            interval,
            shortest,
            verdict_of(view),
            difference,
        )

    @property
    def interval(self) -> str:
        """The interval's name, such as ``"95 % interval"``."""
        return f"{100 * self.level:g} %{' shortest' if self.shortest else ''} interval"

    @cached_property
    def code(self) -> str:
        """The measure's code for the head of a column."""
        return wording.measure_code(self.view)

    def __contains__(self, name: str) -> bool:
        """Return whether the page has a quantity."""
        return name in self.table.index

    def precision(self, name: str, *, logged: bool = False) -> Precision:
        """Return how a quantity's numbers are printed; ratios as their logarithms, if asked."""
        row, missed = (
            {column: float(table[column][name]) for column in ("sd", *THREE)}
            for table in (self.table, self.error)
        )
        return self.printer.precision(name, row, missed, logged=logged)

    def pair(self, name: str, column: str) -> tuple[float, float]:
        """Return one number of the table with its error."""
        return float(self.table[column][name]), float(self.error[column][name])

    def shown(self, name: str, column: str) -> str:
        """Return one number of the table as text; log ratios as they are."""
        value, error = self.pair(name, column)
        if column == "p_below_0":
            return "" if np.isnan(value) else digits.probability(value, error)
        if column == "mean" and np.isnan(value):
            return "none"
        precision = self.precision(name, logged=True)
        if column in ("lower", "upper"):
            return precision.limit(value, error)
        return (precision.point if column == "median" else precision.number)(value, error)

    def span(self, name: str) -> digits.Span:
        """Return median and limits as text; ratios as ratios, I² in per cent."""
        values, missed = zip(*(self.pair(name, column) for column in THREE), strict=True)
        return self.precision(name).span(values, missed)

    def flag(self) -> list[str]:
        """Return the line that stands by a table where diagnostics failed."""
        return [] if self.verdict.ok else ["DIAGNOSTICS FAILED for the table below."]


def wrapped(sentences: list[str]) -> list[str]:
    """Return sentences as lines that fit the page."""
    return [
        line
        for each in sentences
        for line in wrap(each, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    ]
