"""An examination as JSON."""

import math
from typing import TYPE_CHECKING

from bayesmeta.sensitivity.examination import Examination

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

type Json = dict[str, "Value"]
type Value = str | float | int | bool | list["Value"] | Json | None


def contract(found: Examination) -> Json:
    """Return what was found as plain dicts, lists, numbers and None.

    Each table is a list of rows; the prior map is one nested list (family, tau_scale, mu_sd) a
    statistic. What is not a finite number is None.

    Examples
    --------
    ``contract(examine(effects))["stability"]``
    """
    tables: Json = {name: _rows(table) for name, table in found.tables.items()}
    about = found.tables["prior_sensitivity"].attrs
    return {
        "question": _plain(dict(about)), "stability": found.stability, **tables,
        "prior_map": None if found.prior_map is None else _map(found.prior_map),
        "notes": list(found.notes),
        "diagnostics": {"ok": not found.alarms, "messages": list(found.alarms)},
    }  # fmt: skip


def _rows(table: "pd.DataFrame") -> list[Value]:
    return [_plain(row) for row in table.reset_index().to_dict("records")]


def _map(found: "xr.Dataset") -> Json:
    arrays = {
        str(name): found[name].to_numpy().tolist() for name in [*found.coords, *found.data_vars]
    }
    return {name: _plain(value) for name, value in arrays.items()}


def _plain(value: object) -> Value:
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if hasattr(value, "item"):
        return _plain(value.item())
    if isinstance(value, int):
        return value
    return float(value) if isinstance(value, float) and math.isfinite(value) else None
