"""RevMan 5 reviews (.rm5): XML with every analysis of a review."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bayesmeta.errors import StudiesError
from bayesmeta.studies.limits import require_plain_xml
from bayesmeta.studies.reviews import CONTINUOUS, COUNTS, DIFFERENCES, HEADER, INVERSE
from bayesmeta.studies.rows import Grid

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

title = "RevMan 5 review"

_KINDS = {"DICH": COUNTS, "CONT": CONTINUOUS, "IPD": DIFFERENCES, "IV": INVERSE, "OTHER": ""}
_ESCAPED = re.compile(r"_x([0-9a-fA-F]{4})_")


def recognises(content: bytes) -> bool:
    """Return whether it is a review of RevMan 5."""
    return b"<COCHRANE_REVIEW" in content[:65536].replace(b"\0", b"")  # UTF-16 has zeros


def grids(content: bytes, *, source: str) -> tuple[Grid, ...]:
    """Return the one table of a review: a row a study of an analysis.

    Raises
    ------
    StudiesError
        If the XML cannot be read.
    """
    from xml.etree.ElementTree import ParseError

    import defusedxml
    from defusedxml.ElementTree import fromstring

    require_plain_xml(content, source=source)
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, ValueError, defusedxml.DefusedXmlException) as error:
        raise StudiesError(
            f"{source}: a review of RevMan 5 whose XML is broken ({error}); export it again."
        ) from error
    names = {
        study.get("ID", ""): (study.get("NAME", ""), study.get("YEAR", ""))
        for study in root.iter("STUDY")
    }
    rows = [tuple(row[name] for name in HEADER) for row in _rows(root, names)]
    if not rows:
        raise StudiesError(f"{source}: a review of RevMan 5 without any analysis.")
    return (Grid("", ((0, HEADER), *enumerate(rows, start=1))),)


def _rows(root: "Element", names: Mapping[str, tuple[str, str]]) -> Iterator[dict[str, str]]:
    for comparison in root.iter("COMPARISON"):
        for outcome in comparison:
            kind, _, what = outcome.tag.partition("_")
            if what != "OUTCOME" or kind not in _KINDS:
                continue
            head = {
                "comparison": comparison.get("NO", ""), "outcome_number": outcome.get("NO", ""),
                "comparison_name": _name(comparison), "outcome": _name(outcome),
                "data_type": _KINDS[kind], "effect_measure": outcome.get("EFFECT_MEASURE", ""),
                "applicability": "",
            }  # fmt: skip
            yield from _outcome(outcome, head, kind, names)


def _outcome(
    outcome: "Element", head: dict[str, str], kind: str, names: Mapping[str, tuple[str, str]]
) -> Iterator[dict[str, str]]:
    # Where totals are given for subgroups alone, there is no overall analysis.
    apart = outcome.get("TOTALS", "YES") == "SUB"
    for entry in outcome.iter(f"{kind}_DATA"):
        group = next((one for one in outcome.iter(f"{kind}_SUBGROUP") if entry in one), None)
        within = {"subgroup": "", "subgroup_number": ""}
        if group is not None:
            within = {"subgroup": _name(group), "subgroup_number": group.get("NO", "")}
            within |= {"applicability": "SUBGROUP"} if apart else {}
        study, year = names.get(entry.get("STUDY_ID", ""), ("", ""))
        label = study or _unescaped(entry.get("STUDY_ID", "").removeprefix("STD-"))
        yield (
            dict.fromkeys(HEADER, "")
            | head
            | within
            | {"study": label, "year": year}
            | _cells(entry, kind)
        )


def _cells(entry: "Element", kind: str) -> dict[str, str]:
    n = {"n_treatment": entry.get("TOTAL_1", ""), "n_control": entry.get("TOTAL_2", "")}
    if kind == "DICH":
        return n | {"events_treatment": entry.get("EVENTS_1", ""),
                    "events_control": entry.get("EVENTS_2", "")}  # fmt: skip
    if kind == "CONT":
        names = {"mean_treatment": "MEAN_1", "sd_treatment": "SD_1",
                 "mean_control": "MEAN_2", "sd_control": "SD_2"}  # fmt: skip
        return n | {ours: entry.get(theirs, "") for ours, theirs in names.items()}
    if kind == "IPD":
        return n | {"o_e": entry.get("O_E", ""), "o_e_variance": entry.get("VAR", "")}
    if kind == "IV":
        return n | {"estimate": entry.get("ESTIMATE", ""), "standard_error": entry.get("SE", "")}
    return n


def _name(element: "Element") -> str:
    found = element.find("NAME")
    return "" if found is None or found.text is None else " ".join(found.text.split())


def _unescaped(name: str) -> str:
    """Return a name as RevMan shows it: it writes signs as _x002d_ and spaces as _."""
    plain = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), name)
    return plain.replace("_", " ").strip()
