"""Studies added one after the other."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from bayesmeta.arrays import FloatArray, IntArray
from bayesmeta.assembly import Assembly
from bayesmeta.errors import AnalysisError
from bayesmeta.measures.effects import Effects
from bayesmeta.refits.exact import refit_members
from bayesmeta.refits.existence import impropriety
from bayesmeta.refits.sampled import taking_part
from bayesmeta.sensitivity.asking import Refitting, asked
from bayesmeta.sensitivity.numbers import (
    Columns,
    effect_columns,
    heterogeneity_columns,
    interleaved,
    new_study_columns,
)
from bayesmeta.sensitivity.ordering import PRECISION, ordering
from bayesmeta.sensitivity.prior_sensitivity import attributes
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.sampled_numbers import sampled_table
from bayesmeta.spec import ModelSpec
from bayesmeta.summaries.reopening import is_posterior

if TYPE_CHECKING:
    import pandas as pd


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
        A column of numbers, ranges or dates, such as ``year`` or ``duration_weeks`` (a range
        stands at its lower end, a year or month among dates at its first day); or ``precision``,
        the most precise study first. Ties keep the order of the table.
    descending
        Whether to go from the largest value to the smallest.
    **asking
        The question, and the model's other choices: ``help("bayesmeta.sensitivity.ask")``.
        The engine (``"nuts"`` for priors that the exact one does not take), and how NUTS draws:
        ``help("bayesmeta.sensitivity.asked")``.

    Returns
    -------
    DataFrame
        A row a study added, with the column's cell, ``k`` so far, ``estimate`` (median), ``sd``,
        ``lower``, ``upper``, ``p_benefit`` of the quantity, the same in a new study, ``tau``;
        errors in columns that end in ``_error``; with NUTS, ``ok`` and ``messages``, whether its
        diagnostics hold; ``reason``, why a row is empty. ``attrs["order"]`` says what the order
        is by.

    Raises
    ------
    AnalysisError
        If there is no such column, a value is missing, or some values have no place in an order.

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
    if is_posterior(effects) and by != PRECISION and by not in assembly.effects.studies:
        raise AnalysisError(
            f"A posterior keeps no column {by!r} of its table; give the effects that it was fitted "
            "to, with model and priors."
        )
    found = ordering(assembly.effects, by)
    order = found.rows(descending=descending != (by == PRECISION))
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
    taken = {*table.columns, "study", "k", "reason"}
    name = f"{by} (table)" if by in taken else by
    table.insert(0, name, found.cells[order])
    table.insert(1, "k", np.arange(1, k + 1))
    table["reason"] = reasons
    table.attrs = attributes(question, sampler) | {"by": name, "order": found.said}
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
