"""Every question of this room asked of one analysis."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from bayesmeta.engines.record import told
from bayesmeta.errors import BayesmetaError
from bayesmeta.measures.effects import Effects
from bayesmeta.refits.sampled import alarms
from bayesmeta.sensitivity.asking import Refitting, without_sampling
from bayesmeta.sensitivity.combinations import extrapolated
from bayesmeta.sensitivity.cumulative import cumulative
from bayesmeta.sensitivity.informativeness import informativeness
from bayesmeta.sensitivity.leave_one_out import leave_one_out
from bayesmeta.sensitivity.posing import Asking, ask
from bayesmeta.sensitivity.power_scaling import power_scaling
from bayesmeta.sensitivity.prior_data_conflict import prior_data_conflict
from bayesmeta.sensitivity.prior_map import prior_map
from bayesmeta.sensitivity.prior_predictive import left_out, prior_predictive_table
from bayesmeta.sensitivity.prior_sensitivity import prior_sensitivity
from bayesmeta.sensitivity.question import Question
from bayesmeta.sensitivity.stability import stability
from bayesmeta.sensitivity.tipping_curve import tipping_curve
from bayesmeta.sensitivity.tipping_point import tipping_point
from bayesmeta.spec import ModelSpec
from bayesmeta.summaries.shown import Shown

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SAMPLED = ("prior_sensitivity", "leave_one_out")
"""The tables that NUTS can make too; the others are exact whatever the engine."""

type Ask = Callable[..., "pd.DataFrame"]

TABLES: Mapping[str, Ask] = {
    "prior_sensitivity": prior_sensitivity,
    "tipping_points": tipping_point,
    "tipping_curve": tipping_curve,
    "power_scaling": power_scaling,
    "informativeness": informativeness,
    "prior_data_conflict": prior_data_conflict,
    "prior_predictive": prior_predictive_table,
    "leave_one_out": leave_one_out,
}
"""The tables of an examination, by the name of their file."""

CUMULATIVE = "cumulative"
_ITSELF = "{itself}"
_ADVICE = '; use engine="nuts"'


@dataclass(frozen=True, eq=False, repr=False)
class Examination(Shown):
    """What was found.

    Parameters
    ----------
    stability
        One line on how far the conclusion holds.
    tables
        By the names of ``TABLES``, and ``cumulative`` where asked for.
    prior_map
        None where there is none.
    notes
        What was decided on the way, which rows were left out, and why something is missing.
    threshold
        P(benefit) from which on benefit is concluded.
    """

    stability: str
    tables: Mapping[str, "pd.DataFrame"]
    prior_map: "xr.Dataset | None"
    notes: tuple[str, ...]
    threshold: float = 0.975

    def as_text(self, *, title: str = "") -> str:
        """Return the examination as plain text."""
        from bayesmeta.sensitivity.text import text

        return f"{title}\n\n{text(self)}" if title else text(self)

    @property
    def alarms(self) -> tuple[str, ...]:
        """What speaks against draws, in sentences; empty where every refit can be trusted."""
        return tuple(alarm for name in self.tables for alarm in alarms(self.tables[name]))


def examine(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    threshold: float = 0.975,
    cumulative_by: str | None = None,
    **asking: Unpack[Refitting],
) -> Examination:
    """Return what every question of this room finds; what cannot be asked is noted.

    With ``engine="nuts"`` the refits under named priors, without single studies and of the
    cumulative analysis are sampled; all else stays exact, or is noted where it cannot be.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    threshold
        P(benefit) from which on benefit is concluded.
    cumulative_by
        A column, or ``precision``, for a cumulative analysis.
    **asking
        The question, and the model's other choices: ``help("bayesmeta.sensitivity.ask")``.
        The engine, and how NUTS draws: ``help("bayesmeta.sensitivity.asked")``.

    Raises
    ------
    BayesmetaError
        If the question itself cannot be asked, or the engine does not take the priors.

    Examples
    --------
    ``print(examine(effects, benefit="lower").stability)``
    """
    named = prior_sensitivity(effects, model, **asking)  # no stability without it: may raise
    tables, absent = {"prior_sensitivity": named}, dict[str, list[str]]()
    plain = without_sampling(asking)
    for name, function in TABLES.items():
        chosen = asking if name in SAMPLED else plain
        try:
            if name not in tables:
                tables[name] = function(effects, model, **chosen)
        except BayesmetaError as error:
            absent.setdefault(_why(name, error), []).append(name)
    if cumulative_by is not None:
        tables[CUMULATIVE] = cumulative(effects, model, by=cumulative_by, **asking)
    found = None
    try:
        found = prior_map(effects, model, threshold=threshold, **plain)
    except BayesmetaError as error:
        absent.setdefault(_why("prior_map", error), []).append("prior_map")
    line = stability(named, found, threshold=threshold)
    notes = [_absent(reason, names) for reason, names in absent.items()]
    if "prior_predictive" in tables and (said := left_out(tables["prior_predictive"])):
        notes.append(said)
    if cumulative_by is not None:
        notes.append(f"Cumulative: in order of {tables[CUMULATIVE].attrs['order']}.")
    question = ask(effects, model, **plain)
    notes = [*told(question.assembly, effects.said), *_remarks(question, plain), *notes]
    return Examination(line, tables, found, tuple(notes), threshold)


def _remarks(question: Question, asking: Asking) -> list[str]:
    """Return what a reader has to know of the question: what was not said, and what is far off."""
    taken = f"Which direction is benefit was not said: {question.event} is taken for it."
    silent = [taken] if "benefit" not in asking and not math.isnan(question.null) else []
    return [*silent, *extrapolated(question, asking.get("at"))]


def _why(name: str, error: BayesmetaError) -> str:
    """Return why there is no table; where none can be sampled, without that advice.

    A reason that begins with the question it is of is that of other questions too.
    """
    said = str(error) if name in SAMPLED else str(error).replace(_ADVICE, "")
    verb = TABLES[name].__name__ if name in TABLES else name
    return f"{_ITSELF} {said.removeprefix(verb).lstrip()}" if said.startswith(f"{verb} ") else said


def _absent(reason: str, names: Sequence[str]) -> str:
    """Return one sentence on all questions that a reason is of.

    Examples
    --------
    >>> _absent("no tau.", ["prior_map"]), _absent("{itself} takes long.", ["power_scaling", "loo"])
    ('No prior_map: no tau.', 'No power_scaling, loo: each takes long.')
    """
    return f"No {', '.join(names)}: {reason}".replace(_ITSELF, "it" if len(names) == 1 else "each")
