"""What a posterior holds, read with types, checks and defaults."""

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.errors import PosteriorError
from bayesmeta.measures.effects import FloatArray

if TYPE_CHECKING:
    import xarray as xr

_NORMAL_EFFECTS, _NORMAL_ESTIMATES = ("normal", "none"), "normal"


@dataclass(frozen=True, eq=False)
class StudyData:
    """The studies behind a posterior.

    Parameters
    ----------
    labels
        The studies' names, in file order.
    estimate, standard_error
        Shape (study,); nan where the posterior does not hold them.
    design
        Shape (study, coefficient): ones, then the slope columns, centred.
    """

    labels: tuple[str, ...]
    estimate: FloatArray
    standard_error: FloatArray
    design: FloatArray

    @property
    def known(self) -> bool:
        """Whether estimates with standard errors are there."""
        return bool(np.isfinite(self.estimate).all() and np.isfinite(self.standard_error).all())

    def take(self, rows: slice) -> "StudyData":
        """Return some of the studies."""
        columns = (self.estimate[rows], self.standard_error[rows], self.design[rows])
        return StudyData(self.labels[rows], *columns)


def group(posterior: "xr.DataTree", name: str) -> "xr.Dataset | None":
    """Return one group of a posterior, or None where it has none of that name."""
    return posterior[name].dataset if name in posterior.children else None


def sampled_group(posterior: "xr.DataTree") -> "xr.Dataset":
    """Return the posterior group.

    Raises
    ------
    PosteriorError
        If there is no such group, or nothing in it that this package knows.
    """
    found = group(posterior, schema.POSTERIOR)
    if found is None:
        there = ", ".join(posterior.children) or "nothing"
        raise PosteriorError(f"The DataTree has no group 'posterior'; it has: {there}.")
    if schema.MU not in found:
        there = ", ".join(str(name) for name in found.data_vars) or "nothing"
        raise PosteriorError(
            f"The posterior has no variable 'mu', the pooled effect; it has: {there}."
        )
    return found


def word(posterior: "xr.DataTree", name: str, default: str = "") -> str:
    """Return one attribute as text."""
    return str(posterior.attrs.get(name, default))


def record(posterior: "xr.DataTree", name: str) -> dict[str, object]:
    """Return one attribute that holds a JSON table; empty where it is absent."""
    content = json.loads(str(posterior.attrs.get(name) or "{}"))
    return content if isinstance(content, dict) else {}


def listing(posterior: "xr.DataTree", name: str) -> list[object]:
    """Return one attribute that holds a JSON list; empty where it is absent."""
    content = json.loads(str(posterior.attrs.get(name) or "[]"))
    return content if isinstance(content, list) else []


def is_exact(posterior: "xr.DataTree") -> bool:
    """Return whether a posterior stores what it is exactly, whoever drew its draws."""
    return schema.MIXTURE in posterior.children


def has_chains(posterior: "xr.DataTree") -> bool:
    """Return whether the draws are a sampler's, and not independent ones of the exact engine."""
    return not is_exact(posterior) or word(posterior, "engine") == "nuts"


def specification(posterior: "xr.DataTree") -> dict[str, object]:
    """Return the model that a posterior says it is of; empty where it says none.

    Raises
    ------
    PosteriorError
        If what it says is no TOML.
    """
    try:
        return tomllib.loads(word(posterior, "specification"))
    except tomllib.TOMLDecodeError as error:
        raise PosteriorError(
            f"The posterior's attribute 'specification' is not a model file's text: {error}."
        ) from error


def is_normal_normal(posterior: "xr.DataTree") -> bool:
    """Return whether a posterior's stored specification says that its model is normal-normal.

    Names alone do not: a posterior of ``mu``, ``tau`` and ``theta`` may be of any other model,
    and shares by inverse variance, I² and shrinkage are then defined by nobody.
    """
    said = specification(posterior)
    effects = said.get("heterogeneity") in _NORMAL_EFFECTS
    return effects and said.get("likelihood") == _NORMAL_ESTIMATES


def terms(posterior: "xr.DataTree") -> tuple[str, ...]:
    """Return the names of the slopes."""
    found = sampled_group(posterior)
    if schema.BETA not in found:
        return ()
    return tuple(str(term) for term in found[schema.BETA].coords[schema.TERM].values)


def study_data(posterior: "xr.DataTree") -> StudyData:
    """Return labels, estimates, standard errors and centred design of the studies."""
    labels = _labels(posterior)
    missing = np.full(len(labels), np.nan)
    estimate = _column(posterior, schema.OBSERVED_DATA, schema.ESTIMATE)
    standard_error = _column(posterior, schema.CONSTANT_DATA, schema.STANDARD_ERROR)
    return StudyData(
        labels=labels,
        estimate=missing if estimate is None else estimate,
        standard_error=missing if standard_error is None else standard_error,
        design=_design(posterior, len(labels)),
    )


def design_mean(posterior: "xr.DataTree") -> FloatArray | None:
    """Return what centring subtracted from each slope column, shape (term,)."""
    return _column(posterior, schema.CONSTANT_DATA, schema.DESIGN_MEAN)


def _column(posterior: "xr.DataTree", where: str, name: str) -> FloatArray | None:
    found = group(posterior, where)
    return None if found is None or name not in found else found[name].values.astype(float)


def _labels(posterior: "xr.DataTree") -> tuple[str, ...]:
    for name in (schema.OBSERVED_DATA, schema.CONSTANT_DATA, schema.POSTERIOR):
        found = group(posterior, name)
        if found is not None and schema.STUDY in found.dims:
            index = found[schema.STUDY].values
            return tuple(str(label) for label in index)
    return ()


def _design(posterior: "xr.DataTree", k: int) -> FloatArray:
    columns = _column(posterior, schema.CONSTANT_DATA, schema.DESIGN)
    if columns is None or not terms(posterior):
        return np.ones((k, 1))
    centre = design_mean(posterior)
    centred = columns - (columns.mean(axis=0) if centre is None else centre)
    return np.column_stack([np.ones(k), centred])
