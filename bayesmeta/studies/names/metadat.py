"""Columns of the data sets of R's metadat."""

from collections.abc import Mapping

STRONG: Mapping[str, str] = {
    "tpos": "events_treatment", "tneg": "non_events_treatment",
    "cpos": "events_control", "cneg": "non_events_control",
}  # fmt: skip
WEAK: Mapping[str, str] = {}
