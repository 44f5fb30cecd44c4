"""The parts of a model, found by the names that its specification gives."""

from collections.abc import Mapping
from typing import NamedTuple, TypedDict

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
from bayesmeta.errors import ModelError
from bayesmeta.likelihoods import LIKELIHOODS, Likelihood
from bayesmeta.location import LOCATIONS, Locator
from bayesmeta.parameters import Parameter
from bayesmeta.random_effects import HETEROGENEITY, Heterogeneity, kernel_of
from bayesmeta.sampling import SAMPLING, Sampling
from bayesmeta.spec import ModelSpec

REGISTERS: Mapping[str, Mapping[str, object]] = {
    "location": LOCATIONS,
    "heterogeneity": HETEROGENEITY,
    "sampling": SAMPLING,
    "likelihood": LIKELIHOODS,
}
"""What may stand in each slot."""


class Roles(TypedDict, total=False):
    """What may be named for the roles of the parts on the registers, as keywords."""

    cluster: str
    trial: str
    outcome: str
    level: str
    covariance: str
    tau_formula: str
    coding: str


ROLES = tuple(Roles.__annotations__)


def named_roles(asked: Mapping[str, object]) -> dict[str, str]:
    """Return what is named for roles, among other keywords."""
    return {name: str(asked[name]) for name in ROLES if asked.get(name)}


class Parts(NamedTuple):
    """One part a slot: whoever needs arithmetic of the model asks them."""

    location: Locator
    heterogeneity: Heterogeneity
    sampling: Sampling
    likelihood: Likelihood

    def hyperparameters(self, layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
        """Return what the parts have besides coefficients; the heterogeneity's come first."""
        parts = (self.heterogeneity, self.sampling, self.likelihood)
        return tuple(parameter for part in parts for parameter in part.parameters(layout))

    def nuisance(self, layout: Layout = NO_LAYOUT) -> tuple[Parameter, ...]:
        """Return what stands once a row, integrated by the likelihood."""
        return self.likelihood.nuisance(layout)

    def covariance(self, values: Values, rows: Rows) -> Covariance:
        """Return the covariance of the estimates around their centres, effects integrated out."""
        spread = self.heterogeneity.covariance(values, rows)
        return total(spread, self.sampling.covariance(values, rows))

    def shrinkage(self, values: Values, rows: Rows) -> Shrinkage:
        """Return how study effects follow from estimates."""
        return Shrinkage(
            self.heterogeneity.covariance(values, rows), self.sampling.covariance(values, rows)
        )

    @property
    def roles(self) -> tuple[ColumnRole, ...]:
        """Roles of columns that the parts group rows by, the outermost first."""
        every = (*self.heterogeneity.ROLES, *self.sampling.ROLES, *self.likelihood.ROLES)
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
        HETEROGENEITY[names["heterogeneity"]],
        SAMPLING[names["sampling"]],
        LIKELIHOODS[names["likelihood"]],
    )


def takes_repeated(spec: ModelSpec) -> bool:
    """Return whether a model knows how several rows of a study hang together.

    Examples
    --------
    >>> from bayesmeta.catalogue import load_model
    >>> takes_repeated(load_model("nested")), takes_repeated(load_model("tau-by-level"))
    (True, False)
    """
    return any(role.joins for role in parts_of(spec).roles)


def is_known(spec: ModelSpec) -> bool:
    """Return whether all of a model's parts are on their registers."""
    return all(spec.parts[slot] in register for slot, register in REGISTERS.items())


def require_conjugate(spec: ModelSpec) -> None:
    """Raise unless study effects integrate out in closed form, given the hyperparameters.

    Raises
    ------
    ModelError
        Naming the part that does not allow it.
    """
    parts = parts_of(spec)
    if not parts.heterogeneity.NORMAL:
        raise ModelError(_opaque("heterogeneity", spec))
    if not parts.likelihood.CONJUGATE:
        raise ModelError(_opaque("likelihood", spec))


def is_conjugate(spec: ModelSpec) -> bool:
    """Return whether study effects integrate out in closed form, given the hyperparameters."""
    parts = parts_of(spec)
    return parts.heterogeneity.NORMAL and parts.likelihood.CONJUGATE


def is_line(spec: ModelSpec) -> bool:
    """Return whether each row informs an effect of its own, and no closed form takes it.

    The effects are then integrated row by row, given the hyperparameters and coefficients.

    Examples
    --------
    >>> from bayesmeta.catalogue import load_model
    >>> is_line(load_model("student-t")), is_line(load_model("random-effects"))
    (True, False)
    """
    parts = parts_of(spec)
    independent = not parts.sampling.ROLES and not parts.sampling.parameters(NO_LAYOUT)
    kernel = kernel_of(parts.heterogeneity) is not None
    return not is_conjugate(spec) and parts.likelihood.LINE and kernel and independent


def require_integrable(spec: ModelSpec) -> None:
    """Raise unless an engine integrates the study effects, in closed form or row by row.

    Raises
    ------
    ModelError
        Naming the part that does not allow it.
    """
    if not is_line(spec):
        require_conjugate(spec)


def is_one_spread(spec: ModelSpec) -> bool:
    """Return whether all there is of heterogeneity is one tau, the SD of normal study effects."""
    return is_conjugate(spec) and not _other_parts(spec)


def _other_parts(spec: ModelSpec) -> dict[str, list[str]]:
    """Return what each slot's part has beside one standard deviation: parameters, or roles."""
    parts = parts_of(spec)
    found = {}
    for slot in ("heterogeneity", "sampling"):
        part = getattr(parts, slot)
        roles = [role.name for role in part.ROLES]
        found[slot] = roles or [item.name for item in part.parameters(NO_LAYOUT)]
    spread = parts.heterogeneity.SPREAD
    return {slot: names for slot, names in found.items() if names and names != [spread]}


def require_one_spread(spec: ModelSpec, verb: str) -> None:
    """Raise unless all there is of heterogeneity is one tau, the SD of normal study effects.

    Parameters
    ----------
    verb
        What was asked for: it knows no other model.

    Raises
    ------
    ModelError
        Naming the part that is another.
    """
    require_conjugate(spec)
    for slot, names in _other_parts(spec).items():
        raise ModelError(
            f"{verb} knows one tau, the standard deviation of study effects, and not the {slot} "
            f"{spec.parts[slot]!r} of model {spec.name} ({', '.join(names)})."
        )


def _opaque(slot: str, spec: ModelSpec) -> str:
    return (
        f"Study effects do not integrate out in closed form with the {slot} "
        f'{spec.parts[slot]!r} of model {spec.name}; use engine="nuts" with form="hierarchical".'
    )
