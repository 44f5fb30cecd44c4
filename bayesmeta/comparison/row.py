"""The columns of a comparison."""

from collections.abc import Mapping
from typing import Any

type Value = str | float
type Row = dict[str, Value]
type Record = Mapping[Any, Any]
"""A row, or the attributes, of a frame: what pandas makes no promises about."""

CONTRACT = (
    "method", "estimate", "se", "lower", "upper", "pi_lower", "pi_upper", "tau2", "I2", "Q"
)  # fmt: skip
"""What `compare --json` promises of each row."""

TEXTS = ("method", "coefficient", "kind", "priors")
NUMBERS = (
    "estimate", "se", "lower", "upper", "pi_lower", "pi_upper", "tau2", "tau", "I2", "Q",
    "p_below_0", "p_benefit", "degrees_of_freedom", "tau_lower", "tau_upper", "I2_lower",
    "I2_upper", "hts_lower", "hts_upper", "Q_p", "pi_sd", "tau_sd", "I2_sd", "estimate_error",
    "lower_error", "upper_error", "pi_lower_error", "pi_upper_error", "tau_error", "p_error",
)  # fmt: skip
COLUMNS = ("method", "coefficient", "kind", *NUMBERS, "priors")
