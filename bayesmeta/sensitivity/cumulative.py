"""Studies added one after the other."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta.assembly import Assembly
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects, FloatArray
from bayesmeta.sensitivity.numbers import (
    Columns,
    effect_columns,
    heterogeneity_columns,
    interleaved,
    new_study_columns,
)
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.refits import IntArray, impropriety, refit_members
from bayesmeta.sensitivity.sampled_numbers import sampled_table
from bayesmeta.sensitivity.sampled_refits import taking_part
from bayesmeta.sensitivity.sampler import Refitting, asked
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd

PRECISION = "precision"


def cumulative(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    by: str = "year",
    descending: bool = False,
    **asking: Unpack[Refitting],
) -> "pd.DataFrame":
    """Return what was known after each study, in the order of a column.

    Priors, unit-information SD, centring and column SDs are those of the full table.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    by
        A column of the table, such as ``year`` or ``duration_weeks``; or ``precision``, the most
        precise study first. Ties keep the order of the table.
    descending
        Whether to go from the largest value to the smallest.
    **asking
        The question, and the model's other choices: see `question.ask`. The engine (``"nuts"``
        for priors that the exact one does not take), and how NUTS draws: see `sampler.asked`.

    Returns
    -------
    DataFrame
        A row a study added, with the column's value, ``k`` so far, ``estimate`` (median), ``sd``,
        ``lower``, ``upper``, ``p_benefit`` of the quantity, the same in a new study, ``tau``;
        errors in columns that end in ``_error``; with NUTS, ``ok`` and ``messages``, whether its
        diagnostics hold; ``reason``, why a row is empty.

    Raises
    ------
    AnalysisError
        If there is no such column, or a value is missing.

    Examples
    --------
    >>> import bayesmeta as bm
    >>> from bayesmeta.sensitivity import cumulative
    >>> effects = bm.effect_sizes(bm.read_studies("examples/data/normand1999.csv"), measure="MD")
    >>> cumulative(effects, by="precision")["estimate"].round(2).head(2).to_dict()
    {'Montreal-Transfer': 0.96, 'Orpington-Mild': -0.31}
    """
    import pandas as pd

    question, sampler = asked(effects, model, asking)
    assembly = question.assembly
    values = _values(assembly.effects, by)
    order = _order(values, descending=descending != (by == PRECISION))
    k = len(order)
    members = np.zeros((k, k))
    for place, study in enumerate(order):
        members[place:, study] = 1.0
    reasons = [impropriety(assembly, assembly.priors, row) for row in members]
    proper = np.array([not reason for reason in reasons])
    index = pd.Index(np.flatnonzero(proper))
    table = (
        pd.DataFrame(_columns(question, members[proper]), index=index)
        if sampler is None
        else sampled_table(
            _refits(question, order, members[proper]), index, question=question, sampler=sampler
        )
    ).reindex(range(k))
    table.index = pd.Index([assembly.effects.labels[study] for study in order], name="study")
    table.insert(0, by, values[order])
    table.insert(1, "k", np.arange(1, k + 1))
    table["reason"] = reasons
    table.attrs = attributes(question, sampler) | {"by": by}
    return table


def _columns(question: Question, members: FloatArray) -> Columns:
    refits = refit_members(question.assembly, members)
    columns = effect_columns(refits, question) | new_study_columns(refits, question)
    return interleaved(columns | heterogeneity_columns(refits, question))


def _refits(question: Question, order: IntArray, members: FloatArray) -> dict[str, Assembly]:
    """Return the model on the studies so far, by the last one added."""
    labels = question.assembly.effects.labels
    last = (int(row.sum()) - 1 for row in members)
    return {
        f"Up to {labels[order[place]]}": taking_part(question.assembly, row)
        for place, row in zip(last, members, strict=True)
    }


def _values(effects: Effects, by: str) -> FloatArray:
    """Return what studies are ordered by, shape (study,)."""
    if by == PRECISION:
        return effects.standard_error**-2
    if by not in effects.studies:
        known = ", ".join([*effects.studies.columns, PRECISION])
        raise AnalysisError(f"No column {by!r} in the table of studies; it has: {known}.")
    column = effects.studies[by]
    absent = np.isnan(column) if column.dtype.kind == "f" else column == ""
    if np.any(absent):
        row = int(np.flatnonzero(absent)[0])
        raise AnalysisError(f"{effects.studies.place(row)}: no {by}, which studies are ordered by.")
    return column


def _order(values: FloatArray, *, descending: bool) -> IntArray:
    if not descending:
        return np.argsort(values, kind="stable")
    # Reversed twice, so that ties keep their order.
    return np.argsort(values[::-1], kind="stable")[::-1] * -1 + len(values) - 1
