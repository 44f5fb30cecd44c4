"""An examination as JSON."""

from typing import TYPE_CHECKING

from bayesmeta.plain import Json, plain, records
from bayesmeta.sensitivity.examination import Examination

if TYPE_CHECKING:
    import xarray as xr


def contract(found: Examination) -> Json:
    """Return what was found as plain dicts, lists, numbers and None.

    Each table is a list of rows; the prior map is one nested list (family, tau_scale, mu_sd) a
    statistic. What is not a finite number is None.

    Examples
    --------
    ``contract(examine(effects))["stability"]``
    """
    tables: dict[str, Json] = {
        name: records(table.reset_index()) for name, table in found.tables.items()
    }
    about = found.tables["prior_sensitivity"].attrs
    return {
        "question": plain(dict(about)), "stability": found.stability, **tables,
        "prior_map": None if found.prior_map is None else _map(found.prior_map),
        "notes": list(found.notes),
        "diagnostics": {"ok": not found.alarms, "messages": list(found.alarms)},
    }  # fmt: skip


def _map(found: "xr.Dataset") -> Json:
    arrays = {
        str(name): found[name].to_numpy().tolist() for name in [*found.coords, *found.data_vars]
    }
    return {name: plain(value) for name, value in arrays.items()}
