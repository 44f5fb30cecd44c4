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
    from bayesmeta.catalogue import load_model, model_names
    from bayesmeta.engines.fitting import fit
    from bayesmeta.measures import effect_sizes
    from bayesmeta.plots.forest import plot_forest
    from bayesmeta.plots.posterior import plot_posterior
    from bayesmeta.plots.saving import save_figure
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
    "build_model": "assembly",
    "cdf": "summaries.quantities",
    "cochrane": "priors",
    "converted": "priors",
    "density": "summaries.quantities",
    "draws": "summaries.quantities",
    "effect_between": "priors",
    "effect_sizes": "measures",
    "fit": "engines.fitting",
    "heterogeneity": "summaries.heterogeneity",
    "interval": "summaries.quantities",
    "load_model": "catalogue",
    "model_names": "catalogue",
    "outcome_sds": "priors",
    "parse_prior": "spec",
    "plot_forest": "plots.forest",
    "plot_posterior": "plots.posterior",
    "predict": "summaries.prediction",
    "quantile": "summaries.quantities",
    "read_posterior": "archive",
    "read_studies": "studies",
    "rhodes": "priors",
    "run": "analysis",
    "save_figure": "plots.saving",
    "save_posterior": "archive",
    "search_priors": "priors",
    "studies_differ_by": "priors",
    "study_effects": "summaries.studies",
    "summary": "summaries.summary",
    "tabulate": "priors",
    "tail": "summaries.tails",
    "tau_below": "priors",
    "text": "summaries.text",
    "times_outcome_sd": "priors",
    "turner": "priors",
}

__version__: str
__all__ = [
    "ModelSpec",
    "Prior",
    "build_model",
    "cdf",
    "cochrane",
    "converted",
    "density",
    "draws",
    "effect_between",
    "effect_sizes",
    "fit",
    "heterogeneity",
    "interval",
    "load_model",
    "model_names",
    "outcome_sds",
    "parse_prior",
    "plot_forest",
    "plot_posterior",
    "predict",
    "quantile",
    "read_posterior",
    "read_studies",
    "rhodes",
    "run",
    "save_figure",
    "save_posterior",
    "search_priors",
    "studies_differ_by",
    "study_effects",
    "summary",
    "tabulate",
    "tail",
    "tau_below",
    "text",
    "times_outcome_sd",
    "turner",
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
