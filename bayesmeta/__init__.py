"""Bayesian random-effects meta-analysis with PyMC and ArviZ.

The shop window. Names load when they are used, so that ``import bayesmeta`` is instant.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bayesmeta.analysis import run
    from bayesmeta.archive import read_posterior, save_posterior
    from bayesmeta.assembly import build_model
    from bayesmeta.calibration.calibrate import calibrate
    from bayesmeta.catalogue import load_model, model_names
    from bayesmeta.comparison.gap import explain_gap
    from bayesmeta.comparison.gap_words import gap_sentences
    from bayesmeta.comparison.table import compare
    from bayesmeta.duration.answer import duration
    from bayesmeta.duration.graph import duration_model
    from bayesmeta.duration.location_scale import location_scale_model
    from bayesmeta.duration.selection import select_moderators
    from bayesmeta.duration.subgroups import subgroups
    from bayesmeta.engines.fitting import fit
    from bayesmeta.frequentist import (
        begg,
        egger,
        mantel_haenszel,
        peto,
        pool,
        trim_and_fill,
        variance_explained,
    )
    from bayesmeta.measures import effect_sizes
    from bayesmeta.plots.bubble import plot_bubble
    from bayesmeta.plots.calibration import plot_calibration
    from bayesmeta.plots.comparison import plot_comparison
    from bayesmeta.plots.cumulative import plot_cumulative
    from bayesmeta.plots.duration_effects import plot_duration_effects
    from bayesmeta.plots.duration_shapes import plot_duration_shapes
    from bayesmeta.plots.duration_subgroups import plot_subgroups
    from bayesmeta.plots.forest import plot_forest
    from bayesmeta.plots.gap import plot_gap
    from bayesmeta.plots.leave_one_out import plot_leave_one_out
    from bayesmeta.plots.posterior import plot_posterior
    from bayesmeta.plots.power_scaling import plot_power_scaling
    from bayesmeta.plots.prior import plot_prior
    from bayesmeta.plots.prior_map import plot_prior_map
    from bayesmeta.plots.saving import save_figure
    from bayesmeta.plots.tipping import plot_tipping
    from bayesmeta.priors import (
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
    from bayesmeta.priors.preliz import from_preliz, to_preliz
    from bayesmeta.sensitivity.cumulative import cumulative
    from bayesmeta.sensitivity.informativeness import informativeness
    from bayesmeta.sensitivity.leave_one_out import leave_one_out
    from bayesmeta.sensitivity.power_scaling import power_scaling
    from bayesmeta.sensitivity.prior_data_conflict import prior_data_conflict
    from bayesmeta.sensitivity.prior_map import prior_map
    from bayesmeta.sensitivity.prior_predictive import prior_predictive, prior_predictive_table
    from bayesmeta.sensitivity.prior_sensitivity import prior_sensitivity
    from bayesmeta.sensitivity.stability import stability
    from bayesmeta.sensitivity.subsets import subsets
    from bayesmeta.sensitivity.tipping_curve import tipping_curve
    from bayesmeta.sensitivity.tipping_point import tipping_point
    from bayesmeta.spec import ModelSpec, Prior, parse_prior
    from bayesmeta.studies import read_studies
    from bayesmeta.summaries.heterogeneity import heterogeneity
    from bayesmeta.summaries.prediction import predict
    from bayesmeta.summaries.quantities import cdf, density, draws, interval, quantile
    from bayesmeta.summaries.studies import study_effects
    from bayesmeta.summaries.summary import summary
    from bayesmeta.summaries.tails import tail
    from bayesmeta.summaries.text import text

_ROOMS = {
    "ModelSpec": "spec",
    "Prior": "spec",
    "begg": "frequentist",
    "build_model": "assembly",
    "calibrate": "calibration.calibrate",
    "cdf": "summaries.quantities",
    "cochrane": "priors",
    "compare": "comparison.table",
    "converted": "priors",
    "cumulative": "sensitivity.cumulative",
    "density": "summaries.quantities",
    "draws": "summaries.quantities",
    "duration": "duration.answer",
    "duration_model": "duration.graph",
    "effect_between": "priors",
    "effect_sizes": "measures",
    "egger": "frequentist",
    "explain_gap": "comparison.gap",
    "fit": "engines.fitting",
    "from_preliz": "priors.preliz",
    "gap_sentences": "comparison.gap_words",
    "heterogeneity": "summaries.heterogeneity",
    "informativeness": "sensitivity.informativeness",
    "interval": "summaries.quantities",
    "leave_one_out": "sensitivity.leave_one_out",
    "load_model": "catalogue",
    "location_scale_model": "duration.location_scale",
    "mantel_haenszel": "frequentist",
    "model_names": "catalogue",
    "outcome_sds": "priors",
    "parse_prior": "spec",
    "peto": "frequentist",
    "plot_bubble": "plots.bubble",
    "plot_calibration": "plots.calibration",
    "plot_comparison": "plots.comparison",
    "plot_cumulative": "plots.cumulative",
    "plot_duration_effects": "plots.duration_effects",
    "plot_duration_shapes": "plots.duration_shapes",
    "plot_forest": "plots.forest",
    "plot_gap": "plots.gap",
    "plot_leave_one_out": "plots.leave_one_out",
    "plot_posterior": "plots.posterior",
    "plot_power_scaling": "plots.power_scaling",
    "plot_prior": "plots.prior",
    "plot_prior_map": "plots.prior_map",
    "plot_subgroups": "plots.duration_subgroups",
    "plot_tipping": "plots.tipping",
    "pool": "frequentist",
    "power_scaling": "sensitivity.power_scaling",
    "predict": "summaries.prediction",
    "prior_data_conflict": "sensitivity.prior_data_conflict",
    "prior_map": "sensitivity.prior_map",
    "prior_predictive": "sensitivity.prior_predictive",
    "prior_predictive_table": "sensitivity.prior_predictive",
    "prior_sensitivity": "sensitivity.prior_sensitivity",
    "quantile": "summaries.quantities",
    "read_posterior": "archive",
    "read_studies": "studies",
    "rhodes": "priors",
    "run": "analysis",
    "save_figure": "plots.saving",
    "save_posterior": "archive",
    "search_priors": "priors",
    "select_moderators": "duration.selection",
    "stability": "sensitivity.stability",
    "studies_differ_by": "priors",
    "study_effects": "summaries.studies",
    "subgroups": "duration.subgroups",
    "subsets": "sensitivity.subsets",
    "summary": "summaries.summary",
    "tabulate": "priors",
    "tail": "summaries.tails",
    "tau_below": "priors",
    "text": "summaries.text",
    "times_outcome_sd": "priors",
    "tipping_curve": "sensitivity.tipping_curve",
    "tipping_point": "sensitivity.tipping_point",
    "to_preliz": "priors.preliz",
    "trim_and_fill": "frequentist",
    "turner": "priors",
    "variance_explained": "frequentist",
}

__version__: str
__all__ = [
    "ModelSpec",
    "Prior",
    "begg",
    "build_model",
    "calibrate",
    "cdf",
    "cochrane",
    "compare",
    "converted",
    "cumulative",
    "density",
    "draws",
    "duration",
    "duration_model",
    "effect_between",
    "effect_sizes",
    "egger",
    "explain_gap",
    "fit",
    "from_preliz",
    "gap_sentences",
    "heterogeneity",
    "informativeness",
    "interval",
    "leave_one_out",
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
    "plot_cumulative",
    "plot_duration_effects",
    "plot_duration_shapes",
    "plot_forest",
    "plot_gap",
    "plot_leave_one_out",
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
    "save_posterior",
    "search_priors",
    "select_moderators",
    "stability",
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
]


class _Window(ModuleType):
    """The package. Where a room and a verb share a name, the window shows the verb."""

    def __setattr__(self, name: str, value: object) -> None:
        """Keep the import of a room from hiding the verb of its name."""
        if not (name in _ROOMS and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Window


def __getattr__(name: str) -> object:
    """Load a public name from its room."""
    if name == "__version__":
        from importlib.metadata import version

        return version("bayesmeta")
    if name not in _ROOMS:
        raise AttributeError(f"module 'bayesmeta' has no attribute {name!r}")
    return getattr(import_module(f"bayesmeta.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
