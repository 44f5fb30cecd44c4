"""Every study left out in turn, by NUTS refits."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta.assembly import Assembly, is_line
from bayesmeta.errors import AnalysisError
from bayesmeta.refits.sampled import (
    MESSAGES,
    OK,
    Row,
    SampledRefit,
    refit_sampled,
    taking_part,
)
from bayesmeta.refits.sampler import Sampler
from bayesmeta.sensitivity import sampled_numbers
from bayesmeta.sensitivity.question import Question

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = "All studies"


def sampled_leave_one_out(question: Question, sampler: Sampler) -> "pd.DataFrame":
    """Return the table of `leave_one_out` from draws, its totals in ``attrs``.

    Monte Carlo errors of a shift and of the sum of elpd add up as squares: every refit has draws
    of its own.

    Raises
    ------
    AnalysisError
        If rows are left out together, or estimates are not normal given tau.
    """
    import pandas as pd

    _require_rows(question.assembly)
    _require_normal(question.assembly)
    labels = question.assembly.effects.labels

    def numbers(name: str, refit: SampledRefit) -> Row:
        row = sampled_numbers.effect(refit, question) | sampled_numbers.heterogeneity(
            refit, question
        )
        if name == _WHOLE:
            return row
        study = labels.index(name.removeprefix("Without "))
        return sampled_numbers.prediction(refit, question, study) | row

    whole, *without = refit_sampled(_refits(question.assembly), sampler, numbers)
    rows = [row | _shifts(row, whole) for row in without]
    table = sampled_numbers.table_of(rows, pd.Index(labels, name="study"))
    table.attrs = {
        **_totals(table), "estimate": whole["estimate"], "tau": whole["tau"],
        "lower": whole["lower"], "upper": whole["upper"],
        "all_ok": whole[OK], "all_messages": whole[MESSAGES],
    }  # fmt: skip
    return table


def _require_rows(assembly: Assembly) -> None:
    if len(assembly.blocks) < len(assembly.effects):
        raise AnalysisError(
            f"Leaving out a {assembly.block_name} of several rows is integrated, not sampled; "
            'take engine="exact".'
        )


def _require_normal(assembly: Assembly) -> None:
    if is_line(assembly.model):
        raise AnalysisError(
            f"How well others predict a study of model {assembly.model.name} is integrated, not "
            'sampled: its data are not normal around the mean effect; take engine="exact".'
        )


def _refits(assembly: Assembly) -> dict[str, Assembly]:
    """Return the model on all studies, then without each."""
    found = {_WHOLE: assembly}
    everyone = np.eye(len(assembly.effects))
    for label, row in zip(assembly.effects.labels, everyone, strict=True):
        found[f"Without {label}"] = taking_part(assembly, 1 - row)
    return found


def _shifts(row: Row, whole: Row) -> Row:
    found: Row = {}
    for shift, name in (("shift", "estimate"), ("shift_tau", "tau")):
        found[shift] = float(row[name]) - float(whole[name])
        errors = (float(row[f"{name}_error"]), float(whole[f"{name}_error"]))
        found[f"{shift}_error"] = float(np.hypot(*errors))
    return found


def _totals(table: "pd.DataFrame") -> dict[Hashable | None, float]:
    elpd = table["elpd"].to_numpy()
    return {
        "elpd": float(elpd.sum()),
        "elpd_se": float(np.sqrt(elpd.size * np.var(elpd, ddof=1))),
        "elpd_error": float(np.sqrt((table["elpd_error"].to_numpy() ** 2).sum())),
    }
