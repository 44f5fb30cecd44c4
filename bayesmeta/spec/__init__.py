"""What a model is, as data: priors and model files, read from text and TOML."""

from bayesmeta.spec.model import ModelSpec, model_from_toml, model_to_toml, read_model
from bayesmeta.spec.parsing import parse_prior, prior_from_toml
from bayesmeta.spec.prior import (
    DEFAULT,
    OUTCOME,
    PER_COLUMN,
    PER_SD,
    SCALES,
    UISD,
    UISD_PER_SD,
    UNITS,
    Prior,
    Value,
)

__all__ = [
    "DEFAULT",
    "OUTCOME",
    "PER_COLUMN",
    "PER_SD",
    "SCALES",
    "UISD",
    "UISD_PER_SD",
    "UNITS",
    "ModelSpec",
    "Prior",
    "Value",
    "model_from_toml",
    "model_to_toml",
    "parse_prior",
    "prior_from_toml",
    "read_model",
]
