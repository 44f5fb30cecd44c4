"""A duration analysis as plain text, for the terminal."""

import math

from bayesmeta.duration_response.result import Duration
from bayesmeta.duration_response.sentences import answers
from bayesmeta.duration_response.words import (
    Row,
    chance,
    change_span,
    effect_span,
    heading,
    is_ratio,
    measure_words,
    scale,
    span,
)
from bayesmeta.location.shapes import SHAPES
from bayesmeta.location.shapes.part import NONE
from bayesmeta.studies.times import time_unit
from bayesmeta.studies.wording import number_of
from bayesmeta.summaries.digits import number
from bayesmeta.summaries.grid import Grid
from bayesmeta.summaries.own_scale import is_moved
from bayesmeta.summaries.precision import Kind
from bayesmeta.summaries.prior_words import prior_phrase


def text(found: Duration, *, title: str = "") -> str:
    """Return the analysis as plain text: answers first, then tables, then warnings.

    Examples
    --------
    ``print(text(bm.duration(effects)))``
    """
    count = len(found.studies)
    parts = [
        [
            f"{heading(found, title)}: {scale(found)} by {found.column}, {number_of(count)}",
            "",
        ],
        [f"- {sentence}" for sentence in answers(found)],
        ["", f"Shapes{_on_log(found)}", *_aligned(shape_grid(found))],
        ["", f"Effect{_of(found)} by {found.column}, averaged over the shapes",
         *_predictions(found)],
        ["", f"Changes{_factors(found)}", *_aligned(change_grid(found))],
        _titled(WEEKS_TITLE, week_grid(found)),
        _titled(strip_title(found), strip_grid(found)),
        ["", "Priors", *_priors(found)],
        ["", "Mind", *(f"- {sentence}" for sentence in (*found.warnings, *_skipped(found)))],
        ["", *found.notes] if found.notes else [],
    ]  # fmt: skip
    return "\n".join(line for part in parts for line in part)


def _of(found: Duration) -> str:
    return f" ({measure_words(found)}s)" if is_moved(found.measure) else _in_unit(found)


def _in_unit(found: Duration) -> str:
    return f" in {found.unit}" if found.unit else ""


def _on_log(found: Duration) -> str:
    return "; tau on the log scale" if is_ratio(found) else f"; changes and tau{_in_unit(found)}"


def _factors(found: Duration) -> str:
    if is_ratio(found):
        return f"; factors on the {measure_words(found)}, 1 is no change"
    return _in_unit(found)


def _priors(found: Duration) -> list[str]:
    lines = [f"  {prior_phrase(name, prior)}" for name, prior in found.priors.items()]
    unit = "on the log scale" if is_ratio(found) else f"in {found.unit or "the outcome's unit"}"
    ends = f"{found.shortest:g} to {found.longest:g} {time_unit(found.column)}".rstrip()
    lines.append(f"  {unit}; change: from {ends}, in every shape but the constant")
    if 0 < found.p_constant < 1:
        rest = f"the rest{_parted(found)}"
        lines.append(f"  P(no change with duration) = {found.p_constant:g}; {rest}")
    return lines


def _parted(found: Duration) -> str:
    """Return how the prior probability of a change is parted among the families there are."""
    families = [SHAPES[name].FAMILY for name in found.statements if SHAPES[name].FAMILY != NONE]
    present = [f"{family}s" for family in dict.fromkeys(families)]
    if len(present) == 1:
        return f" to {present[0]}{', in equal parts' if len(families) > 1 else ''}"
    listed = f"{', '.join(present[:-1])} and {present[-1]}"
    return f" in equal parts to {listed}, equal within each"


_TIMES = ("cut", "change point")
WEEKS_TITLE = (
    "P(the effect is beyond the minimal important difference at this duration and at every longer "
    "one observed)"
)


def week_grid(found: Duration) -> Grid | None:
    """Return P(w* <= w) at the durations that are predicted at; None without a difference."""
    table = found.first_week
    if table.empty:
        return None
    weeks = [week for week in found.predictions["weeks"] if found.shortest <= week <= found.longest]
    rows = [table.iloc[(table["weeks"] - week).abs().argmin()] for week in weeks]
    cells = [
        (f"{week:g}", chance(found, row["p"], row["p_error"]),
         chance(found, row["new_p"], row["new_p_error"]))
        for week, row in zip(weeks, rows, strict=True)
    ]  # fmt: skip
    return Grid((found.column, "mean effect", "effect in a new study"), cells)


def strip_title(found: Duration) -> str:
    """Return what the strip over other priors is."""
    on_log = " (on the log scale)" if is_ratio(found) else ""
    return f"The first answer under other priors, of no change and of the size of a change{on_log}"


def strip_grid(found: Duration) -> Grid | None:
    """Return the answer over other priors, one line each; None where it was not asked."""
    if found.strip.empty:
        return None
    unit = "log scale" if is_ratio(found) else found.unit
    size = f"sd of the change{f', {unit}' if unit else ''}"
    heads = ("P(no change)", size, "P(better), a priori", "P(better)", "P(same)",
             "P(worse)", "Bayes factor of any change")  # fmt: skip
    rows = [
        (f"{row['p_constant']:g}", f"{row['change_sd']:.3g}", chance(found, row["prior_p_better"]),
         *(chance(found, row[name]) for name in ("p_better", "p_same", "p_worse")),
         number(row["bayes_factor"], significant=2))
        for row in found.strip.to_dict("records")
    ]  # fmt: skip
    return Grid(heads, rows)


def _titled(title: str, grid: Grid | None) -> list[str]:
    return [] if grid is None else ["", title, *_aligned(grid)]


def shape_grid(found: Duration) -> Grid:
    """Return the shapes, the most probable first."""
    heads = ("shape", "a priori", "probability", "change, shortest to longest", "tau",
             "share of variance", "own parameters, medians")  # fmt: skip
    ordered = found.shapes.sort_values("probability", ascending=False).to_dict("records")
    return Grid(heads, [_shape(found, row) for row in ordered])


def _shape(found: Duration, row: Row) -> tuple[str, ...]:
    return (
        SHAPES[row["shape"]].TITLE,
        f"{row['prior_probability']:.3f}",
        chance(found, row["probability"], row["probability_error"]),
        _cell(found, row, "change_"),
        span(row, "tau_").bracketed(", "),
        _share(row),
        _own_parameter(found, str(row["parameter"])),
    )


def _own_parameter(found: Duration, said: str) -> str:
    """Return the medians of a shape's own parameters, a time with its unit."""
    unit = time_unit(found.column)
    return f"{said} {unit}" if unit and said.startswith(_TIMES) else said


def _share(row: Row) -> str:
    if math.isnan(row["variance_share_median"]):
        return "n/a"
    if not row["variance_share_upper"]:
        return "0 %"
    return span(row, "variance_share_", kind=Kind.PER_CENT).bracketed(", ")


def _cell(found: Duration, row: Row, prefix: str) -> str:
    if not any(float(row[f"{prefix}{name}"]) for name in ("median", "lower", "upper")):
        return "1" if is_ratio(found) else "0"
    return change_span(found, row, prefix).bracketed(", ")


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
    return f"{row['from']:g}", f"{row['to']:g}", _cell(found, row, ""), *shares


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
