from .analysis import run
from .analysis.reporting import write_report
from .archive import read_posterior, save_posterior
from .assembly import build_model
from .calibration.calibrate import calibrate
from .catalogue import load_model, model_names
from .cohorts.answer import designs
from .cohorts.known_bias import less_known_biases
from .cohorts.text import designs_text
from .comparison.borrowing import borrowing
from .comparison.gap import explain_gap
from .comparison.gap_words import gap_sentences
from .comparison.table import compare
from .duration_response.answer import duration
from .duration_response.graph import duration_model
from .duration_response.location_scale import location_scale_model
from .duration_response.selection import select_moderators
from .duration_response.subgroups import subgroups
from .engines.fitting import fit
from .frequentist import (
    begg,
    cluster_robust,
    egger,
    kenward_roger,
    mantel_haenszel,
    peto,
    pool,
    trim_and_fill,
    variance_explained,
)
from .measures import effect_sizes
from .plots.bubble import plot_bubble
from .plots.calibration import plot_calibration
from .plots.comparison import plot_comparison
from .plots.correlation_strip import plot_correlation_strip
from .plots.cumulative import plot_cumulative
from .plots.designs_dial import plot_designs_dial
from .plots.designs_forest import plot_designs_forest
from .plots.designs_ridges import plot_designs_ridges
from .plots.duration_effects import plot_duration_effects
from .plots.duration_shapes import plot_duration_shapes
from .plots.duration_subgroups import plot_subgroups
from .plots.forest import plot_forest
from .plots.forest_outcomes import plot_outcomes_forest
from .plots.forest_pages import forest_pages
from .plots.gap import plot_gap
from .plots.leave_one_out import plot_leave_one_out
from .plots.posterior import plot_posterior
from .plots.power_scaling import plot_power_scaling
from .plots.prior import plot_prior
from .plots.prior_map import plot_prior_map
from .plots.saving import save_figure, save_pages
from .plots.tipping import plot_tipping
from .priors import (
    cochrane,
    converted,
    effect_between,
    outcome_sds,
    rhodes,
    search_priors,
    studies_differ_by,
    tabulate,
    tau_below,
    times_outcome_sd,
    turner,
)
from .priors.preliz import from_preliz, to_preliz
from .sensitivity.correlation_strip import correlation_strip
from .sensitivity.cumulative import cumulative
from .sensitivity.informativeness import informativeness
from .sensitivity.leave_one_out import leave_one_out
from .sensitivity.power_scaling import power_scaling
from .sensitivity.prior_data_conflict import prior_data_conflict
from .sensitivity.prior_map import prior_map
from .sensitivity.prior_predictive import prior_predictive, prior_predictive_table
from .sensitivity.prior_sensitivity import prior_sensitivity
from .sensitivity.stability import stability
from .sensitivity.subsets import subsets
from .sensitivity.tipping_curve import tipping_curve
from .sensitivity.tipping_point import tipping_point
from .spec import ModelSpec, Prior, parse_prior
from .studies import read_studies
from .summaries.heterogeneity import heterogeneity
from .summaries.prediction import predict
from .summaries.quantities import cdf, density, draws, interval, quantile
from .summaries.statements import statements
from .summaries.studies import study_effects
from .summaries.summary import summary
from .summaries.tails import tail
from .summaries.text import text

__all__ = [
    "ModelSpec",
    "Prior",
    "begg",
    "borrowing",
    "build_model",
    "calibrate",
    "cdf",
    "cluster_robust",
    "cochrane",
    "compare",
    "converted",
    "correlation_strip",
    "cumulative",
    "density",
    "designs",
    "designs_text",
    "draws",
    "duration",
    "duration_model",
    "effect_between",
    "effect_sizes",
    "egger",
    "explain_gap",
    "fit",
    "forest_pages",
    "from_preliz",
    "gap_sentences",
    "heterogeneity",
    "informativeness",
    "interval",
    "kenward_roger",
    "leave_one_out",
    "less_known_biases",
    "load_model",
    "location_scale_model",
    "mantel_haenszel",
    "model_names",
    "outcome_sds",
    "parse_prior",
    "peto",
    "plot_bubble",
    "plot_calibration",
    "plot_comparison",
    "plot_correlation_strip",
    "plot_cumulative",
    "plot_designs_dial",
    "plot_designs_forest",
    "plot_designs_ridges",
    "plot_duration_effects",
    "plot_duration_shapes",
    "plot_forest",
    "plot_gap",
    "plot_leave_one_out",
    "plot_outcomes_forest",
    "plot_posterior",
    "plot_power_scaling",
    "plot_prior",
    "plot_prior_map",
    "plot_subgroups",
    "plot_tipping",
    "pool",
    "power_scaling",
    "predict",
    "prior_data_conflict",
    "prior_map",
    "prior_predictive",
    "prior_predictive_table",
    "prior_sensitivity",
    "quantile",
    "read_posterior",
    "read_studies",
    "rhodes",
    "run",
    "save_figure",
    "save_pages",
    "save_posterior",
    "search_priors",
    "select_moderators",
    "stability",
    "statements",
    "studies_differ_by",
    "study_effects",
    "subgroups",
    "subsets",
    "summary",
    "tabulate",
    "tail",
    "tau_below",
    "text",
    "times_outcome_sd",
    "tipping_curve",
    "tipping_point",
    "to_preliz",
    "trim_and_fill",
    "turner",
    "variance_explained",
    "write_report",
]

__version__: str
