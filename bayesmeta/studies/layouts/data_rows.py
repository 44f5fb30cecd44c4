"""Data rows of RevMan Web and of the Cochrane Library's data packages."""

import math
from collections.abc import Mapping, Sequence

from bayesmeta.studies.cells import number
from bayesmeta.studies.names.keys import key_of
from bayesmeta.studies.reviews import (
    CONTINUOUS,
    COUNTS,
    DIFFERENCES,
    INVERSE,
    cleaned,
    nonzero,
    positive,
)
from bayesmeta.studies.rows import Rows

title = "Cochrane data rows"

_NAMES = {
    "analysisgroup": "comparison", "analysisnumber": "outcome_number", "analysisname": "outcome",
    "study": "study", "studyyear": "year", "subgroup": "subgroup",
    "applicability": "applicability", "givmean": "estimate", "givse": "standard_error",
    "experimentalmean": "mean_treatment", "experimentalsd": "sd_treatment",
    "experimentalcases": "events_treatment", "experimentaln": "n_treatment",
    "controlmean": "mean_control", "controlsd": "sd_control", "controlcases": "events_control",
    "controln": "n_control", "datatype": "data_type", "effectmeasure": "effect_measure",
    "analysisgroupname": "comparison_name", "subgroupnumber": "subgroup_number",
}  # fmt: skip
_TYPES = {
    "dichotomous": COUNTS, "continuous": CONTINUOUS, "generic": INVERSE, "inverse": INVERSE,
    "contrast": INVERSE, "o-e": DIFFERENCES, "o\N{MINUS SIGN}e": DIFFERENCES, "o - e": DIFFERENCES,
    "individual": DIFFERENCES,
}  # fmt: skip
_NEAR = 1e-3

type _Row = Mapping[str, str]


def recognises(rows: Rows) -> bool:
    """Return whether the header is that of data rows."""
    keys = {key_of(name) for name in rows.header}
    return {"analysisgroup", "analysisnumber", "study"} <= keys


def arranged(rows: Rows) -> Rows:
    """Return the rows with our names and the cells that their data type uses."""
    header = tuple(_NAMES.get(key_of(name), name) for name in rows.header)
    table = rows._replace(header=header)
    within = [dict(zip(header, cells, strict=True)) for cells in table.cells]
    keys = [(row["comparison"], row["outcome_number"]) for row in within]
    types = {key: _type([row for row, own in zip(within, keys, strict=True) if own == key])
             for key in dict.fromkeys(keys)}  # fmt: skip
    groups = _numbers(within)
    named = table.replaced({
        "data_type": [types[key] for key in keys],
        "subgroup": [row.get("subgroup", "") for row in within],
        "subgroup_number": groups,
        "o_e": [_of(row, "oe", "o\N{MINUS SIGN}e") for row in within],
        "o_e_variance": [_of(row, "variance") for row in within],
    })  # fmt: skip
    return cleaned(named)


def _of(row: _Row, *keys: str) -> str:
    return next((cell for name, cell in row.items() if key_of(name) in keys), "")


def _numbers(rows: Sequence[_Row]) -> list[str]:
    """Return the number of each row's subgroup: the package's, else by first appearance."""
    seen: dict[tuple[str, str], list[str]] = {}
    found = []
    for row in rows:
        group = row.get("subgroup", "")
        known = seen.setdefault((row["comparison"], row["outcome_number"]), [])
        if group and group not in known:
            known.append(group)
        own = str(known.index(group) + 1) if group else ""
        found.append(row.get("subgroup_number", "") or own)
    return found


def _type(rows: Sequence[_Row]) -> str:
    """Return the data type of an analysis: as stated, else from the cells that are filled."""
    stated = rows[0].get("data_type", "").lower()
    for word, kind in _TYPES.items():
        if stated.startswith(word):
            return kind
    if any(positive(row.get(f"sd_{arm}", "")) for row in rows for arm in ("treatment", "control")):
        return CONTINUOUS
    if _shown(rows, "estimate"):
        return INVERSE
    if _shown(rows, "o-e"):
        return DIFFERENCES
    cases = any(positive(row.get(f"events_{arm}", "")) for row in rows
                for arm in ("treatment", "control"))  # fmt: skip
    if not cases and any(positive(row.get("standard_error", "")) for row in rows):
        return INVERSE
    sizes = any(positive(row.get("n_treatment", "")) for row in rows)
    return COUNTS if cases or sizes else ""


def _shown(rows: Sequence[_Row], kind: str) -> bool:
    """Return whether the shown effects are those of GIV or O - E cells, not of counts."""
    checked = [_agrees(row, kind) for row in rows if nonzero(_of(row, "weight"))]
    return bool(checked) and all(checked)


def _agrees(row: _Row, kind: str) -> bool:
    estimate, shown = number(row.get("estimate", "")), number(_of(row, "mean"))
    if kind == "o-e":
        difference = number(_of(row, "oe", "o\N{MINUS SIGN}e"))
        variance = number(_of(row, "variance"))
        estimate = difference / variance if difference and variance else None
    if not estimate or shown is None or not math.isfinite(estimate) or abs(estimate) > 100:  # noqa: PLR2004
        return False
    return any(math.isclose(shown, value, rel_tol=_NEAR, abs_tol=1e-6)
               for value in (estimate, math.exp(estimate)))  # fmt: skip
