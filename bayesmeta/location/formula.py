"""Moderators by formula: numeric, categorical, splines, interactions."""

from collections.abc import Mapping, Sequence

import numpy as np

from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.errors import ModelError, StudiesError
from bayesmeta.location.design import Location
from bayesmeta.location.grammar import read_formula
from bayesmeta.location.matrix import evaluate
from bayesmeta.location.prediction import new_rows as rows
from bayesmeta.location.rank import require_full_rank
from bayesmeta.location.suitability import require_moderators, require_suitable
from bayesmeta.measures.effects import Effects
from bayesmeta.studies import Column
from bayesmeta.studies.wording import choice

__all__ = ["CENTRE", "locate", "rows"]

CENTRE = "mu + sum(beta[term] * (design[i, term] - design_mean[term]))"


def locate(effects: Effects, moderators: str | None, *, missing: str) -> tuple[Effects, Location]:
    """Return the effects with all their moderators, and the centred design.

    Every term of the formula has columns, and every column varies and says something of its own.

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
    if not (moderators or "").strip():
        raise ModelError('The model needs moderators; give a formula such as "duration_weeks".')
    formula = read_formula(str(moderators), known=tuple(effects.studies.columns))
    require_moderators(effects, formula)
    effects = _complete(effects, formula.columns, missing=missing)
    require_suitable(effects, formula)
    values = {name: effects.studies[name] for name in formula.columns}
    matrix, names = evaluate(formula.text, values)
    return effects, _centred(matrix, names, formula=formula.text, moderators=values)


def _complete(effects: Effects, columns: Sequence[str], *, missing: str) -> Effects:
    absent = {name: _is_missing(effects.studies[name]) for name in columns}
    gaps = np.any(list(absent.values()), axis=0)
    if not gaps.any():
        return effects
    if missing == "drop" and not gaps.all():
        names = " or ".join(name for name in columns if absent[name].any())
        return effects.take(~gaps, reason=f"no {names}")
    table = effects.studies
    advice = "" if missing == "drop" else f", or drop such studies with {choice('missing', 'drop')}"
    lines = [
        f"{table.place(row)}: no {name}; fill it{advice}."
        for name in columns
        for row in np.flatnonzero(absent[name]).tolist()
    ]
    raise StudiesError("\n".join(lines))


def _is_missing(column: Column) -> BoolArray:
    if column.dtype.kind == "f":
        return np.isnan(column)
    return np.array([str(cell).strip() == "" for cell in column], dtype=bool)


def _centred(
    matrix: FloatArray, names: Sequence[str], *, formula: str, moderators: Mapping[str, Column]
) -> Location:
    columns, terms = matrix[:, 1:], tuple(names[1:])
    require_full_rank(columns, terms, formula=formula)
    means = columns.mean(axis=0)
    design = np.column_stack([np.ones(len(matrix)), columns - means])
    return Location(design, terms, means, formula, moderators)
