"""Columns that say the same twice, held against each other."""

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.errors import StudiesError
from bayesmeta.measures import ready_made
from bayesmeta.measures.contract import Effect, Table
from bayesmeta.measures.participants import labels_of
from bayesmeta.measures.rounding import step
from bayesmeta.studies import Studies
from bayesmeta.studies.ending import ended
from bayesmeta.studies.wording import choice, column_choice

_SHOWN = 20
_NARROWEST, _WIDEST = 0.75, 1.6
"""Half-widths in 1.96 standard errors: 90 % intervals are 0.84, 99 % 1.31, t with 3 df 1.62."""

_LEVELS = (80, 90, 98, 99, 99.9)
"""Confidence levels, beside 95 %, that intervals are given with."""

_EXACT = 1e-6
_CLOSE = 0.01
_APART = 1.0
"""Standard errors between two estimates of opposite sign that are a contradiction."""


def refuse_other_intervals(studies: Studies, table: Table) -> tuple[str, ...]:
    """Raise if a standard error is not that of the interval beside it.

    What rounding can do is allowed. Returns notes on intervals that are not quite normal ones of
    their level, as intervals by t are.

    Raises
    ------
    StudiesError
        With each row, the two values, and how to refuse one of the columns; or if the intervals
        are of another level than 95 % and others stand alone, with the levels to choose.
    """
    if not set(ready_made.INTERVAL) <= set(table):
        return ()
    given = ready_made.stated_error(table)
    if np.all(np.isnan(given)):
        return ()
    limits = ready_made.spread(table, ready_made.INTERVAL)
    _ask_level(studies, table, limits, given)
    return _intervals(studies, table, limits, given)


def _ask_level(studies: Studies, table: Table, limits: FloatArray, given: FloatArray) -> None:
    """Raise if every interval beside a standard error is of one level, not 95 %, and some alone."""
    alone = np.isnan(given) & ~np.isnan(limits)
    if ready_made.CONFIDENCE in table or not np.any(alone):
        return
    both = ~np.isnan(given) & ~np.isnan(limits)
    coarse = _coarse(table)[both] / limits[both] + step(given) / 2 / given[both]
    ratio = limits[both] / given[both]
    for level in _LEVELS:
        expected = ready_made.limit(
            {"estimate": np.zeros(1), "confidence": np.array([level / 100])}
        )
        apart = np.abs(ratio * ready_made.limit(table)[both] / expected - 1)
        if np.any(both) and np.all(apart < coarse + _CLOSE):
            who = ", ".join(labels_of(studies, alone))
            raise StudiesError(
                f"{studies.source}: intervals beside standard errors are of {level:g} %, and those "
                f"of {who} stand alone. Say {choice('confidence', level)}, or "
                f"{choice('confidence', 95)} if these are of 95 %."
            )


def refuse_other_roots(studies: Studies, table: Table) -> None:
    """Raise if a standard error is not the root of the variance beside it.

    Raises
    ------
    StudiesError
        With each row, the two values, and how to refuse one of the columns.
    """
    if {"variance", "standard_error"} <= set(table):
        root = ready_made.spread(table, ("variance",))
        _refuse_roots(studies, table, root, table["standard_error"])


def _refuse_roots(studies: Studies, table: Table, root: FloatArray, bare: FloatArray) -> None:
    rounding = step(table["variance"]) / 2 + bare * step(table["standard_error"])
    rounding = rounding + (step(table["standard_error"]) / 2) ** 2
    apart = np.abs(bare**2 - table["variance"]) > rounding + _EXACT * table["variance"]
    rows = np.flatnonzero(apart).tolist()
    if not rows:
        return
    sentences = [
        f"{studies.place(row)}: standard_error {bare[row]:g} is not the root of variance "
        f"{table['variance'][row]:g}, {root[row]:.4g}."
        for row in rows[:_SHOWN]
    ]
    raise StudiesError("\n".join([*sentences, _refusal("standard_error", "variance")]))


def _intervals(
    studies: Studies, table: Table, limits: FloatArray, given: FloatArray
) -> tuple[str, ...]:
    coarse = _coarse(table)
    fine = step(given) / 2
    low, high = (limits - coarse) / (given + fine), (limits + coarse) / np.maximum(given - fine, 0)
    wrong = (high < _NARROWEST) | (low > _WIDEST)
    outside = (table["estimate"] < table["ci_lower"]) | (table["estimate"] > table["ci_upper"])
    rows = np.flatnonzero(wrong | outside).tolist()
    level = 100 * ready_made.levels(table)
    if rows:
        sentences = [
            f"{studies.place(row)}: estimate {table['estimate'][row]:g} with standard error "
            f"{given[row]:g} is not of the interval {table['ci_lower'][row]:g} to "
            f"{table['ci_upper'][row]:g}, whose {level[row]:.6g} % is of {limits[row]:.4g}."
            for row in rows[:_SHOWN]
        ]
        raise StudiesError("\n".join([*sentences, _refusal("ci_lower", "standard_error")]))
    near = (low > 1.02) | (high < 0.98)  # noqa: PLR2004  (2 %, of what t makes of 60 df)
    if not np.any(near):
        return ()
    who = ", ".join(labels_of(studies, near))
    said = "ci_lower and ci_upper are not a normal interval, of 95 % or the level that is stated,"
    return (ended(f"{said} of the standard error, which is used: {who}"),)


def _coarse(table: Table) -> FloatArray:
    """Return what rounding of the limits can do to the standard error of an interval."""
    steps = step(table["ci_lower"]) + step(table["ci_upper"])
    return np.asarray(steps / (4 * ready_made.limit(table)))


def _refusal(one: str, other: str) -> str:
    return f"Leave one out: {column_choice(one, '')} or {column_choice(other, '')}."


def refuse_opposites(studies: Studies, effect: Effect, arms: BoolArray, *, ratio: bool) -> None:
    """Raise if the arms of a study say the opposite of the estimate beside them.

    Parameters
    ----------
    effect
        The effects that are computed from arms, shape (study,).
    arms
        Where they are, shape (study,).
    ratio
        Whether the effects are logarithms of ratios.

    Raises
    ------
    StudiesError
        With each row and both estimates.
    """
    if "estimate" not in studies:
        return
    given = studies["estimate"]
    rows = np.flatnonzero(arms & _opposite(given, effect)).tolist()
    if ratio and studies.scale != "log" and not np.any(given <= 0):
        # They may be ratios, whose sign is that of their logarithm.
        rows = [row for row in rows if _opposite(np.log(given), effect)[row]]
    if rows:
        sentences = [
            f"{studies.place(row)}: the arms give {effect.estimate[row]:.4g}, treatment minus "
            f"control, and the column estimate {given[row]:g}."
            for row in rows[:_SHOWN]
        ]
        advice = (
            f"One of them has the other direction. Leave the estimates out with "
            f"{column_choice('estimate', '')}, or the arms with {column_choice('n_treatment', '')}."
        )
        raise StudiesError("\n".join([*sentences, advice]))


def _opposite(given: FloatArray, effect: Effect) -> BoolArray:
    apart = np.abs(given / 2 - effect.estimate / 2) > _APART / 2 * effect.standard_error
    signs = np.sign(given) * np.sign(effect.estimate)  # a product may overflow
    return np.asarray(~np.isnan(given) & (signs < 0) & apart)
