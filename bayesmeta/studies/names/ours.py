"""Our names."""

from collections.abc import Mapping

TEXT = ("study", "outcome", "unit", "design", "outcome_number", "subgroup_number")
"""Columns that are text even where they look like numbers."""

NUMERIC = (
    "n_treatment", "mean_treatment", "sd_treatment", "events_treatment", "non_events_treatment",
    "n_control", "mean_control", "sd_control", "events_control", "non_events_control",
    "estimate", "standard_error", "variance", "ci_lower", "ci_upper", "n", "duration_weeks",
    "mean_before", "mean_after", "sd_before", "sd_after", "correlation",
    "time_treatment", "time_control", "confidence",
    "se_treatment", "se_control", "var_treatment", "var_control", "o_e", "o_e_variance",
)  # fmt: skip
"""Columns that are numbers; anything else in them is an error."""

RANGED = ("duration_weeks",)
"""Columns of numbers that may also hold ranges such as 4-6; the whole column is then text."""

STRONG: Mapping[str, str] = {name.replace("_", ""): name for name in TEXT + NUMERIC}
WEAK: Mapping[str, str] = {}
