"""On which scale ready-made estimates are, and how they get to the one they are pooled on."""

from typing import NamedTuple

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.errors import MeasureError, StudiesError
from bayesmeta.measures import bare_errors, correlation_z, ready_made
from bayesmeta.measures.contract import NO_REMARKS, Measure, Remarks, Table
from bayesmeta.measures.scale import CORRELATIONS, RATIOS, Scale
from bayesmeta.studies import Studies
from bayesmeta.studies.wording import choice, column_choice, together

_APART = 0.02
"""Half-widths from the middle of its interval, from which an estimate is not in the middle."""

_NEARER = 2.0
"""How many times nearer to the middle on one scale than on the other is clearly so."""


class Said(NamedTuple):
    """What was said of the scale of estimates and of the standard errors beside them."""

    values: str | None = None
    errors: str | None = None


class Scaled(NamedTuple):
    """Ready-made columns on the scale they are pooled on, and what was done."""

    table: Table
    notes: tuple[str, ...] = ()
    converted: Remarks = NO_REMARKS


def on_pooled_scale(studies: Studies, table: Table, measure: Measure, said: Said) -> Scaled:
    """Return ready-made columns as they are pooled: logarithms of ratios, Fisher's z.

    Where estimates may be ratios and nobody said so, the question is asked. An interval that is
    symmetric around its estimate on the log scale and not as it stands is one of a ratio. So is
    the scale of a standard error beside a ratio, where no interval tells it.

    Raises
    ------
    MeasureError
        If a scale is none of the measure's.
    StudiesError
        If a scale is unclear, or an estimate cannot be on the one that was said.
    """
    scale = CORRELATIONS if measure is correlation_z else RATIOS
    known = (scale.as_reported, scale.as_pooled) if _has_scales(measure) else ()
    _require_known(said, known, measure)
    _require_meant(studies, measure)
    if not known or said.values == scale.as_pooled:
        return Scaled(table)
    if said.values is None:
        doubt = _doubt(studies, table, scale, measure)
        if doubt:
            raise StudiesError(_question(studies, table, scale, measure, doubt))
        return Scaled(table)
    return _moved(studies, table, scale, said.errors)


def _require_meant(studies: Studies, measure: Measure) -> None:
    """Raise if the name of the estimates is that of another measure."""
    if measure is ready_made or studies.meant is None or measure.code in studies.meant[1]:
        return
    name, codes = studies.meant
    others = " or ".join(choice("measure", code) for code in (*codes[:2], ready_made.code))
    raise MeasureError(
        f"{studies.source}: the estimates are called {name!r}, which is not {measure.code}; ask "
        f"for {others}, or if they are {measure.code}, say {column_choice('estimate', name)}."
    )


def _has_scales(measure: Measure) -> bool:
    return measure.ratio or measure is correlation_z or measure is ready_made


def _require_known(said: Said, known: tuple[str, ...], measure: Measure) -> None:
    for name, value in said._asdict().items():
        if value is not None and value not in known:
            others = f"known: {', '.join(known)}" if known else "its estimates are on one scale"
            raise MeasureError(f"Unknown {name}={value!r} of {measure.code}; {others}.")
    if said.errors is not None and said.values not in known[:1]:
        raise MeasureError(
            f"{choice('errors', said.errors)} is for standard errors beside estimates that are not "
            f"yet on the scale they are pooled on; say {choice('values', known[0])} too."
        )


def _question(studies: Studies, table: Table, scale: Scale, measure: Measure, doubt: str) -> str:
    code = "" if measure is ready_made else f"{measure.code} is pooled as {scale.words[1]}. "
    reported = choice("values", scale.as_reported)
    if bare_errors.scale_of(studies, table, scale, None) == "" and np.any(bare_errors.bare(table)):
        of = [together(reported, choice("errors", one))
              for one in (scale.as_pooled, scale.as_reported)]  # fmt: skip
        reported = (
            f"{of[0]} where the standard errors are those of {scale.words[1]}, {of[1]} where they "
            f"are those of the {scale.words[0]}"
        )
    return (
        f"{studies.source}: {doubt}. {code}If the estimates are {scale.words[0]}, say "
        f"{reported}; if they are {scale.words[1]} already, say "
        f"{choice('values', scale.as_pooled)}."
    )


def _doubt(studies: Studies, table: Table, scale: Scale, measure: Measure) -> str:
    """Return why the estimates may be on the natural scale, or ""."""
    estimate = table["estimate"][np.isfinite(table["estimate"])]
    outside = np.any(estimate <= 0) if scale is RATIOS else np.any(np.abs(estimate) >= 1)
    if outside or not estimate.size:
        return ""
    bare, moved = _distances(table, scale) or (0.0, 0.0)
    if bare > _APART and moved * _NEARER < bare:
        where = "the log scale" if scale is RATIOS else "the scale of Fisher's z"
        return (
            f"estimates are in the middle of their intervals on {where} ({moved:.2f} half-widths "
            f"from it, {bare:.2f} as they stand)"
        )
    if measure is ready_made:
        named = studies.scale == "natural" and not (moved > _APART and bare * _NEARER < moved)
        return "the name of the estimates is that of a ratio" if named else ""
    if moved > _APART and bare * _NEARER < moved:
        return ""
    # metafor's yi and meta's TE are logarithms of ratios by definition; a yi may be r or z.
    if studies.scale == "log" and scale is RATIOS:
        return ""
    bounds = "above 0" if scale is RATIOS else "between -1 and 1"
    return f"all estimates are {bounds}, so they may be {scale.words[0]}"


