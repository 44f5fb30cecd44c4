"""Every question of this room asked of one analysis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from bayesmeta.errors import BayesmetaError
from bayesmeta.measures.effects import Effects
from bayesmeta.sensitivity.cumulative import cumulative
from bayesmeta.sensitivity.informativeness import informativeness
from bayesmeta.sensitivity.leave_one_out import leave_one_out
from bayesmeta.sensitivity.power_scaling import power_scaling
from bayesmeta.sensitivity.prior_data_conflict import prior_data_conflict
from bayesmeta.sensitivity.prior_map import prior_map
from bayesmeta.sensitivity.prior_predictive import prior_predictive_table
from bayesmeta.sensitivity.prior_sensitivity import prior_sensitivity
from bayesmeta.sensitivity.question import Asking, ask
from bayesmeta.sensitivity.stability import stability
from bayesmeta.sensitivity.tipping_curve import tipping_curve
from bayesmeta.sensitivity.tipping_point import tipping_point
from bayesmeta.spec import ModelSpec

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

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


@dataclass(frozen=True, eq=False)
class Examination:
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
        Why something is missing, in sentences.
    """

    stability: str
    tables: Mapping[str, "pd.DataFrame"]
    prior_map: "xr.Dataset | None"
    notes: tuple[str, ...]


def examine(
    effects: Effects,
    model: str | Path | ModelSpec | None = None,
    *,
    threshold: float = 0.975,
    cumulative_by: str | None = None,
    **asking: Unpack[Asking],
) -> Examination:
    """Return what every question of this room finds; what cannot be asked is noted.

    Parameters
    ----------
    effects, model
        As in `bayesmeta.fit`.
    threshold
        P(benefit) from which on benefit is concluded.
    cumulative_by
        A column, or ``precision``, for a cumulative analysis.
    **asking
        The question, and the model's other choices: see `question.ask`.

    Raises
    ------
    BayesmetaError
        If the question itself cannot be asked.

    Examples
    --------
    ``print(examine(effects, benefit="lower").stability)``
    """
    ask(effects, model, **asking)
    tables: dict[str, pd.DataFrame] = {}
    notes: list[str] = []
    for name, function in TABLES.items():
        try:
            tables[name] = function(effects, model, **asking)
        except BayesmetaError as error:
            notes.append(f"No {name}: {error}")
    if cumulative_by is not None:
        tables[CUMULATIVE] = cumulative(effects, model, by=cumulative_by, **asking)
    found = None
    try:
        found = prior_map(effects, model, threshold=threshold, **asking)
    except BayesmetaError as error:
        notes.append(f"No prior_map: {error}")
    line = stability(tables["prior_sensitivity"], found, threshold=threshold)
    return Examination(line, tables, found, tuple(notes))
