"""The precision of each quantity of a posterior: the one place that decides it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from bayesmeta import schema
from bayesmeta.summaries import digits, wording
from bayesmeta.summaries.precision import Kind, Precision
from bayesmeta.summaries.summary import has_sign
from bayesmeta.summaries.tails import threshold
from bayesmeta.summaries.view import Posterior, view_of

THREE = ("median", "lower", "upper")
"""What stands for a quantity in a sentence."""

OBSERVED = ("estimate", "observed_lower", "observed_upper")
"""What a study reported, in the table of studies."""

type Numbers = Mapping[Any, float]


def precision_of(
    posterior: Posterior,
    name: str,
    row: Numbers,
    errors: Numbers,
    *,
    difference: float | None = None,
    logged: bool = False,
) -> Precision:
    """Return how the numbers of one quantity are printed.

    Parameters
    ----------
    row, errors
        Its ``sd, median, lower, upper``, and the numerical error of each.
    difference
        The minimal important difference, in the unit (for ratio measures a ratio): limits are
        told apart from it.
    logged
        Whether a log ratio stays one.
    """
    view = view_of(posterior)
    kind, marks = kind_of(view, name, logged=logged), marks_of(view, name, difference)
    found = _precision(row, errors, kind=kind, marks=marks)
    if not name.startswith(f"{schema.THETA}["):
        return found
    return _in_column(found, digits.column_places(view.studies.standard_error))


def study_spans(
    posterior: Posterior,
    table: pd.DataFrame,
    problems: pd.DataFrame,
    *,
    places: int,
    difference: float | None = None,
    logged: bool = False,
) -> list[digits.Span]:
    """Return median and limits of study effects as text, a row a study.

    Parameters
    ----------
    table, problems
        From `study_tables`.
    places
        Decimals of the column, from `digits.column_places` of all standard errors.
    """
    view = view_of(posterior)
    name = schema.study_effect("")
    kind, marks = kind_of(view, name, logged=logged), marks_of(view, name, difference)
    found = []
    for row, missed in zip(table.to_dict("records"), problems.to_dict("records"), strict=True):
        precision = _in_column(_precision(row, missed, kind=kind, marks=marks), places)
        values, errors = ([each[column] for column in THREE] for each in (row, missed))
        found.append(precision.span(values, errors))
    return found


def observed_spans(
    posterior: Posterior,
    table: pd.DataFrame,
    *,
    places: int,
    difference: float | None = None,
    logged: bool = False,
) -> list[digits.Span]:
    """Return reported estimates and their intervals as text, a row a study.

    Parameters and marks are those of `study_spans`; a ratio has the decimals of its size.
    """
    name = schema.study_effect("")
    kind, marks = kind_of(posterior, name, logged=logged), marks_of(posterior, name, difference)
    column = Precision(places, kind, marks)
    return [
        digits.Span(
            _sized(column, point).number(point),
            *(_sized(column, end).limit(end) for end in (lower, upper)),
        )
        for point, lower, upper in table[list(OBSERVED)].to_numpy().tolist()
    ]


def _sized(column: Precision, value: float) -> Precision:
    """Return the precision of one reported number."""
    if column.kind is not Kind.RATIO:
        return column
    return replace(column, places=digits.ratio_places(column.shown(value)))


def kind_of(posterior: Posterior, name: str, *, logged: bool = False) -> Kind:
    """Return what a quantity is printed as."""
    view = view_of(posterior)
    if name == schema.I2:
        return Kind.PER_CENT
    ratio = wording.as_ratio(view, name) and not logged
    return Kind.RATIO if ratio else Kind.NUMBER


def marks_of(posterior: Posterior, name: str, difference: float | None = None) -> tuple[float, ...]:
    """Return what a limit of a quantity must be told apart from, on the scale of the data."""
    view = view_of(posterior)
    if name == schema.I2:
        return (0.0, 1.0)
    if not has_sign(view, name) or name.startswith(f"{schema.BETA}[") or difference is None:
        return (0.0,)
    distance = threshold(view, benefit="higher", difference=difference)
    return (0.0, -distance, distance)


def _precision(row: Numbers, errors: Numbers, *, kind: Kind, marks: tuple[float, ...]) -> Precision:
    return Precision.of(
        sd=row["sd"], lower=row["lower"], upper=row["upper"], median=row["median"],
        errors=(errors["lower"], errors["upper"]), kind=kind, marks=marks,
    )  # fmt: skip


def _in_column(found: Precision, places: int) -> Precision:
    """Return a study effect's precision: that of the estimates it stands beside; a ratio's own."""
    return found if found.kind is Kind.RATIO else replace(found, places=places)
