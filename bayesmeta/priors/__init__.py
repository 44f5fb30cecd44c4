"""Priors: each a density in NumPy and a variable in PyMC."""

from bayesmeta.priors.bells import bell, bells, is_flat, normal, powered
from bayesmeta.priors.binding import structure, unscaled
from bayesmeta.priors.checks import check_prior
from bayesmeta.priors.context import Context
from bayesmeta.priors.conversion import converted, outcome_sds, times_outcome_sd
from bayesmeta.priors.defaults import (
    STANDINGS,
    Standing,
    default_prior,
    knows_unit_information,
    standing,
    typical_scale,
    unit_information_sd,
)
from bayesmeta.priors.densities import (
    cdf,
    density,
    draw,
    integrable_at_zero,
    is_proper,
    log_densities,
    log_density,
    needs_context,
    quantile,
    rescale,
    support,
    survival,
    tail_exponent,
    tail_integrable,
)
from bayesmeta.priors.elicitation import effect_between, studies_differ_by, tau_below
from bayesmeta.priors.empirical import (
    Empirical,
    cochrane,
    library,
    rhodes,
    search_priors,
    turner,
)
from bayesmeta.priors.family import Density, Family
from bayesmeta.priors.hyperparameters import (
    coefficient_hyperparameters,
    coefficient_structure,
    hyperparameter_values,
)
from bayesmeta.priors.lettering import latex
from bayesmeta.priors.members import LARGEST, SMALLEST
from bayesmeta.priors.raised import Raised, raised
from bayesmeta.priors.register import FAMILIES, families_for
from bayesmeta.priors.resolution import resolve, with_defaults
from bayesmeta.priors.tabulation import tabulate
from bayesmeta.priors.traits import Kind, Tail
from bayesmeta.priors.variables import pymc_coefficients, pymc_variable

__all__ = [
    "FAMILIES",
    "LARGEST",
    "SMALLEST",
    "STANDINGS",
    "Context",
    "Density",
    "Empirical",
    "Family",
    "Kind",
    "Raised",
    "Standing",
    "Tail",
    "bell",
    "bells",
    "cdf",
    "check_prior",
    "cochrane",
    "coefficient_hyperparameters",
    "coefficient_structure",
    "converted",
    "default_prior",
    "density",
    "draw",
    "effect_between",
    "families_for",
    "hyperparameter_values",
    "integrable_at_zero",
    "is_flat",
    "is_proper",
    "knows_unit_information",
    "latex",
    "library",
    "log_densities",
    "log_density",
    "needs_context",
    "normal",
    "outcome_sds",
    "powered",
    "pymc_coefficients",
    "pymc_variable",
    "quantile",
    "raised",
    "rescale",
    "resolve",
    "rhodes",
    "search_priors",
    "standing",
    "structure",
    "studies_differ_by",
    "support",
    "survival",
    "tabulate",
    "tail_exponent",
    "tail_integrable",
    "tau_below",
    "times_outcome_sd",
    "turner",
    "typical_scale",
    "unit_information_sd",
    "unscaled",
    "with_defaults",
]
