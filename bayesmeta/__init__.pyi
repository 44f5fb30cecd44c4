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
from .plots.baujat import plot_baujat
from .plots.bubble import plot_bubble
from .plots.calibration import plot_calibration
from .plots.chains import plot_chains
from .plots.column import figure_width
from .plots.comparison import plot_comparison
from .plots.correlation_strip import plot_correlation_strip
from .plots.cumulative import plot_cumulative
from .plots.designs_dial import plot_designs_dial
from .plots.designs_forest import plot_designs_forest
from .plots.designs_ridges import plot_designs_ridges
from .plots.drapery import plot_drapery
from .plots.duration_effects import plot_duration_effects
from .plots.duration_shapes import plot_duration_shapes
from .plots.duration_subgroups import plot_subgroups
from .plots.forest import plot_forest
from .plots.forest_outcomes import plot_outcomes_forest
from .plots.forest_pages import forest_pages
from .plots.funnel import plot_funnel
from .plots.gap import plot_gap
from .plots.heterogeneity import plot_heterogeneity
from .plots.joint import plot_joint
from .plots.labbe import plot_labbe
from .plots.leave_one_out import plot_leave_one_out
from .plots.loo_pit import plot_loo_pit
from .plots.posterior import plot_posterior
from .plots.power_scaling import plot_power_scaling
from .plots.predictive import plot_predictive
from .plots.prior import plot_prior
from .plots.prior_map import plot_prior_map
from .plots.radial import plot_radial
from .plots.saving import save_figure, save_pages
from .plots.shrinkage import plot_shrinkage
from .plots.subsets import plot_subsets
from .plots.tail_curves import plot_tail_curves
from .plots.tipping import plot_tipping
from .plots.weights import plot_weights
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
from .sensitivity.baujat import baujat
from .sensitivity.correlation_strip import correlation_strip
from .sensitivity.cumulative import cumulative
from .sensitivity.informativeness import informativeness
from .sensitivity.leave_one_out import leave_one_out
from .sensitivity.loo_pit import loo_pit
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
from .summaries.confidence import confidence_curves
from .summaries.density_rows import density_rows
from .summaries.funnel import funnel_bands, funnel_table
from .summaries.heterogeneity import heterogeneity
from .summaries.joint import joint_density
from .summaries.labbe import labbe_curve, labbe_table
from .summaries.prediction import predict
from .summaries.predictive import predictive_check
from .summaries.quantities import cdf, density, draws, interval, quantile
from .summaries.radial import radial_table
from .summaries.raindrops import raindrops
from .summaries.shares import weight_table
from .summaries.shrinkage import shrinkage_trace
from .summaries.statements import statements
from .summaries.studies import study_effects
from .summaries.summary import summary
from .summaries.tail_curves import tail_curve
from .summaries.tails import tail
from .summaries.text import text

__all__ = [
    "ModelSpec",
    "Prior",
    "baujat",
    "begg",
    "borrowing",
    "build_model",
    "calibrate",
    "cdf",
    "cluster_robust",
    "cochrane",
    "compare",
    "confidence_curves",
    "converted",
    "correlation_strip",
    "cumulative",
    "density",
    "density_rows",
    "designs",
    "designs_text",
    "draws",
    "duration",
    "duration_model",
    "effect_between",
    "effect_sizes",
    "egger",
    "explain_gap",
    "figure_width",
    "fit",
    "forest_pages",
    "from_preliz",
    "funnel_bands",
    "funnel_table",
    "gap_sentences",
    "heterogeneity",
    "informativeness",
    "interval",
    "joint_density",
    "kenward_roger",
    "labbe_curve",
    "labbe_table",
    "leave_one_out",
    "less_known_biases",
    "load_model",
    "location_scale_model",
    "loo_pit",
    "mantel_haenszel",
    "model_names",
    "outcome_sds",
    "parse_prior",
    "peto",
    "plot_baujat",
    "plot_bubble",
    "plot_calibration",
    "plot_chains",
    "plot_comparison",
    "plot_correlation_strip",
    "plot_cumulative",
    "plot_designs_dial",
    "plot_designs_forest",
    "plot_designs_ridges",
    "plot_drapery",
    "plot_duration_effects",
    "plot_duration_shapes",
    "plot_forest",
    "plot_funnel",
    "plot_gap",
    "plot_heterogeneity",
    "plot_joint",
    "plot_labbe",
    "plot_leave_one_out",
    "plot_loo_pit",
    "plot_outcomes_forest",
    "plot_posterior",
    "plot_power_scaling",
    "plot_predictive",
    "plot_prior",
    "plot_prior_map",
    "plot_radial",
    "plot_shrinkage",
    "plot_subgroups",
    "plot_subsets",
    "plot_tail_curves",
    "plot_tipping",
    "plot_weights",
    "pool",
    "power_scaling",
    "predict",
    "predictive_check",
    "prior_data_conflict",
    "prior_map",
    "prior_predictive",
    "prior_predictive_table",
    "prior_sensitivity",
    "quantile",
    "radial_table",
    "raindrops",
    "read_posterior",
    "read_studies",
    "rhodes",
    "run",
    "save_figure",
    "save_pages",
    "save_posterior",
    "search_priors",
    "select_moderators",
    "shrinkage_trace",
    "stability",
    "statements",
    "studies_differ_by",
    "study_effects",
    "subgroups",
    "subsets",
    "summary",
    "tabulate",
    "tail",
    "tail_curve",
    "tau_below",
    "text",
    "times_outcome_sd",
    "tipping_curve",
    "tipping_point",
    "to_preliz",
    "trim_and_fill",
    "turner",
    "variance_explained",
    "weight_table",
    "write_report",
]

__version__: str
