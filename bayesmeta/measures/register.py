"""The measures there are, by the field's code."""

from bayesmeta.measures import (
    bonett_d,
    change_in_baseline_sd,
    change_in_change_sd,
    correlation_z,
    glass_delta,
    hazard_ratio,
    hedges_g,
    log_rate,
    logit_proportion,
    mean_change,
    mean_difference,
    odds_ratio,
    rate_ratio,
    ratio_of_means,
    ready_made,
    risk_difference,
    risk_ratio,
)
from bayesmeta.measures.contract import Measure

_MEASURES: tuple[Measure, ...] = (
    mean_difference,
    hedges_g,
    bonett_d,
    glass_delta,
    ratio_of_means,
    mean_change,
    change_in_change_sd,
    change_in_baseline_sd,
    odds_ratio,
    risk_ratio,
    risk_difference,
    rate_ratio,
    hazard_ratio,
    logit_proportion,
    log_rate,
    correlation_z,
    ready_made,
)

MEASURES: dict[str, Measure] = {measure.code: measure for measure in _MEASURES}
"""Every measure by its code."""
