"""The CSV export of RevMan 5: studies under the totals of their analysis."""

import math
from collections.abc import Mapping

from bayesmeta.studies.cells import number
from bayesmeta.studies.ending import ended
from bayesmeta.studies.reviews import (
    CONTINUOUS,
    COUNTS,
    DIFFERENCES,
    HEADER,
    INVERSE,
    SHOWN,
    cleaned,
    nonzero,
)
from bayesmeta.studies.rows import Rows

title = "RevMan 5 export"

_TYPES = {"DIC": COUNTS, "CON": CONTINUOUS, "IPD": DIFFERENCES, "IV": INVERSE, "GIV": INVERSE}
_CELLS = {
    "events_treatment": "Events 1", "mean_treatment": "Mean 1", "sd_treatment": "SD 1",
    "n_treatment": "Total 1", "events_control": "Events 2", "mean_control": "Mean 2",
    "sd_control": "SD 2", "n_control": "Total 2", "estimate": "Effect Estimate",
    "standard_error": "SE", "year": "Year of study", "o_e": "O-E", "o_e_variance": "Variance",
}  # fmt: skip
_RATIOS = ("OR", "RR", "HR", "PETO_OR", "PETO OR", "RATE RATIO", "IRR", "HAZARD RATIO")
_LIMIT = 1.959963984540054
_NEAR = 0.02

type _Row = Mapping[str, str]


def recognises(rows: Rows) -> bool:
    """Return whether the header is that of RevMan 5's export."""
    needed = {"Comparison Number", "Outcome Number", "Subgroup Number", "Name", "Data Type"}
    return needed <= set(rows.header)


def arranged(rows: Rows) -> Rows:
    """Return the rows of studies; those of comparisons, totals and subgroups name them."""
    found, lines, left_out = [], [], []
    state: dict[str, str] = {}
    for line, cells in zip(rows.lines, rows.cells, strict=True):
        row = dict(zip(rows.header, cells, strict=True))
        if _heads(row):
            state = _entered(state, row)
            left_out.append(row["Name"])
            continue
        found.append(_study(row, state))
        lines.append(line)
    moved = any(row.get(SHOWN) for row in found)
    header = (*HEADER, SHOWN) if moved else HEADER
    table = [[row.get(name, "") for name in header] for row in found]
    named = ", ".join(dict.fromkeys(left_out))
    note = ended(
        f"Rows of comparisons, totals and subgroups are no studies and are left out: {named}"
    )
    return cleaned(rows._replace(
        header=header, cells=table, lines=tuple(lines), notes=(*rows.notes, note),
    ))  # fmt: skip


def _heads(row: _Row) -> bool:
    """Return whether a row heads a comparison, an outcome or a subgroup."""
    if row["Outcome Number"] in ("", "0") or row["Data Type"]:
        return True
    statistics = any(row.get(name, "") for name in ("df", "Q", "Z", "P(Z)", "P(Q)"))
    return statistics or ("User defined order" in row and not row["User defined order"])


def _entered(state: dict[str, str], row: _Row) -> dict[str, str]:
    """Return what the studies below a heading belong to."""
    if row["Outcome Number"] in ("", "0"):
        return {"comparison_name": row["Name"]}
    if row["Subgroup Number"] in ("", "0"):
        return {
            "comparison_name": state.get("comparison_name", ""), "outcome": row["Name"],
            "data_type": _TYPES.get(row["Data Type"].upper(), ""),
            "effect_measure": row.get("Effect Measure", ""),
        }  # fmt: skip
    return state | {"subgroup": row["Name"], "subgroup_number": row["Subgroup Number"]}


def _study(row: _Row, state: _Row) -> dict[str, str]:
    within = row["Subgroup Number"] not in ("", "0")
    found = dict.fromkeys(HEADER, "") | dict(state)
    if not within:
        found |= {"subgroup": "", "subgroup_number": ""}
    found |= {"study": row["Name"], "comparison": row["Comparison Number"],
              "outcome_number": row["Outcome Number"]}  # fmt: skip
    found |= {ours: row[theirs] for ours, theirs in _CELLS.items() if theirs in row}
    if found["data_type"] == INVERSE:
        found["estimate"] = _as_pooled(row, found["effect_measure"])
        found[SHOWN] = row["Effect Estimate"] if found["estimate"] != row["Effect Estimate"] else ""
    return found


def _as_pooled(row: _Row, measure: str) -> str:
    """Return an estimate on the scale of its standard error: the export shows ratios as ratios.

    Which it is, the interval says: exp(log estimate +- 1.96 SE), or estimate +- 1.96 SE.
    """
    estimate, error = number(row["Effect Estimate"]), number(row.get("SE", ""))
    lower = number(row.get("CI Start", ""))
    if not estimate or not error or estimate <= 0 or not nonzero(row.get("CI Start", "")):
        return row["Effect Estimate"]
    ratio = measure.upper().replace("-", " ") in _RATIOS
    if lower is not None and lower > 0:
        width = _LIMIT * error
        ratio = abs(math.log(estimate / lower) - width) < _NEAR * width
    return repr(math.log(estimate)) if ratio else row["Effect Estimate"]
