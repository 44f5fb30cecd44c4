"""Headings of RevMan, and of tables copied out of its forest plots."""

from collections.abc import Mapping

STRONG: Mapping[str, str] = {
    "givmean": "estimate", "givse": "standard_error",
    "cistart": "ci_lower", "ciend": "ci_upper",
    "studyyear": "year", "yearofstudy": "year", "analysisname": "outcome",
    "studyorsubgroup": "study",
}  # fmt: skip
WEAK: Mapping[str, str] = {}
