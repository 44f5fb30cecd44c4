"""The precision of each quantity of a posterior: the one place that decides it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import pandas as pd

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.own_scale import kind_of
from bayesmeta.summaries.precision import Kind, Precision
from bayesmeta.summaries.tails import distance
from bayesmeta.summaries.view import View

THREE = ("median", "lower", "upper")
"""What stands for a quantity in a sentence."""

OBSERVED = ("estimate", "observed_lower", "observed_upper")
"""What a study reported, in the table of studies."""

type Numbers = Mapping[Any, float]


@dataclass(frozen=True, eq=False)
class Printer:
    """How the numbers of one posterior are printed.

    Parameters
    ----------
    measure
        Code of the effect measure.
    standard_error
        Of the studies, shape (study,): a study effect has their decimals.
    difference
        The minimal important difference, in the unit (for ratio measures a ratio): limits are
        told apart from it.
    fractions
        Names of the quantities that are shares, and stand in text per cent.
    """

    measure: str
    standard_error: FloatArray
    difference: float | None = None
    fractions: frozenset[str] = frozenset({schema.I2})

    @classmethod
    def of(cls, view: View, difference: float | None = None) -> Self:
        """Return the printer of a posterior."""
        shares = {name for name, item in view.follows.derived.items() if item.is_fraction}
        return cls(
            view.word("measure"), view.studies.standard_error, difference,
            frozenset({schema.I2, *shares}),
        )  # fmt: skip

    @cached_property
    def places(self) -> int:
        """Decimals of what stands beside the studies' estimates."""
        return digits.column_places(self.standard_error)

    def precision(
        self, name: str, row: Numbers, errors: Numbers, *, logged: bool = False
    ) -> Precision:
        """Return how the numbers of one quantity are printed.

        Parameters
        ----------
        row, errors
            Its ``sd, median, lower, upper``, and the numerical error of each.
        logged
            Whether a log ratio or a Fisher's z stays one.
        """
        kind, marks = self._kind(name, logged=logged), self._marks(name)
        found = Precision.of(
            sd=row["sd"], lower=row["lower"], upper=row["upper"], median=row["median"],
            errors=(errors["lower"], errors["upper"]), kind=kind, marks=marks,
        )  # fmt: skip
        # A study effect has the decimals of the estimates it stands beside; a ratio its own.
        own = not name.startswith(f"{schema.THETA}[") or kind is not Kind.NUMBER
        return found if own else replace(found, places=self.places)

    def study_spans(
        self, table: pd.DataFrame, problems: pd.DataFrame, *, logged: bool = False
    ) -> list[digits.Span]:
        """Return median and limits of study effects as text, a row a study of `study_tables`."""
        found, name = [], schema.study_effect("")
        for row, missed in zip(table.to_dict("records"), problems.to_dict("records"), strict=True):
            values, errors = ([each[column] for column in THREE] for each in (row, missed))
            found.append(self.precision(name, row, missed, logged=logged).span(values, errors))
        return found

    def observed_spans(self, table: pd.DataFrame, *, logged: bool = False) -> list[digits.Span]:
        """Return reported estimates and their intervals as text; a ratio by its size."""
        name = schema.study_effect("")
        column = Precision(self.places, self._kind(name, logged=logged), self._marks(name))
        return [
            digits.Span(
                _sized(column, point).number(point),
                *(_sized(column, end).limit(end) for end in (lower, upper)),
            )
            for point, lower, upper in table[list(OBSERVED)].to_numpy().tolist()
        ]

    def _kind(self, name: str, *, logged: bool) -> Kind:
        if name in self.fractions:
            return Kind.PER_CENT
        moved = wording.is_effect(name) and not logged
        return kind_of(self.measure) if moved else Kind.NUMBER

    def _marks(self, name: str) -> tuple[float, ...]:
        """Return what a limit must be told apart from, on the scale of the data."""
        if name in self.fractions:
            return (0.0, 1.0)
        if not wording.is_effect(name) or self.difference is None:
            return (0.0,)
        away = distance(self.measure, self.difference)
        return (0.0, -away, away)


def _sized(column: Precision, value: float) -> Precision:
    """Return the precision of one reported number."""
    if column.kind not in (Kind.RATIO, Kind.RATE):
        return column
    return replace(column, places=digits.ratio_places(column.shown(value)))
