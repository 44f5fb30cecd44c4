"""What a posterior holds, each group and attribute of its tree read once."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import FloatArray
from bayesmeta.errors import PosteriorError
from bayesmeta.location import slopes
from bayesmeta.measures import MEASURES
from bayesmeta.measures.given import no_posterior
from bayesmeta.summaries.own_scale import kind_of
from bayesmeta.summaries.precision import Kind

if TYPE_CHECKING:
    import xarray as xr


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


@dataclass(frozen=True, eq=False)
class Stored:
    """One posterior as it is stored, each part of it read when it is first asked for, and once.

    Parameters
    ----------
    tree
        The posterior; it is not to change while it is looked at.
    """

    tree: "xr.DataTree"

    def __post_init__(self) -> None:
        """Raise unless it is a posterior.

        Raises
        ------
        PosteriorError
            If it is something else; the message says how a posterior comes of it.
        """
        if not hasattr(self.tree, "children") or not hasattr(self.tree, "attrs"):
            raise no_posterior(self.tree)

    def group(self, name: str) -> "xr.Dataset | None":
        """Return one group, or None where there is none of that name."""
        if name not in self._groups:
            found = self.tree[name].dataset if name in self.tree.children else None
            self._groups[name] = found
        return self._groups[name]

    @cached_property
    def _groups(self) -> "dict[str, xr.Dataset | None]":
        return {}

    @cached_property
    def sampled(self) -> "xr.Dataset":
        """The posterior group.

        Raises
        ------
        PosteriorError
            If there is no such group, or nothing in it that this package knows.
        """
        found = self.group(schema.POSTERIOR)
        if found is None:
            there = ", ".join(self.tree.children) or "nothing"
            raise PosteriorError(f"The DataTree has no group 'posterior'; it has: {there}.")
        if schema.MU not in found:
            there = ", ".join(str(name) for name in found.data_vars) or "nothing"
            raise PosteriorError(
                f"The posterior has no variable 'mu', the pooled effect; it has: {there}."
            )
        return found

    def word(self, name: str, default: str = "") -> str:
        """Return one attribute as text."""
        return self._attributes.get(name, default)

    @cached_property
    def _attributes(self) -> dict[str, str]:
        return {str(name): str(value) for name, value in self.tree.attrs.items()}

    def record(self, name: str) -> dict[str, object]:
        """Return one attribute that holds a JSON table; empty where it is absent."""
        content = self._json(name, "{}")
        return content if isinstance(content, dict) else {}

    def listing(self, name: str) -> list[object]:
        """Return one attribute that holds a JSON list; empty where it is absent."""
        content = self._json(name, "[]")
        return content if isinstance(content, list) else []

    def _json(self, name: str, default: str) -> object:
        if name not in self._parsed:
            self._parsed[name] = json.loads(self.word(name) or default)
        return self._parsed[name]

    @cached_property
    def _parsed(self) -> dict[str, object]:
        return {}

    @cached_property
    def is_exact(self) -> bool:
        """Whether it stores what it is exactly, whoever drew its draws."""
        return schema.MIXTURE in self.tree.children

    @property
    def has_chains(self) -> bool:
        """Whether the draws are a sampler's, and not independent ones of the exact engine."""
        return not self.is_exact or self.word("engine") == "nuts"

    @cached_property
    def is_ratio(self) -> bool:
        """Whether effects are logarithms of a ratio."""
        code = self.word("measure")
        return code in MEASURES and MEASURES[code].ratio

    @cached_property
    def kind(self) -> Kind:
        """What effects are read as: ratios, correlations, or numbers as they are."""
        return kind_of(self.word("measure"))

    def moments(self, name: str) -> float:
        """Return how many moments of a quantity exist, as the engine proved; inf if it says none.

        The moments of tau squared are every second of tau's.
        """
        known = self.record("moments")
        if name == schema.TAU2 and name not in known:
            return float(np.floor(self.moments(schema.TAU) / 2))
        value = known.get(name, known.get(name.partition("[")[0]))
        return float(value) if isinstance(value, int | float) else np.inf

    @cached_property
    def prior_weight(self) -> float:
        """The prior's share in the pooled effect; nan where the posterior does not say."""
        stored = self.group(schema.WEIGHTS)
        known = stored is not None and schema.PRIOR_WEIGHT in stored
        return float(stored[schema.PRIOR_WEIGHT]) if known and stored is not None else np.nan

    @cached_property
    def coefficients(self) -> tuple[str, ...]:
        """Names of the coefficients, in the order of the design's columns."""
        stored = self.listing("coefficients")
        own = (schema.MU, *(item.name for item in slopes(self.terms)))
        return tuple(map(str, stored)) or own

    @cached_property
    def means(self) -> tuple[str, ...]:
        """Names of the mean effects: ``mu``, or one an outcome."""
        return tuple(name for name in self.coefficients if name.partition("[")[0] == schema.MU)

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Names of the slopes."""
        if schema.BETA not in self.sampled:
            return ()
        labels = self.sampled[schema.BETA].coords[schema.TERM].values
        return tuple(str(term) for term in labels)

    @cached_property
    def studies(self) -> StudyData:
        """Labels, estimates, standard errors and centred design of the studies."""
        labels = self._labels()
        missing = np.full(len(labels), np.nan)
        estimate = self._column(schema.OBSERVED_DATA, schema.ESTIMATE)
        standard_error = self._column(schema.CONSTANT_DATA, schema.STANDARD_ERROR)
        return StudyData(
            labels=labels,
            estimate=missing if estimate is None else estimate,
            standard_error=missing if standard_error is None else standard_error,
            design=self._design(len(labels)),
        )

    @cached_property
    def design_mean(self) -> FloatArray | None:
        """What centring subtracted from each slope column, shape (term,)."""
        return self._column(schema.CONSTANT_DATA, schema.DESIGN_MEAN)

    def _column(self, where: str, name: str) -> FloatArray | None:
        found = self.group(where)
        return None if found is None or name not in found else found[name].values.astype(float)

    def _labels(self) -> tuple[str, ...]:
        for name in (schema.OBSERVED_DATA, schema.CONSTANT_DATA, schema.POSTERIOR):
            found = self.group(name)
            if found is not None and schema.STUDY in found.dims:
                index = found[schema.STUDY].values
                return tuple(str(label) for label in index)
        return ()

    def _design(self, k: int) -> FloatArray:
        columns = self._column(schema.CONSTANT_DATA, schema.DESIGN)
        first = self._column(schema.CONSTANT_DATA, schema.MEAN_DESIGN)
        first = np.ones((k, 1)) if first is None else first
        mark = self._column(schema.CONSTANT_DATA, schema.IS_COHORT)
        last = [mark] if schema.BIAS in self.coefficients and mark is not None else []
        if columns is None or len(self.coefficients) == first.shape[1]:
            return np.column_stack([first, *last])
        centre = self.design_mean
        centred = columns - (columns.mean(axis=0) if centre is None else centre)
        return np.column_stack([first, centred, *last])
