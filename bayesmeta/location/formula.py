"""Moderators by formula: numeric, categorical, splines, interactions."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.location.design import Location
from bayesmeta.location.grammar import columns_of
from bayesmeta.location.matrix import evaluate
from bayesmeta.measures.effects import Effects, FloatArray
from bayesmeta.studies import Column, Studies
from bayesmeta.studies.wording import choice

_INTERCEPT = "Intercept"


def locate(effects: Effects, moderators: str | None, *, missing: str) -> tuple[Effects, Location]:
    """Return the effects with all their moderators, and the centred design.

    Parameters
    ----------
    moderators
        A formula in the table's columns, such as ``"duration_weeks + C(design)"``.
    missing
        ``"error"`` refuses rows without a moderator's value; ``"drop"`` lists them as dropped.

    Raises
    ------
    ModelError
        If there is no formula, or it cannot be used on this table.
    StudiesError
        If a moderator's value is missing.
    """
    if not moderators:
        raise ModelError('The model needs moderators; give a formula such as "duration_weeks".')
    columns = columns_of(moderators, known=tuple(effects.studies.columns))
    effects = _complete(effects, columns, missing=missing)
    values = {name: effects.studies[name] for name in columns}
    _require_one_kind(effects.studies, columns, formula=moderators)
    matrix, names = evaluate(moderators, values)
    return effects, _centred(matrix, names, formula=moderators, moderators=values)


def _complete(effects: Effects, columns: Sequence[str], *, missing: str) -> Effects:
    absent = {name: _is_missing(effects.studies[name]) for name in columns}
    gaps = np.any(list(absent.values()), axis=0)
    if not gaps.any():
        return effects
    if missing == "drop":
        names = " or ".join(name for name in columns if absent[name].any())
        return effects.take(~gaps, reason=f"no {names}")
    table = effects.studies
    lines = [
        f"{table.source}, line {table.lines[row]}, study {effects.labels[row]!r}: no {name}; "
        f"fill it, or drop such studies with {choice('missing', 'drop')}."
        for name in columns
        for row in np.flatnonzero(absent[name])
    ]
    raise StudiesError("\n".join(lines))


def _is_missing(column: Column) -> NDArray[np.bool_]:
    if column.dtype.kind == "f":
        return np.isnan(column)
    return np.array([str(cell).strip() == "" for cell in column], dtype=bool)


def _require_one_kind(studies: Studies, columns: Sequence[str], *, formula: str) -> None:
    """Raise if a column of numbers holds a few words: it would turn into categories unseen."""
    for name in columns:
        column = studies[name]
        if column.dtype.kind == "f" or f"C({name}" in formula.replace(" ", ""):
            continue
        words = [row for row, cell in enumerate(column) if not _is_number(str(cell))]
        if len(words) < len(column):
            row = words[0]
            raise StudiesError(
                f"{studies.source}, line {studies.lines[row]}, study {studies['study'][row]!r}, "
                f"column {name}: {column[row]!r} is not a number, but other cells are; "
                f"mend it, write C({name}) for categories, or ask bayesmeta duration for ranges."
            )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _centred(
    matrix: FloatArray, names: Sequence[str], *, formula: str, moderators: Mapping[str, Column]
) -> Location:
    if names[0] != _INTERCEPT:
        raise ModelError(
            f"Moderators {formula!r}: the intercept is always there; do not remove it."
        )
    means = matrix[:, 1:].mean(axis=0)
    design = np.column_stack([np.ones(len(matrix)), matrix[:, 1:] - means])
    _require_full_rank(design, names, formula=formula)
    return Location(design, tuple(names[1:]), means, formula, moderators)


def _require_full_rank(design: FloatArray, names: Sequence[str], *, formula: str) -> None:
    scale = np.abs(design).max(axis=0)
    for name, largest, mean in zip(names, scale, np.abs(design).mean(axis=0), strict=True):
        if largest <= 1e-12 * max(mean, 1.0) and name != _INTERCEPT:
            raise ModelError(f"Moderators {formula!r}: {name} is the same in every study.")
    if np.linalg.matrix_rank(design / scale) < design.shape[1]:
        hint = (
            " (a natural spline needs constraints='center')"
            if "cr(" in formula or "cs(" in formula
            else ""
        )
        raise ModelError(
            f"Moderators {formula!r}: the columns {', '.join(names)} say the same thing twice over "
            f"the {len(design)} studies; leave one out{hint}."
        )
