"""Columns that say the same twice, held against each other."""

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.errors import StudiesError
from bayesmeta.measures import ready_made
from bayesmeta.measures.contract import Effect, Table
from bayesmeta.measures.participants import labels_of
from bayesmeta.measures.rounding import step
from bayesmeta.studies import Studies
from bayesmeta.studies.wording import column_choice

_SHOWN = 20
_NARROWEST, _WIDEST = 0.75, 1.6
"""Half-widths in 1.96 standard errors: 90 % intervals are 0.84, 99 % 1.31, t with 3 df 1.62."""

_EXACT = 1e-6
_APART = 1.0
"""Standard errors between two estimates of opposite sign that are a contradiction."""


def refuse_contradictions(studies: Studies, table: Table) -> tuple[str, ...]:
    """Raise if a standard error is not that of the variance or interval beside it.

    What rounding can do is allowed. Returns notes on intervals that are not quite 95 % normal
    ones, as intervals by t are.

    Raises
    ------
    StudiesError
        With each row, the two values, and how to refuse one of the columns.
    """
    errors = {names: ready_made.spread(table, names) for names in ready_made.SPREADS
              if set(names) <= set(table)}  # fmt: skip
    root, bare = errors.get(("variance",)), errors.get(("standard_error",))
    if root is not None and bare is not None:
        _refuse_roots(studies, table, root, bare)
    limits = errors.get(("ci_lower", "ci_upper"))
    given = ready_made.first_error({k: v for k, v in table.items() if not k.startswith("ci_")})
    if limits is None or np.all(np.isnan(given)):
        return ()
    return _intervals(studies, table, limits, given)


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
    coarse = (step(table["ci_lower"]) + step(table["ci_upper"])) / (4 * ready_made.LIMIT)
    fine = step(given) / 2
    low, high = (limits - coarse) / (given + fine), (limits + coarse) / np.maximum(given - fine, 0)
    wrong = (high < _NARROWEST) | (low > _WIDEST)
    outside = (table["estimate"] < table["ci_lower"]) | (table["estimate"] > table["ci_upper"])
    rows = np.flatnonzero(wrong | outside).tolist()
    if rows:
        sentences = [
            f"{studies.place(row)}: estimate {table['estimate'][row]:g} with standard error "
            f"{given[row]:g} is not of the interval {table['ci_lower'][row]:g} to "
            f"{table['ci_upper'][row]:g}, whose 95 % is of {limits[row]:.4g}."
            for row in rows[:_SHOWN]
        ]
        raise StudiesError("\n".join([*sentences, _refusal("ci_lower", "standard_error")]))
    near = (low > 1.02) | (high < 0.98)  # noqa: PLR2004  (2 %, of what t makes of 60 df)
    if not np.any(near):
        return ()
    who = ", ".join(labels_of(studies, near))
    said = "ci_lower and ci_upper are not a normal 95 % interval of the standard error"
    return (f"{said}; the standard error is used: {who}.",)


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
