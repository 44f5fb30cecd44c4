"""A duration analysis' numbers in words, each with its unit, for every page and figure."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bayesmeta.duration_response.result import Duration
from bayesmeta.studies.times import time_unit
from bayesmeta.summaries.digits import MINUS, THRESHOLDS, Span, number, probability
from bayesmeta.summaries.own_scale import is_moved, kind_of, read_as, symbol, title_of
from bayesmeta.summaries.precision import Kind, Precision
from bayesmeta.summaries.wording import titled

type Row = Mapping[Any, Any]  # one row of a table


def lasting(found: Duration, duration: float, shown: str = "") -> str:
    """Return a duration with its unit, or with its column's name where no unit is known."""
    text = shown or f"{duration:.4g}"
    unit = time_unit(found.column)
    return f"{text} {unit[:-1] if text == '1' else unit}" if unit else f"{found.column} {text}"


def weeks_text(weeks: float, error: float) -> str:
    """Return a sufficient duration as text, for the sentence and the figure."""
    return number(weeks, error, significant=3)


def is_ratio(found: Duration) -> bool:
    """Return whether effects are logarithms of a ratio."""
    return kind_of(found.measure) is Kind.RATIO


def measure_words(found: Duration) -> str:
    """Return the measure's name within a sentence: ``"odds ratio"``, ``"effect"``."""
    title = title_of(found.measure)
    return title[:1].lower() + title[1:]


def scale(found: Duration) -> str:
    """Return measure and unit for a heading."""
    name = measure_words(found)
    name = f"{name[:1].upper()}{name[1:]}"
    return f"{name}, {found.unit}" if found.unit and not is_moved(found.measure) else name


def unit_words(found: Duration) -> str:
    """Return the unit behind a number, led by a space; nothing for a ratio or an unknown unit."""
    return f" {found.unit}" if found.unit and not is_ratio(found) else ""


def heading(found: Duration, title: str = "") -> str:
    """Return title or outcome; simulated data are called so even where the title does not."""
    text = titled(title, found.outcome) or "Duration"
    simulated = "simulated" in f"{title} {found.outcome} {found.source}".lower()
    return f"SIMULATED DATA. {text}" if simulated and "SIMULATED" not in text else text


def threshold_words(found: Duration) -> str:
    """Return where benefit starts to matter: ``"above 0.1 days"``, ``"below OR = 0.8"``."""
    limit = read_as(found.measure, found.threshold or 0.0)
    side = "below" if found.benefit == "lower" else "above"
    if is_moved(found.measure):
        return f"{side} {symbol(found.measure)} = {plain(limit)}"
    return f"{side} {plain(limit)}{unit_words(found)}"


def change_words(found: Duration, row: Row) -> str:
    """Return a change with its unit and interval; of a ratio the factor that it changes by."""
    shown = change_span(found, row)
    if is_ratio(found):
        shown = shown._replace(point=f"a factor of {shown.point} on the {measure_words(found)}")
    return with_interval(found, shown._replace(point=f"{shown.point}{unit_words(found)}"))


def change_span(found: Duration, row: Row, prefix: str = "") -> Span:
    """Return a change as text, of a ratio the factor that it changes by."""
    return span(row, prefix, kind=Kind.RATIO if is_ratio(found) else Kind.NUMBER)


def tau_words(found: Duration, row: Row) -> str:
    """Return tau with its unit and interval; of a ratio on the log scale."""
    unit = " on the log scale" if is_ratio(found) else unit_words(found)
    shown = span(row)
    return with_interval(found, shown._replace(point=f"{shown.point}{unit}"))


def with_interval(found: Duration, shown: Span) -> str:
    """Return a point with its interval, in a sentence."""
    return f"{shown.point} ({100 * found.interval:g} % interval {shown.lower} to {shown.upper})"


def effect_span(found: Duration, row: Row, prefix: str) -> Span:
    """Return an effect at a duration with its interval as text, on the scale that it is read on.

    Parameters
    ----------
    row
        Of ``found.predictions``.
    prefix
        Empty for the mean effect, ``"new_"`` for that in a new study.
    """
    marks = (0.0, found.threshold or 0.0)
    return span(row, prefix, marks=marks, kind=kind_of(found.measure))


def span(
    row: Row, prefix: str = "", *, marks: Sequence[float] = (0.0,), kind: Kind = Kind.NUMBER
) -> Span:
    """Return a median and its interval as text."""
    values = [float(row[f"{prefix}{name}"]) for name in ("median", "lower", "upper")]
    error = float(row[f"{prefix}error"])
    precision = Precision.of(
        sd=float(row.get(f"{prefix}sd", math.nan)), lower=values[1], upper=values[2],
        median=values[0], errors=(error, error), marks=marks, kind=kind,
    )  # fmt: skip
    return precision.span(values, [error] * 3)


def chance(found: Duration, value: float, error: float = 0.0) -> str:
    """Return a probability, told apart from the one that is required."""
    return probability(float(value), float(error), thresholds=(*THRESHOLDS, found.required))


def plain(value: float) -> str:
    """Return a number that was stated, as it was."""
    return f"{value:.6g}".replace("-", MINUS)
