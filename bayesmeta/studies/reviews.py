"""Analyses of a review: what their columns are called, and which cells of a row count."""

import math
from collections.abc import Callable, Mapping

from bayesmeta.studies.cells import number
from bayesmeta.studies.rows import Rows

COUNTS, CONTINUOUS = "events of participants", "means"
DIFFERENCES, INVERSE = "O - E with variance", "estimates"
"""The data types of analyses. Others hold no numbers."""

ARMS = ("treatment", "control")
CELLS = tuple(f"{what}_{arm}" for arm in ARMS for what in ("events", "n", "mean", "sd"))
READY = ("estimate", "standard_error")
KEYS = (
    "study", "year", "comparison", "comparison_name", "outcome_number", "outcome",
    "subgroup_number", "subgroup", "applicability", "data_type", "effect_measure",
)  # fmt: skip
HEADER = (*KEYS, *CELLS, *READY, "o_e", "o_e_variance")

SHOWN = "effect_estimate"
"""Ratios as an export shows them, where their logarithms are the estimates."""

_UNUSED = "Cells that a row's data type does not use are taken as empty (RevMan writes 0 there)."

type Cells = Mapping[str, str]


def positive(cell: str) -> bool:
    """Return whether a cell is a number above 0."""
    value = number(cell)
    return value is not None and value > 0


def nonzero(cell: str) -> bool:
    """Return whether a cell is a number other than 0."""
    value = number(cell)
    return value is not None and value != 0 and not math.isnan(value)


def cleaned(rows: Rows) -> Rows:
    """Return the rows of studies with the cells that their data type uses, the others empty.

    Rows of a data type without numbers are left out; O - E with its variance V becomes the
    estimate (O - E) / V with variance 1 / V, Peto's.
    """
    known = [bool(kind) for kind in rows.column("data_type")]
    others = [study for study, keep in zip(rows.column("study"), known, strict=True) if not keep]
    said = (f"Rows of analyses without numbers are left out: {', '.join(others)}.",)
    kept = rows.kept(known)
    used = [_used(dict(zip(kept.header, row, strict=True))) for row in kept.cells]
    names = (*CELLS, *READY, *(["variance"] if any("variance" in one for one in used) else []))
    columns = {name: [one.get(name, "") for one in used] for name in names}
    filled = {name: cells for name, cells in columns.items() if any(cells)}
    drop = [name for name in (*CELLS, *READY, "o_e", "o_e_variance") if name not in filled]
    found = _without(kept, drop).replaced(filled)._replace(numbered=True)
    peto = ("(O - E) / V with variance 1 / V is the estimate (Peto's).",)
    notes = (_UNUSED, *(said if others else ()), *(peto if "variance" in filled else ()))
    return found._replace(notes=(*found.notes, *notes))


def _without(rows: Rows, names: list[str]) -> Rows:
    places = [place for place, name in enumerate(rows.header) if name not in names]
    header = tuple(rows.header[place] for place in places)
    return rows._replace(header=header, cells=[[row[p] for p in places] for row in rows.cells])


def _used(row: Cells) -> dict[str, str]:
    return _USED[row["data_type"]](row)


def _participants(row: Cells) -> dict[str, str]:
    sizes = {f"n_{arm}": row.get(f"n_{arm}", "") for arm in ARMS}
    return {name: cell if _blank_or_filled(cell) else "" for name, cell in sizes.items()}


def _blank_or_filled(cell: str) -> bool:
    value = number(cell)
    return value is None or value != 0


def _counts(row: Cells) -> dict[str, str]:
    sizes = _participants(row)
    events = {f"events_{arm}": row.get(f"events_{arm}", "") for arm in ARMS}
    return sizes | {name: cell if sizes[f"n_{name[7:]}"] else "" for name, cell in events.items()}


def _means(row: Cells) -> dict[str, str]:
    found = _participants(row)
    for arm in ARMS:
        mean, deviation = row.get(f"mean_{arm}", ""), row.get(f"sd_{arm}", "")
        used = _blank_or_filled(deviation)
        found |= {f"mean_{arm}": mean if used or nonzero(mean) else "",
                  f"sd_{arm}": deviation if used else ""}  # fmt: skip
    return found


def _estimates(row: Cells) -> dict[str, str]:
    error = row.get("standard_error", "")
    ready = {"estimate": row.get("estimate", ""), "standard_error": error}
    return _participants(row) | (ready if _blank_or_filled(error) else {})


def _differences(row: Cells) -> dict[str, str]:
    difference, variance = number(row.get("o_e", "")), number(row.get("o_e_variance", ""))
    if difference is None or variance is None or not variance > 0:
        return _participants(row)
    ready = {"estimate": repr(difference / variance), "variance": repr(1 / variance)}
    return _participants(row) | ready


_USED: dict[str, Callable[[Cells], dict[str, str]]] = {
    COUNTS: _counts, CONTINUOUS: _means, INVERSE: _estimates, DIFFERENCES: _differences,
}  # fmt: skip