def _distances(table: Table, scale: Scale) -> tuple[float, float] | None:
    """Return the mean distance from the middle, in half-widths: as it stands, and moved.

    None without intervals; the second is infinite where an interval cannot be on the scale.
    """
    if not {"ci_lower", "ci_upper"} <= set(table):
        return None
    trio = np.array([table["estimate"], table["ci_lower"], table["ci_upper"]])
    trio = trio[:, np.all(np.isfinite(trio), axis=0)]
    if not trio.size:
        return None
    outside = trio < 0 if scale is RATIOS else np.abs(trio) > 1
    if np.any(outside):
        return _distance(trio), np.inf
    # A limit may be printed as 0 or 1 after rounding, where the other scale has no number for it.
    edge = np.any(trio == 0 if scale is RATIOS else np.abs(trio) == 1, axis=0)
    bare, kept = _distance(trio), trio[:, ~edge]
    return bare, _distance(scale.forward(kept)) if kept.size else bare


def _distance(trio: FloatArray) -> float:
    low, high = trio[1] / 2, trio[2] / 2  # halves first: a sum may overflow
    middle, half = low + high, high - low
    with np.errstate(over="ignore"):  # so far out that no number says how far
        return float(np.mean(np.abs(trio[0] - middle) / half))


def _moved(studies: Studies, table: Table, scale: Scale, errors: str | None) -> Scaled:
    names = [name for name in ("estimate", "ci_lower", "ci_upper") if name in table]
    _refuse_outside(studies, table, scale, names)
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = {name: np.asarray(scale.forward(table[name])) for name in names}
    error, done = _standard_error(studies, table, moved, scale, errors)
    here = ~np.isnan(table["estimate"])
    converted = {f"the estimate is moved from {scale.words[0]} to {scale.words[1]}": here, **done}
    note = f"Estimates are {scale.words[0]}, as was said; they are pooled as {scale.words[1]}."
    return Scaled({"estimate": moved["estimate"], "standard_error": error}, (note,), converted)


def _standard_error(
    studies: Studies, table: Table, moved: Table, scale: Scale, errors: str | None
) -> tuple[FloatArray, Remarks]:
    """Return the standard errors on the pooled scale, and where each comes from."""
    size = np.full_like(moved["estimate"], np.nan)
    if scale is CORRELATIONS and "n" in studies:
        n = studies["n"]
        size = np.where(n > 3, 1 / np.sqrt(np.where(n > 3, n - 3, 1)), np.nan)  # noqa: PLR2004
    width = np.full_like(size, np.nan)
    if {"ci_lower", "ci_upper"} <= set(moved):
        width = (moved["ci_upper"] - moved["ci_lower"]) / (2 * ready_made.limit(table))
    counted = ~np.isnan(size)
    measured = ~np.isnan(width) & ~counted
    bare = bare_errors.bare(table) & ~counted
    given, how = bare_errors.moved(studies, table, scale, errors, width=width, needed=bare)
    found = np.where(counted, size, np.where(measured, width, given))
    found = np.where(np.isnan(found), _tested(table, moved), found)
    of_interval = ready_made.of_interval(measured, table, where=f" for {scale.words[1]}")
    done: dict[str, BoolArray] = {"the standard error is 1 / sqrt(n - 3)": counted}
    return found, {**done, **of_interval, **({how: bare & ~measured} if how else {})}


def _tested(table: Table, moved: Table) -> FloatArray:
    """Return the standard errors that tests give, of estimates on the scale that is pooled on."""
    if ready_made.STATISTIC not in table:
        return np.full_like(moved["estimate"], np.nan)
    own = {"estimate": moved["estimate"], ready_made.STATISTIC: table[ready_made.STATISTIC]}
    return ready_made.spread(own, (ready_made.STATISTIC,))


def _refuse_outside(studies: Studies, table: Table, scale: Scale, names: list[str]) -> None:
    must = "above 0" if scale is RATIOS else "between -1 and 1"
    sentences = []
    for name in names:
        column = table[name]
        wrong = column <= 0 if scale is RATIOS else np.abs(column) >= 1
        sentences += [
            f"{studies.place(row)}, column {name}: {column[row]:g} is none of {scale.words[0]}; "
            f"it must be {must}."
            for row in np.flatnonzero(wrong).tolist()
        ]
    if sentences:
        pooled = choice("values", scale.as_pooled)
        advice = f"If the estimates are {scale.words[1]}, say {pooled}."
        raise StudiesError("\n".join([*sentences[:20], advice]))
