"""The parts of a model, found by the names that its specification gives."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bayesmeta.biases import BIASES, Bias, spread_of
from bayesmeta.covariance import (
    NO_LAYOUT,
    ColumnRole,
    Covariance,
    Layout,
    Rows,
    Shrinkage,
    Values,
    total,
)
from bayesmeta.derived import Contrast, Derived, contrasts_of, derived_of
from bayesmeta.errors import ModelError
from bayesmeta.likelihoods import LIKELIHOODS, Likelihood
from bayesmeta.location import LOCATIONS, Locator
from bayesmeta.parameters import Parameter
from bayesmeta.powers import POWERS, Power
from bayesmeta.random_effects import HETEROGENEITY, Heterogeneity
from bayesmeta.sampling import SAMPLING, Sampling
from bayesmeta.spec import ModelSpec

REGISTERS: Mapping[str, Mapping[str, object]] = {
    "location": LOCATIONS,
    "bias": BIASES,
    "heterogeneity": HETEROGENEITY,
    "sampling": SAMPLING,
    "likelihood": LIKELIHOODS,
    "power": POWERS,
}
"""What may stand in each slot."""


class Parts(NamedTuple):
    """One part a slot: whoever needs arithmetic of the model asks them."""

    location: Locator
    bias: Bias
    heterogeneity: Heterogeneity
    sampling: Sampling
    likelihood: Likelihood
    power: Power

    def hyperparameters(self, layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
        """Return what the parts have besides coefficients; the heterogeneity's come first."""
        parts = (self.heterogeneity, self.sampling, self.likelihood, self.bias, self.power)
        return tuple(parameter for part in parts for parameter in part.parameters(layout))

    def derived(self, layout: Layout) -> tuple[Derived, ...]:
        """Return what the parts say follows from their hyperparameters."""
        parts = (self.heterogeneity, self.sampling, self.likelihood)
        return tuple(item for part in parts for item in derived_of(part, layout))

    def contrasts(self, coefficients: Sequence[str]) -> tuple[Contrast, ...]:
        """Return what the location says follows from its coefficients, by their names."""
        return contrasts_of(self.location, coefficients)

    def nuisance(self, layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
        """Return what stands once a row, integrated by the likelihood."""
        return self.likelihood.nuisance(layout)

    def covariance(self, values: Values, rows: Rows) -> Covariance:
        """Return the covariance of the estimates around their centres, effects integrated out."""
        return total(self.spread(values, rows), self.sampling.covariance(values, rows))

    def spread(self, values: Values, rows: Rows) -> Covariance:
        """Return the covariance of study effects around their centres, biases included."""
        return spread_of(self.heterogeneity, self.bias, values, rows)

    def shrinkage(self, values: Values, rows: Rows) -> Shrinkage:
        """Return how study effects follow from estimates."""
        return Shrinkage(self.spread(values, rows), self.sampling.covariance(values, rows))

    @property
    def roles(self) -> tuple[ColumnRole, ...]:
        """Roles of columns that the parts group rows by, the outermost first."""
        parts = (self.heterogeneity, self.sampling, self.likelihood, self.bias, self.power)
        every = [role for part in parts for role in part.ROLES]
        found: dict[str, ColumnRole] = {}
        for role in every:
            found.setdefault(role.name, role)
        return tuple(found.values())


def parts_of(spec: ModelSpec) -> Parts:
    """Return a model's parts.

    Raises
    ------
    ModelError
        If a part is on no register.

    Examples
    --------
    >>> from bayesmeta.catalogue import load_model
    >>> [parameter.name for parameter in parts_of(load_model("random-effects")).hyperparameters()]
    ['tau']
    """
    for slot, register in REGISTERS.items():
        if spec.parts[slot] not in register:
            raise ModelError(
                f"Model {spec.name}: no {slot} {spec.parts[slot]!r}; known: {', '.join(register)}."
            )
    names = spec.parts
    return Parts(
        LOCATIONS[names["location"]],
        BIASES[names["bias"]],
        HETEROGENEITY[names["heterogeneity"]],
        SAMPLING[names["sampling"]],
        LIKELIHOODS[names["likelihood"]],
        POWERS[names["power"]],
    )
