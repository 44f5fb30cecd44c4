"""Arguments of metafor's function escalc, with what its objects add."""

from collections.abc import Mapping

STRONG: Mapping[str, str] = {
    "slab": "study", "yi": "estimate", "vi": "variance", "sei": "standard_error", "ni": "n",
    "n1i": "n_treatment", "m1i": "mean_treatment", "sd1i": "sd_treatment",
    "n2i": "n_control", "m2i": "mean_control", "sd2i": "sd_control", "ri": "correlation",
    "x1i": "events_treatment", "t1i": "time_treatment",
    "x2i": "events_control", "t2i": "time_control",
    "cilb": "ci_lower", "ciub": "ci_upper",
}  # fmt: skip
WEAK: Mapping[str, str] = {}

CELLS: Mapping[str, str] = {
    "ai": "events_treatment", "bi": "non_events_treatment",
    "ci": "events_control", "di": "non_events_control",
}  # fmt: skip
"""The cells of a two-by-two table: short names, which count only together."""

COUNTED: Mapping[str, str] = {"xi": "events", "ti": "time"}
"""One group's events and person-time, beside its size or its time alone."""

CHANGE = ("m1i", "sd1i", "m2i", "sd2i")
"""With ri and without n1i, one group measured twice instead of two arms."""
