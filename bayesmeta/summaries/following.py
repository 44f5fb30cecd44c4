"""What follows from a posterior's parameters, as its model's parts say."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bayesmeta import schema
from bayesmeta.arrays import BoolArray, FloatArray
from bayesmeta.assembly import is_of_one_unit
from bayesmeta.derived import Contrast, Derived
from bayesmeta.location import filled
from bayesmeta.random_effects import Grouped

if TYPE_CHECKING:
    from bayesmeta.summaries.view import View


@dataclass(frozen=True, eq=False)
class Following:
    """Scalars that follow from a posterior's parameters, and the units of its outcomes."""

    view: "View"

    @cached_property
    def derived(self) -> Mapping[str, Derived]:
        """What follows from hyperparameters, by name.

        Of an exact posterior what its densities are stored of: older files have none.
        """
        view = self.view
        every = () if view.parts is None else view.parts.derived(view.layout)
        if not every:
            return {}
        if view.is_exact:
            return {item.name: item for item in every if item.name in view.integral.marginals}
        return {item.name: item for item in every if item.is_free(view.fixed)}

    @cached_property
    def contrasts(self) -> Mapping[str, Contrast]:
        """What follows from coefficients, by name: contrasts in one unit."""
        every = () if self.view.parts is None else self.view.parts.contrasts(self.view.coefficients)
        return {item.name: item for item in every if is_of_one_unit(item, self.units)}

    def row(self, name: str) -> FloatArray | None:
        """Return the weights of the coefficients that a quantity sums; None where it is no sum."""
        names = self.view.coefficients
        if name == schema.INTERCEPT:
            own = np.concatenate([[1.0], -np.asarray(self.view.design_mean)])
            return np.asarray(filled(own[np.newaxis], len(names))[0])
        if name in self.contrasts:
            return self.contrasts[name].row(names)
        return np.eye(len(names))[names.index(name)] if name in names else None

    @cached_property
    def units(self) -> Mapping[str, str]:
        """The unit of each outcome of several, empty where nobody states it."""
        return {name: str(unit) for name, unit in self.view.record("units").items()}

    def unit_of(self, quantity: str) -> str:
        """Return the unit of the outcome that a quantity is of, such as of ``mu[IL-6]``."""
        stated = self.units
        if not stated:
            return self.view.word("unit")
        variable, _, label = quantity.removesuffix("]").partition("[")
        if variable == schema.MU_DIFFERENCE:
            return stated.get(self.contrasts[quantity].outcomes[0], "")
        if variable == schema.THETA:
            return stated.get(self.outcomes[self.view.studies.labels.index(label)], "")
        own = label if label in stated else label.partition(": ")[0]
        return stated.get(own, self.view.word("unit"))

    @cached_property
    def grouped(self) -> str:
        """The role whose groups have effects of their own, such as cluster; empty for none."""
        part = None if self.view.parts is None else self.view.parts.heterogeneity
        if not isinstance(part, Grouped) or not self.view.is_conjugate:
            return ""
        return part.GROUPED if self.view.studies.known else ""

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The outcome of each row of the table, where each has a mean of its own."""
        groups = self.view.layout.groups.get(schema.OUTCOME)
        return () if groups is None or len(self.view.means) == 1 else groups.names

    def rows_of(self, outcome: str) -> BoolArray:
        """Return which rows of the table are of an outcome, shape (row,)."""
        groups = self.view.layout.groups[schema.OUTCOME]
        found: BoolArray = groups.code == groups.labels.index(outcome)
        return found
