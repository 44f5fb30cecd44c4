"""Rows that sum up the others."""

import re

from bayesmeta.studies.rows import Rows

_TOTAL = re.compile(
    r"(?:sub|grand\s+)?totals?(?:\s*\(.*\)|\s+events|:)?|overall(?:\s+(?:effect|estimate))?"
    r"(?:\s*\(.*\))?|pooled(?:\s+(?:effect|estimate))?|summary(?:\s+(?:effect|estimate))?|"
    r"(?:common|fixed|random)[\s-]effects?(?:\s+model)?|re model|fe model|heterogeneity\s*:.*|"
    r"test for (?:overall effect|subgroup differences).*",
    re.IGNORECASE,
)


def without_totals(rows: Rows, label: str) -> Rows:
    """Return the table without rows whose study is called a total, with a note of each.

    Examples
    --------
    >>> table = Rows("x.csv", ("study", "yi"), [["Day", "1"], ["Total (95% CI)", "1"]], (2, 3))
    >>> without_totals(table, "study").notes
    ("Row 3, 'Total (95% CI)', sums up others and is no study: left out.",)
    """
    labels = rows.column(label)
    keep = [not _TOTAL.fullmatch(name) for name in labels]
    if all(keep) or not any(keep):
        return rows
    notes = [f"Row {line}, {name!r}, sums up others and is no study: left out."
             for line, name, stays in zip(rows.lines, labels, keep, strict=True)
             if not stays]  # fmt: skip
    return rows.kept(keep)._replace(notes=(*rows.notes, *notes))
