"""A duration analysis as plain text, for the terminal."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.sufficient import Sufficient
from bayesmeta.location.shapes import SHAPES
from bayesmeta.measures import MEASURES
from bayesmeta.summaries.digits import MINUS, THRESHOLDS, Span, number, per_cent, probability
from bayesmeta.summaries.grid import Grid
from bayesmeta.summaries.precision import Kind, Precision

type Row = Mapping[Any, Any]  # one row of a table


def text(found: Duration, *, title: str = "") -> str:
    """Return the analysis as plain text: answers first, then tables, then warnings.

    Examples
    --------
    ``print(text(bm.duration(effects)))``
    """
    parts = [
        [
            f"{heading(found, title)}: {found.column}, {scale(found)}, {_studies(found)}",
            "",
        ],
        [f"- {sentence}" for sentence in answers(found)],
        ["", "Shapes", *_aligned(shape_grid(found))],
        ["", f"Effect at chosen {found.column}, averaged over the shapes", *_predictions(found)],
        ["", "Changes", *_aligned(change_grid(found))],
        ["", "Priors", *(f"  {name} ~ {rounded(prior)}" for name, prior in found.priors.items())],
        ["", "Mind", *(f"- {sentence}" for sentence in (*found.warnings, *_skipped(found)))],
        ["", *found.notes] if found.notes else [],
    ]
    return "\n".join(line for part in parts for line in part)


def heading(found: Duration, title: str = "") -> str:
    """Return title or outcome; simulated data are called so even where the title does not."""
    text = title or found.outcome or "Duration"
    simulated = "simulated" in f"{title} {found.outcome} {found.source}".lower()
    return f"SIMULATED DATA. {text}" if simulated and "SIMULATED" not in text else text


def _studies(found: Duration) -> str:
    return f"{len(found.studies)} studies"


def answers(found: Duration) -> tuple[str, ...]:
    """Return both questions answered, a sentence each, and how much duration explains."""
    return (_longer(found), *_enough(found), _explained(found))


def rounded(prior: str) -> str:
    """Return a prior with its numbers to four digits.

    Examples
    --------
    >>> rounded("Normal(mu=0, sigma=14.05228239994374)")
    'Normal(mu=0, sigma=14.05)'
    """
    return re.sub(r"\d+\.\d+", lambda found: f"{float(found.group()):.4g}", prior)


def scale(found: Duration) -> str:
    """Return measure and unit: ratios are on the log scale."""
    ratio = found.measure in MEASURES and MEASURES[found.measure].ratio
    unit = f" in {found.unit}" if found.unit and not ratio else ""
    return f"log {found.measure}" if ratio else f"{found.measure}{unit}"


def _longer(found: Duration) -> str:
    row = found.changes.to_dict("records")[0]
    better, same, worse = (
        chance(found, row[name], row["p_error"]) for name in ("p_better", "p_same", "p_worse")
    )
    return (
        f"Longer is better with probability {better}: {found.longest:g} against "
        f"{found.shortest:g}, where {found.benefit} is better (no difference {same}, "
        f"worse {worse}); change {_interval(row, found)}."
    )


def _enough(found: Duration) -> list[str]:
    if found.threshold is None:
        return ["How long is enough is not said: no minimal important difference was stated."]
    return [
        _sufficient(found, found.sufficient, what="mean effect"),
        _sufficient(found, found.sufficient_new, what="effect in a new study"),
    ]


def _sufficient(found: Duration, answer: Sufficient | None, *, what: str) -> str:
    assert answer is not None  # noqa: S101  (there is a threshold)
    limit = f"{'below' if found.benefit == 'lower' else 'above'} {_plain(found.threshold or 0.0)}"
    wanted = f"P({what} {limit}) reaches {found.required:g}"
    if answer.weeks is None:
        best = chance(found, answer.best)
        return f"At no observed duration {wanted}; the highest is {best}, at {answer.best_at:.3g}."
    if answer.weeks == found.shortest:
        return f"{_upper(wanted)} at the shortest observed duration already, {found.shortest:g}."
    shown = weeks_text(answer.weeks, answer.error)
    later = "" if answer.stays else ", but not at every longer one"
    return f"{_upper(wanted)} from {shown} on{later}."


def weeks_text(weeks: float, error: float) -> str:
    """Return a sufficient duration as text, for the sentence and the figure."""
    return number(weeks, error, significant=3)


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _explained(found: Duration) -> str:
    row = found.tau.to_dict("records")[0]
    tau = f"Residual tau {_interval(row, found)}"
    if math.isnan(row["share_explained"]):
        return f"{tau}; the share of tau² explained is not known here."
    share = per_cent(float(row["share_explained"]), float(row["share_error"]))
    return f"{tau}; duration explains {share} of tau² (negative where it explains nothing)."


def _interval(row: Row, found: Duration) -> str:
    shown = _span(row)
    return f"{shown.point} ({100 * found.interval:g} % interval {shown.lower} to {shown.upper})"


def effect_span(found: Duration, row: Row, prefix: str, *, ratio: bool = False) -> Span:
    """Return an effect at a duration with its interval as text, for every page and figure.

    Parameters
    ----------
    row
        Of ``found.predictions``.
    prefix
        Empty for the mean effect, ``"new_"`` for that in a new study.
    ratio
        Whether a log ratio is printed as the ratio.
    """
    marks = (0.0, found.threshold or 0.0)
    return _span(row, prefix, marks=marks, kind=Kind.RATIO if ratio else Kind.NUMBER)


def _span(
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


def shape_grid(found: Duration) -> Grid:
    """Return the shapes, the most probable first."""
    heads = ("shape", "probability", "change, shortest to longest", "tau", "tau² explained", "")
    ordered = found.shapes.sort_values("probability", ascending=False).to_dict("records")
    return Grid(heads, [_shape(found, row) for row in ordered])


def _shape(found: Duration, row: Row) -> tuple[str, ...]:
    return (
        SHAPES[row["shape"]].TITLE,
        chance(found, row["probability"], row["probability_error"]),
        _cell(row, "change_"),
        _cell(row, "tau_"),
        _share(row["share_explained"], row["share_error"]),
        row["parameter"],
    )


def _share(value: float, error: float) -> str:
    return "n/a" if math.isnan(value) else per_cent(value, error)


def _cell(row: Row, prefix: str) -> str:
    if not any(float(row[f"{prefix}{name}"]) for name in ("median", "lower", "upper")):
        return "0"
    return _span(row, prefix).bracketed(", ")


def _predictions(found: Duration) -> list[str]:
    beyond = found.predictions["extrapolates"].any()
    mark = ["  * beyond the observed durations"] if beyond else []
    return _aligned(prediction_grid(found)) + mark


def prediction_grid(found: Duration) -> Grid:
    """Return the effects at chosen durations, averaged over the shapes."""
    heads = [found.column, "mean effect", "P(better)", "P(matters)", "in a new study", "P(matters)"]
    rows = [heads, *(_prediction(found, row) for row in found.predictions.to_dict("records"))]
    if found.threshold is None:
        rows = [[cell for place, cell in enumerate(row) if place not in (3, 5)] for row in rows]
    return Grid(rows[0], rows[1:])


def _prediction(found: Duration, row: Row) -> list[str]:
    return [
        f"{row['weeks']:g}{' *' if row['extrapolates'] else ''}",
        effect_span(found, row, "").bracketed(", "),
        chance(found, row["p_better"], row["p_error"]),
        chance(found, row["p_beyond"], row["p_error"]),
        effect_span(found, row, "new_").bracketed(", "),
        chance(found, row["new_p_beyond"], row["new_p_error"]),
    ]


def change_grid(found: Duration) -> Grid:
    """Return the changes between pairs of durations."""
    heads = ("from", "to", "change", "P(better)", "P(same)", "P(worse)")
    return Grid(heads, [_change(found, row) for row in found.changes.to_dict("records")])


def _change(found: Duration, row: Row) -> tuple[str, ...]:
    names = ("p_better", "p_same", "p_worse")
    shares = (chance(found, row[name], row["p_error"]) for name in names)
    return f"{row['from']:g}", f"{row['to']:g}", _cell(row, ""), *shares


def _skipped(found: Duration) -> list[str]:
    return [f"Shape {SHAPES[name].TITLE}: {reason}." for name, reason in found.skipped.items()]


def _aligned(grid: Grid) -> list[str]:
    rows = [grid.head, *grid.rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return [f"  {line}".rstrip() for line in lines]
