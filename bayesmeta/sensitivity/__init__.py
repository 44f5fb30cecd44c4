"""What if prior or study were other: each file answers one question, exactly."""

from bayesmeta.sensitivity.asking import asked
from bayesmeta.sensitivity.correlation_strip import correlation_strip
from bayesmeta.sensitivity.cumulative import cumulative
from bayesmeta.sensitivity.informativeness import informativeness
from bayesmeta.sensitivity.leave_one_out import leave_one_out
from bayesmeta.sensitivity.posing import ask
from bayesmeta.sensitivity.power_scaling import power_scaling
from bayesmeta.sensitivity.prior_data_conflict import prior_data_conflict
from bayesmeta.sensitivity.prior_map import prior_map
from bayesmeta.sensitivity.prior_predictive import prior_predictive, prior_predictive_table
from bayesmeta.sensitivity.prior_sensitivity import prior_sensitivity
from bayesmeta.sensitivity.stability import stability
from bayesmeta.sensitivity.subsets import subsets
from bayesmeta.sensitivity.tipping_curve import tipping_curve
from bayesmeta.sensitivity.tipping_point import tipping_point

__all__ = [
    "ask",
    "asked",
    "correlation_strip",
    "cumulative",
    "informativeness",
    "leave_one_out",
    "power_scaling",
    "prior_data_conflict",
    "prior_map",
    "prior_predictive",
    "prior_predictive_table",
    "prior_sensitivity",
    "stability",
    "subsets",
    "tipping_curve",
    "tipping_point",
]
